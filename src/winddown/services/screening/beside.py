"""What the rules say of a patient's medicines with one course: shown beside the plan and the order."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

from winddown.domain.screening.rule import Finding, judge_all
from winddown.domain.screening.rules import RULES
from winddown.record.models import Course
from winddown.services.screening import thresholds
from winddown.services.screening.gather import facts_of

ABOUT_MEDICINES = tuple(rule for rule in RULES if rule.kind == "interaction")


@dataclass(frozen=True)
class Beside:
    """The interaction rules that fired, and whether anybody asked what is taken."""

    fired: tuple[Finding, ...]
    asked: bool


def of_course(course: Course, *, now: datetime) -> Beside:
    """The interaction rules on the track of this course, by vein. Nothing is written."""
    track = str(course.protocol.data["track"])
    facts = facts_of(course.patient, now=now, zone=UTC, track=track, moment="series")
    _version, limits = thresholds.in_force()
    findings = judge_all(ABOUT_MEDICINES, facts, limits)
    return Beside(tuple(each for each in findings if each.outcome == "fired"), facts.medicines is not None)
