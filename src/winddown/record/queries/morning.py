"""What the front desk looks at in the morning: one line for each visit of a day, in a fixed number of queries."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db.backends.postgresql.psycopg_any import DateTimeTZRange

from winddown.record.models import (
    Answer,
    Booking,
    BookingAct,
    Consent,
    Hold,
    Link,
    Location,
    Patient,
    PatientFact,
    ScreeningDecision,
    Session,
)
from winddown.record.models.booking import STANDING


@dataclass(frozen=True)
class Expected:
    """One visit of the day with what is known about it.

    answer     what the patient said the evening before; None where nothing was said
    consent    the newest consent, signed or withdrawn
    decision   the newest screening decision
    unsent     forms that were sent and not answered
    allergies  how many allergies stand; None where nobody asked
    """

    patient: Patient | None
    span: DateTimeTZRange
    what: str
    booking: Booking | None
    session: Session | None
    chair: str = ""
    answer: dict[str, Any] | None = None
    consent: Consent | None = None
    decision: ScreeningDecision | None = None
    unsent: int = 0
    allergies: int | None = None

    def has_consent(self, day: date) -> bool:
        row = self.consent
        return row is not None and row.kind == "signed" and row.expires_on is not None and row.expires_on >= day


@dataclass
class _Known:
    answers: dict[int, dict[str, Any]] = field(default_factory=dict)
    consents: dict[int, Consent] = field(default_factory=dict)
    decisions: dict[int, ScreeningDecision] = field(default_factory=dict)
    unsent: dict[int, int] = field(default_factory=dict)
    allergies: dict[int, int] = field(default_factory=dict)


def expected(location: Location, window: DateTimeTZRange) -> list[Expected]:
    """Every visit of the window at this place: what is booked, and what was planned without a booking; by time."""
    bookings = list(
        Booking.objects.filter(location=location, span__overlap=window, status__in=STANDING).select_related(
            "patient", "visit_type", "session"
        )
    )
    free = Session.objects.filter(location=location, planned__overlap=window, booking__isnull=True).exclude(status="abandoned")
    sessions = list(free.select_related("patient", "chair"))
    people = {row.patient_id for row in [*bookings, *sessions] if row.patient_id}
    known = _known(bookings, people)
    chairs = dict(Hold.objects.filter(booking__in=bookings, kind="chair", active=True).values_list("booking_id", "chair__name"))
    lines = [
        _line(row.patient, row.span, row.visit_type.name, known, booking=row, session=row.session, chair=chairs.get(row.pk, ""))
        for row in bookings
    ]
    lines += [_line(row.patient, row.planned, "", known, session=row, chair=row.chair.name) for row in sessions]
    return sorted(lines, key=lambda line: line.span.lower)


def _known(bookings: Iterable[Booking], people: Iterable[int]) -> _Known:
    ids = list(people)
    known = _Known()
    for act in BookingAct.objects.filter(booking__in=list(bookings), kind="answered").order_by("id"):
        known.answers[act.booking_id] = act.data
    for consent in Consent.objects.filter(patient__in=ids).order_by("written_at", "id"):
        known.consents[consent.patient_id] = consent
    for decision in ScreeningDecision.objects.filter(patient__in=ids).order_by("decided_at", "id"):
        known.decisions[decision.patient_id] = decision
    answered = set(Answer.objects.filter(patient__in=ids, link__isnull=False).values_list("link_id", flat=True))
    for link, patient in Link.objects.filter(patient__in=ids, purpose="forms", revoked_at__isnull=True).values_list("id", "patient_id"):
        known.unsent[patient] = known.unsent.get(patient, 0) + (link not in answered)
    facts = list(PatientFact.objects.filter(patient__in=ids, kind__in=["allergy", "no_known_allergies"]))
    gone = {fact.supersedes_id for fact in facts if fact.supersedes_id}
    for fact in facts:
        if fact.pk not in gone:
            known.allergies[fact.patient_id] = known.allergies.get(fact.patient_id, 0) + (fact.kind == "allergy")
    return known


def _line(
    patient: Patient | None,
    span: DateTimeTZRange,
    what: str,
    known: _Known,
    *,
    session: Session | None,
    chair: str,
    booking: Booking | None = None,
) -> Expected:
    key = patient.pk if patient else 0
    return Expected(
        patient=patient,
        span=span,
        what=what,
        booking=booking,
        session=session,
        chair=chair,
        answer=known.answers.get(booking.pk) if booking else None,
        consent=known.consents.get(key),
        decision=known.decisions.get(key),
        unsent=known.unsent.get(key, 0),
        allergies=known.allergies.get(key),
    )
