"""The bag on the screen: worked out as one types, made by two, hung at its own chair, wasted before a witness, and held in balance."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from uuid import uuid4

import pytest

from tests import factories
from tests.factories import visit
from tests.web.gates.conftest import Screen
from winddown.record.models import Bag, LedgerEntry, Session
from winddown.record.scope import at_practice
from winddown.services import bags, infusion, ledger

TYPED = {
    "vial_mg_per_ml": "50", "total_mg": "100", "diluent_ml": "100", "overfill_ml": "0", "filling": "make_up", "line_volume_ml": "2",
    "primed_with": "drug",
}  # fmt: skip


def preview(screen: Screen, **typed) -> str:
    return screen.client.get(screen.address("bag/preview"), {**TYPED, **typed}).content.decode()


def make(screen: Screen, *, pin: str = factories.PIN, second: str = "nurse_2", key=None, **typed):
    return screen.act("make", room="bag", key=key, **{**TYPED, **typed}, **screen.second(second, pin))


def made(screen: Screen) -> list[Bag]:
    with at_practice(screen.house.id):
        return list(Bag.objects.filter(session=screen.session).order_by("id"))


def lines(screen: Screen) -> list[tuple[str, Decimal, Decimal]]:
    with at_practice(screen.house.id):
        return [(row.kind, row.mg, row.ml) for row in LedgerEntry.objects.filter(session=screen.session).order_by("number")]


def test_the_preview_tells_the_draw_the_steps_and_the_real_strength_and_writes_nothing(nurse):
    page = preview(nurse)
    assert ("2 <small>mL</small>" in page, "1 <small>mg/mL</small>" in page, "Make it up to 100 mL with diluent." in page) == (True,) * 3
    assert (made(nurse), lines(nurse)) == ([], [])


def test_overfill_shows_the_real_strength_and_that_the_gate_will_stop(nurse):
    """100 mg as 2 mL of 50 mg/mL added to 100 mL with 7 mL of overfill: 100 / 109 = 0.917 mg/mL."""
    page = preview(nurse, overfill_ml="7", filling="add")
    assert "0.917 <small>mg/mL</small>" in page
    assert "The order is for 1 mg/mL: with this bag the start gate stops." in page


def test_no_vial_is_chosen_for_the_nurse_and_the_preview_names_what_it_waits_for(nurse):
    page = nurse.see("bag").content.decode()
    assert [page.count(f'name="vial_mg_per_ml" value="{strength}" required') for strength in (10, 50, 100)] == [1, 1, 1]
    assert 'type="radio" name="vial_mg_per_ml" value="50" required checked' not in page
    waiting = preview(nurse, vial_mg_per_ml="", filling="")
    assert "the vial&#x27;s strength, how it is filled" in waiting


def test_a_ten_milligram_vial_is_stopped_on_the_screen_and_by_the_service(nurse):
    assert "The 10 mg/mL vial is not to be diluted." in preview(nurse, vial_mg_per_ml="10")
    refused = make(nurse, vial_mg_per_ml="10")
    assert (refused.status_code, "not to be diluted" in refused.content.decode(), made(nurse)) == (422, True, [])


def test_a_bag_is_made_by_two_and_enters_the_ledger_once_for_one_form(nurse):
    key = uuid4()
    assert make(nurse, key=key, lot="L-77").status_code == 204
    make(nurse, key=key, lot="L-77")
    assert [str(bag.ref) for bag in made(nurse)] == [str(key)]
    assert lines(nurse) == [("drawn", Decimal("100.000"), Decimal("2.000"))]


@pytest.mark.parametrize(
    ("second", "pin", "words"),
    [("nurse_2", "999111", "The PIN is not"), ("nurse", factories.PIN, "must be someone else"), ("front_desk", factories.PIN, "may not")],
)
def test_without_a_proven_second_person_there_is_no_bag(nurse, second, pin, words):
    refused = make(nurse, second=second, pin=pin)
    assert (refused.status_code in (403, 422), words in refused.content.decode(), made(nurse)) == (True, True, [])


def test_a_missing_choice_is_asked_for_by_name(nurse):
    for name, words in (
        ("vial_mg_per_ml", "strength is not chosen"),
        ("primed_with", "primed with is not chosen"),
        ("filling", "is not chosen"),
    ):
        assert words in make(nurse, **{name: ""}).content.decode()
    assert made(nurse) == []


def test_a_soft_finding_goes_on_with_its_reason_only(nurse):
    """25 mg in 25 mL of 50 mg/mL added to 25 mL with 3 mL of overfill: printed 1 mg/mL, really 25 / 28.5, more than a tenth apart."""
    odd = {"total_mg": "25", "diluent_ml": "25", "overfill_ml": "3", "filling": "add"}
    assert "reason_printed_strength_misleads" in preview(nurse, **odd)
    refused = make(nurse, **odd)
    assert "The printed volume suggests 1 mg/mL" in refused.content.decode()
    make(nurse, **odd, reason_printed_strength_misleads="no smaller bag in stock")
    assert made(nurse)[0].preparation["reasons"] == {"printed_strength_misleads": "no smaller bag in stock"}


def test_the_rest_of_the_vial_is_drawn_and_wasted_in_milligrams_and_millilitres(nurse):
    make(nurse, vial_rest_ml="8")
    assert lines(nurse) == [("drawn", Decimal("500.000"), Decimal("10.000")), ("wasted", Decimal("400.000"), Decimal("8.000"))]


def test_a_bag_past_its_time_is_not_offered_and_not_hung(house, nurse, now):
    with at_practice(house.id):
        old = bags.make(nurse.session, visit.BAG, by=house.nurse, second=house.nurse_2, now=now - timedelta(hours=30))
    page = nurse.see("bag").content.decode()
    assert ("passed" in page, f'name="bag" value="{old.ref}">Hang' in page) == (True, False)
    assert "has passed" in nurse.act("hang", room="bag", bag=str(old.ref)).content.decode()


def waste(screen: Screen, ml: str, *, read_by: str = "cylinder", key=None, pin: str = factories.PIN):
    bag = made(screen)[-1]
    told = {"bag": str(bag.ref), "volume_ml": ml, "read_by": read_by}
    return screen.act("waste", room="bag", key=key, **told, **screen.second(pin=pin))


def test_the_rest_is_wasted_with_a_witness_once_and_the_balance_says_what_it_proves(at_recovery):
    key = uuid4()
    assert waste(at_recovery, "63", key=key).status_code == 204
    waste(at_recovery, "63", key=key)
    assert [line[0] for line in lines(at_recovery)] == ["drawn", "given", "wasted"]
    page = at_recovery.see("bag").content.decode()
    assert "Drawn 100 mg, accounted for 100 mg" in page
    assert "The arithmetic agrees; it does not prove what was in the syringe." in page
    again = waste(at_recovery, "5")
    assert (again.status_code, "in the ledger already: 63 mL" in again.content.decode()) == (422, True)


def test_missing_drug_is_told_in_milligrams(at_recovery):
    waste(at_recovery, "40")
    assert "23 mg missing" in at_recovery.see("bag").content.decode()


def test_a_rest_judged_by_eye_is_too_uncertain_to_tell(at_recovery):
    """10 mL by eye at 1 mg/mL is 10 mg: with the pump's 5 % and the syringe's 0.1 mL of 50 mg/mL still below a fifth of 100 mg."""
    waste(at_recovery, "55", read_by="estimate")
    with at_practice(at_recovery.house.id):
        held = bags.balance_of(Session.objects.get(pk=at_recovery.session.pk), now=at_recovery.session.created_at + timedelta(hours=3))
    assert (held.agrees, held.uncertainty_mg > 10) == (True, True)


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({"ml": "165"}, "more than the bag held"),
        ({"ml": "65", "read_by": ""}, "is not chosen"),
        ({"ml": "65", "pin": "999111"}, "The PIN is not"),
    ],
)
def test_a_waste_that_cannot_be_is_refused(at_recovery, typed, words):
    told = dict(typed)
    refused = waste(at_recovery, told.pop("ml"), **told)
    assert (refused.status_code, words in refused.content.decode(), [line[0] for line in lines(at_recovery)]) == (
        422,
        True,
        ["drawn", "given"],
    )


def test_nothing_is_wasted_while_the_bag_hangs(house, now):
    with at_practice(house.id):
        session = factories.session(house, start=now, now=now - timedelta(hours=1))
        visit.make_ready(house, session, now - timedelta(minutes=10))
        visit.start(house, session, now - timedelta(minutes=5))
    screen = Screen(house, session, "nurse")
    assert "The rest is wasted when the infusion is over." in screen.see("bag").content.decode()
    assert "the bag still hangs" in waste(screen, "65").content.decode()
    with at_practice(house.id):
        infusion.finish(session, "stopped", because="the patient asked", by=house.nurse, now=now)
        assert ledger.verify(house.location) == []
    assert waste(screen, "95").status_code == 204
