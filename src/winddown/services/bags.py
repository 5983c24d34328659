"""Making and hanging the bag: worked out, checked by a second person, drawn in the ledger, labelled; waste with a witness at the end."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid4

from django.db import transaction

from winddown.domain.dosing import balance
from winddown.domain.dosing.bag import BagRequest, Preparation, check_preparation, label_fields, prepare, use_by
from winddown.domain.dosing.finding import Finding
from winddown.domain.dosing.protocol import Protocol
from winddown.domain.quantities import parse_decimal
from winddown.domain.refusals import Missing, NotAllowed, Refusal
from winddown.record.models import Bag, LedgerEntry, Session, SessionEvent, Staff
from winddown.services import infusion, ledger, orders, permissions, picture, stories
from winddown.services.announcements import News, announce

MEASURES = ("syringe", "cylinder", "estimate")
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
    key: UUID | None = None,
) -> Bag:
    """Prepare a bag: two people, one `drawn` line in the ledger, a label. Any rest of the vial is wasted before the same witness.

    key  the form's own key becomes the bag's reference: the same form twice is one bag
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
            "diluent": preparation.request.diluent,
            "reasons": dict(reasons or {}),
        },
        prepared_by=by,
        checked_by=second,
        prepared_at=now,
        use_by=use_by(now, protocol.dosing.use_by_h),
    )
    bag.save()
    where: dict[str, Any] = {
        "location": session.location,
        "session": session,
        "bag": bag,
        "drug": bag.drug,
        "by": by,
        "now": now,
        "lot": lot,
    }
    waste_ml = waste_mg / (preparation.request.vial_mg_per_ml or Decimal(1))
    ledger.enter("drawn", mg=bag.total_mg + waste_mg, ml=preparation.draw_ml + waste_ml, witness=second, words="drawn for a bag", **where)
    if waste_mg > 0:
        ledger.enter("wasted", mg=waste_mg, ml=waste_ml, witness=second, words="rest of the vial", **where)
    announce(News("event", now, session.ref, session.chair.ref, {"event": "bag_prepared"}))
    return bag


@transaction.atomic
def hang(bag: Bag, *, by: Staff, now: datetime, key: UUID | None = None) -> SessionEvent:
    """The bag hangs at this chair. A bag past its time is refused; its label says which session it was made for."""
    permissions.require(by, "session.chart")
    if bag.use_by <= now:
        raise NotAllowed(
            because=f"The bag's use-by time, {bag.use_by:%Y-%m-%d %H:%M} UTC, has passed.",
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
    return ledger.enter(
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
        key=key,
    )


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
    """Drawn against given, wasted, returned and still in the line, in mg with the stated uncertainty. None before a bag was made."""
    lines = ledger.of_session(session)
    drawn = sum((line.mg for line in lines if line.kind == "drawn"), Decimal(0))
    bag = next((line.bag for line in lines if line.bag), None)
    if not drawn or bag is None:
        return None
    given = sum((line.mg for line in lines if line.kind == "given"), Decimal(0))
    parts = [balance.given(given or picture.dose_of(session, now=now).programmed_mg)]
    parts += [
        balance.measured("wasted", line.ml, line.mg / line.ml if line.ml else Decimal(1), read_by=_measure_of(line))
        for line in lines
        if line.kind == "wasted"
    ]
    parts += [balance.counted("returned", line.mg) for line in lines if line.kind == "returned"]
    return balance.balance(drawn, Decimal(bag.preparation["vial_mg_per_ml"]), tuple(parts))


def _measure_of(line: LedgerEntry) -> str:
    """How the wasted volume was read, as the line says; the rest of a vial is read off its syringe."""
    return next((each for each in MEASURES if line.words.startswith(f"{REST_MEASURED_BY} {each}")), "syringe")


def _number(entered: Mapping[str, str], name: str) -> Decimal:
    text = str(entered.get(name, "")).strip()
    if not text:
        raise Missing(because=f"{name.replace('_', ' ')} is not given.", way_out="Enter it.", code="missing_key", where=name)
    return parse_decimal(text, where=name)
