"""A stranger on a phone books a first visit: five taps, a network cut on the way, and the link that confirms."""

from __future__ import annotations

import time
from datetime import timedelta
from typing import Any

import pytest

from tests import factories
from tests.factories.diary import open_diary
from tests.stories import live
from winddown.record.scope import at_practice
from winddown.services import clock

QUESTIONS = ("pressure", "psychosis", "pregnancy", "substances")


@pytest.fixture
def clinic(urls: Any) -> Any:
    house, now = factories.house(urls), clock.now()
    with at_practice(house.id):
        house.kind = open_diary(house, now.date() + timedelta(days=14 - now.weekday()), now=now)
        house.kind.public = True
        house.kind.save(update_fields=["public"])
    return house


def test_five_taps_from_the_first_question_to_a_kept_time_through_a_cut_network(clinic: Any, chromium: Any, address: str) -> None:
    from winddown.record.models import Booking, Message

    context = chromium.new_context(base_url=address, viewport={"width": 390, "height": 844})
    page, began, taps = context.new_page(), time.perf_counter(), 0
    page.goto(f"/clinic/{clinic.practice.slug}/book/?lang=en")
    page.wait_for_selector("body[data-ready=yes]")
    assert live.violations(page) == []
    for question in QUESTIONS:
        page.locator(f"input[name={question}][value=no]").click()
        taps += 1
    page.wait_for_url("**/book/times/**")
    page.wait_for_selector("body[data-ready=yes]")
    assert live.violations(page) == []
    for field, value in (("given_name", "Casey"), ("family_name", "Invented"), ("phone", "+1 419 555 0142")):
        page.locator(f"[name={field}]").fill(value)
    context.set_offline(True)
    page.locator(".vs-time").first.click()
    taps += 1
    page.wait_for_selector("[data-vs-note]:has-text('No connection')")
    context.set_offline(False)
    page.wait_for_url("**/v/kept/**")
    assert taps == 5
    assert time.perf_counter() - began < 90
    with at_practice(clinic.id):
        assert Booking.objects.get().status == "held"
        link = Message.objects.get(kind="visit_kept").link
    page.goto(link)
    page.wait_for_selector("body[data-ready=yes]")
    page.click("text=Yes, I come")
    page.wait_for_selector("h1:text-is('Your visit')")
    with at_practice(clinic.id):
        assert Booking.objects.get().status == "booked"
    context.close()
