"""A patient with a phone: the emailed link, the next visit, words that ask for help at once, a passkey, pages read from right to left."""

from __future__ import annotations

import re
import time
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from playwright.sync_api import expect

from tests import factories
from tests.factories import diary, own
from tests.stories import live
from winddown.jobs import post
from winddown.jobs.providers import Folder
from winddown.record.models import OwnAccess, OwnPasskey
from winddown.record.scope import at_practice
from winddown.services import booking, calendar, own_sign_in
from winddown.web.own_door import COOKIE

pytestmark = pytest.mark.story
PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}
WITHIN_S = 5.0


@pytest.fixture
def patient(house: Any) -> tuple[Any, OwnAccess]:
    """With a visit next week, and an address that was proven before."""
    now = datetime.now(tz=UTC)
    with at_practice(house.id):
        who = factories.patient(house, now=now)
        kind = diary.open_diary(house, monday := now.date() + timedelta(days=7 - now.weekday()), now=now, weeks=1)
        slot = calendar.free(kind, [house.location], monday + timedelta(days=2), 3, now=now)[house.location][0]
        booking.book(kind, house.location, slot.start, now=now, by=house.front_desk, patient=who)
        access = own.access_of(house, who, now=now)
        OwnAccess.objects.filter(pk=access.pk).update(proven_at=now)
    return who, access


def link_out_of_the_file(house: Any, folder: Any, kind_words: str) -> str:
    """What the file provider wrote last: the path of the link in it."""
    post.carry(house.id, {"email": Folder(folder), "sms": Folder(folder)}, now=datetime.now(tz=UTC))
    texts = [file.read_text(encoding="utf-8") for file in folder.glob("*.txt")]
    found = [re.search(r"/me/in/[\w-]+/", text) for text in texts if kind_words in text]
    assert found and found[0]
    return found[0].group()


def test_a_patient_signs_in_by_the_emailed_link_and_red_words_reach_the_staff_at_once(
    house: Any, address: str, chromium: Any, patient: Any, tmp_path: Any
) -> None:
    _who, access = patient
    screen = live.context_for(chromium, address, house.nurse).new_page()
    screen.goto("/account/")
    screen.wait_for_selector('.wd-connection[data-connection="live"]')
    phone = chromium.new_context(base_url=address, **PHONE).new_page()
    phone.goto("/me/sign-in/")
    phone.get_by_label("Your email address").fill(access.email)
    phone.get_by_role("button", name="Send me a link").click()
    phone.wait_for_url("**/me/sent/")
    phone.goto(link_out_of_the_file(house, tmp_path, "for a short time and once"))
    phone.get_by_role("button", name="Sign in").click()
    phone.wait_for_url("**/me/")
    expect(phone.get_by_role("region", name="Next visit")).to_contain_text("Sandusky", use_inner_text=True)
    assert live.violations(phone) == []
    phone.get_by_role("link", name="Write to the clinic").click()
    phone.get_by_text("Nobody reads messages all the time").wait_for()
    phone.get_by_text("My mood").click()
    phone.get_by_label("Your message").fill("The pain is back and I do not want to live any more.")
    sent_at = time.monotonic()
    phone.get_by_role("button", name="Send").click()
    phone.get_by_role("link", name="Call 988").wait_for()
    screen.wait_for_selector("#urgent-tasks [data-task]", timeout=20_000)
    took_s = time.monotonic() - sent_at
    print(f"red words on the staff's screen after {took_s:.2f} s")
    assert took_s < WITHIN_S
    assert live.violations(phone) == []
    told = phone.locator("[data-told]")
    told.get_by_text("Nobody at the clinic has acknowledged").wait_for(timeout=10_000)
    screen.locator("#urgent-tasks form button").click()
    told.get_by_text("A person at the clinic saw your words").wait_for(timeout=10_000)


def signed_in(house: Any, access: OwnAccess, context: Any, address: str) -> Any:
    with at_practice(house.id):
        session = own_sign_in.begin(access, how="link", browser="phone", now=datetime.now(tz=UTC))
    context.add_cookies([{"name": COOKIE, "value": own_sign_in.token_of(session), "url": f"{address}/me/"}])
    return context.new_page()


def test_a_passkey_is_made_on_the_phone_and_opens_the_pages_without_any_link(house: Any, address: str, chromium: Any, patient: Any) -> None:
    _who, access = patient
    address = address.replace("127.0.0.1", "localhost")
    context = chromium.new_context(base_url=address, **PHONE)
    phone = signed_in(house, access, context, address)
    devices = context.new_cdp_session(phone)
    devices.send("WebAuthn.enable")
    key = {"protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True, "isUserVerified": True}
    devices.send("WebAuthn.addVirtualAuthenticator", {"options": key | {"automaticPresenceSimulation": True}})
    phone.goto("/me/settings/")
    phone.get_by_role("button", name="Sign in with this device next time").click()
    phone.get_by_text("By a passkey on a").wait_for()
    phone.get_by_role("button", name="Sign out everywhere").click()
    phone.wait_for_url("**/me/sign-in/")
    phone.get_by_role("button", name="Sign in with this device").click()
    phone.wait_for_url("**/me/")
    phone.get_by_role("heading", name="Hello, Avery").wait_for()
    with at_practice(house.id):
        assert OwnPasskey.objects.get(access=access).used_at is not None


def test_own_pages_are_mirrored_in_a_language_that_reads_from_right_to_left(house: Any, address: str, chromium: Any, patient: Any) -> None:
    _who, access = patient
    context = chromium.new_context(base_url=address, **PHONE)
    context.add_cookies([{"name": "django_language", "value": "ar", "url": address}])
    phone = signed_in(house, access, context, address)
    for path in ("/me/", "/me/visits/", "/me/messages/new/", "/me/helpers/", "/me/settings/"):
        phone.goto(path)
        assert phone.evaluate("document.documentElement.dir") == "rtl"
        tabs = [box["x"] for box in (tab.bounding_box() for tab in phone.locator(".wd-me-tabs li").all()) if box]
        assert tabs == sorted(tabs, reverse=True), path
        brand, tools = (phone.locator(each).bounding_box() for each in (".wd-top .wd-brand", ".wd-top .wd-tools"))
        assert brand["x"] > tools["x"], path
        assert phone.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth"), path
        assert live.violations(phone) == [], path
    assert "Translation not checked yet." in phone.locator(".wd-unchecked").inner_text()
