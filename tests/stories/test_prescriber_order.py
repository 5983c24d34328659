"""The prescriber's order in a real browser: open, see what it would do, sign; and a slip that is stopped while it is typed."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.stories import live
from tests.web.orders.desk import Desk
from winddown.record.models import Order
from winddown.record.scope import at_practice
from winddown.services import orders

pytestmark = pytest.mark.story


class Prescriber:
    """A prescriber with one patient's course on the screen, clicks counted over every page."""

    def __init__(self, house: Any, page: Any) -> None:
        self.house, self.page, self.desk = house, page, Desk(house)
        self.complaints: list[str] = []
        page.add_init_script(live.COUNT_CLICKS)
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.on("console", lambda message: self.complaints.append(message.text) if "Content Security Policy" in message.text else None)

    def opens_a_new_order(self) -> None:
        self.page.goto(self.desk.url)
        self.page.wait_for_selector("#order-preview svg.wd-fc")

    def sees(self, words: str) -> None:
        self.page.wait_for_function("(words) => document.querySelector('main')?.innerText.includes(words)", arg=words)

    def clicks(self, name: str) -> None:
        self.page.get_by_role("button", name=name, exact=True).click()

    @property
    def counted(self) -> int:
        return int(self.page.evaluate("() => sessionStorage.clicks"))

    def the_page_is_accessible(self) -> None:
        assert live.violations(self.page) == []
        assert self.complaints == []

    def order(self) -> Order:
        with at_practice(self.house.id):
            return Order.objects.get(course=self.desk.course)


@pytest.fixture
def prescriber(house: Any, address: str, chromium: Any) -> Iterator[Prescriber]:
    context = live.context_for(chromium, address, house.prescriber, viewport={"width": 1280, "height": 900})
    yield Prescriber(house, context.new_page())
    context.close()


def test_an_order_is_opened_foreseen_and_signed_in_three_clicks_at_most(prescriber):
    prescriber.opens_a_new_order()
    prescriber.sees("35 mg over 40 min")
    prescriber.sees("calibrated on simulated patients only")
    prescriber.the_page_is_accessible()
    prescriber.clicks("Keep it and go to signing")
    prescriber.sees("Signing as Fictional Prescriber")
    prescriber.the_page_is_accessible()
    prescriber.clicks("Sign this order")
    prescriber.sees("Plan the visit")
    prescriber.the_page_is_accessible()
    assert prescriber.counted <= 3
    with at_practice(prescriber.house.id):
        assert orders.is_signed(prescriber.order())


def test_a_tenfold_dose_is_named_while_it_is_typed_and_cannot_be_kept_until_it_is_mended(prescriber):
    prescriber.opens_a_new_order()
    prescriber.page.get_by_text("A dose of my own instead of the protocol's").click()
    prescriber.clicks("Add a part")
    prescriber.page.get_by_label("Amount").fill("5")
    prescriber.page.get_by_label("Minutes", exact=True).fill("40")
    prescriber.sees("This looks like a tenfold slip: 5 for 0.5 mg/kg.")
    keep = prescriber.page.get_by_role("button", name="Keep it and go to signing")
    expect(keep).to_be_disabled()
    prescriber.the_page_is_accessible()
    prescriber.page.get_by_label("Amount").fill("0.5")
    prescriber.sees("No limit of this protocol is passed by the numbers entered.")
    keep.click()
    prescriber.sees("Signing as Fictional Prescriber")
    assert prescriber.order().figures["total_mg"] == "35"


def test_a_reason_typed_beside_a_finding_survives_the_next_look(prescriber):
    prescriber.opens_a_new_order()
    prescriber.page.get_by_label("Ketamine in the bag").fill("84")
    prescriber.sees("0.84 mg/mL is more than 10 % from every listed strength")
    prescriber.page.get_by_label("Reason").fill("the pharmacy's own bag")
    prescriber.page.get_by_label("Weight").fill("84")
    prescriber.sees("42 mg over 40 min")
    expect(prescriber.page.get_by_label("Reason")).to_have_value("the pharmacy's own bag")
    prescriber.clicks("Keep it and go to signing")
    prescriber.sees("Reason given: the pharmacy's own bag")
