"""A patient in bed fills a set of forms on a phone while the network goes away twice. Nothing is lost, nothing is written twice."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from tests import factories
from tests.stories import live
from winddown.record.models import Answer
from winddown.record.scope import at_practice
from winddown.services import forms, links

pytestmark = pytest.mark.story
PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True}
PHQ9 = ["1", "2", "0", "3", "1", "0", "2", "1", "0"]
LEAST_PX = 48


@pytest.fixture
def sent(house):
    with at_practice(house.id):
        now = datetime.now(tz=UTC)
        link = forms.send(patient=factories.patient(house, now=now), subject="set:two_weeks", by=house.nurse, now=now)
    return link, links.path_of(link)


class Phone:
    """The patient's browser. A tab can be closed and opened again; the phone keeps what it keeps."""

    def __init__(self, context) -> None:
        self.context = context
        self.page = context.new_page()

    def open(self, path: str) -> None:
        self.page.goto(path)
        self.page.wait_for_selector("form[data-stepping]")

    def taps(self, instrument: str, item: str, value: str) -> None:
        question = self.page.locator(f'[data-question="{instrument}.{item}"]')
        question.wait_for(state="visible", timeout=8_000)
        question.locator(f'label:has(input[value="{value}"])').click()

    def goes_on(self) -> None:
        self.page.locator("[data-next]").click()

    def is_cut_off(self) -> None:
        self.context.set_offline(True)

    def is_back(self) -> None:
        self.context.set_offline(False)

    def closes_the_tab_and_opens_the_link_again(self, path: str) -> None:
        self.page.close()
        self.page = self.context.new_page()
        self.open(path)

    def says(self, words: str) -> None:
        self.page.locator("[data-done]:not([hidden])").get_by_text(words).first.wait_for(timeout=15_000)

    def every_target_is_large(self) -> None:
        small = self.page.evaluate(
            """(least) => [...document.querySelectorAll('[data-screen]:not([hidden]) label, .wd-form-buttons button')]
                .filter((one) => one.offsetParent && one.getBoundingClientRect().height < least).map((one) => one.textContent)""",
            LEAST_PX,
        )
        assert small == []


def kept(house, link) -> dict[str, Answer]:
    with at_practice(house.id):
        rows = list(Answer.objects.filter(patient=link.patient).order_by("id"))
    assert len({row.instrument for row in rows}) == len(rows), "written twice"
    return {row.instrument: row for row in rows}


def test_a_set_is_filled_while_the_network_is_cut_twice(house, sent, address, chromium):
    link, path = sent
    phone = Phone(chromium.new_context(base_url=address, **PHONE))
    phone.open(path)
    phone.every_target_is_large()
    assert live.violations(phone.page) == []
    for item, value in enumerate(PHQ9[:4], 1):
        phone.taps("phq-9", str(item), value)

    phone.is_cut_off()
    for item, value in enumerate(PHQ9[4:], 5):
        phone.taps("phq-9", str(item), value)
    phone.taps("phq-9", "difficulty", "1")
    answered_by = datetime.now(tz=UTC)
    phone.taps("gad-7", "1", "2")
    assert kept(house, link) == {}

    phone.is_back()
    phone.closes_the_tab_and_opens_the_link_again(path)
    for item in range(2, 8):
        phone.taps("gad-7", str(item), "1")
    phone.taps("peg", "pain", "7")

    phone.is_cut_off()
    phone.taps("peg", "enjoyment", "8")
    phone.goes_on()
    phone.taps("peg", "activity", "6")
    phone.every_target_is_large()
    phone.goes_on()
    phone.says("wait on this phone")
    assert "peg" not in kept(house, link)

    phone.is_back()
    phone.says("The clinic has your answers")
    assert live.violations(phone.page) == []
    rows = kept(house, link)
    assert {key: row.score for key, row in rows.items()} == {"phq-9": 10, "gad-7": 8, "peg": 7}
    assert rows["phq-9"].items == {str(n): value for n, value in enumerate(PHQ9, 1)} | {"difficulty": "1"}
    assert rows["phq-9"].answered_at <= answered_by < rows["phq-9"].written_at + timedelta(seconds=1)
    assert all(row.link_id == link.pk for row in rows.values())


def test_help_is_on_the_screen_at_the_red_answer_without_a_network(house, address, chromium):
    with at_practice(house.id):
        now = datetime.now(tz=UTC)
        link = forms.send(patient=factories.patient(house, now=now), subject="ask:phq-9", by=house.nurse, now=now)
    phone = Phone(chromium.new_context(base_url=address, **PHONE))
    phone.open(links.path_of(link))
    phone.is_cut_off()
    for item in range(1, 9):
        phone.taps("phq-9", str(item), "0")
    phone.taps("phq-9", "9", "1")
    phone.page.locator("[data-crisis] a[href='tel:988']").wait_for(state="visible")
    assert live.violations(phone.page) == []
