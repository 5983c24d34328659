"""Scores and infusions of one patient or of all, course by course, as the domain's episodes read them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Q
from django.db.models.functions import Coalesce

from winddown.domain.outcomes.definition import Definition
from winddown.domain.outcomes.episodes import Episode, Given, Score, episodes
from winddown.record.models import Answer, Course, Patient, SessionEvent

_MOVES = ("started", "infusion_completed", "stopped", "retracted")


@dataclass
class Treated:
    """One course of one patient: its scores to one instrument and its infusions, oldest first.

    location   of the first infusion, by its key; None without an infusion
    sessions   the visit of each infusion, in the same order
    """

    patient_id: int
    course_id: int
    opened_at: datetime
    protocol_id: int
    icd10: str
    track: str
    scores: list[Score] = field(default_factory=list)
    given: list[Given] = field(default_factory=list)
    sessions: list[UUID] = field(default_factory=list)
    location_id: int | None = None

    def episodes(self, definition: Definition, *, at: datetime) -> tuple[Episode, ...]:
        return episodes(definition, self.scores, self.given, at=at)


def treated(definition: Definition, patient: Patient | None = None) -> list[Treated]:
    """Every course with its scores and infusions. Three queries, for one patient or for all; merged records count as one patient.

    A score belongs to the course that was open when it was answered; a course reaches back over the days in which a baseline may lie.
    """
    return treated_by((definition,), patient)[definition.key]


def treated_by(definitions: Collection[Definition], patient: Patient | None = None) -> dict[str, list[Treated]]:
    """The same for several definitions, by the key of each, from one reading of the record: three queries for all of them."""
    courses, infusions = _courses(patient), _infusions(patient)
    scores = _scores({each.instrument for each in definitions}, patient)
    return {each.key: _laid(each, [Treated(*row) for row in courses], scores[each.instrument], infusions) for each in definitions}


def _laid(
    definition: Definition, courses: list[Treated], scores: list[tuple[int, Score]], infusions: list[tuple[int, UUID, int, Given]]
) -> list[Treated]:
    by_patient: dict[int, list[Treated]] = defaultdict(list)
    for course in courses:
        by_patient[course.patient_id].append(course)
    for patient_id, score in scores:
        for course in _held(by_patient[patient_id], score.at, before=timedelta(days=definition.baseline_days.value)):
            course.scores.append(score)
    for patient_id, session, location_id, given in infusions:
        for course in _held(by_patient[patient_id], given.started_at):
            course.given.append(given)
            course.sessions.append(session)
            course.location_id = course.location_id or location_id
    return courses


def _held(courses: Sequence[Treated], at: datetime, *, before: timedelta = timedelta()) -> list[Treated]:
    """The course that was open at `at`; with `before`, the next one too when it opened so soon after."""
    found = []
    for place, course in enumerate(courses):
        later = courses[place + 1].opened_at if place + 1 < len(courses) else None
        first = place == 0
        if (first or at >= course.opened_at - before) and (later is None or at < later):
            found.append(course)
    return found


def _courses(patient: Patient | None) -> list[tuple[Any, ...]]:
    rows = Course.objects.annotate(whose=Coalesce("patient__merged_into_id", "patient_id"))
    rows = rows if patient is None else rows.filter(whose=patient.pk)
    return list(rows.order_by("opened_at", "id").values_list("whose", "id", "opened_at", "protocol_id", "icd10", "protocol__data__track"))


def _whose(patient: Patient | None, prefix: str = "") -> Q:
    return Q() if patient is None else Q(**{f"{prefix}patient": patient}) | Q(**{f"{prefix}patient__merged_into": patient})


def _scores(instruments: Collection[str], patient: Patient | None) -> dict[str, list[tuple[int, Score]]]:
    rows = Answer.objects.filter(_whose(patient), instrument__in=instruments, superseded_by__isnull=True, score__isnull=False)
    rows = rows.annotate(whose=Coalesce("patient__merged_into_id", "patient_id")).order_by("answered_at", "id")
    found: dict[str, list[tuple[int, Score]]] = {each: [] for each in instruments}
    for instrument, whose, at, score in rows.values_list("instrument", "whose", "answered_at", "score"):
        found[instrument].append((whose, Score(at, float(score))))
    return found


def _infusions(patient: Patient | None) -> list[tuple[int, UUID, int, Given]]:
    """Every infusion that was begun, oldest first. What a later row replaced does not count."""
    rows = SessionEvent.objects.filter(_whose(patient, "session__"), kind__in=_MOVES)
    rows = rows.annotate(whose=Coalesce("session__patient__merged_into_id", "session__patient_id")).order_by("id")
    told = list(
        rows.values_list("id", "whose", "session__ref", "session__location_id", "kind", "happened_at", "supersedes_id", named=False)
    )
    gone = {row[-1] for row in told if row[-1]}
    begun: dict[UUID, tuple[int, int, datetime]] = {}
    ended: dict[UUID, datetime] = {}
    for pk, whose, session, location_id, kind, at, _supersedes in told:
        if pk in gone or kind == "retracted":
            continue
        if kind == "started":
            begun.setdefault(session, (whose, location_id, at))
        else:
            ended[session] = at
    found = [(whose, session, place, Given(at, ended.get(session))) for session, (whose, place, at) in begun.items()]
    return sorted(found, key=lambda row: row[3].started_at)


def newest_course(definition: Definition, patient: Patient) -> tuple[list[Score], list[Given]]:
    """Scores and infusions of the course that is open now; of a patient without a course, all scores."""
    found = treated(definition, patient)
    if not found:
        return [score for _whose, score in _scores({definition.instrument}, patient)[definition.instrument]], []
    return found[-1].scores, found[-1].given
