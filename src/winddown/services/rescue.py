"""As-needed drugs: ordered beforehand, given only against their line, one entry for the chart, the stock and the bill."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import transaction

from winddown.domain.controlled.products import SCHEDULE_OF
from winddown.domain.dosing.protocol import Protocol
from winddown.domain.dosing.rescue import RescueLine, line_from_protocol, may_give
from winddown.domain.quantities import ml_from_mg, parse_decimal, parse_quantity
from winddown.domain.refusals import Missing, OutOfRange, Refusal
from winddown.domain.sessions.story import latest
from winddown.record.models import Charge, LedgerEntry, Order, Product, Session, SessionEvent, Staff, Vial
from winddown.services import ledger, patients, permissions, stock, stories

DOSE_UNITS = ("mg", "mcg", "mL")


def lines_of(order: Order) -> list[RescueLine]:
    """The signed as-needed lines: those the protocol doses unless the prescriber left them out, and those the prescriber wrote."""
    protocol = Protocol.from_data(order.course.protocol.data)
    packaged = [line_from_protocol(item) for item in protocol.dosing.as_needed]
    written = read_lines(order.draft.get("as_needed", ()))
    replaced = {line.key for line in written} | set(order.draft.get("left_out", ()))
    return [line for line in packaged if line is not None and line.key not in replaced] + written


def read_lines(written: Iterable[Mapping[str, Any]]) -> list[RescueLine]:
    """As-needed lines as a prescriber wrote them. Refuses a line without drug or route, a dose without its unit, an unreadable number."""
    return [_read_line(line) for line in written]


def _read_line(line: Mapping[str, Any]) -> RescueLine:
    drug, route = str(line.get("drug", "")).strip(), str(line.get("route", "")).strip()
    if not drug or not route:
        raise Missing(
            because="An as-needed line needs its drug and its route.", way_out="Write both.", code="line_incomplete", where="as_needed"
        )
    if not str(line.get("dose", "")).strip()[:1].isdigit():
        raise Missing(
            because=f"The as-needed line for {drug} has no dose.",
            way_out="Write its dose, or leave the line out.",
            code="line_without_dose",
            where="as_needed",
        )
    most, interval = line.get("maximum_doses"), line.get("interval_min")
    return RescueLine(
        key=str(line.get("key") or drug),
        drug=drug,
        dose=parse_quantity(str(line.get("dose", "")), allowed=DOSE_UNITS, where="as_needed"),
        route=route,
        used_for=str(line.get("used_for", "")),
        maximum_doses=_count(str(most)) if most else None,
        interval_min=parse_decimal(str(interval), where="as_needed") if interval else None,
        allergy_words=tuple(line.get("allergy_words") or (drug,)),
    )


def _count(text: str) -> int:
    number = parse_decimal(text, where="as_needed")
    if number != int(number) or number < 1:
        raise OutOfRange(because=f"At most {text} doses cannot be.", way_out="Give a whole number.", code="not_whole", where="as_needed")
    return int(number)


@transaction.atomic
def give(
    session: Session,
    key_of_line: str,
    *,
    by: Staff,
    now: datetime,
    happened_at: datetime | None = None,
    key: UUID | None = None,
    reason: str = "",
    vial: Vial | None = None,
) -> SessionEvent:
    """One dose of one line: in the chart, in the ledger and on the bill at once. What stands against it is said with its number.

    vial  the one in hand; without it the dose is charted all the same, and the ledger's page asks for the vial afterwards
    """
    permissions.require(by, "session.chart")
    if key is not None and (known := SessionEvent.objects.filter(ref=key).first()) is not None:
        return known
    line = next((each for each in lines_of(session.order) if each.key == key_of_line), None)
    if line is None:
        raise Missing(
            because=f"No signed as-needed order {key_of_line!r}.", way_out="Ask the prescriber to order it first.", code="no_rescue_line"
        )
    at = happened_at or now
    story = stories.standing(session)
    confirmed = latest(story, "allergies_confirmed") is not None
    allergies = patients.card(session.patient).allergies if confirmed else None
    for finding in may_give(line, story, at, allergies=allergies):
        if finding.severity == "stop":
            raise Refusal(because=finding.sentence, way_out=finding.way_out, code=finding.code)
        if not reason.strip():
            raise Missing(because=finding.sentence, way_out=f"{finding.way_out} Or give the reason.", code=finding.code, where="reason")
    data = {"order_line": line.key, "drug": line.drug, "dose": str(line.dose), "route": line.route, "reason": reason}
    row = stories.write(session, "rescue_given", data, by=by, now=now, happened_at=at, key=key)
    _charge(session, row, line)
    if line.dose.unit == "mg" and (line.drug in SCHEDULE_OF or Product.objects.filter(drug=line.drug).exists()):
        given = ledger.enter(
            "given",
            location=session.location,
            drug=line.drug,
            mg=line.dose.value,
            ml=Decimal(0) if vial is None else ml_from_mg(line.dose.value, vial.product.mg_per_ml),
            by=by,
            now=now,
            happened_at=at,
            session=session,
            words="as-needed dose",
        )
        if vial is not None:
            name_vial(given, vial, by=by, now=now)
    return row


@transaction.atomic
def name_vial(given: LedgerEntry, vial: Vial, *, by: Staff, now: datetime) -> list[LedgerEntry]:
    """From which vial a charted dose came: the draw that belongs to it. Once for each dose."""
    permissions.require(by, "ledger.write")
    if vial.product.drug != given.drug:
        raise Refusal(
            because=f"{vial.label} is {vial.product.drug}; the dose was {given.drug}.",
            way_out="Look at the vial again.",
            code="vial_of_another_drug",
            where="vial",
        )
    known = list(LedgerEntry.objects.filter(kind="drawn", details__for_line=str(given.ref)))
    if known:
        return known
    return stock.draw(
        ml_from_mg(given.mg, vial.product.mg_per_ml),
        [vial],
        by=by,
        now=now,
        session=given.session,
        words="as-needed dose",
        happened_at=given.happened_at,
        details={"for_line": str(given.ref)},
    )


def _charge(session: Session, row: SessionEvent, line: RescueLine) -> None:
    """What the bill needs of this dose: the drug, how much, when. No price and no code."""
    Charge(
        session=session,
        event=row,
        drug=line.drug,
        quantity=line.dose.value,
        unit=line.dose.unit,
        route=line.route[:40],
        given_at=row.happened_at,
        written_at=row.written_at,
    ).save()
