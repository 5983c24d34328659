"""What no arrival can raise: silence, things overdue, screens asleep, a supervisor gone, an alarm nobody answers. Asked once a second.

Most seconds change nothing. So a look reads everything once, for all chairs together and without a lock, and only a chair where
something changes is judged again in a transaction of its own, under the lock that the listener and the pages take too.
"""

from __future__ import annotations

import logging
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.db import connection

from winddown.domain.alarms import lifecycle as alarm_life
from winddown.domain.alarms.evaluate import Cleared, OpenAlarm, Raised, Watching, Worsened, evaluate
from winddown.domain.alarms.window import Window
from winddown.domain.sessions import duties
from winddown.domain.sessions.advice import advice
from winddown.domain.sessions.blocks import Supervision
from winddown.domain.sessions.story import Event, effective, latest
from winddown.domain.vitals.kinds import KINDS
from winddown.domain.vitals.reading import USABLE
from winddown.record.models import Alarm, Device, DeviceBinding, Reading, Session
from winddown.record.queries.stories import stories_of
from winddown.record.scope import at_practice
from winddown.services import alarms, escalation, health, infusion, orders, screens, vitals
from winddown.services.announcements import announce

log = logging.getLogger(__name__)

LIVE = ("running", "held", "stopped", "recovering")
SUPERVISOR_KEY, SCREEN_KEY, SET_KEY, UNANSWERED_KEY = "supervisor_absent", "alarm_screen_asleep", "observation_overdue", "alarm_unanswered"
AT_THE_CHAIR = (SET_KEY, SUPERVISOR_KEY, UNANSWERED_KEY)
ADVICE_EVERY_S = 5
_CONTINUOUS = [kind.key for kind in KINDS.values() if kind.continuous]
_CUFF = ("systolic", "diastolic")


@dataclass(frozen=True)
class Known:
    """What the watch keeps of one session until its story grows: the row, the story that stands, the protocol's rules."""

    session: Session
    story: tuple[Event, ...]
    supervision: Supervision

    def is_of(self, version: int, chair_id: int, order_id: int) -> bool:
        session = self.session
        return (session.version, session.chair_id, session.order_id) == (version, chair_id, order_id)


@dataclass(frozen=True)
class Cuffs:
    """Cuff pressures and scores of one session, read again when the story or the number of pressures has changed."""

    version: int
    count: int
    newest: int
    window: Window


@dataclass(frozen=True)
class Seen:
    """What one look reads of all chairs together: last heard, monitors by chair, open alarms, cuff pressures counted; by session id."""

    heard: Mapping[int, Mapping[str, datetime]]
    monitors: Mapping[int, Device]
    open: Mapping[int, Sequence[OpenAlarm]]
    cuffs: Mapping[int, tuple[int, int]]


@dataclass(frozen=True)
class Bed:
    """One chair at this second: what is known of it, what is heard, what is open and, where it was read, in which words."""

    known: Known
    window: Window
    watching: Watching
    open: Sequence[OpenAlarm]
    words: Mapping[str, str] = field(default_factory=dict)

    @property
    def session(self) -> Session:
        return self.known.session

    def verdicts(self, now: datetime) -> list[Raised | Worsened | Cleared]:
        baseline = vitals.baseline_of(self.known.story)
        return evaluate(self.known.supervision.alarms, baseline, self.window, self.open, now, watching=self.watching)

    def wanted(self, now: datetime) -> dict[str, tuple[str, str, str]]:
        """The alarms about the chair that hold now, by key: severity, words, next step."""
        found = (_overdue(self.known, now), _supervised(self.known), _unanswered(self.known.supervision, self.open, self.words, now))
        return {key: told for key, told in zip(AT_THE_CHAIR, found, strict=True) if told}

    def advised(self, now: datetime) -> bool:
        """The protocol's stop rules say another thing than the alarms that stand."""
        said = {f"rule_{each.key}" for each in advice(self.known.supervision, self.known.story, at=now)}
        return said != {one.key for one in self.open if one.key.startswith("rule_")}

    def changes(self, now: datetime) -> bool:
        standing = {one.key for one in self.open if one.key in AT_THE_CHAIR}
        return bool(self.verdicts(now)) or set(self.wanted(now)) != standing or (_asks_advice(now) and self.advised(now))


class Watch:
    """One practice's watch. Holds no truth: what it remembers is rebuilt from the record."""

    def __init__(self, practice_id: int) -> None:
        self.practice_id = practice_id
        self.known: dict[int, Known] = {}
        self.cuffs: dict[int, Cuffs] = {}

    def look(self, *, now: datetime) -> int:
        """One look at everything. Returns how many sessions were looked at.

        A chair that cannot be judged does not keep the others from it, but then the watch gives no sign of life: health turns red.
        """
        with at_practice(self.practice_id):
            beds = self._beds(now)
        well = [bed is not None and self._looked_at(bed, now) for bed in beds]
        with at_practice(self.practice_id):
            _screens([bed.session for bed in beds if bed is not None], now)
            escalation.look(now=now)
            if all(well):
                health.beat("watch", now=now)
        return len(beds)

    def _looked_at(self, bed: Bed, now: datetime) -> bool:
        try:
            if bed.changes(now):
                with at_practice(self.practice_id):
                    _judge(bed, now)
        except Exception:
            log.exception("one chair could not be judged", extra={"session": str(bed.session.ref)})
            return False
        return True

    def _beds(self, now: datetime) -> list[Bed | None]:
        """Every chair under watch, None for one that cannot be read. Only what grew since the last look is read again."""
        rows = Session.objects.filter(status__in=LIVE).order_by("id").values_list("id", "version", "chair_id", "order_id")
        living = {pk: told for pk, *told in rows}
        stale = [pk for pk, told in living.items() if pk not in self.known or not self.known[pk].is_of(*told)]
        beside = ("location", "chair", "order__course__protocol")
        grown = {session.pk: session for session in Session.objects.filter(pk__in=stale).select_related(*beside)} if stale else {}
        stories = stories_of(grown.values()) if grown else {}
        self.known = {pk: known for pk, known in self.known.items() if pk in living and pk not in grown}
        self.cuffs = {pk: cuffs for pk, cuffs in self.cuffs.items() if pk in living}
        chairs = {chair for _, chair, _ in living.values()}
        seen = Seen(_heard(list(living)), _monitors(chairs), alarms.open_now(list(living)), _cuffs_counted(list(living), now))
        return [self._bed(pk, grown.get(pk), stories.get(pk, ()), seen, now) for pk in living]

    def _bed(self, pk: int, grown: Session | None, story: tuple[Event, ...], seen: Seen, now: datetime) -> Bed | None:
        try:
            if grown is not None:
                self.known[pk] = Known(grown, effective(story), orders.supervision_of(grown.order.course.protocol))
            known = self.known[pk]
            watching = _watching(known, seen.heard.get(pk, {}), seen.monitors.get(known.session.chair_id), now)
            return Bed(known, self._window(known, seen.cuffs.get(pk, (0, 0)), now), watching, seen.open[pk])
        except Exception:
            log.exception("one chair could not be read", extra={"session": pk})
            return None

    def _window(self, known: Known, counted: tuple[int, int], now: datetime) -> Window:
        """Cuff pressures and scores only: the continuous kinds are judged where they arrive."""
        told, kept = (known.session.version, *counted), self.cuffs.get(known.session.pk)
        if kept is None or (kept.version, kept.count, kept.newest) != told:
            kept = self.cuffs[known.session.pk] = Cuffs(*told, _slow_window(known, now))
        return kept.window


def _judge(bed: Bed, now: datetime) -> None:
    """Write what changed at one chair. What is open is read again under the lock: another may have written it meanwhile."""
    session = bed.session
    standing = alarms.uncleared([session.pk])[session.pk]
    told_as = {one.alarm.condition: one.words for one in standing}
    fresh = Bed(bed.known, bed.window, bed.watching, [one.as_open() for one in standing], told_as)
    told = alarms.apply(session, fresh.verdicts(now), standing, now=now)
    if told:
        announce(*told)
    wanted = fresh.wanted(now)
    for key in AT_THE_CHAIR:
        if key in wanted:
            severity, words, step = wanted[key]
            alarms.raise_for_place(
                key=key,
                severity=severity,
                session=session,
                chair=session.chair,
                location=session.location,
                now=now,
                words=words,
                next_step=step,
            )
        elif any(one.alarm.condition == key for one in standing):
            alarms.clear_for_place(key=key, now=now, words=_OVER[key], session=session, location=session.location)
    if _asks_advice(now):
        infusion.follow_advice(session, now=now)


_OVER = {SET_KEY: "taken", SUPERVISOR_KEY: "a supervising prescriber is named", UNANSWERED_KEY: "answered"}


def _asks_advice(now: datetime) -> bool:
    return now.second % ADVICE_EVERY_S == 0


def _heard(sessions: Sequence[int]) -> dict[int, dict[str, datetime]]:
    """When each continuous kind and the cuff were last usable, by session. One index probe per session and kind."""
    if not sessions:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(
            """select s.id, k.kind, (select max(r.observed_at) from record_reading r
                 where r.session_id = s.id and r.kind = k.kind and r.value is not null and r.label = any(%s))
               from unnest(%s::bigint[]) as s(id), unnest(%s::text[]) as k(kind)""",
            [sorted(USABLE), list(sessions), [*_CONTINUOUS, "systolic"]],
        )
        found: dict[int, dict[str, datetime]] = {}
        for session_id, kind, at in cursor.fetchall():
            if at is not None:
                found.setdefault(session_id, {})[kind] = at
    return found


def _monitors(chairs: Collection[int]) -> dict[int, Device]:
    """The monitor bound to each chair now."""
    bound = DeviceBinding.objects.filter(chair_id__in=chairs, span__endswith__isnull=True, device__kind="monitor").select_related("device")
    return {binding.chair_id: binding.device for binding in bound}


def _watching(known: Known, heard: Mapping[str, datetime], monitor: Device | None, now: datetime) -> Watching:
    """Kinds that were heard once, or that a bound monitor ought to send, are expected to go on."""
    rules, story = known.supervision, known.story
    started = latest(story, "started")
    since = {kind: at for kind, at in heard.items() if kind != "systolic"}
    if monitor is not None and started is not None:
        for kind in rules.observations.continuous:
            since.setdefault(kind, started.happened_at)
    due = duties.next_set(rules.observations, story, last_at=heard.get("systolic"), at=now)
    every = {kind: float(monitor.silent_after_s) for kind in since} if monitor and monitor.silent_after_s > 60 else {}
    return Watching(
        since=since,
        every_s=every,
        cuff_overdue_at=duties.cuff_overdue_at(due, rules.alarms.cuff_overdue.intervals) if due else None,
        cuff_interval_s=due.interval.total_seconds() if due else None,
    )


def _cuffs_counted(sessions: Sequence[int], now: datetime) -> dict[int, tuple[int, int]]:
    """How many cuff pressures of each session the window holds, and the last one written: when neither changes, nor has the window."""
    if not sessions:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(
            """select session_id, count(*), max(id) from record_reading
               where session_id = any(%s) and kind = any(%s) and observed_at >= %s group by session_id""",
            [list(sessions), list(_CUFF), now - vitals.WINDOW],
        )
        return {session_id: (count, newest) for session_id, count, newest in cursor.fetchall()}


def _slow_window(known: Known, now: datetime) -> Window:
    rows = vitals.standing(Reading.objects.filter(session=known.session, kind__in=_CUFF, observed_at__gte=now - vitals.WINDOW))
    return Window.of([vitals.as_value(row) for row in rows.order_by("observed_at")], vitals.scores_of(known.story))


def _overdue(known: Known, now: datetime) -> tuple[str, str, str] | None:
    """A set of observations that is red is an alarm; taking it clears the alarm."""
    late = next((duty for duty in duties.due(known.supervision.observations, known.story, at=now) if duty.state == "red"), None)
    return ("medium", f"{late.words}: {-late.minutes:.0f} min late.", "Take it now, or hand the chair over.") if late else None


def _supervised(known: Known) -> tuple[str, str, str] | None:
    """A supervising prescriber who leaves without hand-over."""
    last = latest(known.story, "supervisor_named", "supervisor_left")
    if last is None or last.kind != "supervisor_left" or known.session.status not in ("running", "held"):
        return None
    return "high", "The supervising prescriber has left without a hand-over.", "Name the prescriber who supervises now."


def _unanswered(
    supervision: Supervision, standing: Sequence[OpenAlarm], words: Mapping[str, str], now: datetime
) -> tuple[str, str, str] | None:
    """An alarm that nobody acknowledges in the protocol's time is raised once more, for the supervising prescriber."""
    for one in standing:
        status: alarm_life.Status = "acknowledged" if one.acknowledged else "raised"
        if one.key != UNANSWERED_KEY and alarm_life.unanswered(status, one.severity, one.raised_at, supervision.alarms, now):
            return "high", f"Nobody has acknowledged: {words.get(one.key, one.key)}", "Supervising prescriber: go to the chair."
    return None


def _screens(sessions: Sequence[Session], now: datetime) -> None:
    """Where patients are under watch, a location whose alarm screens are muted, hidden, untested or gone is an alarm everywhere else."""
    places = {session.location_id: session.location for session in sessions}
    if not places:
        return
    opened = screens.open_by_place(places.values(), now=now)
    standing = set(
        Alarm.objects.filter(condition=SCREEN_KEY, location_id__in=places)
        .exclude(acts__kind="cleared")
        .values_list("location_id", flat=True)
    )
    for pk, location in places.items():
        why = screens.why_none_awake(opened[pk], now=now)
        if not why and pk in standing:
            alarms.clear_for_place(key=SCREEN_KEY, now=now, words="an alarm screen is awake", location=location)
        elif why and pk not in standing:
            alarms.raise_for_place(
                key=SCREEN_KEY,
                severity="high",
                location=location,
                now=now,
                words=f"{location.name}: {why}.",
                next_step="Open the board at the nurses' station, unmute it and hear the test tone. Watch the monitors meanwhile.",
            )
