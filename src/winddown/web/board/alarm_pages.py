"""Alarms: those that must be seen, today's with how fast each was answered, and the acknowledgement."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from statistics import median
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as __
from django.views.decorators.http import require_POST

from winddown.domain.alarms.lifecycle import ACTS, answer
from winddown.record.models import Alarm
from winddown.record.queries import board
from winddown.services import alarms
from winddown.web.access import StaffRequest, wants_json
from winddown.web.board import doors
from winddown.web.board.here import at_place, banner, live_frame, place_of, show

NOTE_LENGTH = 400
ACT_WORDS: Mapping[str, Any] = {
    "held": __("pump held"),
    "stopped": __("pump stopped"),
    "rate_changed": __("rate changed"),
    "rescue_given": __("as-needed drug given"),
    "oxygen_set": __("oxygen set"),
    "emergency_opened": __("emergency card opened"),
    "observation_set_taken": __("set of observations taken"),
    "score_taken": __("score taken"),
}


@at_place("board.see")
def alarm_list(request: StaffRequest) -> HttpResponse:
    """What must be seen now, and the day's alarms of this location with time to acknowledge and time to action."""
    place = place_of(request)
    standing = alarms.visible(location=place)
    midnight = timezone.localtime(request.now).replace(hour=0, minute=0, second=0, microsecond=0)
    rows = history(alarms.standing(board.alarms_between([place.pk], midnight, request.now + timedelta(seconds=1))), request)
    context = live_frame(request, place, standing) | {"alarms": []}
    context |= {
        "now_standing": [banner(one) for one in standing],
        "rows": rows,
        "as_of": request.now,
        "places": request.places,  # type: ignore[attr-defined]
        "median_acknowledged": _median([row["acknowledged_after_s"] for row in rows]),
        "median_acted": _median([row["acted_after_s"] for row in rows]),
    }
    return show(request, "board/alarms.html", context)


def history(standing: Sequence[alarms.Standing], request: StaffRequest) -> list[dict[str, Any]]:
    """Each alarm with how fast it was answered. The same table of acts for every alarm, read in one query."""
    sessions = {one.alarm.session_id for one in standing if one.alarm.session_id}
    since = min((one.alarm.raised_at for one in standing), default=request.now)
    acts = board.acts_of(sessions, ACTS, since)
    return [_row(one, acts.get(one.alarm.session_id or 0, []), request) for one in standing]


def _row(one: alarms.Standing, acts: Sequence[tuple[datetime, str]], request: StaffRequest) -> dict[str, Any]:
    seen, alarm = one.acknowledgement, one.alarm
    told = answer(alarm.raised_at, acknowledged_at=seen.at if seen else None, acts=acts)
    return {
        "ref": alarm.ref,
        "raised_at": alarm.raised_at,
        "where": alarms.where(alarm),
        "url": doors.chart_url(alarm.session, request.staff) if alarm.session else "",
        "severity": one.severity,
        "level": {"high": "act", "medium": "watch"}.get(one.severity, "unknown"),
        "words": one.words,
        "acknowledged_after_s": told.acknowledged_after_s,
        "acknowledged_words": span_words(told.acknowledged_after_s),
        "acknowledged_by": seen.by.name if seen and seen.by else "",
        "note": seen.words if seen else "",
        "acted_after_s": told.acted_after_s,
        "acted_words": span_words(told.acted_after_s),
        "act": ACT_WORDS.get(told.act, told.act),
        "cleared_at": one.cleared_at,
    }


def span_words(seconds: float | None) -> str:
    """42 s, or 3 min 5 s. Nothing for what did not happen."""
    if seconds is None:
        return ""
    whole = int(seconds)
    return _("%s s") % whole if whole < 60 else _("%(min)s min %(s)s s") % {"min": whole // 60, "s": whole % 60}


def _median(values: Sequence[float | None]) -> str:
    known = [value for value in values if value is not None]
    return span_words(median(known)) if known else ""


@at_place("alarm.acknowledge")
@require_POST
def acknowledge(request: StaffRequest, ref: UUID) -> HttpResponse:
    """A named person has seen it, with a note if they wrote one."""
    alarm = get_object_or_404(Alarm.objects.select_related("session__patient", "chair", "location"), ref=ref)
    one = alarms.acknowledge(alarm, by=request.staff, now=request.now, words=request.POST.get("note", "").strip()[:NOTE_LENGTH])
    if wants_json(request) or request.headers.get("HX-Request") == "true":
        return JsonResponse(alarms.as_body(one))
    messages.success(request, _("Acknowledged: %s") % one.words)
    return redirect("alarm_list")
