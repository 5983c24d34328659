"""Checks that expire, treatment phases, the block of a further series, and what to take and to hold the day before."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from uuid import UUID, uuid4

from django.db import transaction
from django.db.models import Q

from winddown.domain.days import in_words
from winddown.domain.refusals import NotAllowed, OutOfRange
from winddown.domain.screening import day_before, phases
from winddown.domain.screening.check_kinds import CHECKS, check_of
from winddown.domain.screening.checks import read_result, standing
from winddown.domain.screening.facts import Facts
from winddown.record.models import CheckDone, Course, DayBefore, Patient, Staff, TreatmentPhase
from winddown.services import audit, permissions
from winddown.services.screening import thresholds
from winddown.services.screening.gather import checks_done, infusions


@transaction.atomic
def record(
    patient: Patient,
    kind: str,
    entered: Mapping[str, str],
    *,
    done_on: date,
    today: date,
    by: Staff,
    now: datetime,
    words: str = "",
    key: UUID | None = None,
) -> CheckDone:
    """A check with its result. A newer one of the same kind counts; a wrong one is corrected by another."""
    permissions.require(by, "screening.write")
    known: CheckDone | None = CheckDone.objects.filter(ref=key, patient=patient).first() if key else None
    if known is not None:
        return known
    check = check_of(kind)
    if done_on > today:
        raise OutOfRange(
            because=f"Done on {in_words(done_on)}: that is after today, {in_words(today)}.",
            way_out="Choose the day it was done.",
            code="done_later",
            where="done_on",
        )
    row = CheckDone(
        ref=key or uuid4(),
        patient=patient,
        kind=kind,
        result=read_result(check, entered),
        words=words.strip(),
        done_on=done_on,
        written_at=now,
        by=by,
    )
    row.save()
    audit.note(f"write check {kind}", by=by, now=now, patient=patient, subject=str(row.ref))
    return row


@transaction.atomic
def move(patient: Patient, phase: str, *, because: str, by: Staff, now: datetime) -> TreatmentPhase:
    """Move a patient to another phase. An unusual move is kept and says so."""
    permissions.require(by, "screening.decide")
    before = phase_of(patient)
    odd = phases.odd_move(before.phase if before else "", phase)
    row = TreatmentPhase(patient=patient, phase=phase, because=because.strip(), odd=odd, moved_at=now, by=by)
    row.save()
    audit.note(f"phase {phase}", by=by, now=now, patient=patient, subject=str(row.ref))
    return row


def phase_of(patient: Patient) -> TreatmentPhase | None:
    rows = phases_of(patient)
    return rows[-1] if rows else None


def phases_of(patient: Patient) -> list[TreatmentPhase]:
    rows = TreatmentPhase.objects.filter(Q(patient=patient) | Q(patient__merged_into=patient)).select_related("by")
    return list(rows.order_by("moved_at", "id"))


def require_series(patient: Patient, *, today: date) -> None:
    """Refuse a further series while the re-evaluation is due, naming the date. A first series needs none."""
    visits = infusions(patient)
    if not visits or not Course.objects.filter(Q(patient=patient) | Q(patient__merged_into=patient)).exists():
        return
    _version, limits = thresholds.in_force()
    done = [each for each in checks_done(patient) if each.kind == "reevaluation"]
    kind = replace(CHECKS["reevaluation"], needed=lambda facts: "before every further series")
    if not done:
        raise NotAllowed(
            because=f"{len(visits)} infusion{'s' if len(visits) > 1 else ''} since {visits[0][0]}, and no re-evaluation on file.",
            way_out="Record the re-evaluation on the screening page, then open the series.",
            code="reevaluation_missing",
        )
    found = standing(kind, Facts({}, today), done[-1], limits)
    if found.open:
        raise NotAllowed(
            because=f"{found.sentence}",
            way_out="Record a new re-evaluation on the screening page, then open the series.",
            code="reevaluation_due",
        )


@transaction.atomic
def sign_day_before(
    patient: Patient,
    lines: Sequence[Mapping[str, str]],
    *,
    words: str,
    by: Staff,
    now: datetime,
    course: Course | None = None,
    key: UUID | None = None,
) -> DayBefore:
    """What to take and what to hold, signed by a prescriber. A line that still asks is refused."""
    permissions.require(by, "screening.decide")
    known: DayBefore | None = DayBefore.objects.filter(ref=key, patient=patient).first() if key else None
    if known is not None:
        return known
    day_before.check_lines(lines)
    row = DayBefore(
        ref=key or uuid4(),
        patient=patient,
        course=course,
        lines=[dict(line) for line in lines],
        words=words.strip(),
        signed_at=now,
        signed_by=by,
    )
    row.save()
    audit.note("sign day-before instructions", by=by, now=now, patient=patient, subject=str(row.ref))
    return row


def newest_day_before(patient: Patient) -> DayBefore | None:
    rows = DayBefore.objects.filter(Q(patient=patient) | Q(patient__merged_into=patient)).select_related("signed_by")
    found: DayBefore | None = rows.order_by("-signed_at", "-id").first()
    return found
