"""The medication record of a visit: what was planned and when, what was given and when, side by side."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.http import HttpResponse
from django.utils.translation import gettext as _

from winddown.domain.dosing.course import PumpSegment
from winddown.domain.quantities import display
from winddown.domain.sessions.story import Event, of_kind
from winddown.record.models import Session
from winddown.services import rescue
from winddown.web.access import StaffRequest, read_chart
from winddown.web.sessions.present import strip_of
from winddown.web.sessions.room import bedside, show
from winddown.web.sessions.sight import Sight


@bedside("chart.read")
def medication(request: StaffRequest, session: Session) -> HttpResponse:
    """Planned and given, each with its time; as-needed drugs with every dose of their line."""
    read_chart(request, session.patient, str(session.ref))
    sight = Sight.of(session, request.now)
    context = {
        "session": session,
        "strip": strip_of(sight),
        "planned": planned_of(sight),
        "given": [_given(segment, request.now) for segment in sight.dose.course.segments],
        "late_min": _late_min(sight),
        "as_needed": [_line(line, sight.story) for line in rescue.lines_of(session.order)],
        "total_ordered_mg": display(sight.draft.total_mg, 1),
        "total_given_mg": display(sight.dose.programmed_mg, 1),
        "reached_mg": display(sight.dose.reached_mg, 1),
        "certain": sight.dose.certain,
    }
    return show(request, "sessions/medication.html", context)


def planned_of(sight: Sight) -> list[dict[str, Any]]:
    """Each step of the order at its planned moment, counted from the planned start of the visit's infusion."""
    at, found = sight.session.planned.lower, []
    for phase in sight.draft.phases:
        found.append(
            {
                "at": at,
                "name": phase.name,
                "minutes": display(phase.minutes, 0),
                "ml_per_h": display(phase.rate_ml_per_h, 1),
                "mg_per_h": display(phase.rate_mg_per_h, 1),
                "mg": display(phase.dose_mg, 1),
            }
        )
        at += timedelta(minutes=float(phase.minutes))
    return found


def _given(segment: PumpSegment, now: datetime) -> dict[str, Any]:
    known = segment.rate_ml_per_h is not None and segment.concentration_mg_per_ml is not None
    return {
        "at": segment.start,
        "until": segment.stop,
        "kind": {"running": _("infusion"), "held": _("held"), "bolus": _("bolus"), "unknown": _("unknown")}[segment.kind],
        "ml_per_h": display(segment.rate_ml_per_h, 1) if segment.rate_ml_per_h is not None else "",
        "mg": display(segment.mg_by(now), 1) if known else "",
        "because": segment.because,
    }


def _late_min(sight: Sight) -> int | None:
    """Minutes between the planned and the real start; negative when it began early."""
    if sight.dose.started_at is None:
        return None
    return round((sight.dose.started_at - sight.session.planned.lower).total_seconds() / 60)


def _line(line: Any, story: tuple[Event, ...]) -> dict[str, Any]:
    doses = [event for event in of_kind(story, "rescue_given") if event.text("order_line") == line.key]
    return {
        "sentence": line.sentence,
        "doses": [{"at": dose.happened_at, "by": dose.by, "late": dose.late, "dose": dose.text("dose")} for dose in doses],
    }
