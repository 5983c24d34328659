"""Patients as facts: who they are, what they weigh, what they must not have; likely duplicates, merging, and the wrong patient."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid4

from django.db import connection, transaction
from django.db.models import Q, QuerySet

from winddown.domain.days import in_words
from winddown.domain.dosing.weights import PLAUSIBLE_CM, PLAUSIBLE_KG, plausible
from winddown.domain.refusals import OutOfRange, Refusal, UnknownWord
from winddown.record.models import Booking, Consent, Patient, PatientFact, Session, SessionMove, Staff
from winddown.record.scope import current_practice_id
from winddown.services import audit, permissions
from winddown.services.announcements import News, announce

FACT_KINDS = (
    "identity",
    "weight",
    "height",
    "allergy",
    "no_known_allergies",
    "condition",
    "medicine",
    "affected_limb",
    "mobility",
    "phone",
    "merged",
    "note",
)
COPIED_AT_MERGE = ("weight", "height", "allergy", "condition", "medicine", "affected_limb", "mobility", "phone", "note")
_LOCK = 7_410_003


@dataclass(frozen=True)
class PatientCard:
    """What every clinical page needs to know of a patient: the newest facts, folded."""

    patient: Patient
    weight_kg: Decimal | None
    weighed_at: datetime | None
    height_cm: Decimal | None
    allergies: tuple[str, ...]
    no_known_allergies: bool
    conditions: tuple[str, ...]
    medicines: tuple[dict[str, Any], ...]
    affected_limb: str
    mobility: str

    @property
    def allergy_words(self) -> str:
        if self.allergies:
            return ", ".join(self.allergies)
        return "no known allergies" if self.no_known_allergies else "allergies not recorded"


@transaction.atomic
def register(
    *,
    family_name: str,
    given_name: str,
    birth_date: date,
    sex: str,
    by: Staff,
    now: datetime,
    record_number: str = "",
    although: str = "",
    key: UUID | None = None,
) -> Patient:
    """A new patient. A likely duplicate refuses once, naming it; `although` is the reason to register all the same.

    key   the writer's idempotency key: sent twice, it is one patient
    """
    permissions.require(by, "patient.write")
    known: Patient | None = Patient.objects.filter(ref=key).first() if key else None
    if known is not None:
        return known
    if sex not in ("female", "male"):
        raise UnknownWord("sex", sex, ("female", "male"))
    if birth_date > now.date() or birth_date.year < 1900:
        raise OutOfRange(
            because=f"Birth date {in_words(birth_date)} cannot be.", way_out="Check the year.", code="birth_date", where="birth_date"
        )
    likely = list(likely_duplicates(family_name=family_name, given_name=given_name, birth_date=birth_date)[:3])
    if likely and not although:
        numbers = ", ".join(patient.record_number for patient in likely)
        raise Refusal(
            because=f"This may be a patient already on file: {numbers}.",
            way_out="Open that record, or say why this is another person.",
            code="likely_duplicate",
            where="although",
        )
    patient = Patient(
        ref=key or uuid4(),
        record_number=_number(record_number.strip()),
        family_name=family_name.strip(),
        given_name=given_name.strip(),
        birth_date=birth_date,
        sex=sex,
        created_at=now,
    )
    patient.save()
    identity = {"family_name": patient.family_name, "given_name": patient.given_name, "birth_date": birth_date.isoformat(), "sex": sex}
    learn(patient, "identity", identity | ({"although": although} if although else {}), by=by, observed_at=now, now=now)
    return patient


def likely_duplicates(*, family_name: str, given_name: str, birth_date: date) -> QuerySet[Patient]:
    """Same birth date and a name that starts alike, or the same full name within a year of birth."""
    same_day = Q(birth_date=birth_date) & (
        Q(family_name__istartswith=family_name.strip()[:3]) | Q(given_name__istartswith=given_name.strip()[:3])
    )
    same_name = Q(family_name__iexact=family_name.strip(), given_name__iexact=given_name.strip(), birth_date__year=birth_date.year)
    return Patient.objects.filter(same_day | same_name, merged_into__isnull=True)


@transaction.atomic
def learn(
    patient: Patient,
    kind: str,
    data: Mapping[str, Any],
    *,
    by: Staff,
    observed_at: datetime,
    now: datetime,
    supersedes: PatientFact | None = None,
    key: UUID | None = None,
) -> PatientFact:
    """Append one fact. A weight or height that cannot be true is refused at entry, with the limits; the same key twice is one fact."""
    permissions.require(by, "patient.write")
    known: PatientFact | None = PatientFact.objects.filter(ref=key, patient=patient).first() if key else None
    if known is not None:
        return known
    if kind not in FACT_KINDS:
        raise UnknownWord("patient fact", kind, FACT_KINDS)
    if kind == "weight":
        plausible(Decimal(str(data["weight_kg"])), PLAUSIBLE_KG, "weight")
    if kind == "height":
        plausible(Decimal(str(data["height_cm"])), PLAUSIBLE_CM, "height")
    fact = PatientFact(
        ref=key or uuid4(),
        patient=patient,
        kind=kind,
        data=dict(data),
        observed_at=observed_at,
        written_at=now,
        by=by,
        supersedes=supersedes,
    )
    fact.save()
    audit.note(f"write {kind}", by=by, now=now, patient=patient, subject=str(patient.ref))
    return fact


@transaction.atomic
def correct_identity(patient: Patient, *, by: Staff, now: datetime, **changed: Any) -> Patient:
    """Names, birth date or sex as they really are; the old ones stay as facts."""
    permissions.require(by, "patient.write")
    for name, value in changed.items():
        setattr(patient, name, value)
    patient.save(update_fields=list(changed))
    identity = {
        "family_name": patient.family_name,
        "given_name": patient.given_name,
        "birth_date": patient.birth_date.isoformat(),
        "sex": patient.sex,
    }
    learn(patient, "identity", identity, by=by, observed_at=now, now=now)
    return patient


@transaction.atomic
def merge(duplicate: Patient, into: Patient, *, because: str, by: Staff, now: datetime) -> None:
    """Two records of one person become one; the duplicate stays, points at the other, and takes no new charting.

    What only the duplicate knew is repeated on the record that stays: an allergy must not vanish with a number.
    """
    permissions.require(by, "patient.merge")
    if duplicate.pk == into.pk or into.merged_into_id is not None:
        raise Refusal(
            because="These two records cannot be merged this way.", way_out="Merge into the record that stays.", code="merge_circle"
        )
    duplicate.merged_into = into
    duplicate.save(update_fields=["merged_into"])
    learn(duplicate, "merged", {"into": into.record_number, "because": because}, by=by, observed_at=now, now=now)
    for booked in Booking.objects.filter(patient=duplicate):
        booked.patient = into
        booked.save(update_fields=["patient"])
    for session in Session.objects.filter(patient=duplicate):
        move_session(session, into, because=f"records merged: {because}", by=by, now=now)
    known = [(fact.kind, fact.data) for fact in live_facts(into)]
    for fact in live_facts(duplicate):
        if fact.kind in COPIED_AT_MERGE and (fact.kind, fact.data) not in known:
            learn(into, fact.kind, fact.data | {"from": duplicate.record_number}, by=by, observed_at=fact.observed_at, now=now)


@transaction.atomic
def move_session(session: Session, to: Patient, *, because: str, by: Staff, now: datetime) -> SessionMove:
    """What was charted on the wrong patient moves whole, as a fact; both charts show it."""
    permissions.require(by, "session.move")
    if not because.strip():
        raise Refusal(
            because="Moving a session needs a reason.", way_out="Say why it was charted on the wrong patient.", code="reason_missing"
        )
    move = SessionMove(session=session, from_patient=session.patient, to_patient=to, because=because, at=now, by=by)
    move.save()
    for patient in (session.patient, to):
        audit.note("move session", by=by, now=now, patient=patient, subject=str(session.ref))
    session.patient = to
    session.save(update_fields=["patient"])
    announce(News("status", now, session.ref, session.chair.ref, {"status": session.status}))
    return move


@transaction.atomic
def sign_consent(patient: Patient, *, signed_on: date, expires_on: date, words: str, by: Staff, now: datetime) -> Consent:
    """Consent signed on paper, on file with its dates; one signed on a screen comes from `services/consents.py`."""
    permissions.require(by, "consent.record")
    if not signed_on <= now.date() or expires_on <= signed_on:
        raise OutOfRange(
            because=f"Signed {in_words(signed_on)}, expires {in_words(expires_on)}: these dates cannot be.",
            way_out="Sign on or before today, expire later.",
            code="consent_dates",
        )
    consent = Consent(patient=patient, kind="signed", signed_on=signed_on, expires_on=expires_on, words=words, written_at=now, by=by)
    consent.save()
    audit.note("write consent", by=by, now=now, patient=patient, subject=str(consent.ref))
    return consent


@transaction.atomic
def withdraw_consent(patient: Patient, *, words: str, by: Staff, now: datetime) -> Consent:
    permissions.require(by, "consent.record")
    consent = Consent(patient=patient, kind="withdrawn", signed_on=now.date(), words=words, written_at=now, by=by)
    consent.save()
    audit.note("withdraw consent", by=by, now=now, patient=patient, subject=str(consent.ref))
    return consent


def consents_of(patient: Patient) -> QuerySet[Consent]:
    """Every consent to treatment of this person, those under a record merged into this one too, oldest first."""
    return Consent.objects.filter(Q(patient=patient) | Q(patient__merged_into=patient), about="treatment").order_by("written_at", "id")


def consent_on(patient: Patient, day: date) -> Consent | None:
    """The consent in force on that day: the newest row, if it is a signature that has not expired."""
    newest = consents_of(patient).last()
    if newest is None or newest.kind != "signed" or newest.expires_on is None or newest.expires_on < day:
        return None
    return newest


def live_facts(patient: Patient) -> list[PatientFact]:
    """The facts that no later one supersedes, by when they were observed."""
    facts = list(PatientFact.objects.filter(patient=patient).order_by("observed_at", "id"))
    gone = {fact.supersedes_id for fact in facts if fact.supersedes_id}
    return [fact for fact in facts if fact.pk not in gone]


def card(patient: Patient) -> PatientCard:
    """Fold the facts, newest last, leaving out those superseded. Two queries however long the history."""
    by_kind: dict[str, list[PatientFact]] = {}
    for fact in live_facts(patient):
        by_kind.setdefault(fact.kind, []).append(fact)

    def newest(kind: str, key: str) -> Any:
        return by_kind[kind][-1].data.get(key) if kind in by_kind else None

    weight, height = newest("weight", "weight_kg"), newest("height", "height_cm")
    return PatientCard(
        patient=patient,
        weight_kg=Decimal(str(weight)) if weight is not None else None,
        weighed_at=by_kind["weight"][-1].observed_at if "weight" in by_kind else None,
        height_cm=Decimal(str(height)) if height is not None else None,
        allergies=tuple(fact.data["substance"] for fact in by_kind.get("allergy", ())),
        no_known_allergies="no_known_allergies" in by_kind and "allergy" not in by_kind,
        conditions=tuple(fact.data["words"] for fact in by_kind.get("condition", ())),
        medicines=tuple(fact.data for fact in by_kind.get("medicine", ())),
        affected_limb=newest("affected_limb", "limb") or "",
        mobility=newest("mobility", "words") or "",
    )


def _number(wanted: str) -> str:
    """The record number asked for, or the next free one. Two registrations at once wait for each other."""
    with connection.cursor() as cursor:
        cursor.execute("select pg_advisory_xact_lock(%s, %s)", [_LOCK, current_practice_id() % 2_000_000_000])
    if wanted:
        if Patient.objects.filter(record_number=wanted).exists():
            raise Refusal(
                because=f"Record number {wanted} is taken.",
                way_out="Leave it empty for the next free one.",
                code="record_number_taken",
                where="record_number",
            )
        return wanted
    count = Patient.objects.count() + 1
    while Patient.objects.filter(record_number=f"W{count:06d}").exists():
        count += 1
    return f"W{count:06d}"
