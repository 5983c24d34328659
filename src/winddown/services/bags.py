"""Making and hanging the bag: worked out, checked by a second person, drawn in the ledger, labelled; waste with a witness at the end."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid4

from django.db import transaction

from winddown.domain.days import in_words
from winddown.domain.dosing import balance
from winddown.domain.dosing.bag import BagRequest, Preparation, check_preparation, label_fields, prepare, use_by
from winddown.domain.dosing.finding import Finding
from winddown.domain.dosing.protocol import Protocol
from winddown.domain.quantities import format_decimal, ml_from_mg, parse_decimal
from winddown.domain.refusals import Missing, NotAllowed, Refusal
from winddown.record.models import Bag, LedgerEntry, Session, SessionEvent, Staff, Vial
from winddown.services import cases, formulary, infusion, ledger, orders, permissions, picture, stock, stories
from winddown.services.announcements import News, announce

MEASURES = ("syringe", "cylinder", "scale", "estimate")
REST_MEASURED_BY = "rest of the bag, measured by"


def work_out(session: Session, entered: Mapping[str, str]) -> tuple[Preparation, list[Finding]]:
    """The preparation and what stands against it, with nothing written."""
    request = BagRequest(
        drug_form=orders.facts(session.order).drug_form,  # type: ignore[arg-type]
        vial_mg_per_ml=_number(entered, "vial_mg_per_ml") if entered.get("vial_mg_per_ml") else None,
        total_mg=_number(entered, "total_mg"),
        diluent_ml=_number(entered, "diluent_ml"),
        overfill_ml=_number(entered, "overfill_ml"),
        filling=entered.get("filling", ""),  # type: ignore[arg-type]
        diluent=entered.get("diluent") or "sodium chloride 0.9 %",
    )
    preparation = prepare(request)
    protocol = Protocol.from_data(session.order.course.protocol.data)
    return preparation, check_preparation(preparation, protocol.dosing.concentrations)


@transaction.atomic
def make(
    session: Session,
    entered: Mapping[str, str],
    *,
    by: Staff,
    second: Staff | None,
    now: datetime,
    reasons: Mapping[str, str] | None = None,
    lot: str = "",
    waste_mg: Decimal = Decimal(0),
    vials: Sequence[Vial] = (),
    key: UUID | None = None,
) -> Bag:
    """Prepare a bag: two people, a `drawn` line for each vial, a label. Any rest of the vial is wasted before the same witness.

    vials  those in hand, in the order they are emptied; named wherever the location keeps numbered vials of the drug
    key    the form's own key becomes the bag's reference: the same form twice is one bag
    """
    permissions.require(by, "bag.prepare")
    known: Bag | None = Bag.objects.filter(ref=key, session=session).first() if key is not None else None
    if known is not None:
        return known
    if second is None:
        raise Missing(
            because="A bag is checked by a second person.",
            way_out="They confirm with their own PIN.",
            code="second_missing",
            where="second",
        )
    preparation, findings = work_out(session, entered)
    for finding in findings:
        if finding.severity == "stop":
            raise Refusal(because=finding.sentence, way_out=finding.way_out, code=finding.code)
        if not str((reasons or {}).get(finding.code, "")).strip():
            raise Missing(because=finding.sentence, way_out=f"{finding.way_out} Or give the reason.", code=finding.code)
    protocol = Protocol.from_data(session.order.course.protocol.data)
    numbers = orders.facts(session.order)
    _require_vials(session, numbers.drug, preparation.request.vial_mg_per_ml, vials)
    bag = Bag(
        ref=key or uuid4(),
        session=session,
        drug=numbers.drug,
        drug_form=numbers.drug_form,
        total_mg=preparation.request.total_mg,
        volume_ml=preparation.final_ml,
        concentration_mg_per_ml=preparation.concentration_mg_per_ml,
        line_volume_ml=_number(entered, "line_volume_ml"),
        primed_with=entered.get("primed_with", ""),
        preparation={
            "draw_ml": str(preparation.draw_ml),
            "vial_mg_per_ml": str(preparation.request.vial_mg_per_ml),
            "final_ml": str(preparation.final_ml),
            "concentration_mg_per_ml": str(preparation.concentration_mg_per_ml),
            "steps": list(preparation.steps),
            "filling": preparation.request.filling,
            "overfill_ml": str(preparation.request.overfill_ml),
            "diluent": preparation.request.diluent,
            "reasons": dict(reasons or {}),
        },
        prepared_by=by,
        checked_by=second,
        prepared_at=now,
        use_by=use_by(now, protocol.dosing.use_by_h),
    )
    bag.save()
    waste_ml = ml_from_mg(waste_mg, preparation.request.vial_mg_per_ml or Decimal(1))
    _enter_drawn(bag, preparation, vials, waste_ml, second=second, by=by, now=now, lot=lot)
    announce(News("event", now, session.ref, session.chair.ref, {"event": "bag_prepared"}))
    return bag


def _require_vials(session: Session, drug: str, strength_mg_per_ml: Decimal | None, vials: Sequence[Vial]) -> None:
    """A location that keeps numbered vials of the drug draws from a named one, and the strength is that vial's own."""
    if not vials:
        if formulary.keeps(session.location, drug):
            raise Missing(
                because=f"{session.location.name} keeps numbered vials of {drug}; the one in your hand is not named.",
                way_out="Scan it, or type its number.",
                code="vial_missing",
                where="vials",
            )
        return
    for vial in vials:
        if vial.product.drug != drug:
            raise NotAllowed(
                because=f"{vial.label} is {vial.product.drug}; the order is for {drug}.",
                way_out="Put it back and take the right vial.",
                code="vial_of_another_drug",
                where="vials",
            )
        if vial.product.mg_per_ml != strength_mg_per_ml:
            raise NotAllowed(
                because=(
                    f"{vial.label} holds {format_decimal(vial.product.mg_per_ml)} mg/mL;"
                    f" the bag was worked out with {format_decimal(strength_mg_per_ml or Decimal(0))} mg/mL."
                ),
                way_out="Work the bag out with the strength on the vial.",
                code="vial_strength_differs",
                where="vials",
            )


def _enter_drawn(
    bag: Bag, preparation: Preparation, vials: Sequence[Vial], waste_ml: Decimal, *, second: Staff, by: Staff, now: datetime, lot: str
) -> None:
    """What left the vials for this bag, and the rest that was poured away with it."""
    strength = preparation.request.vial_mg_per_ml or Decimal(1)
    where: dict[str, Any] = {"session": bag.session, "bag": bag, "by": by, "now": now}
    if vials:
        stock.draw(preparation.draw_ml + waste_ml, vials, witness=second, words="for a bag", **where)
        lot = vials[0].lot
    else:
        where |= {"location": bag.session.location, "drug": bag.drug, "lot": lot}
        drawn_mg = bag.total_mg + waste_ml * strength
        ledger.enter("drawn", mg=drawn_mg, ml=preparation.draw_ml + waste_ml, witness=second, words="for a bag", **where)
    if waste_ml > 0:
        at_hand = {"location": bag.session.location, "drug": bag.drug, "lot": lot, "session": bag.session, "bag": bag, "by": by, "now": now}
        ledger.enter("wasted", mg=waste_ml * strength, ml=waste_ml, witness=second, words="rest of the vial", **at_hand)  # type: ignore[arg-type]


@transaction.atomic
def hang(bag: Bag, *, by: Staff, now: datetime, key: UUID | None = None) -> SessionEvent:
    """The bag hangs at this chair. A bag past its time is refused; its label says which session it was made for."""
    permissions.require(by, "session.chart")
    if bag.use_by <= now:
        raise NotAllowed(
            because=f"The bag's use-by time, {in_words(bag.use_by)} {bag.use_by:%H:%M} UTC, has passed.",
            way_out="Discard it with a witness and prepare a fresh one.",
            code="bag_expired",
        )
    data = {
        "bag": bag.ref,
        "total_mg": bag.total_mg,
        "volume_ml": bag.preparation["final_ml"],
        "concentration_mg_per_ml": bag.preparation["concentration_mg_per_ml"],
        "line_volume_ml": bag.line_volume_ml,
        "primed_with": bag.primed_with,
        "use_by": bag.use_by,
    }
    return stories.write(bag.session, "bag_hung", data, by=by, now=now, key=key)


def label(bag: Bag) -> dict[str, Any]:
    """What is printed on the bag. The patient's name stands beside it on the page."""
    protocol = Protocol.from_data(bag.session.order.course.protocol.data)
    request = BagRequest(
        drug_form="esketamine" if bag.drug_form == "esketamine" else "racemic",
        vial_mg_per_ml=Decimal(bag.preparation["vial_mg_per_ml"]),
        total_mg=bag.total_mg,
        diluent_ml=Decimal(bag.preparation["final_ml"]),
        overfill_ml=Decimal(0),
        filling="make_up",
        diluent=bag.preparation["diluent"],
    )
    fields = label_fields(
        prepare(request),
        prepared_at=bag.prepared_at,
        use_by_at=bag.use_by,
        prepared_by=bag.prepared_by.name,
        checked_by=bag.checked_by.name,
    )
    return {**fields, "line_volume_ml": str(bag.line_volume_ml), "primed_with": bag.primed_with, "protocol": protocol.name}


@transaction.atomic
def waste_rest(
    bag: Bag,
    volume_ml: Decimal,
    *,
    read_by: str,
    by: Staff,
    witness: Staff | None,
    now: datetime,
    words: str = "",
    key: UUID | None = None,
) -> LedgerEntry:
    """What is left of the bag, measured, wasted before a second authenticated person. The same key twice is one entry."""
    known: LedgerEntry | None = LedgerEntry.objects.filter(ref=key, bag=bag).first() if key is not None else None
    if known is not None:
        return known
    infusion.enter_given(bag.session, by=by, now=now, happened_at=now)
    part = balance.measured("wasted", volume_ml, bag.concentration_mg_per_ml, read_by=read_by)
    line = ledger.enter(
        "wasted",
        location=bag.session.location,
        session=bag.session,
        bag=bag,
        drug=bag.drug,
        mg=part.mg,
        ml=volume_ml,
        by=by,
        witness=witness,
        now=now,
        words=f"{REST_MEASURED_BY} {read_by}. {words}".strip(),
        details={"read_by": read_by},
        key=key,
    )
    follow_balance(bag.session, by=by, now=now)
    return line


def follow_balance(session: Session, *, by: Staff, now: datetime) -> None:
    """A gap beyond what the measurements allow opens a case before the patient leaves."""
    held = balance_of(session, now=now)
    if held is not None and not held.agrees:
        cases.open_for_balance(session, held, by=by, now=now)


def rest_of(bag: Bag) -> LedgerEntry | None:
    """The waste of the bag's rest that stands, if there is one."""
    found: LedgerEntry | None = LedgerEntry.objects.filter(
        bag=bag, kind="wasted", words__startswith=REST_MEASURED_BY, superseded_by__isnull=True
    ).first()
    return found


def unwasted(session: Session) -> bool:
    """A bag was made for this visit and the waste of its rest is not in the ledger."""
    made = set(Bag.objects.filter(session=session).values_list("pk", flat=True))
    rests = LedgerEntry.objects.filter(session=session, kind="wasted", words__startswith=REST_MEASURED_BY, superseded_by__isnull=True)
    return bool(made - set(rests.values_list("bag_id", flat=True)))


def balance_of(session: Session, *, now: datetime) -> balance.Balance | None:
    """Drawn against given, wasted, returned and what filled the line, in mg with the stated uncertainty. None before a bag was made.

    The dose is the integral of the rates, in which the pump's own reports count before what was entered. Doses that were not from the
    bag (as-needed drugs) are another drug's balance and not in this one.
    """
    lines = ledger.of_session(session)
    bag = next((line.bag for line in lines if line.bag), None)
    if bag is None:
        return None
    lines = [line for line in lines if line.drug == bag.drug]
    drawn = sum((line.mg for line in lines if line.kind == "drawn"), Decimal(0))
    if not drawn:
        return None
    given = sum((line.mg for line in lines if line.kind == "given"), Decimal(0))
    parts = [balance.given(given or picture.dose_of(session, now=now).programmed_mg)]
    parts += _in_the_bags(session, lines)
    parts += [
        balance.measured("wasted", line.ml, line.mg / line.ml if line.ml else Decimal(1), read_by=_measure_of(line))
        for line in lines
        if line.kind == "wasted"
    ]
    parts += [balance.counted("returned", line.mg) for line in lines if line.kind == "returned"]
    return balance.balance(drawn, Decimal(bag.preparation["vial_mg_per_ml"]), tuple(parts))


def _in_the_bags(session: Session, lines: Sequence[LedgerEntry]) -> list[balance.Part]:
    """For each bag that hung: how well its volume is known, and what filled the line before the pump began."""
    hung = {event.text("bag") for event in stories.standing(session) if event.kind == "bag_hung"}
    found = []
    for bag in {line.bag_id: line.bag for line in lines if line.bag and str(line.bag.ref) in hung}.values():
        found.append(balance.filling(bag.total_mg, bag.volume_ml, bag.preparation.get("filling", "add")))
        if bag.primed_with == "drug" and bag.line_volume_ml:
            found.append(balance.primed(bag.line_volume_ml, bag.concentration_mg_per_ml))
    return found


def _measure_of(line: LedgerEntry) -> str:
    """How the wasted volume was read, as the line says; the rest of a vial is read off its syringe."""
    if line.details.get("read_by") in MEASURES:
        return str(line.details["read_by"])
    return next((each for each in MEASURES if line.words.startswith(f"{REST_MEASURED_BY} {each}")), "syringe")


def _number(entered: Mapping[str, str], name: str) -> Decimal:
    text = str(entered.get(name, "")).strip()
    if not text:
        raise Missing(because=f"{name.replace('_', ' ')} is not given.", way_out="Enter it.", code="missing_key", where=name)
    return parse_decimal(text, where=name)
