"""Vials from receipt to empty, and what the database decides when two people want the same milliliter."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
import time
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from random import Random

import pytest
from django.db import DatabaseError, connection, transaction
from django.db.models import Sum

from tests import factories
from tests.factories import shelf, visit
from tests.factories.shelf import lines_of
from winddown.domain.controlled.movements import accounts, level_ml
from winddown.domain.refusals import NotAllowed, Refusal
from winddown.record.models import LedgerEntry, Task, Vial
from winddown.record.scope import at_practice
from winddown.services import (
    bags,
    formulary,
    ledger,
    orders,
    receiving,
    rescue,
    stock,
    witnesses,
)

AT = datetime(2026, 11, 23, 14, tzinfo=UTC)
D = Decimal


def test_each_vial_of_a_receipt_has_a_number_a_place_and_a_line(stocked):
    house, vials = stocked
    assert [vial.label for vial in vials] == ["V1", "V2", "V3"]
    assert {(vial.state, vial.place, vial.left_ml) for vial in vials} == {("sealed", "vault", D(10))}
    assert [(line.kind, line.mg, line.ml) for line in lines_of(house.location)] == [("received", D(500), D(10))] * 3
    assert ledger.verify(house.location) == []


def test_the_same_receipt_twice_is_one_receipt(stocked):
    house, _ = stocked
    from uuid import uuid4

    key = uuid4()
    first, again = (shelf.received(house, 2, now=AT, key=key) for _ in range(2))
    assert [vial.pk for vial in first] == [vial.pk for vial in again]


def test_a_code_that_no_product_has_stops_instead_of_guessing_a_strength(stocked):
    from winddown.domain.controlled.gs1 import Scan

    with pytest.raises(Refusal) as refusal:
        formulary.product_of(Scan(gtin="09521234543213"))
    assert refusal.value.code == "product_unknown"
    assert formulary.product_of(Scan(gtin="10342023114107"[:3] + "4202311410" + "0")).name == shelf.KETAMINE_50["name"]


def test_a_bag_is_drawn_from_named_vials_and_their_strength_cannot_be_another(house):
    with at_practice(house.id):
        shelf.registered(house, now=AT)
        weak, strong = shelf.received(house, 1, now=AT)[0], shelf.received(house, 1, shelf.KETAMINE_100, now=AT)[0]
        session = factories.session(house, now=AT, start=AT)
        make = {"by": house.nurse, "second": house.nurse_2, "now": AT}
        for vials, code in (((), "vial_missing"), ((strong,), "vial_strength_differs")):
            with pytest.raises(Refusal) as refusal:
                bags.make(session, visit.BAG, vials=vials, **make)
            assert refusal.value.code == code
        bags.make(session, visit.BAG, vials=[weak], **make)
        weak.refresh_from_db()
        assert (weak.left_ml, weak.state) == (D(8), "open")
        assert [(line.kind, line.mg, line.ml, line.vial_id) for line in ledger.of_session(session)] == [("drawn", D(100), D(2), weak.pk)]


def test_a_draw_over_two_vials_empties_the_first_and_the_makers_overfill_is_said(stocked):
    house, vials = stocked
    lines = stock.draw(D("20.4"), vials[:2], by=house.nurse, now=AT, session=None)
    assert [(line.kind, line.ml) for line in lines] == [("drawn", D(10)), ("overfill", D("0.4")), ("drawn", D("10.4"))]
    assert list(Vial.objects.filter(state="empty").order_by("number").values_list("number", "left_ml")) == [(1, 0), (2, 0)]
    with pytest.raises(Refusal) as refusal:
        stock.draw(D("10.6"), vials[2:], by=house.nurse, now=AT, session=None)
    assert refusal.value.code == "vial_holds_less"


def test_an_expired_vial_is_not_drawn_from(stocked):
    house, _ = stocked
    old = shelf.received(house, 1, now=AT, expires_on=date(2026, 11, 22))
    with pytest.raises(NotAllowed, match="expired on 22 Nov 2026"):
        stock.draw(D(1), old, by=house.nurse, now=AT, session=None)


def test_two_people_who_draw_the_last_of_a_vial_at_once_one_wins(house):
    with at_practice(house.id):
        shelf.registered(house, now=AT)
        (vial,) = shelf.received(house, 1, now=AT)
    start, told = threading.Barrier(2), []

    def draw(person):
        try:
            start.wait()
            with at_practice(house.id):
                stock.draw(D(8), [vial], by=person, now=AT, session=None)
            told.append("drawn")
        except Refusal as refusal:
            told.append(refusal.code)
        finally:
            connection.close()

    hands = [threading.Thread(target=draw, args=(person,)) for person in (house.nurse, house.nurse_2)]
    for hand in hands:
        hand.start()
    for hand in hands:
        hand.join()
    assert sorted(told) == ["drawn", "vial_holds_less"]
    with at_practice(house.id):
        assert LedgerEntry.objects.filter(kind="drawn").count() == 1
        assert ledger.verify(house.location) == []


def test_the_database_itself_refuses_a_level_below_zero(stocked):
    _, vials = stocked
    with pytest.raises(DatabaseError, match="vial_level_not_negative"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("update record_vial set left_ml = -1 where id = %s", [vials[0].pk])


def test_a_deed_that_fails_half_way_leaves_no_line_and_no_level(house):
    with at_practice(house.id):
        shelf.registered(house, now=AT)
        one, two = shelf.received(house, 2, now=AT)
        before = ledger.head(house.location).number
    with pytest.raises(Refusal), at_practice(house.id):
        stock.draw(D(25), [one, two], by=house.nurse, now=AT, session=None)
    with at_practice(house.id):
        assert ledger.head(house.location).number == before
        assert set(Vial.objects.values_list("left_ml", flat=True)) == {D(10)}


def test_a_shelf_below_its_level_is_one_task_whoever_took_the_vial(stocked):
    house, vials = stocked
    formulary.set_par(house.location, vials[0].product, 2, by=house.drug_officer, now=AT)
    stock.draw(D(1), vials[:1], by=house.nurse, now=AT, session=None)
    assert not Task.objects.filter(kind="drug_shelf").exists()
    receiving.send_back(vials[1], document="RX-1", supplier="Fictional Wholesale", by=house.drug_officer, now=AT)
    stock.draw(D(1), vials[2:], by=house.nurse, now=AT, session=None)
    (called,) = Task.objects.filter(kind="drug_shelf")
    assert called.words == f"{vials[0].product.name}: 1 sealed, the level is 2"


KILLED = """
from datetime import UTC, datetime
from decimal import Decimal
import django; django.setup()
from winddown.record.models import Staff, Vial
from winddown.record.scope import at_practice
from winddown.services import stock
while True:
    with at_practice({practice}):
        nurse = Staff.objects.get(pk={nurse})
        vials = Vial.objects.filter(state__in=("sealed", "open")).select_related("product", "location").order_by("number")
        stock.draw(Decimal("0.1"), list(vials[:1]), by=nurse, now=datetime.now(tz=UTC), session=None)
    print("drawn", flush=True)
"""


@pytest.mark.proof
def test_a_process_killed_while_it_draws_leaves_no_half_entry(house):
    """Killed 12 times at moments spread over the transaction; each time the chain, the levels and the milligrams agree."""
    now = datetime.now(tz=UTC)
    with at_practice(house.id):
        shelf.registered(house, now=now)
        shelf.received(house, 12, now=now)
    for round_number in range(12):
        code = KILLED.format(practice=house.id, nurse=house.nurse.pk)
        drawing = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True, env=dict(os.environ))
        for _ in range(1 + round_number % 3):
            assert drawing.stdout.readline() == "drawn\n"
        time.sleep(0.0007 * round_number)
        drawing.kill()
        drawing.communicate()
        with at_practice(house.id):
            assert ledger.verify(house.location) == []
            left = Vial.objects.aggregate(left=Sum("left_ml"))["left"]
            taken = LedgerEntry.objects.filter(kind="drawn").aggregate(taken=Sum("ml"))["taken"]
            assert left + taken == D(120)
    with at_practice(house.id):
        assert LedgerEntry.objects.filter(kind="drawn").count() >= 24


def test_a_correction_is_a_new_line_and_the_vial_follows_it(stocked):
    house, vials = stocked
    (line,) = stock.draw(D(2), vials[:1], by=house.nurse, now=AT, session=None)
    with pytest.raises(NotAllowed):
        ledger.correct(line, mg=D(50), ml=D(1), because="misread", by=house.nurse, now=AT)
    ledger.correct(line, mg=D(50), ml=D(1), because="misread", by=house.drug_officer, now=AT)
    vials[0].refresh_from_db()
    assert vials[0].left_ml == D(9)
    assert level_ml(lines_of(house.location), str(vials[0].ref)) == D(9)
    with pytest.raises(NotAllowed, match="superseded already"):
        ledger.correct(line, mg=D(0), ml=D(0), because="again", by=house.drug_officer, now=AT)


def test_one_entry_puts_a_rescue_dose_in_the_chart_the_stock_and_the_bill(house):
    with at_practice(house.id):
        shelf.registered(house, now=AT)
        vial = shelf.received(house, 1, shelf.MIDAZOLAM, now=AT)[0]
        first = factories.order(house, now=AT)
        asked = {"drug": "midazolam", "dose": "1mg", "route": "IV", "used_for": "distress"}
        order = orders.write(first.course, first.draft["request"], by=house.prescriber, now=AT, as_needed=(asked,), supersedes=first)
        orders.sign(order, by=house.prescriber, now=AT)
        session = factories.session(house, order, now=AT, start=AT)
        visit.make_ready(house, session, AT - timedelta(minutes=10))
        visit.start(house, session, AT)
        line = next(each for each in rescue.lines_of(session.order) if each.drug == "midazolam")
        event = rescue.give(session, line.key, by=house.nurse, now=AT + timedelta(minutes=5), vial=vial, reason="distress")
        mg = line.dose.value
        assert event.charge.quantity == mg
        assert [(each.kind, each.mg) for each in ledger.of_session(session) if each.drug == "midazolam"] == [("given", mg), ("drawn", mg)]
        vial.refresh_from_db()
        assert vial.left_ml == 2 - mg
        unnamed = rescue.give(session, line.key, by=house.nurse, now=AT + timedelta(minutes=30), reason="again, distress")
        (waits,) = stock.charted_without_a_vial(house.location, since=AT)
        assert waits.happened_at == unnamed.happened_at


def test_random_histories_of_a_shelf_conserve_mass_and_chain_and_levels(house):
    chance = Random(7)
    with at_practice(house.id):
        shelf.registered(house, now=AT)
        shelf.received(house, 4, now=AT)
        people, at = [house.nurse, house.nurse_2, house.prescriber], AT
        for step in range(120):
            at += timedelta(minutes=chance.choice([1, 3, -2]))
            by, witness, third = chance.sample(people, 3)
            vial = chance.choice(stock.vials_here(house.location) or shelf.received(house, 2, now=at))
            deed = chance.choice(["draw", "draw", "move", "waste", "break", "receive", "correct"])
            try:
                if deed == "draw":
                    stock.draw(D(chance.randint(1, 40)) / 10, [vial], by=by, now=at, session=None)
                elif deed == "move":
                    stock.move(vial, place=chance.choice(["vault", "room"]), chair=None, by=by, now=at)
                elif deed == "receive" and step % 10 == 0:
                    shelf.received(house, 1, now=at)
                elif deed == "correct":
                    line = LedgerEntry.objects.filter(kind="drawn", superseded_by__isnull=True).order_by("?").first()
                    if line is not None:
                        ledger.correct(line, mg=line.mg / 2, ml=line.ml / 2, because="halved", by=house.drug_officer, now=at)
                elif deed in ("waste", "break"):
                    kind = "wasted" if deed == "waste" else "broken"
                    ask = witnesses.ask_about_vial(vial, kind, ml=min(D(1), vial.left_ml), words="so", by=by, now=at)
                    for person in (witness, third)[: 1 if deed == "waste" else 2]:
                        witnesses.sign(ask, witness=person, own_device=True, now=at)
            except Refusal:
                continue
        lines = lines_of(house.location)
        assert len(lines) > 80
        assert ledger.verify(house.location) == []
        assert sum(accounts(lines).values()) == 0
        for vial in Vial.objects.all():
            assert level_ml(lines, str(vial.ref)) == vial.left_ml >= 0
