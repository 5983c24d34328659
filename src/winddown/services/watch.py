"""What no arrival can raise: silence, things overdue, screens asleep, a supervisor gone, an alarm nobody answers. Asked once a second."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import connection

from winddown.domain.alarms import lifecycle as alarm_life
from winddown.domain.alarms.evaluate import Watching, evaluate
from winddown.domain.alarms.window import Sample, Window
from winddown.domain.sessions import duties
from winddown.domain.sessions.story import Event, effective, latest
from winddown.domain.sessions.supervision import Supervision, read_supervision
from winddown.domain.vitals.kinds import KINDS
from winddown.domain.vitals.reading import USABLE
from winddown.record.models import Device, DeviceBinding, ProtocolVersion, Reading, Session
from winddown.record.queries.stories import stories_of
from winddown.record.scope import at_practice
from winddown.services import alarms, health, infusion, screens, vitals
from winddown.services.announcements import announce

LIVE = ("running", "held", "stopped", "recovering")
SUPERVISOR_KEY, SCREEN_KEY, SET_KEY, UNANSWERED_KEY = "supervisor_absent", "alarm_screen_asleep", "observation_overdue", "alarm_unanswered"
ADVICE_EVERY_S = 5
_CONTINUOUS = [kind.key for kind in KINDS.values() if kind.continuous]
_CUFF = ("systolic", "diastolic")


@dataclass
class Remembered:
    """What the watch keeps between seconds: a session's story by its version, and protocols. Rebuilt when they grow."""

    stories: dict[int, tuple[int, tuple[Event, ...]]]
    supervision: dict[int, Supervision]


class Watch:
    """One practice's watch."""

    def __init__(self, practice_id: int) -> None:
        self.practice_id = practice_id
        self.memory = Remembered({}, {})

    def look(self, *, now: datetime) -> int:
        """One look at everything. Returns how many sessions were looked at."""
        with at_practice(self.practice_id):
            sessions = list(Session.objects.filter(status__in=LIVE).select_related("location", "chair", "order__course").order_by("id"))
            stories = self._stories(sessions)
            heard = _heard([session.pk for session in sessions])
            monitors = _monitors(sessions)
            for session in sessions:
                self._judge(session, stories[session.pk], heard.get(session.pk, {}), monitors.get(session.chair_id), now)
            _screens(sessions, now)
            _unanswered(sessions, {s.pk: self._supervision(s) for s in sessions}, now)
            health.beat("watch", now=now)
        return len(sessions)

    def _stories(self, sessions: Sequence[Session]) -> dict[int, tuple[Event, ...]]:
        known = self.memory.stories
        stale = [session for session in sessions if known.get(session.pk, (-1, ()))[0] != session.version]
        for pk, events in stories_of(stale).items():
            known[pk] = (next(session.version for session in stale if session.pk == pk), effective(events))
        living = {session.pk for session in sessions}
        for pk in [pk for pk in known if pk not in living]:
            del known[pk]
        return {session.pk: known[session.pk][1] for session in sessions}

    def _supervision(self, session: Session) -> Supervision:
        version = session.order.course.protocol_id
        if version not in self.memory.supervision:
            self.memory.supervision[version] = read_supervision(ProtocolVersion.objects.get(pk=version).data)
        return self.memory.supervision[version]

    def _judge(
        self, session: Session, story: tuple[Event, ...], heard: Mapping[str, datetime], monitor: Device | None, now: datetime
    ) -> None:
        supervision = self._supervision(session)
        open_now = alarms.uncleared([session.pk])[session.pk]
        window, watching = _slow_window(session, story, now), _watching(session, story, heard, monitor, supervision, now)
        baseline = vitals.baseline_of(story)
        verdicts = evaluate(supervision.alarms, baseline, window, [one.as_open() for one in open_now], now, watching=watching)
        told = alarms.apply(session, verdicts, open_now, now=now)
        if told:
            announce(*told)
        _overdue(session, story, supervision, now)
        _supervised(session, story, now)
        if now.second % ADVICE_EVERY_S == 0:
            infusion.follow_advice(session, now=now)


def _heard(sessions: Sequence[int]) -> dict[int, dict[str, datetime]]:
    """When each continuous kind was last usable, by session. One index probe per session and kind."""
    if not sessions:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(
            """select s.id, k.kind, (select max(r.observed_at) from record_reading r
                 where r.session_id = s.id and r.kind = k.kind and r.value is not null and r.label = any(%s))
               from unnest(%s::bigint[]) as s(id), unnest(%s::text[]) as k(kind)""",
            [sorted(USABLE), list(sessions), _CONTINUOUS],
        )
        found: dict[int, dict[str, datetime]] = {}
        for session_id, kind, at in cursor.fetchall():
            if at is not None:
                found.setdefault(session_id, {})[kind] = at
    return found


def _monitors(sessions: Sequence[Session]) -> dict[int, Device]:
    """The monitor bound to each chair now."""
    chairs = [session.chair_id for session in sessions]
    bound = DeviceBinding.objects.filter(chair_id__in=chairs, span__endswith__isnull=True, device__kind="monitor").select_related("device")
    return {binding.chair_id: binding.device for binding in bound}


def _watching(
    session: Session,
    story: tuple[Event, ...],
    heard: Mapping[str, datetime],
    monitor: Device | None,
    supervision: Supervision,
    now: datetime,
) -> Watching:
    """Kinds that were heard once, or that a bound monitor ought to send, are expected to go on."""
    started = latest(story, "started")
    since = dict(heard)
    if monitor is not None and started is not None:
        for kind in supervision.observations.continuous:
            since.setdefault(kind, started.happened_at)
    cuff = _last_cuff(session)
    due = duties.next_set(supervision.observations, story, last_at=cuff, at=now)
    every = {kind: float(monitor.silent_after_s) for kind in since} if monitor and monitor.silent_after_s > 60 else {}
    return Watching(
        since=since,
        every_s=every,
        cuff_overdue_at=duties.cuff_overdue_at(due, supervision.alarms.cuff_overdue.intervals) if due else None,
        cuff_interval_s=due.interval.total_seconds() if due else None,
    )


def _last_cuff(session: Session) -> datetime | None:
    newest = Reading.objects.filter(session=session, kind="systolic", label__in=sorted(USABLE), value__isnull=False)
    return newest.order_by("-observed_at").values_list("observed_at", flat=True).first()


def _slow_window(session: Session, story: tuple[Event, ...], now: datetime) -> Window:
    """Cuff pressures and scores only: the continuous kinds are judged where they arrive."""
    rows = Reading.objects.filter(session=session, kind__in=_CUFF, observed_at__gte=now - vitals.WINDOW)
    scores: list[tuple[str, Sample]] = vitals.scores_of(story)
    return Window.of([vitals.as_value(row) for row in rows.order_by("observed_at")], scores)


def _overdue(session: Session, story: tuple[Event, ...], supervision: Supervision, now: datetime) -> None:
    """A set of observations that is red is an alarm; taking it clears the alarm."""
    late = [duty for duty in duties.due(supervision.observations, story, at=now) if duty.state == "red"]
    if late:
        alarms.raise_for_place(
            key=SET_KEY,
            severity="medium",
            session=session,
            chair=session.chair,
            location=session.location,
            now=now,
            words=f"{late[0].words}: {-late[0].minutes:.0f} min late.",
            next_step="Take it now, or hand the chair over.",
        )
    else:
        alarms.clear_for_place(key=SET_KEY, now=now, words="taken", session=session, location=session.location)


def _supervised(session: Session, story: tuple[Event, ...], now: datetime) -> None:
    """A supervising prescriber who leaves without hand-over."""
    last = latest(story, "supervisor_named", "supervisor_left")
    if last is not None and last.kind == "supervisor_left" and session.status in ("running", "held"):
        alarms.raise_for_place(
            key=SUPERVISOR_KEY,
            severity="high",
            session=session,
            chair=session.chair,
            location=session.location,
            now=now,
            words="The supervising prescriber has left without a hand-over.",
            next_step="Name the prescriber who supervises now.",
        )
    else:
        alarms.clear_for_place(
            key=SUPERVISOR_KEY, now=now, words="a supervising prescriber is named", session=session, location=session.location
        )


def _screens(sessions: Sequence[Session], now: datetime) -> None:
    """Where patients are under watch, a location whose alarm screens are muted, hidden, untested or gone is an alarm everywhere else."""
    for location in {session.location for session in sessions}:
        why = screens.why_none_awake(screens.open_at(location, now=now), now=now)
        if not why:
            alarms.clear_for_place(key=SCREEN_KEY, now=now, words="an alarm screen is awake", location=location)
            continue
        alarms.raise_for_place(
            key=SCREEN_KEY,
            severity="high",
            location=location,
            now=now,
            words=f"{location.name}: {why}.",
            next_step="Open the board at the nurses' station, unmute it and hear the test tone. Watch the monitors meanwhile.",
        )


def _unanswered(sessions: Sequence[Session], supervision: Mapping[int, Supervision], now: datetime) -> None:
    """An alarm that nobody acknowledges in the protocol's time is raised once more, for the supervising prescriber."""
    if not sessions:
        return
    standing = alarms.uncleared([session.pk for session in sessions])
    for session in sessions:
        late = [
            one
            for one in standing[session.pk]
            if one.alarm.condition != UNANSWERED_KEY
            and alarm_life.unanswered(one.status, one.as_open().severity, one.alarm.raised_at, supervision[session.pk].alarms, now)
        ]
        if late:
            alarms.raise_for_place(
                key=UNANSWERED_KEY,
                severity="high",
                session=session,
                chair=session.chair,
                location=session.location,
                now=now,
                words=f"Nobody has acknowledged: {late[0].words}",
                next_step="Supervising prescriber: go to the chair.",
            )
        elif any(one.alarm.condition == UNANSWERED_KEY for one in standing[session.pk]):
            alarms.clear_for_place(key=UNANSWERED_KEY, now=now, words="answered", session=session, location=session.location)
