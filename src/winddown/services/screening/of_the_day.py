"""Screening on the day of treatment: what the start gate says of the decision, of what is new since, and of the checks that expired."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.db import transaction
from django.db.models import Q

from winddown.domain.screening import checks, decide
from winddown.domain.screening.decide import Change
from winddown.domain.screening.rule import Finding
from winddown.domain.sessions.gate_line import GateLine, stop
from winddown.record.models import Patient, ScreeningRun, Session, Staff
from winddown.services.exposure import STARTED
from winddown.services.screening import runs


@dataclass(frozen=True)
class Day:
    """A session's screening on its day."""

    run: runs.Run
    decided: decide.Decided | None
    lines: tuple[GateLine, ...]
    changes: tuple[Change, ...]


def of_the_day(session: Session, *, now: datetime) -> list[GateLine]:
    """The lines of the start gate."""
    return list(look(session, now=now).lines)


def look(session: Session, *, now: datetime) -> Day:
    """Run everything for this visit and hold it against the decision. Nothing is written."""
    zone, course = ZoneInfo(session.location.time_zone), session.order.course
    track = str(course.protocol.data["track"])
    since = last_of_an_earlier_series(session.patient, but=course.pk)
    run = runs.look(session.patient, now=now, zone=zone, track=track, moment="day", since=since, visit=session)
    row = runs.newest_decision(session.patient, until=now)
    decided = runs.decided(row, zone)
    lines = [
        decide.gate_line(decided, run.facts.today),
        *decide.changed_lines(decided, run.findings),
        *_of_today(run.findings),
        *checks.gate_lines(run.checks),
    ]
    changes = decide.compared(runs.findings_of(row.run if row else None), run.findings) if row else []
    return Day(run, decided, tuple(lines), tuple(changes))


def _of_today(findings: Sequence[Finding]) -> list[GateLine]:
    """What was asked today and excludes: alcohol, a glucose too low, a plan to drive. Escort and consent have lines of their own."""
    own = ("day.escort", "day.consent")
    return [
        stop(f"screening_{finding.rule}", finding.sentence, finding.do)
        for finding in findings
        if finding.family == "day" and finding.outcome == "fired" and finding.severity == "exclude" and finding.rule not in own
    ]


def last_of_an_earlier_series(patient: Patient, *, but: int) -> date | None:
    """The day of the last infusion under another course: a liver test older than it is due before this series."""
    rows = Session.objects.filter(Q(patient=patient) | Q(patient__merged_into=patient), status__in=STARTED)
    last = rows.exclude(order__course_id=but).order_by("-planned").first()
    return last.planned.lower.date() if last else None


@transaction.atomic
def keep(session: Session, *, by: Staff | None, now: datetime) -> ScreeningRun:
    """Keep the day's run with its inputs, versions and digest, when the visit is made ready."""
    return runs.keep(session.patient, look(session, now=now).run, by=by, now=now, session=session)
