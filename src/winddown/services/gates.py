"""The gates of a visit, filled by the record: what must be recorded before the pump starts, and before the patient leaves."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

from winddown.domain.refusals import NotAllowed
from winddown.domain.sessions import start_gate
from winddown.domain.sessions.gate_line import Acceptance, GateLine, all_done
from winddown.domain.sessions.start_facts import ConsentFacts, Credential, OrderFacts, Visit
from winddown.domain.sessions.story import Event, effective, of_kind
from winddown.record.models import Credential as CredentialRow
from winddown.record.models import Session, Staff
from winddown.record.queries.stories import events_of
from winddown.services import consents, orders, patients
from winddown.services.screening.of_the_day import of_the_day


def start_lines(
    session: Session, *, now: datetime, events: Sequence[Event] | None = None, card: patients.PatientCard | None = None
) -> list[GateLine]:
    """Every line of the start gate for this session at this moment. events, card: where they were read for this look already."""
    story = events if events is not None else events_of(session)
    supervision = orders.supervision_of(session.order.course.protocol)
    return start_gate.check(
        supervision.start_gate,
        story,
        Visit(at=now, planned_start=session.planned.lower, zone=ZoneInfo(session.location.time_zone)),
        order=order_facts(session, card),
        consent=consent_facts(session),
        credentials=credentials_in_the_room(session, story),
        acceptances=acceptances(story),
        screening=of_the_day(session, now=now),
    )


def require_start(session: Session, *, now: datetime) -> None:
    """Refuse a start while a line is open, naming the first and what to do."""
    lines = start_lines(session, now=now)
    if session.status != "ready":
        raise NotAllowed(
            because=f"The session is {session.status.replace('_', ' ')}, not ready.",
            way_out="Complete the start gate and mark the session ready.",
            code="not_ready",
        )
    _require_all(lines)


def require_ready(session: Session, *, now: datetime) -> None:
    _require_all(start_lines(session, now=now))


def _require_all(lines: Sequence[GateLine]) -> None:
    if all_done(lines):
        return
    first = next(line for line in lines if line.state != "done")
    count = sum(line.state != "done" for line in lines)
    more = f" ({count - 1} more open)" if count > 1 else ""
    raise NotAllowed(because=f"{first.sentence}{more}", way_out=first.do, code=f"gate_{first.key}")


def order_facts(session: Session, card: patients.PatientCard | None = None) -> OrderFacts | None:
    """What the gate needs of the order: first rate, concentration and volume as ordered, and who signed."""
    order = session.order
    signed = orders.signers(order)
    figures = orders.facts(order)
    return OrderFacts(
        drug=figures.drug,
        weight_kg=figures.weight_kg,
        concentration_mg_per_ml=figures.concentration_mg_per_ml,
        rate_ml_per_h=figures.first_rate_ml_per_h,
        volume_ml=figures.volume_ml,
        signed_by=", ".join(signed) if len(signed) >= order.signatures_needed else "",
        locked=len(signed) >= order.signatures_needed,
        affected_limb=(card or patients.card(session.patient)).affected_limb,
    )


def consent_facts(session: Session) -> ConsentFacts | None:
    rows = list(patients.consents_of(session.patient))
    signed = [row for row in rows if row.kind == "signed"]
    if not signed:
        return None
    withdrawn = next((row.signed_on for row in rows if row.kind == "withdrawn" and row.pk > signed[-1].pk), None)
    renewed = consents.renewed_on(signed[-1])
    return ConsentFacts(
        signed_on=signed[-1].signed_on,
        expires_on=signed[-1].expires_on,
        withdrawn_on=withdrawn,
        renewed_on=renewed.astimezone(ZoneInfo(session.location.time_zone)).date() if renewed else None,
    )


def credentials_in_the_room(session: Session, story: Sequence[Event]) -> list[Credential]:
    """The credentials of everyone who has acted at this chair today or supervises it."""
    acted = set(session.events.exclude(by=None).values_list("by_id", flat=True))
    named = {event.data.get("staff") for event in of_kind(effective(story), "supervisor_named")}
    acted |= set(Staff.objects.filter(ref__in=[ref for ref in named if ref]).values_list("pk", flat=True))
    rows = CredentialRow.objects.filter(staff_id__in=acted).select_related("staff")
    return [Credential(holder=row.staff.name, role=row.kind, expires_on=row.expires_on) for row in rows]


def acceptances(story: Sequence[Event]) -> list[Acceptance]:
    """The reviews that a prescriber accepted, from the story."""
    return [
        Acceptance(event.text("line"), event.by, event.text("because"), event.happened_at, event.data.get("bedside") is True)
        for event in of_kind(effective(story), "review_accepted")
    ]


def weight_of_order(session: Session) -> Decimal:
    return orders.facts(session.order).weight_kg
