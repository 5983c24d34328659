"""The next things to do at a chair, each with one button: what the status waits for, and the duties by their time."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _

from winddown.domain.quantities import display
from winddown.domain.sessions import duties
from winddown.domain.sessions.duties import Duty
from winddown.domain.sessions.lifecycle import OVER
from winddown.domain.sessions.story import latest, of_kind
from winddown.web.sessions.sight import Sight
from winddown.web.spoken import duty_words


def address(name: str, *args: object) -> str:
    """Where a page of another room is, or nothing while the house has no such room."""
    try:
        return reverse(name, args=args)
    except NoReverseMatch:
        return ""


def due_of(sight: Sight) -> list[Duty]:
    """What is due at the chair. Nothing is once the patient has left it."""
    if sight.session.status in OVER:
        return []
    return duties.due(sight.supervision.observations, sight.story, at=sight.now)


def next_things(sight: Sight) -> list[dict[str, Any]]:
    """The next three things, each with one button: what the status waits for, then the duties by their time."""
    things = [*_of_the_status(sight), *(_duty(sight, each) for each in due_of(sight))]
    return sorted(things, key=lambda thing: thing["due_at"])[:3]


def _of_the_status(sight: Sight) -> list[dict[str, Any]]:
    session, now = sight.session, sight.now
    ref = session.ref
    if session.status in ("planned", "checked_in"):
        planned = session.planned.lower
        words = _("Check in and start gate") if session.status == "planned" else _("Start gate")
        return [_thing(words, _("Before the pump may start"), planned, _("Open the start gate"), address("gates_start", ref))]
    if session.status == "ready":
        planned, url = session.planned.lower, reverse("session_start", args=[ref])
        return [_thing(_("Start the infusion"), _("Every line of the gate is recorded"), planned, _("Start"), url)]
    if session.status == "held":
        held = latest(sight.story, "held")
        why = held.text("because") if held else ""
        at = held.happened_at if held else now
        return [
            _thing(
                _("Resume or stop"),
                _("Held: %s") % why,
                at + timedelta(minutes=_held_min(sight)),
                _("Resume"),
                reverse("session_resume", args=[ref]),
            )
        ]
    if session.status == "stopped":
        stopped = latest(sight.story, "stopped")
        at = stopped.happened_at if stopped else now
        button = {"words": _("Recovery starts now"), "url": reverse("session_start_recovery", args=[ref]), "method": "post", "queue": True}
        return [{"words": _("Start recovery"), "because": _("The infusion was stopped"), "due_at": at, "button": button}]
    if session.status == "running":
        return _end_of_the_plan(sight)
    if session.status == "recovering":
        return _way_home(sight)
    return []


def _held_min(sight: Sight) -> float:
    return sight.supervision.observations.held_interval_min.value


def _end_of_the_plan(sight: Sight) -> list[dict[str, Any]]:
    """When the ordered total has been pumped, the pump should have stopped."""
    if sight.dose.started_at is None or sight.dose.programmed_mg < sight.draft.total_mg:
        return []
    words = _("The ordered dose is in")
    because = _("%(mg)s mg of %(total)s mg") % {"mg": display(sight.dose.programmed_mg, 1), "total": display(sight.draft.total_mg, 1)}
    return [_thing(words, because, sight.now, _("Completed"), reverse("session_complete", args=[sight.session.ref]))]


def _way_home(sight: Sight) -> list[dict[str, Any]]:
    ended = sight.dose.ended_at
    url = address("gates_discharge", sight.session.ref)
    if ended is None or not url:
        return []
    stay = timedelta(minutes=sight.supervision.recovery.minimum_stay_min.value)
    return [_thing(_("Way home"), _("Minimum stay after the end of the infusion"), ended + stay, _("Open the discharge gate"), url)]


def _thing(words: str, because: str, due_at: datetime, button: str, url: str) -> dict[str, Any]:
    return {"words": words, "because": because, "due_at": due_at, "button": {"words": button, "url": url} if url else None}


def _duty(sight: Sight, duty: Duty) -> dict[str, Any]:
    return {"words": duty_words(duty.words), "because": "", "due_at": duty.due_at, "button": _button(sight, duty)}


def _button(sight: Sight, duty: Duty) -> dict[str, Any]:
    ref = sight.session.ref
    if duty.key == "scores":
        return {"words": _("Score now"), "url": f"#score-{_first_due(sight)}"}
    if duty.key == "site_check":
        return {"words": _("Look at the site"), "url": reverse("session_site", args=[ref])}
    if duty.key == "supervisor_handover":
        return {"words": _("Name the next"), "url": reverse("session_supervisor", args=[ref])}
    if duty.key == "bag_use_by":
        return {"words": _("Write what was done"), "url": reverse("session_note", args=[ref])}
    return {"words": _("By hand"), "url": reverse("session_observe", args=[ref])}


def _first_due(sight: Sight) -> str:
    """The scale whose last score is the oldest."""
    last = {event.text("scale"): event.happened_at for event in of_kind(sight.story, "score_taken")}
    return min(sight.supervision.observations.scores, key=lambda scale: (scale in last, last.get(scale, sight.now)), default="moaas")
