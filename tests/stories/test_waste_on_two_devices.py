"""Waste with two devices in a real browser: a nurse asks, a colleague signs on a phone, the nurse's screen says so by itself."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tests import factories
from tests.factories import shelf, visit
from tests.stories import live
from winddown.record.models import LedgerEntry
from winddown.record.scope import at_practice
from winddown.services import infusion

pytestmark = pytest.mark.story


def an_infusion_that_is_over(house: Any) -> Any:
    at = datetime.now(tz=UTC) - timedelta(hours=1)
    with at_practice(house.id):
        session = factories.session(house, start=at, now=at)
        visit.make_ready(house, session, at - timedelta(minutes=10))
        visit.start(house, session, at)
        infusion.finish(session, "infusion_completed", by=house.nurse, now=at + timedelta(minutes=40))
    return session


def test_the_nurse_asks_the_colleague_signs_on_a_phone_and_the_nurses_screen_says_so(house, address, chromium):
    session = an_infusion_that_is_over(house)
    desk = live.context_for(chromium, address, house.nurse, viewport={"width": 1280, "height": 900}).new_page()
    desk.goto(f"/sessions/{session.ref}/bag/")
    desk.get_by_text("The witness has a phone of their own").click()
    asking = desk.locator("form", has=desk.get_by_role("button", name="Ask them on their phone"))
    asking.get_by_label("Measured").fill("63")
    asking.get_by_label("Witness").select_option(label=house.nurse_2.name)
    asking.get_by_label("in a measuring cylinder").check()
    asking.get_by_role("button", name="Ask them on their phone").click()
    desk.wait_for_selector("text=waiting for a witness")
    assert live.violations(desk) == []

    phone = live.context_for(chromium, address, house.nurse_2, viewport={"width": 390, "height": 844}).new_page()
    phone.goto("/ledger/")
    phone.get_by_role("link", name="63 mg").click()
    phone.get_by_label("Your PIN").fill(factories.PIN)
    assert live.violations(phone) == []
    phone.get_by_role("button", name="I saw it").click()
    phone.wait_for_selector("text=witnessed, in the ledger")

    desk.wait_for_selector("text=witnessed, in the ledger", timeout=10_000)
    with at_practice(house.id):
        line = LedgerEntry.objects.get(kind="wasted")
        assert (str(line.mg), line.by, line.witness) == ("63.000", house.nurse, house.nurse_2)


def test_a_delivery_a_blind_count_and_its_case(house, address, chromium):
    now = datetime.now(tz=UTC)
    with at_practice(house.id):
        shelf.registered(house, now=now)
        made = shelf.product(house, now=now)
    page = live.context_for(chromium, address, house.nurse, viewport={"width": 390, "height": 844}).new_page()
    page.goto("/ledger/receive/")
    page.get_by_label("Product").select_option(label=f"{made.name} · {made.ndc}")
    typed = {"lot": "FICT-9", "expires_on": f"{now.year + 1}-05-31", "vials": "3", "supplier": "Fictional Wholesale", "invoice": "INV-9"}
    for name, text in typed.items():
        page.locator(f"[name={name}]").fill(text)
    page.get_by_role("button", name="These vials are here").click()
    page.wait_for_selector("text=V3")
    page.get_by_role("button", name="Count").click()
    page.wait_for_selector("text=Count what you see")
    assert live.violations(page) == []
    for _ in range(2):
        page.get_by_role("button", name="one more").first.click()
    page.get_by_label("opened", exact=True).fill("0")
    page.get_by_label("your PIN").fill(factories.PIN)
    page.get_by_label("Second person").select_option(label=house.nurse_2.name)
    page.get_by_label("Their PIN").fill(factories.PIN)
    page.get_by_role("button", name="Counted, two people").click()
    page.wait_for_selector("text=2 sealed counted, 3 expected: 500 mg missing")
    page.get_by_role("link", name="Open case 1").click()
    page.wait_for_selector("text=Who had access")
    assert live.violations(page) == []
