"""The front desk in a real browser: a series in three clicks, a visit dragged to another chair, and the same without a mouse."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from playwright.sync_api import expect

from tests import factories
from tests.factories.diary import open_diary
from tests.stories import live
from winddown.record.scope import at_practice

pytestmark = pytest.mark.story


@pytest.fixture
def clinic(urls: Any) -> Any:
    house = factories.house(urls, chairs=3)
    now = datetime.now(tz=UTC)
    house.monday = now.date() + timedelta(days=7 - now.weekday())
    with at_practice(house.id):
        # From this week on, so that the first days shown have times on every day of the week.
        house.infusion = open_diary(house, house.monday - timedelta(days=7), now=now, nurse_lanes=3, weeks=5)
        house.patient = factories.patient(house, now=now)
        factories.order(house, house.patient, now=now)
    return house


@pytest.fixture
def desk(clinic: Any, chromium: Any, address: str) -> Iterator[Any]:
    context = live.context_for(chromium, address, clinic.front_desk, viewport={"width": 1280, "height": 900})
    page = context.new_page()
    page.add_init_script(live.COUNT_CLICKS)
    page.complaints = []
    page.on("pageerror", lambda error: page.complaints.append(str(error)))
    yield page
    context.close()


def test_a_series_of_six_takes_three_clicks_from_the_patient(clinic: Any, desk: Any) -> None:
    desk.goto(f"/patients/{clinic.patient.ref}/")
    desk.get_by_role("link", name="Visits", exact=True).click()
    desk.locator(".wd-cal-time").first.click()
    desk.get_by_role("button", name="Book the series from this time").click()
    desk.wait_for_selector("text=Series of 6 visits")
    # A label passes its click on to its radio button: the browser tells of it as a second, trusted click.
    assert int(desk.evaluate("() => sessionStorage.clicks")) - 1 == 3
    assert live.violations(desk) == []
    assert desk.complaints == []


def test_a_visit_is_dragged_to_another_chair_and_keeps_its_length(clinic: Any, desk: Any) -> None:
    _book(clinic, 9)
    desk.goto(f"/calendar/?day={clinic.monday}")
    assert live.violations(desk) == []
    at_two = desk.locator(f'td[data-start^="{clinic.monday}T14:00"][data-chair="{clinic.chairs[1].ref}"]')
    desk.locator("[data-booking]").drag_to(at_two)
    desk.wait_for_selector("text=Moved.")
    expect(desk.locator("main")).to_contain_text("14:00–15:30", use_inner_text=True)
    expect(desk.locator("main")).to_contain_text("Chair 2", use_inner_text=True)


def test_the_same_move_with_the_keyboard_alone(clinic: Any, desk: Any) -> None:
    made = _book(clinic, 9)
    desk.goto(f"/bookings/{made.ref}/")
    assert live.violations(desk) == []
    first = desk.locator("#move input[type=radio]").first
    first.focus()
    desk.keyboard.press("Space")
    desk.keyboard.press("Enter")
    desk.wait_for_selector("text=Moved.")
    expect(desk.locator("main")).to_contain_text("08:00–09:30", use_inner_text=True)


def test_the_calendar_fits_a_phone(clinic: Any, chromium: Any, address: str) -> None:
    _book(clinic, 9)
    context = live.context_for(chromium, address, clinic.front_desk, viewport={"width": 390, "height": 844})
    page = context.new_page()
    for path in (f"/calendar/?day={clinic.monday}", f"/calendar/book/?patient={clinic.patient.ref}&day={clinic.monday}"):
        page.goto(path)
        assert page.evaluate("document.documentElement.scrollWidth") <= 390
        assert live.violations(page) == []
    context.close()


def _book(clinic: Any, hour: int) -> Any:
    from zoneinfo import ZoneInfo

    from winddown.services import booking

    now, day = datetime.now(tz=UTC), clinic.monday
    start = datetime(day.year, day.month, day.day, hour, tzinfo=ZoneInfo(clinic.location.time_zone))
    with at_practice(clinic.id):
        return booking.book(clinic.infusion, clinic.location, start, now=now, by=clinic.front_desk, patient=clinic.patient)
