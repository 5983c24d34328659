"""A patient's history: answers and lists, told by the patient at home, by a caregiver or by staff. Each keeps who said it and when."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any
from uuid import UUID, uuid4, uuid5

from django.db import transaction
from django.db.models import Q

from winddown.domain.refusals import Missing, Refusal, UnknownWord
from winddown.domain.screening.answers import read_answer
from winddown.domain.screening.codes import read_icd10, read_npi
from winddown.domain.screening.data import ITEMS, item_of
from winddown.domain.words import uncut
from winddown.record.models import HistoryEntry, Patient, Referral, Staff
from winddown.services import audit, permissions

LISTS: Mapping[str, tuple[str, ...]] = {
    "prior_treatment": ("name", "dose", "duration", "outcome"),
    "medicine": ("name", "dose", "route", "schedule", "last_taken"),
    "allergy": ("substance", "reaction"),
    "condition": ("words",),
}
INFORMANTS = ("patient", "caregiver", "staff")
NONE_OF = {"no_medicines": "medicine", "no_allergies": "allergy"}


@transaction.atomic
def answer(
    patient: Patient,
    answers: Mapping[str, Any],
    *,
    informant: str,
    by: Staff | None,
    observed_at: datetime,
    now: datetime,
    key: UUID | None = None,
    again: bool = False,
) -> list[HistoryEntry]:
    """Keep answers by item key. One that says what is on file already is left out, unless it was asked `again`.

    by   the person of the staff who asked; None where the patient answered alone by a link
    key  the form's idempotency key: the same form sent twice is kept once
    """
    _may(by, informant)
    told = {name: read_answer(item_of(name), value) for name, value in answers.items()}
    told = {name: value for name, value in told.items() if value is not None}
    held = newest(patient)
    rows = []
    for name, value in told.items():
        if not again and name in held and held[name].value == value:
            continue
        rows.append(_entry(patient, name, value, informant, by, observed_at, now, uuid5(key, name) if key else uuid4()))
    return _kept(patient, rows, by, now, "write history")


@transaction.atomic
def add(
    patient: Patient,
    kind: str,
    value: Mapping[str, str],
    *,
    informant: str,
    by: Staff | None,
    observed_at: datetime,
    now: datetime,
    key: UUID | None = None,
) -> HistoryEntry:
    """One line of a list: a treatment tried, a medicine, an allergy, a condition."""
    _may(by, informant)
    if kind not in LISTS:
        raise UnknownWord("history list", kind, LISTS)
    told = {name: uncut(str(value.get(name, "")), 200) for name in LISTS[kind] if str(value.get(name, "")).strip()}
    first = LISTS[kind][0]
    if first not in told:
        raise Missing(
            because="The first field is empty.", way_out="Write what it is, or leave the line out.", code="line_empty", where=first
        )
    row = _entry(patient, kind, told, informant, by, observed_at, now, key or uuid4())
    return (_kept(patient, [row], by, now, f"write {kind}") or [row])[0]


@transaction.atomic
def take_off(entry: HistoryEntry, *, because: str, by: Staff, now: datetime) -> HistoryEntry:
    """A line that does not hold: it stays in the history, superseded, with the reason."""
    permissions.require(by, "screening.write")
    if not because.strip():
        raise Missing(because="No reason is given.", way_out="Say why it comes off the list.", code="reason_missing", where="because")
    row = _entry(entry.patient, entry.key, {"ended": uncut(because, 200, where="because")}, "staff", by, now, now, uuid4())
    row.supersedes = entry
    row.save()
    audit.note("end history line", by=by, now=now, patient=entry.patient, subject=str(entry.ref))
    return row


@transaction.atomic
def refer(patient: Patient, told: Mapping[str, Any], *, by: Staff, now: datetime, key: UUID | None = None) -> Referral:
    """A referral as it came, or its correction. A code without the form of one and a number whose check digit fails are refused."""
    permissions.require(by, "screening.write")
    known: Referral | None = Referral.objects.filter(ref=key, patient=patient).first() if key else None
    if known is not None:
        return known
    if not str(told.get("diagnosis", "")).strip():
        raise Missing(
            because="The diagnosis is empty.", way_out="Write what the referral says.", code="diagnosis_missing", where="diagnosis"
        )
    codes = [read_icd10(code) for code in str(told.get("codes", "")).replace(",", " ").split()]
    row = Referral(
        ref=key or uuid4(),
        patient=patient,
        diagnosis=str(told["diagnosis"]).strip(),
        icd10=codes[0] if codes else "",
        more_codes=codes[1:],
        referrer=str(told.get("referrer", "")).strip(),
        npi=read_npi(str(told.get("npi", ""))),
        referrer_contact=str(told.get("referrer_contact", "")).strip(),
        question=str(told.get("question", "")).strip(),
        pain_since=str(told.get("pain_since", "")).strip(),
        budapest=dict(told.get("budapest") or {}),
        received_on=told.get("received_on") or now.date(),
        written_at=now,
        by=by,
    )
    row.save()
    audit.note("write referral", by=by, now=now, patient=patient, subject=str(row.ref))
    return row


def entries_of(patient: Patient, *, until: datetime | None = None) -> list[HistoryEntry]:
    """Everything told about this person, those under a record merged into this one too, oldest first. One query.

    until  only what was written by then: what a gate said at its time does not change with what is learned later
    """
    rows = HistoryEntry.objects.filter(Q(patient=patient) | Q(patient__merged_into=patient)).select_related("by")
    rows = rows if until is None else rows.filter(written_at__lte=until)
    return list(rows.order_by("observed_at", "id"))


def newest(patient: Patient, entries: list[HistoryEntry] | None = None) -> dict[str, HistoryEntry]:
    """The answer that counts for each item: the newest that could be read."""
    rows = entries_of(patient) if entries is None else entries
    return {row.key: row for row in rows if row.key not in LISTS and not (isinstance(row.value, dict) and "raw" in row.value)}


def listed(patient: Patient, kind: str, entries: list[HistoryEntry] | None = None) -> list[HistoryEntry]:
    """The lines of a list that still hold."""
    rows = [row for row in (entries_of(patient) if entries is None else entries) if row.key == kind]
    gone = {row.supersedes_id for row in rows if row.supersedes_id}
    return [row for row in rows if row.pk not in gone and "ended" not in row.value]


def newest_referral(patient: Patient) -> Referral | None:
    rows = Referral.objects.filter(Q(patient=patient) | Q(patient__merged_into=patient)).select_related("by")
    found: Referral | None = rows.order_by("-written_at", "-id").first()
    return found


def day_of(entry: HistoryEntry, zone: Any) -> date:
    return entry.observed_at.astimezone(zone).date()


def _may(by: Staff | None, informant: str) -> None:
    if informant not in INFORMANTS:
        raise UnknownWord("informant", informant, INFORMANTS)
    if by is not None:
        permissions.require(by, "screening.write")
    elif informant == "staff":
        raise Missing(because="Nobody of the staff is named.", way_out="Sign in.", code="by_missing")


def _entry(
    patient: Patient, name: str, value: Any, informant: str, by: Staff | None, observed_at: datetime, now: datetime, ref: UUID
) -> HistoryEntry:
    return HistoryEntry(
        ref=ref, patient=patient, key=name, value=value, informant=informant, by=by, observed_at=observed_at, written_at=now
    )


def _kept(patient: Patient, rows: list[HistoryEntry], by: Staff | None, now: datetime, act: str) -> list[HistoryEntry]:
    known = set(HistoryEntry.objects.filter(ref__in=[row.ref for row in rows]).values_list("ref", flat=True))
    fresh = [row for row in rows if row.ref not in known]
    for row in fresh:
        row.save()
    if fresh:
        audit.note(act, by=by, now=now, patient=patient, words=f"{len(fresh)} entries")
    return fresh


@transaction.atomic
def from_home(
    patient: Patient, answers: Mapping[str, str], lines: Mapping[str, str], *, informant: str, told_at: datetime, now: datetime, key: UUID
) -> int:
    """What came from a patient's phone: answers by item, and lists as written, one thing a line. How many entries are new.

    A fact is not refused: an answer that cannot be read is kept as it came and counts as not answered; a time in the future is now.
    key  the phone's own: the same sheet sent twice is kept once
    """
    at = min(told_at, now)
    held, rows = newest(patient), []
    for name, value in answers.items():
        if name in ITEMS and ITEMS[name].asked == "everyone" and str(value).strip():
            kept = _as_it_came(name, value)
            if name not in held or held[name].value != kept:
                rows.append(_entry(patient, name, kept, informant, None, at, now, uuid5(key, name)))
    for kind, text in lines.items():
        told = [uncut(line, 200, where="line") for line in text.splitlines() if line.strip()][:60]
        first = LISTS[kind][0]
        rows += [
            _entry(patient, kind, {first: line}, informant, None, at, now, uuid5(key, f"{kind} {place}")) for place, line in enumerate(told)
        ]
    return len(_kept(patient, rows, None, now, "write history at home"))


def _as_it_came(name: str, value: str) -> Any:
    try:
        return read_answer(ITEMS[name], value)
    except Refusal:
        return {"raw": str(value)[:200]}
