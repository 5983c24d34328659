"""A whole pinprick test on a phone, one hand, with the network cut in the middle: nothing is lost, doubled or asked twice."""

from __future__ import annotations

import random
import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from playwright.sync_api import expect

from tests import factories
from tests.factories import sensory as made
from tests.stories import live
from winddown.domain.sensory.plan import Plan, Step
from winddown.domain.sensory.results import results_of
from winddown.domain.sensory.threshold import follow
from winddown.record.models import BodyMap, SensoryEntry, SensoryTest
from winddown.record.scope import at_practice
from winddown.services import links, sensory

pytestmark = pytest.mark.story
PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True}
NOW = datetime.now(tz=UTC)
# By the page's own clock, from the tap to the tenth beat: how long this test itself is kept waiting is no part of it.
WATCH_THE_TRAIN = """() => {
  const go = document.querySelector("[data-train-go]"), beat = document.querySelector("[data-spot=beat]");
  go.addEventListener("click", () => { window.begun_at ??= performance.now(); }, true);
  const seen = () => { if (beat.textContent === "10") window.tenth_at ??= performance.now(); };
  new MutationObserver(seen).observe(beat, { childList: true, characterData: true, subtree: true });
}"""


@pytest.fixture
def page(house: Any, address: str, chromium: Any) -> Iterator[Any]:
    context = live.context_for(chromium, address, house.nurse, **PHONE)
    yield context.new_page()
    context.close()


@pytest.fixture
def person(house: Any) -> Any:
    with at_practice(house.id):
        return factories.patient(house, now=NOW - timedelta(days=30))


class Nurse:
    """A nurse with a phone in one hand and a pinprick in the other."""

    def __init__(self, house: Any, page: Any, test: SensoryTest) -> None:
        self.house, self.page, self.test = house, page, test
        self.steps = Plan.from_data(test.plan).steps
        self.complaints: list[str] = []
        page.on("pageerror", lambda error: self.complaints.append(str(error)))

    def opens_the_test(self) -> None:
        self.page.goto(f"/patients/{self.test.patient.ref}/sensory/tests/{self.test.ref}/run/")
        self.page.wait_for_selector("[data-run][data-ready]")

    def is_asked(self, step: Step) -> None:
        self.page.wait_for_function("(n) => document.querySelector('[data-spot=done]').textContent === n", arg=str(step.number - 1))
        expect(self.page.locator("[data-run]")).to_have_attribute("data-site", step.site)
        if step.force_mn and step.kind != "spoke":
            expect(self.page.locator('[data-spot="force"]')).to_have_text(str(step.force_mn), use_inner_text=True)

    def answers(self, step: Step) -> None:
        self.is_asked(step)
        if step.kind == "spoke":
            self.page.locator("#ws-cm").fill("3.5")
            self.page.locator('[data-panel="distance"] button[data-first]').click()
        else:
            rating = {"affected": 8, "control": 2}[step.site] + (1 if step.kind == "train" else 0)
            self.page.locator(f'[data-panel="rating"] button[value="{rating * 10 or 0}"]').click()

    def waits_with(self, count: int) -> None:
        words = f"{count} kept here, not sent yet" if count else "all sent"
        self.page.wait_for_function("(told) => document.querySelector('[data-spot=kept]').textContent === told", arg=words)

    def entries(self) -> list[SensoryEntry]:
        with at_practice(self.house.id):
            return list(SensoryEntry.objects.filter(test=self.test).order_by("happened_at", "id"))


def begun(house: Any, person: Any, form: str, seed: int = 11) -> SensoryTest:
    with at_practice(house.id):
        return sensory.begin(person, form, **made.SITES, by=house.nurse, now=datetime.now(tz=UTC), seed=seed)


def test_a_whole_bedside_test_on_a_phone_with_the_network_cut_and_a_reload(house, page, person):
    nurse = Nurse(house, page, begun(house, person, "bedside"))
    nurse.opens_the_test()
    for step in nurse.steps[:12]:
        nurse.answers(step)
    nurse.waits_with(0)
    page.context.set_offline(True)
    for step in nurse.steps[12:18]:
        nurse.answers(step)
    nurse.waits_with(6)
    live.eventually(lambda: len(nurse.entries()), 12)
    page.context.set_offline(False)
    page.reload()
    page.wait_for_selector("[data-run][data-ready]")
    nurse.is_asked(nurse.steps[18])
    nurse.waits_with(0)
    live.eventually(lambda: len(nurse.entries()), 18)
    for step in nurse.steps[18:]:
        nurse.answers(step)
    page.wait_for_selector('[data-panel="done"]:not([hidden])')
    assert live.violations(page) == []
    page.locator('[data-panel="done"] button').click()
    page.wait_for_url("**/sensory/tests/*/")
    expect(page.locator(".ws-glance").first).to_contain_text("8 of 10", use_inner_text=True)
    assert live.violations(page) == []
    rows = nurse.entries()
    assert [row.step for row in rows if row.kind == "answer"] == [step.number for step in nurse.steps]
    assert all(row.written_at >= row.happened_at for row in rows)
    with at_practice(house.id):
        found = results_of(sensory.standing_of(nurse.test))
    assert round(found.by_site["wur"]["affected"].value, 3) == round(90 / 80, 3)
    assert round(found.by_site["area"]["affected"].value, 1) == 34.6
    assert nurse.complaints == []


def test_the_last_tap_is_undone_a_pause_holds_and_a_step_is_left_out_with_its_reason(house, page, person):
    nurse = Nurse(house, page, begun(house, person, "pinprick"))
    nurse.opens_the_test()
    nurse.answers(nurse.steps[0])
    nurse.answers(nurse.steps[1])
    page.locator("[data-back]").click()
    nurse.is_asked(nurse.steps[1])
    page.locator('form[data-enter="paused"] button').click()
    page.wait_for_selector('[data-panel="paused"]:not([hidden])')
    page.locator('form[data-enter="resumed"] button').click()
    nurse.is_asked(nurse.steps[1])
    page.locator(".ws-more summary").click()
    page.locator('form[data-enter="skipped"] button').first.click()
    nurse.is_asked(nurse.steps[2])
    nurse.waits_with(0)
    live.eventually(lambda: [row.kind for row in nurse.entries()], ["answer", "answer", "taken_back", "paused", "resumed", "skipped"])
    assert nurse.entries()[-1].data == {"because": "skin is broken here"}
    assert nurse.complaints == []


def test_a_train_counts_ten_beats_in_nine_seconds(house, page, person):
    test = begun(house, person, "bedside")
    train = next(step for step in Plan.from_data(test.plan).steps if step.kind == "train")
    with at_practice(house.id):
        for step in Plan.from_data(test.plan).steps[: train.number - 1]:
            sensory.enter(test, "answer", step=step.number, data={"rating": "10", "way": "tap"}, by=house.nurse, now=datetime.now(tz=UTC))
    nurse = Nurse(house, page, test)
    nurse.opens_the_test()
    page.evaluate(WATCH_THE_TRAIN)
    page.locator("[data-train-go]").click()
    page.wait_for_function("() => window.tenth_at", timeout=15_000)
    took_ms = page.evaluate("() => window.tenth_at - window.begun_at")
    assert 8_900 <= took_ms <= 10_500
    expect(page.locator('[data-spot="how"]')).to_have_text("Now: one number for the whole train.", use_inner_text=True)


def test_the_page_leads_as_the_server_judges(house, page, person):
    """The script's rule for a threshold series and the server's give the same next pinprick for the same answers."""
    nurse = Nurse(house, page, begun(house, person, "full"))
    nurse.opens_the_test()
    rng = random.Random(4)
    told = [[rng.choice(["sharp", "blunt"]) for _ in range(rng.randrange(40))] for _ in range(300)]
    source = page.locator("script[src*='sensory/run']").get_attribute("src").replace("run", "steps")
    ask = """async ([source, told]) => {
      const { follow } = await import(source);
      const state = { series: 5, forces: [8, 16, 32, 64, 128, 256, 512] };
      return told.map((felt) => { const at = follow(felt, state); return [at.turns, at.force]; });
    }"""
    led = page.evaluate(ask, [source, told])
    assert led == [[len(found.turns), found.next_mn] for found in (follow(felt, series=5) for felt in told)]


def test_a_body_map_is_marked_by_tap_and_by_keyboard(house, page, person):
    page.goto(f"/patients/{person.ref}/body/new/")
    page.locator('[data-region="front-left-hand"]').click()
    page.wait_for_function("() => document.querySelector('[data-body-said]').textContent.includes('palm of the left hand')")
    page.keyboard.press("ArrowUp")
    page.keyboard.press(" ")
    told = re.compile("^inner side of the left wrist, palm of the left hand$", re.IGNORECASE)
    expect(page.locator("[data-body-said]")).to_have_text(told, use_inner_text=True)
    expect(page.locator('input[value="front-left-wrist"]')).to_be_checked()
    assert live.violations(page) == []
    page.get_by_role("button", name="Keep the map").click()
    page.wait_for_url("**/body/")
    with at_practice(house.id):
        assert BodyMap.objects.get().regions == ["front-left-wrist", "front-left-hand"]


def test_two_sites_are_chosen_by_one_tap_and_the_mirror_is_offered(house, page, person):
    page.goto(f"/patients/{person.ref}/sensory/new/")
    page.wait_for_selector("[data-pick]:not([hidden])")
    page.locator('[data-region="front-right-shin"]').click()
    expect(page.locator('[name="affected"]')).to_have_value("front-right-shin")
    expect(page.locator('[name="control"]')).to_have_value("front-left-shin")
    assert live.violations(page) == []
    page.get_by_role("button", name="Draw the order and begin").click()
    page.wait_for_url("**/run/")
    with at_practice(house.id):
        test = SensoryTest.objects.get()
    assert (test.affected, test.control) == ("front-right-shin", "front-left-shin")


def test_a_patient_in_bed_marks_the_map_without_a_network_and_it_arrives_once_with_its_own_time(house, address, chromium, person):
    with at_practice(house.id):
        link = links.make(patient=person, purpose="map", now=datetime.now(tz=UTC), by=house.nurse)
    context = chromium.new_context(base_url=address, **PHONE)
    page = context.new_page()
    page.goto(links.path_of(link))
    page.locator('[data-region="back-left-lower-back"]').click()
    page.locator('[data-region="front-right-knee"]').click()
    assert live.violations(page) == []
    context.set_offline(True)
    sent_at = datetime.now(tz=UTC)
    page.get_by_role("button", name="Send").click()
    page.wait_for_selector("[data-queue-list]:not([hidden])")
    page.wait_for_timeout(1200)
    context.set_offline(False)
    page.wait_for_selector("[data-queue-list]", state="hidden", timeout=40_000)
    page.wait_for_function("() => /The clinic has your map|Sent and kept/.test(document.body.textContent)")
    with at_practice(house.id):
        row = BodyMap.objects.get()
    assert row.regions == ["front-right-knee", "back-left-lower-back"]
    assert abs(row.marked_at - sent_at) < timedelta(seconds=2)
    assert row.written_at - row.marked_at > timedelta(seconds=1)
    context.close()
