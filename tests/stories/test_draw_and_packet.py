"""A vial from the shelf into a bag, and the inspector's packet out of the house, in a real browser."""

from __future__ import annotations

import subprocess
import sys
import zipfile
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from playwright.sync_api import expect

from tests import factories
from tests.factories import shelf
from tests.stories import live
from winddown.record.models import LedgerEntry
from winddown.record.scope import at_practice
from winddown.services import sessions, signing

pytestmark = pytest.mark.story


def test_a_vial_is_tapped_on_the_shelf_and_two_people_make_the_bag(house, address, chromium):
    now = datetime.now(tz=UTC)
    with at_practice(house.id):
        shelf.registered(house, now=now)
        (vial,) = shelf.received(house, 1, now=now)
        session = factories.session(house, start=now + timedelta(minutes=20), now=now)
        sessions.check_in(session, by=house.nurse, now=now)
    page = live.context_for(chromium, address, house.nurse, viewport={"width": 1280, "height": 900}).new_page()
    page.goto("/ledger/")
    page.get_by_role("link", name=vial.label).first.click()
    make = page.get_by_role("link", name="make the bag")
    make.wait_for()
    assert live.violations(page) == []
    make.click()
    page.wait_for_selector(f'[name=vials][value="{vial.label}"]:checked')
    for name, text in {"total_mg": "100", "diluent_ml": "100", "overfill_ml": "0", "line_volume_ml": "2"}.items():
        page.locator(f"#bag-numbers [name={name}]").fill(text)
    page.locator('[name=filling][value="make_up"]').check()
    page.locator('[name=primed_with][value="drug"]').check()
    page.locator("#bag-form [name=second]").select_option(label=house.nurse_2.name)
    page.locator("#bag-form [name=second_pin]").fill(factories.PIN)
    with page.expect_navigation():
        page.get_by_role("button", name="Made and checked, two people").click()
    page.wait_for_selector("text=1 mg/mL")
    page.goto("/ledger/")
    page.wait_for_selector(f'a:has-text("{vial.label}"):has-text("8 mL")')
    with at_practice(house.id):
        drawn = LedgerEntry.objects.get(kind="drawn")
        assert (drawn.mg, drawn.ml, drawn.vial.label, drawn.session) == (Decimal(100), Decimal(2), vial.label, session)


def test_the_officer_hands_over_a_packet_that_proves_itself_elsewhere(house, address, chromium, tmp_path):
    now = datetime.now(tz=UTC)
    with at_practice(house.id):
        shelf.registered(house, now=now)
        shelf.received(house, 3, now=now)
    page = live.context_for(chromium, address, house.drug_officer, viewport={"width": 1280, "height": 900}).new_page()
    page.goto("/ledger/packet/")
    assert live.violations(page) == []
    with page.expect_download() as handed:
        page.locator(".wl-buttons a").first.click()
    handed.value.save_as(tmp_path / "packet.zip")
    zipfile.ZipFile(tmp_path / "packet.zip").extractall(tmp_path / "elsewhere")
    (folder,) = (tmp_path / "elsewhere").iterdir()
    command = [sys.executable, "-I", "-S", str(folder / "check_packet.py"), str(folder), signing.fingerprint()]
    done = subprocess.run(command, capture_output=True, text=True)
    assert (done.returncode, done.stdout.startswith("HOLDS   3 lines of Sandusky")) == (0, True), done.stdout
    page.goto("/ledger/packet/")
    expect(page.locator("main")).to_contain_text(signing.fingerprint())
