"""A visit is cancelled at the desk; two who wait get its time offered on their phones: the first yes has it, the second is told kindly."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from tests import factories
from tests.factories.diary import open_diary
from tests.stories import live
from winddown.record.scope import at_practice
from winddown.services import booking, clock, waiting


@pytest.fixture
def clinic(urls: Any) -> Any:
    house, now = factories.house(urls), clock.now()
    monday = now.date() + timedelta(days=14 - now.weekday())
    with at_practice(house.id):
        kind = open_diary(house, monday, now=now)
        told: dict[str, Any] = {"now": now, "by": house.front_desk}
        start = datetime.combine(monday, time(9), ZoneInfo(house.location.time_zone))
        house.booked = booking.book(kind, house.location, start, contact={"name": "Casey Invented"}, **told)
        for place, name in enumerate(("Morgan Madeup", "Sasha Storybook")):
            contact = {"name": name, "phone": f"+1419555016{place}", "language": "en"}
            waiting.wish(kind, until=date.max.replace(year=now.year + 1), contact=contact, **told)
    return house


def test_the_first_yes_has_the_time_and_the_second_is_told_kindly(clinic: Any, chromium: Any, address: str) -> None:
    from winddown.record.models import Booking, Message

    desk = live.context_for(chromium, address, clinic.front_desk).new_page()
    desk.goto(f"/bookings/{clinic.booked.ref}/")
    form = desk.locator(f"form[action$='/bookings/{clinic.booked.ref}/cancel/']")
    form.evaluate("form => { const closed = form.closest('details'); if (closed) closed.open = true; }")
    form.locator("[name=because]").fill("a cold")
    form.locator("button").first.click()
    desk.wait_for_selector("text=Offered to 2 people who wait.")
    with at_practice(clinic.id):
        first, second = (row.link for row in Message.objects.filter(kind="visit_offer").order_by("id"))
    phones = [chromium.new_context(base_url=address, viewport={"width": 390, "height": 844}, locale="en-US").new_page() for _ in range(2)]
    for phone, link in zip(phones, (first, second), strict=True):
        phone.goto(link)
        phone.wait_for_selector("body[data-ready=yes]")
    assert live.violations(phones[0]) == []
    phones[0].click("text=Yes, I take it")
    phones[0].wait_for_selector("h1:text-is('Your visit')")
    phones[1].click("text=Yes, I take it")
    phones[1].wait_for_selector("text=Somebody else was faster.")
    assert phones[1].locator("button:visible", has_text="Yes, I take it").count() == 0
    assert "You stay on the list." in phones[1].inner_text("main")
    assert live.violations(phones[1]) == []
    with at_practice(clinic.id):
        assert [row.contact["name"] for row in Booking.objects.filter(status="booked")] == ["Morgan Madeup"]
