"""A patient tells the history on a phone while the network goes away twice; a prescriber decides in three clicks."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from tests import factories
from tests.stories import live
from tests.stories.test_patient_form import PHONE, Phone
from winddown.record.models import HistoryEntry, ScreeningDecision
from winddown.record.scope import at_practice
from winddown.services import links

pytestmark = pytest.mark.story
COUNT_TAPS = """sessionStorage.taps ??= 0;
addEventListener("pointerdown", () => { sessionStorage.taps = Number(sessionStorage.taps) + 1; }, true);"""
HEART = {"aneurysm": "0", "hypertension": "1", "angina_unstable": "0", "heart_event": "0", "heart_failure": "0", "stroke": "0"}
BRAIN = {"seizures": "controlled", "intracranial_pressure": "none", "glaucoma": "none", "eye_surgery": "0", "cognition": "none"}


@pytest.fixture
def patient(house):
    with at_practice(house.id):
        return factories.patient(house, now=datetime.now(tz=UTC))


def kept(house, patient) -> dict[str, object]:
    with at_practice(house.id):
        rows = list(HistoryEntry.objects.filter(patient=patient).order_by("id"))
    once = {(row.key, str(row.value)) for row in rows}
    assert len(once) == len(rows), "written twice"
    return {row.key: row.value for row in rows}


def write(phone, name: str, words: str) -> None:
    phone.page.locator(f'[data-question="{name}"] textarea').fill(words)
    phone.goes_on()


def test_a_history_is_told_while_the_network_is_cut_twice(house, patient, address, chromium):
    with at_practice(house.id):
        link = links.make(patient=patient, purpose="history", now=datetime.now(tz=UTC), by=house.nurse)
    path = links.path_of(link) + "history/"
    phone = Phone(chromium.new_context(base_url=address, **PHONE))
    phone.open(path)
    phone.every_target_is_large()
    assert live.violations(phone.page) == []
    write(phone, "lists.medicine", "Lamictal 100 mg\nFoobarol 3 mg")
    for _ in range(5):
        phone.goes_on()

    phone.is_cut_off()
    for item, value in HEART.items():
        phone.taps("heart", item, value)
    phone.taps("brain", "seizures", BRAIN["seizures"])
    assert "hypertension" not in kept(house, patient)

    phone.is_back()
    phone.closes_the_tab_and_opens_the_link_again(path)
    for item, value in list(BRAIN.items())[1:]:
        phone.taps("brain", item, value)

    phone.is_cut_off()
    phone.page.locator('[data-question="mind.psychosis_now"]').wait_for(state="visible")
    while not phone.page.locator("[data-done]").is_visible():
        phone.goes_on()
    phone.says("wait on this phone")

    phone.is_back()
    phone.says("The clinic has your answers")
    assert live.violations(phone.page) == []
    told = kept(house, patient)
    assert {key: told[key] for key in HEART} == {key: value == "1" for key, value in HEART.items()}
    assert {key: told[key] for key in ("seizures", "cognition")} == {"seizures": "controlled", "cognition": "none"}
    with at_practice(house.id):
        lines = HistoryEntry.objects.filter(patient=patient, key="medicine").order_by("id")
        assert [row.value["name"] for row in lines] == ["Lamictal 100 mg", "Foobarol 3 mg"]


def test_a_prescriber_opens_screening_and_signs_a_decision_in_three_clicks(house, patient, address, chromium):
    page = live.context_for(chromium, address, house.prescriber).new_page()
    page.add_init_script(COUNT_TAPS)
    page.goto(f"{address}/patients/{patient.ref}/")
    page.locator(f"a[href='/patients/{patient.ref}/screening/']").first.click()
    page.locator(".ws-choice", has_text="Accept").click()
    assert live.violations(page) == []
    page.get_by_role("button", name="Sign the decision").click()
    page.wait_for_function("() => document.querySelector('#decision')?.parentElement.innerText.includes('Accepted')")
    assert int(page.evaluate("() => sessionStorage.taps")) == 3
    assert live.violations(page) == []
    with at_practice(house.id):
        assert ScreeningDecision.objects.get(patient=patient).choice == "accept"
