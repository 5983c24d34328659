"""What two people witness, count and send, and the case that opens when it does not add up."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from django.db import DatabaseError, transaction

from tests import factories
from tests.factories import shelf, visit
from tests.factories.shelf import lines_of
from winddown.domain.controlled.movements import accounts
from winddown.domain.refusals import NotAllowed
from winddown.record.models import Case, LedgerEntry, Task, Vial, WitnessAsk
from winddown.record.scope import at_practice
from winddown.services import (
    bags,
    cases,
    counts,
    infusion,
    ledger,
    sessions,
    stock,
    transfers,
    witnesses,
)

AT = datetime(2026, 11, 23, 14, tzinfo=UTC)
D = Decimal


def test_waste_on_two_devices_enters_when_the_witness_signs_and_not_before(house):
    with at_practice(house.id):
        session = factories.session(house, now=AT, start=AT)
        visit.make_ready(house, session, AT - timedelta(minutes=10))
        visit.start(house, session, AT)
        over = AT + timedelta(minutes=40)
        infusion.finish(session, "infusion_completed", by=house.nurse, now=over)
        bag = session.bags.get()
        ask = witnesses.ask_to_waste_rest(bag, D(63), read_by="cylinder", witness=house.nurse_2, by=house.nurse, now=over)
        assert bags.rest_of(bag) is None
        assert [each.pk for each in witnesses.waiting(house.nurse_2, now=over)] == [ask.pk]
        assert witnesses.waiting(house.nurse, now=over) == witnesses.waiting(house.prescriber, now=over) == []
        with pytest.raises(NotAllowed, match="someone else"):
            witnesses.sign(ask, witness=house.nurse, own_device=True, now=over)
        for _ in range(2):
            witnesses.sign(ask, witness=house.nurse_2, own_device=True, now=over)
        rest = bags.rest_of(bag)
        assert (rest.mg, rest.by, rest.witness) == (D(63), house.nurse, house.nurse_2)
        assert LedgerEntry.objects.filter(kind="wasted").count() == 1
        assert not Case.objects.exists()


def test_an_ask_that_waited_too_long_and_a_declined_one_enter_nothing(stocked):
    house, vials = stocked
    late = witnesses.ask_about_vial(vials[0], "wasted", ml=D(1), words="rest", by=house.nurse, now=AT)
    with pytest.raises(NotAllowed, match="waited too long"):
        witnesses.sign(late, witness=house.nurse_2, own_device=True, now=AT + timedelta(minutes=16))
    other = witnesses.ask_about_vial(vials[1], "wasted", ml=D(1), words="rest", by=house.nurse, now=AT)
    witnesses.sign(other, witness=house.nurse_2, own_device=True, now=AT, agrees=False)
    assert list(WitnessAsk.objects.order_by("id").values_list("status", flat=True)) == ["asked", "declined"]
    assert not LedgerEntry.objects.filter(kind="wasted").exists()


def test_a_breakage_takes_two_witnesses_who_are_neither_the_author_nor_each_other(stocked):
    house, vials = stocked
    ask = witnesses.ask_about_vial(vials[0], "broken", words="it fell", by=house.nurse, now=AT)
    for _ in range(2):
        witnesses.sign(ask, witness=house.nurse_2, own_device=True, now=AT)
    assert not LedgerEntry.objects.filter(kind="broken").exists()
    witnesses.sign(ask, witness=house.prescriber, own_device=False, now=AT)
    line = LedgerEntry.objects.get(kind="broken")
    assert (line.mg, line.by, line.witness, line.second_witness) == (D(500), house.nurse, house.nurse_2, house.prescriber)
    vials[0].refresh_from_db()
    assert (vials[0].state, vials[0].left_ml) == ("broken", 0)
    with pytest.raises(DatabaseError, match="breakage_has_two_witnesses"), transaction.atomic():
        LedgerEntry(
            form=2, location=house.location, number=99, kind="broken", drug="ketamine", mg=D(1), ml=D(1), happened_at=AT, written_at=AT,
            by=house.nurse, witness=house.nurse_2, second_witness=house.nurse_2, previous_hash="x", hash="y",
        ).save()  # fmt: skip


def test_a_count_shows_nothing_agrees_and_a_missing_vial_opens_a_case_with_its_window(stocked):
    house, vials = stocked
    later = AT + timedelta(hours=1)

    def count(sealed: int, at, kind="shift"):
        begun = counts.begin(house.location, kind=kind, by=house.nurse, now=at)
        typed = {f"sealed-{vials[0].product.ref}": str(sealed), f"opened-{vials[0].product.ref}": "0"}
        found = counts.read_found(typed, counts.to_count(house.location))
        return counts.close(begun, found, by=house.nurse, second=house.nurse_2, now=at + timedelta(seconds=50))

    assert count(3, AT).status == "agrees"
    short = count(2, later)
    assert short.status == "differs"
    case = Case.objects.get()
    assert (case.difference_mg, case.kind, case.since) == (D(500), "count", AT + timedelta(seconds=50))
    assert count(3, later + timedelta(hours=1), kind="recount").status == "agrees"
    assert [act.kind for act in case.acts.order_by("id")] == ["opened", "recounted"]
    assert Case.objects.count() == 1


def test_a_count_that_was_overtaken_by_a_draw_is_kept_and_judges_nobody(stocked):
    house, vials = stocked
    begun = counts.begin(house.location, kind="shift", by=house.nurse, now=AT)
    stock.draw(D(2), vials[:1], by=house.prescriber, now=AT, session=None)
    found = [counts.Found(vials[0].product, counts.Shelf(3, 0, D(0)))]
    closed = counts.close(begun, found, by=house.nurse, second=house.nurse_2, now=AT)
    assert (closed.status, Case.objects.count()) == ("overtaken", 0)
    assert closed.found


def test_a_transfer_is_signed_at_both_ends_and_a_vial_that_did_not_arrive_opens_a_case(stocked):
    from winddown.services import people

    house, vials = stocked
    fargo = people.open_location(name="Fargo", time_zone="America/Chicago", now=AT)
    with pytest.raises(NotAllowed, match="no registration on file"):
        transfers.send(vials[:2], source=house.location, target=fargo, invoice="T-1", by=house.nurse, now=AT)
    shelf.registered(house, fargo, now=AT, number="FX1111111")
    sent = transfers.send(vials[:2], source=house.location, target=fargo, invoice="T-1", by=house.nurse, now=AT)
    with pytest.raises(NotAllowed, match="on the road"):
        stock.draw(D(1), [Vial.objects.select_related("product", "location").get(pk=vials[0].pk)], by=house.nurse, now=AT, session=None)
    with pytest.raises(NotAllowed, match="both ends"):
        transfers.arrive(sent, vials[:1], by=house.nurse, now=AT)
    arrived = transfers.arrive(sent, vials[:1], by=house.nurse_2, now=AT + timedelta(hours=3))
    assert (arrived.status, arrived.missing) == ("short", 1)
    assert Case.objects.get().words == "V2 was sent by Sandusky and did not arrive"
    assert [line.kind for line in lines_of(fargo)] == ["arrived"]
    everything = [*lines_of(house.location), *lines_of(fargo)]
    assert accounts(everything)["road"] == D(500)
    assert (ledger.verify(house.location), ledger.verify(fargo)) == ([], [])


def test_a_gap_in_the_balance_opens_a_case_before_the_patient_leaves(house):
    with at_practice(house.id):
        session = factories.session(house, now=AT, start=AT)
        visit.make_ready(house, session, AT - timedelta(minutes=10))
        visit.start(house, session, AT)
        infusion.finish(session, "infusion_completed", by=house.nurse, now=AT + timedelta(minutes=40))
        later = visit.recover(house, session, AT + timedelta(minutes=40))
        bags.waste_rest(session.bags.get(), D(40), read_by="cylinder", by=house.nurse, witness=house.nurse_2, now=later)
        case = Case.objects.get()
        assert (case.kind, case.difference_mg, case.session_id) == ("balance", D(23), session.pk)
        assert session.status != "discharged"
        assert Task.objects.get(kind="drug_discrepancy").words.startswith("Case 1: Drawn 100 mg")
        sessions.sign_discharge(session, by=house.nurse, now=later)
        assert Case.objects.count() == 1


def test_a_rest_that_nobody_wasted_is_a_case_at_the_latest_when_the_discharge_is_signed(house):
    with at_practice(house.id):
        session = factories.session(house, now=AT, start=AT)
        visit.make_ready(house, session, AT - timedelta(minutes=10))
        visit.start(house, session, AT)
        infusion.finish(session, "infusion_completed", by=house.nurse, now=AT + timedelta(minutes=40))
        later = visit.recover(house, session, AT + timedelta(minutes=40))
        sessions.sign_discharge(session, by=house.nurse, now=later)
        assert session.status == "discharged"
        assert Case.objects.get().difference_mg == D(63)


def test_a_loss_is_closed_only_after_its_significance_was_weighed_and_a_theft_after_the_notice(stocked):
    house, _ = stocked
    case = cases.tell(location=house.location, drug="ketamine", words="a vial is gone", since=AT, by=house.nurse, now=AT)
    officer = {"by": house.drug_officer, "now": AT}
    with pytest.raises(NotAllowed):
        cases.close(case, "miscounted", words="x", by=house.nurse, now=AT)
    with pytest.raises(NotAllowed, match="loss found and significance"):
        cases.close(case, "stolen", words="seen on camera", **officer)
    clock = cases.find_loss(case, words="seen on camera", **officer)
    assert clock.notice_by.date() == date(2026, 11, 24)
    cases.add(case, "significance", words="yes", data={"significant": True}, **officer)
    with pytest.raises(NotAllowed, match="notice to the field office"):
        cases.close(case, "stolen", words="seen on camera", **officer)
    cases.add(case, "notice_sent", words="by mail", **officer)
    assert cases.close(case, "stolen", words="seen on camera", **officer).status == "closed"
    assert set(Task.objects.values_list("kind", "status")) == {("drug_discrepancy", "closed"), ("drug_notice", "closed")}
