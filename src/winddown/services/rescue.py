"""As-needed drugs: ordered beforehand, given only against their line, one entry for the chart and the ledger."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import transaction

from winddown.domain.dosing.protocol import Protocol
from winddown.domain.dosing.rescue import RescueLine, line_from_protocol, may_give
from winddown.domain.quantities import parse_decimal, parse_quantity
from winddown.domain.refusals import Missing, OutOfRange, Refusal
from winddown.domain.sessions.story import latest
from winddown.record.models import Order, Session, SessionEvent, Staff
from winddown.services import ledger, patients, permissions, stories

CONTROLLED = ("midazolam",)
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
) -> SessionEvent:
    """One dose of one line. What stands against it is said with its number; a hard one refuses."""
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
    if line.drug in CONTROLLED and line.dose.unit == "mg":
        ledger.enter(
            "given",
            location=session.location,
            drug=line.drug,
            mg=line.dose.value,
            ml=Decimal(0),
            by=by,
            now=now,
            happened_at=at,
            session=session,
            words="as-needed dose",
        )
    return row
