"""As-needed drugs: ordered beforehand, given only against their line, one entry for the chart and the ledger."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from uuid import UUID

from django.db import transaction

from winddown.domain.dosing.protocol import Protocol
from winddown.domain.dosing.rescue import RescueLine, line_from_protocol, may_give
from winddown.domain.quantities import parse_quantity
from winddown.domain.refusals import Missing, Refusal
from winddown.domain.sessions.story import latest
from winddown.record.models import Order, Session, SessionEvent, Staff
from winddown.services import ledger, patients, permissions, stories

CONTROLLED = ("midazolam",)


def lines_of(order: Order) -> list[RescueLine]:
    """The signed as-needed lines: those the protocol doses, and those the prescriber wrote."""
    protocol = Protocol.from_data(order.course.protocol.data)
    packaged = [line_from_protocol(item) for item in protocol.dosing.as_needed]
    written = [
        RescueLine(
            key=line["key"],
            drug=line["drug"],
            dose=parse_quantity(line["dose"], allowed=("mg", "mcg", "mL"), where="dose"),
            route=line["route"],
            used_for=line.get("used_for", ""),
            maximum_doses=int(line["maximum_doses"]) if line.get("maximum_doses") else None,
            interval_min=Decimal(str(line["interval_min"])) if line.get("interval_min") else None,
            allergy_words=tuple(line.get("allergy_words") or (line["drug"],)),
        )
        for line in order.draft.get("as_needed", ())
    ]
    keys = {line.key for line in written}
    return [line for line in packaged if line is not None and line.key not in keys] + written


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
