"""The director asks whether one protocol does better than another, looks at who is behind a bar, and reads one of them."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from playwright.sync_api import expect

from tests.stories import live
from winddown.commands.fiction import year
from winddown.record.models import AuditEntry, Location
from winddown.record.scope import at_practice
from winddown.services import orders, people

pytestmark = pytest.mark.story


def test_a_comparison_takes_three_clicks_and_a_bar_leads_to_the_record(house, address, chromium):
    now = datetime.now(tz=UTC)
    with at_practice(house.id):
        people.open_location(name="Fargo", time_zone="America/Chicago", now=now, chairs=["Chair 1", "Chair 2", "Chair 3"])
        orders.adopt_packaged(by=house.director, now=now)
        places = {place.name: place for place in Location.objects.all()}
        year.tell(places, nurse=house.nurse, prescribers=(house.prescriber, house.prescriber_2, house.director), now=now)
    page = live.context_for(chromium, address, house.director, viewport={"width": 1280, "height": 900}).new_page()
    page.add_init_script(live.COUNT_CLICKS)
    page.goto("/board/")
    page.get_by_role("link", name="Program", exact=True).click()
    page.wait_for_selector(".wpr-tiles")
    assert live.violations(page) == []
    page.get_by_role("link", name="Compare", exact=True).click()
    page.wait_for_selector("#among")
    page.locator("#among").select_option(label="CRPS")
    page.get_by_role("button", name="Compare").click()
    page.wait_for_url("**among=crps**")
    assert page.evaluate("Number(sessionStorage.clicks)") == 3
    expect(page.locator("main")).to_contain_text("the interval includes no difference", use_inner_text=True)
    assert live.violations(page) == []
    for path in ("dose", "events", "places", "export"):
        page.goto(f"/programme/{path}/")
        assert live.violations(page) == [], path
    page.goto("/programme/outcomes/")
    assert live.violations(page) == []
    page.locator(".wpr-is-unknown").first.click()
    page.wait_for_url("**response=unknown**")
    page.locator("tbody th a").first.click()
    page.wait_for_url("**/patients/**")
    with at_practice(house.id):
        acts = list(AuditEntry.objects.filter(by=house.director).order_by("id").values_list("act", flat=True))
    assert {"see list of outcomes", "read chart"} <= set(acts)
