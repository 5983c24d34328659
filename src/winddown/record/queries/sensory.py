"""Sensory tests as the domain's values, and the series that stand beside them over the weeks."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Max, Q, QuerySet, Sum

from winddown.domain.sensory.answers import Entry, Standing, standing
from winddown.domain.sensory.norms import NormRow
from winddown.domain.sensory.plan import Plan
from winddown.record.models import Answer, LedgerEntry, Patient, SensoryEntry, SensoryNorms, SensoryTest, SessionEvent

_ENTRY = ("test_id", "ref", "id", "kind", "step", "data", "happened_at", "supersedes__ref")


def family_of(patient: Patient) -> list[int]:
    """This record and those merged into it."""
    return [patient.pk, *patient.merged_from.values_list("pk", flat=True)]


def tests_of(patients: Iterable[int]) -> QuerySet[SensoryTest]:
    """Tests, newest first, with who made them and without their orders."""
    rows: QuerySet[SensoryTest] = SensoryTest.objects.filter(patient__in=list(patients)).select_related("by").defer("plan")
    return rows.order_by("-started_at", "-id")


def entries_of(test: SensoryTest) -> list[Entry]:
    return _entries([test.pk]).get(test.pk, [])


def _entries(tests: Iterable[int]) -> dict[int, list[Entry]]:
    rows = SensoryEntry.objects.filter(test_id__in=list(tests)).order_by("id").values_list(*_ENTRY)
    found: dict[int, list[Entry]] = {}
    for test, ref, number, kind, step, data, happened_at, gone in rows:
        entry = Entry(str(ref), number, kind, step, data, happened_at, str(gone) if gone else None)
        found.setdefault(test, []).append(entry)
    return found


def newest_entries(tests: Iterable[int]) -> dict[int, int]:
    """The id of each test's newest row, 0 for a test without one. One query."""
    rows = SensoryTest.objects.filter(pk__in=list(tests)).values_list("pk").annotate(newest=Max("entries__id"))
    return {test: newest or 0 for test, newest in rows}


def standings_of(tests: Iterable[int]) -> dict[int, Standing]:
    """What stands of many tests, by id. Two queries."""
    wanted = list(tests)
    entries = _entries(wanted)
    plans = SensoryTest.objects.filter(pk__in=wanted).values_list("pk", "plan")
    return {test: standing(Plan.from_data(plan), entries.get(test, ())) for test, plan in plans}


def norms_in_use() -> tuple[SensoryNorms | None, tuple[NormRow, ...]]:
    """The newest table and its rows; none when nothing was loaded or the last one was withdrawn."""
    table = SensoryNorms.objects.select_related("by").order_by("-loaded_at", "-id").first()
    return table, tuple(NormRow(**row) for row in table.rows) if table else ()


def repeat_pairs(*, limit: int) -> list[tuple[SensoryTest, SensoryTest]]:
    """The newest tests that were made to repeat another, each with the one it repeats: (first, again). One query."""
    rows = SensoryTest.objects.filter(repeats__isnull=False).select_related("repeats").defer("plan", "repeats__plan")
    newest = rows.order_by("-started_at", "-id")[:limit]
    return [(row.repeats, row) for row in newest if row.repeats is not None]


def infused_between(pairs: Iterable[tuple[SensoryTest, SensoryTest]]) -> set[int]:
    """Ids of the second tests before which an infusion was started after the first. One query for all."""
    wanted = list(pairs)
    if not wanted:
        return set()
    rows = SessionEvent.objects.filter(kind="started", session__patient__in=[first.patient_id for first, _ in wanted])
    started = list(rows.values_list("session__patient_id", "happened_at"))
    return {
        again.pk
        for first, again in wanted
        if any(who == first.patient_id and first.started_at <= at <= again.started_at for who, at in started)
    }


@dataclass(frozen=True)
class Point:
    """One number at one moment."""

    at: datetime
    value: float


def ketamine_mg(patients: Iterable[int]) -> list[Point]:
    """Milligrams booked as given, one point a visit, at its last entry; corrected entries left out. One query."""
    given = LedgerEntry.objects.filter(
        session__patient__in=list(patients), kind="given", drug__icontains="ketamine", superseded_by__isnull=True
    )
    rows = given.values("session").annotate(total_mg=Sum("mg"), at=Max("happened_at")).order_by("at")
    return [Point(row["at"], float(row["total_mg"])) for row in rows]


def answered(patient: Patient, *instruments: str) -> dict[str, list[Point]]:
    """The scores of these instruments over time; an answer without a score is no point. One query."""
    whose = Q(patient=patient) | Q(patient__merged_into=patient)
    rows = Answer.objects.filter(whose, instrument__in=instruments, score__isnull=False, superseded_by__isnull=True)
    found: dict[str, list[Point]] = {name: [] for name in instruments}
    for name, at, score in rows.order_by("answered_at", "id").values_list("instrument", "answered_at", "score"):
        found[name].append(Point(at, float(score)))
    return found


def pain_at_visits(patients: Iterable[int]) -> list[Point]:
    """The pain score taken before each infusion, 0 to 10. One query."""
    rows = SessionEvent.objects.filter(session__patient__in=list(patients), kind="baseline_taken", data__has_key="pain")
    told = rows.order_by("happened_at", "id").values_list("happened_at", "data")
    return [Point(at, float(data["pain"])) for at, data in told]
