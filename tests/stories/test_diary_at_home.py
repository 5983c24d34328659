"""An evening at home: two lines and a note in fifteen seconds with one thumb, once without a network. Nothing is lost or doubled."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import expect

from tests.factories.home import infused
from tests.stories import live
from winddown.record.models import Answer, Patient
from winddown.record.scope import at_practice
from winddown.services import diary, links
from winddown.services.contacts import Wishes

pytestmark = pytest.mark.story
PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True}
LEAST_PX = 44
MOST_TAPS, MOST_SECONDS = 4, 15


@pytest.fixture
def evening(house):
    now = datetime.now(tz=UTC)
    with at_practice(house.id):
        wishes = Wishes(email="secret@example.org", zone="America/New_York")
        patient = infused(house, now - timedelta(days=2), wishes=wishes, family_name="Secretfamily", given_name="Secretgiven")
        return house, links.path_of(diary.link_for(patient, now=now))


class Thumb:
    """One thumb on one phone. It counts its own taps."""

    def __init__(self, chromium, address: str) -> None:
        self.context = chromium.new_context(base_url=address, locale="en-US", color_scheme="dark", **PHONE)
        self.page, self.taps = self.context.new_page(), 0

    def opens(self, path: str) -> None:
        self.page.goto(path)
        self.page.wait_for_selector("form[data-stepping]")

    def taps_the_line(self, instrument: str, part: float) -> None:
        """A tap at this part of the line's length."""
        line = self.page.locator(f'[data-question^="{instrument}."] [data-line-slide]')
        box = line.bounding_box()
        self.page.touchscreen.tap(box["x"] + box["width"] * part, box["y"] + box["height"] / 2)
        self.taps += 1

    def is_shown(self, instrument: str, value: str) -> None:
        expect(self.page.locator(f'[data-question^="{instrument}."] [data-line-number]')).to_have_value(value)

    def sends(self) -> None:
        self.page.locator("[data-next]").tap()
        self.taps += 1

    def reads(self, words: str) -> None:
        self.page.locator("[data-done]:not([hidden])").get_by_text(words).first.wait_for(timeout=15_000)


def kept(house):
    with at_practice(house.id):
        return {row.instrument: (row.items, row.answered_at, row.written_at) for row in Answer.objects.order_by("id")}


def test_an_evening_is_three_taps_and_shows_nothing_of_anybody(evening, chromium, address):
    house, path = evening
    thumb = Thumb(chromium, address)
    began = time.monotonic()
    thumb.opens(path)
    thumb.taps_the_line("pain-nrs", 0.68)
    thumb.taps_the_line("mood", 0.5)
    thumb.is_shown("pain-nrs", "7")
    thumb.is_shown("mood", "5")
    thumb.sends()
    thumb.reads("Thank you")
    took_s = time.monotonic() - began
    thumb.page.locator("[data-done] .wd-own-curve svg[role=img]").wait_for()
    assert live.violations(thumb.page) == []
    assert thumb.taps <= MOST_TAPS and took_s < MOST_SECONDS
    answers = kept(house)
    assert {name: row[0] for name, row in answers.items()} == {"pain-nrs": {"average": "7"}, "mood": {"mood": "5"}}
    the_relief_page_is_clean_wide_and_narrow_by_day_and_by_night(house, chromium, address)
    text = thumb.page.content()
    assert not any(secret in text for secret in ("Secretfamily", "Secretgiven", "secret@example.org"))


def the_relief_page_is_clean_wide_and_narrow_by_day_and_by_night(house, chromium, address):
    """What the nurse sees of the same evening, and the way to the letter without a mouse."""
    with at_practice(house.id):
        path = f"/patients/{Patient.objects.get(family_name='Secretfamily').ref}/relief/"
    for width, scheme in ((1280, "light"), (390, "dark"), (390, "light"), (1280, "dark")):
        page = live.context_for(
            chromium, address, house.nurse, viewport={"width": width, "height": 900}, color_scheme=scheme, reduced_motion="reduce"
        ).new_page()
        page.goto(path)
        page.locator(".wd-relief-plot svg .point").first.wait_for()
        assert live.violations(page) == [], (width, scheme)
        assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth"), (width, scheme)
    page.get_by_role("link", name="Open the letter").focus()
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="Letter after the series").wait_for()
    assert live.violations(page) == []


def test_a_link_opened_before_opens_without_network_and_is_sent_later_with_its_own_time_and_once(evening, chromium, address):
    house, path = evening
    thumb = Thumb(chromium, address)
    thumb.opens(path)
    small = thumb.page.evaluate(
        "(least) => [...document.querySelectorAll('form [data-line-slide], form button:not([hidden])')]"
        ".filter((one) => one.offsetParent && one.getBoundingClientRect().height < least).map((one) => one.outerHTML)",
        LEAST_PX,
    )
    assert small == []
    assert live.violations(thumb.page) == []
    thumb.page.wait_for_selector("form[data-offline-kept]")
    thumb.context.set_offline(True)
    thumb.opens(path)
    thumb.page.get_by_text("this page comes from your phone").wait_for()
    thumb.taps_the_line("pain-nrs", 0.3)
    thumb.page.locator("textarea").fill("a quiet day")
    before = datetime.now(tz=UTC)
    thumb.sends()
    thumb.reads("wait on this phone")
    assert kept(house) == {}
    thumb.page.wait_for_timeout(1500)
    back = datetime.now(tz=UTC)
    thumb.context.set_offline(False)
    thumb.reads("Thank you")
    answers = kept(house)
    assert {name: row[0] for name, row in answers.items()} == {"pain-nrs": {"average": "3"}, "diary-note": {"note": "a quiet day"}}
    for _items, answered_at, written_at in answers.values():
        assert before - timedelta(seconds=5) <= answered_at <= before + timedelta(seconds=3) and written_at >= back
    thumb.page.reload()
    thumb.page.get_by_text("Thank you").first.wait_for()
    assert len(kept(house)) == 2
    stores = (
        "async () => { const found = []; for (const name of await caches.keys()) for (const one of await (await caches.open(name)).keys()) "
    )
    stores += "found.push(new URL(one.url).pathname); return found; }"
    held = [each for each in thumb.page.evaluate(stores) if not each.startswith("/static/")]
    assert held == [path + "diary/"], "the form and nothing else of the link is on the phone"
    thumb.context.set_offline(True)
    thumb.page.goto(path)
    thumb.reads("Thank you")
