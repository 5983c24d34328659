"""The story of a visit as a list: what stands, what was corrected or taken back beneath it, who, when, and when it was written."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from winddown.domain.alarms import lifecycle
from winddown.domain.sessions.story import RETRACTED, Event, contested
from winddown.record.models import Session
from winddown.services import alarms
from winddown.web.access import StaffRequest, read_chart
from winddown.web.people.shell import paged
from winddown.web.sessions.marks import words_of
from winddown.web.sessions.present import strip_of
from winddown.web.sessions.room import bedside, show
from winddown.web.sessions.sight import Sight

DOSE = frozenset(
    [
        "bag_hung",
        "started",
        "rate_changed",
        "rate_reported",
        "pump_reported",
        "bolus_given",
        "held",
        "resumed",
        "infusion_completed",
        "stopped",
        "line_flushed",
        "recovery_started",
        "pump_read_back",
    ]
)
SIGNS = frozenset(
    [
        "score_taken",
        "observation_set_taken",
        "baseline_taken",
        "monitor_matched",
        "monitor_lost",
        "orthostatic_taken",
        "recovery_scored",
        "weight_measured",
    ]
)
HAPPENED = frozenset(
    [
        "adverse_event",
        "adverse_event_closed",
        "rescue_given",
        "oxygen_set",
        "iv_site_checked",
        "extravasation_seen",
        "fall",
        "toilet_trip",
        "comfort_given",
        "emergency_opened",
        "emergency_closed",
        "iv_removed",
    ]
)
FILTERS: Mapping[str, tuple[Any, frozenset[str]]] = {
    "dose": (lazy("Dose"), DOSE),
    "signs": (lazy("Signs and scores"), SIGNS),
    "happened": (lazy("What happened"), HAPPENED),
    "notes": (lazy("Notes and photos"), frozenset({"note_written", "photo_taken"})),
    "alarms": (lazy("Alarms"), frozenset({"alarm"})),
}
NOT_CORRECTABLE = frozenset(
    {"photo_taken", "handed_over", "supervisor_named", "discharged", "discharge_signed", "gate_overridden", "bag_hung"}
)
LATEST = 8
A_PAGE = 120


@dataclass(frozen=True)
class StoryLine:
    """One fact with its whole history. `before`: earlier versions, oldest first, struck through."""

    id: str
    kind: str
    words: str
    at: datetime
    written_at: datetime
    by: str
    second: str = ""
    late: bool = False
    ahead: bool = False
    odd: str = ""
    retracted: str = ""
    contested: bool = False
    correctable: bool = False
    photo: str = ""
    before: tuple[StoryLine, ...] = field(default=())


def lines_of(sight: Sight, most: int | None = None) -> list[StoryLine]:
    """Every fact once, the newest happening first; `most`: only so many."""
    families: dict[str, list[Event]] = {}
    by_id = {event.id: event for event in sight.every}
    for event in sight.every:
        families.setdefault(_root(event, by_id), []).append(event)
    stands = {event.id for event in sight.story}
    spoken = [(_speaker(members, stands), members) for members in families.values()]
    newest = sorted(spoken, key=lambda pair: (pair[0].happened_at, pair[0].written_at), reverse=True)[:most]
    return [_line(sight, shown, members, shown.id in stands) for shown, members in newest]


def _speaker(members: Sequence[Event], stands: set[str]) -> Event:
    """The version that stands; of a fact that was taken back, the last one before that."""
    standing = next((event for event in members if event.id in stands), None)
    return standing or next(event for event in reversed(members) if event.kind != RETRACTED or len(members) == 1)


def _root(event: Event, by_id: Mapping[str, Event]) -> str:
    seen = {event.id}
    while event.supersedes in by_id and event.supersedes not in seen:
        event = by_id[event.supersedes]  # type: ignore[index]
        seen.add(event.id)
    return event.id


def _line(sight: Sight, shown: Event, members: Sequence[Event], stands: bool) -> StoryLine:
    """The version that speaks, the others beneath it; a fact that was taken back speaks struck through."""
    taken_back = None if stands else next((event for event in reversed(members) if event.kind == RETRACTED), None)
    before = tuple(_plain(sight, event) for event in members if event is not shown and event.kind != RETRACTED)
    retracted = f"{taken_back.text('because')}, {taken_back.by}" if taken_back else ""
    rivals = len(members) > 2 and any(shown in group for group in contested(members))
    return _plain(sight, shown, before=before, retracted=retracted, contested=rivals, correctable=stands)


def _plain(sight: Sight, event: Event, *, correctable: bool = False, **more: Any) -> StoryLine:
    because = event.text("because_corrected")
    return StoryLine(
        id=event.id,
        kind=event.kind,
        words=words_of(event) + (f" ({_('corrected')}: {because})" if because else ""),
        at=event.happened_at,
        written_at=event.written_at,
        by=event.by,
        second=event.second or "",
        late=event.late,
        ahead=event.ahead,
        odd=sight.odd.get(event.id, ""),
        correctable=correctable and event.kind not in NOT_CORRECTABLE and sight.writers.get(event.id) is not None,
        photo=event.text("file") if event.kind == "photo_taken" else "",
        **more,
    )


def alarm_lines(sight: Sight) -> list[StoryLine]:
    """The alarms of the visit with how fast each was answered and acted on."""
    acts = [(event.happened_at, event.kind) for event in sight.story]
    rows = sight.session.alarms.select_related("chair", "location").order_by("raised_at")
    return [_alarm(one, acts) for one in alarms.standing(rows)]


def _alarm(one: alarms.Standing, acts: Iterable[tuple[datetime, str]]) -> StoryLine:
    seen = one.acknowledgement
    after = [(at, kind) for at, kind in acts if at > one.alarm.raised_at]  # the score that raised it is no answer to it
    answer = lifecycle.answer(one.alarm.raised_at, acknowledged_at=seen.at if seen else None, acts=after)
    told = [one.words, _("acknowledged after %s") % span(answer.acknowledged_after_s) if seen else _("not acknowledged")]
    if answer.acted_after_s is not None:
        told.append(_("first act after %(span)s (%(act)s)") % {"span": span(answer.acted_after_s), "act": answer.act.replace("_", " ")})
    by = seen.by.name if seen and seen.by else ""
    return StoryLine(f"alarm-{one.alarm.ref}", "alarm", "; ".join(told), one.alarm.raised_at, one.alarm.written_at, by)


def span(seconds: float | None) -> str:
    """Minutes and seconds: '1:05'."""
    whole = int(seconds or 0)
    return f"{whole // 60}:{whole % 60:02d}"


def chosen(lines: Iterable[StoryLine], kind: str) -> list[StoryLine]:
    kinds = FILTERS[kind][1] if kind in FILTERS else None
    return [line for line in lines if kinds is None or line.kind in kinds]


@bedside("chart.read")
def story(request: StaffRequest, session: Session) -> HttpResponse:
    """Everything that was recorded of this visit, newest first, by kind where asked."""
    read_chart(request, session.patient, str(session.ref))
    sight = Sight.of(session, request.now)
    kind = request.GET.get("kind", "")
    every = sorted([*lines_of(sight), *alarm_lines(sight)], key=lambda line: (line.at, line.written_at), reverse=True)
    filters = [{"key": key, "words": words, "current": key == kind} for key, (words, _kinds) in FILTERS.items()]
    lines = paged(request, chosen(every, kind), per_page=A_PAGE)
    context = {"session": session, "strip": strip_of(sight), "lines": lines, "filters": filters, "kind": kind, "kept": f"kind={kind}"}
    return show(request, "sessions/story.html", context)
