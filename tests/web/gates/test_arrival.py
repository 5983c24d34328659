"""Arriving, sitting somewhere else, and going home without an infusion."""

from __future__ import annotations

import re
from datetime import timedelta

from tests import factories
from tests.factories import visit
from tests.web.gates.conftest import Screen
from winddown.record.models import Session
from winddown.record.scope import at_practice


def planned(house, now, chair: int = 0, start=None):
    with at_practice(house.id):
        return factories.session(house, start=start or now, now=now, chair=chair)


def chair_of(screen: Screen) -> str:
    with at_practice(screen.house.id):
        return Session.objects.select_related("chair").get(pk=screen.session.pk).chair.name


def test_the_front_desk_checks_in_with_one_tap_and_sees_nothing_clinical(house, now):
    desk = Screen(house, planned(house, now), "front_desk")
    page = desk.see("check-in").content.decode()
    weight = re.search(r"\d\s*kg\b", page)
    assert ("No consent in force: sign one before the start." in page, weight, "allerg" in page.lower()) == (True, None, False)
    assert desk.act("arrived", room="check-in", part=False)["Location"].endswith("/check-in/")
    assert (desk.status(), desk.story()) == ("checked_in", ["checked_in"])
    assert "Checked in at" in desk.see("check-in").content.decode()


def test_a_nurse_goes_on_to_the_start_gate(house, now):
    nurse = Screen(house, planned(house, now), "nurse")
    assert nurse.act("arrived", room="check-in", part=False)["Location"].endswith("/start-gate/")


def test_another_free_chair_is_taken_with_the_check_in(house, now):
    desk = Screen(house, planned(house, now), "front_desk")
    desk.act("arrived", room="check-in", chair=str(house.chairs[1].ref))
    assert (chair_of(desk), desk.last("checked_in")["chair"]) == ("Chair 2", str(house.chairs[1].ref))


def test_a_chair_that_is_taken_or_planned_for_another_is_refused_and_nobody_is_checked_in(house, now):
    first, second = Screen(house, planned(house, now), "nurse"), Screen(house, planned(house, now, chair=1), "nurse")
    first.act("arrived", room="check-in")
    assert "taken" in second.see("check-in").content.decode()
    refused = second.act("arrived", room="check-in", chair=str(house.chairs[0].ref))
    assert (refused.status_code, "planned for another patient" in refused.content.decode()) == (422, True)
    assert (second.status(), chair_of(second)) == ("planned", "Chair 2")


def test_a_visit_later_the_same_day_may_move_but_not_sit_on_somebody(house, now):
    first = Screen(house, planned(house, now), "nurse")
    first.act("arrived", room="check-in")
    late = Screen(house, planned(house, now, chair=1, start=now + timedelta(hours=4)), "nurse")
    refused = late.act("arrived", room="check-in", chair=str(house.chairs[0].ref))
    assert ("still holds another patient" in refused.content.decode(), late.status()) == (True, "planned")


def test_abandoning_needs_a_reason_and_leads_to_the_bag_that_must_be_wasted(nurse, bag):
    assert nurse.client.post(nurse.address("abandon"), {"because": " "}).status_code == 422
    assert "A bag was made for this visit." in nurse.see("abandon").content.decode()
    gone = nurse.client.post(nurse.address("abandon"), {"because": "the patient has a cold"})
    assert (gone["Location"], nurse.status()) == (nurse.address("bag"), "abandoned")
    assert "Waste the rest" in nurse.see("bag").content.decode()


def test_an_infusion_that_has_begun_is_not_abandoned(house, now):
    with at_practice(house.id):
        session = factories.session(house, start=now, now=now - timedelta(hours=1))
        visit.make_ready(house, session, now - timedelta(minutes=10))
        visit.start(house, session, now)
    nurse = Screen(house, session, "nurse")
    refused = nurse.client.post(nurse.address("abandon"), {"because": "no longer wanted"})
    assert (refused.status_code, "has begun" in refused.content.decode(), nurse.status()) == (422, True, "running")
