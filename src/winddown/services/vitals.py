"""From one message's observations to readings: whose they are, what they are worth, and what they set off.

Whose they are is never guessed: the device must have been bound to a chair, a session must have held that chair, both at the observed
time, and on a live feed the device's clock must be believable. Anything else waits on the orphan list.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.db import connection
from django.db.models import Exists, OuterRef, Q, QuerySet

from winddown.domain.alarms.condition import BASELINE_KINDS, Baseline, Limits
from winddown.domain.alarms.evaluate import evaluate
from winddown.domain.alarms.window import Sample, Window
from winddown.domain.sessions.story import Event, effective, latest
from winddown.domain.vitals import reading as reading_module
from winddown.domain.vitals.kinds import KINDS
from winddown.domain.vitals.reading import USABLE
from winddown.domain.vitals.stream import Context, Judgement, accept_set
from winddown.domain.wire.hl7v2.observation import PROBLEMS, Observation
from winddown.record.models import Device, Reading, Session, SessionEvent
from winddown.record.queries.seats import Seat, held_by, seats_of
from winddown.record.queries.stories import stories_of
from winddown.record.scope import current_practice_id
from winddown.services import alarms, orders
from winddown.services.announcements import News

Value = reading_module.Reading
WATCHED = ("ready", "running", "held", "stopped", "recovering")
WINDOW, WINDOW_CONTINUOUS = timedelta(minutes=45), timedelta(minutes=3)
CONTINUOUS = [kind.key for kind in KINDS.values() if kind.continuous]


@dataclass
class Bedside:
    """What the listener remembers of one session between messages; rebuilt from the record whenever the story has grown."""

    session: Session
    limits: Limits
    baseline: Baseline
    window: Window
    context: Context = field(default_factory=Context)


@dataclass(frozen=True)
class Arrived:
    """One stored message with what was read from it."""

    message_id: int
    device: Device
    observations: tuple[Observation, ...]
    sent_at: datetime | None
    received_at: datetime
    demo: bool


class Beds:
    """The bedsides that one process follows. Holds no truth: everything in it can be rebuilt from the record."""

    def __init__(self) -> None:
        self._known: dict[int, Bedside] = {}

    def follow(self, sessions: Mapping[int, int], *, now: datetime) -> None:
        """Know these sessions, given by id and version. One that is new, or whose story has grown, is read again; all in three queries.

        The story grows with every set taken by hand, so what a nurse measured is in the window before the next message is judged.
        """
        stale = [pk for pk, version in sessions.items() if pk not in self._known or self._known[pk].session.version != version]
        for pk, fresh in bedsides(stale, now=now).items() if stale else ():
            if pk in self._known:
                fresh.context = self._known[pk].context
            self._known[pk] = fresh

    def of(self, session_id: int) -> Bedside:
        return self._known[session_id]


def bedsides(sessions: Collection[int], *, now: datetime) -> dict[int, Bedside]:
    """Limits, baseline and window of sessions from the record, by id. Three queries."""
    rows = list(Session.objects.filter(pk__in=sessions).select_related("location", "chair", "order__course__protocol"))
    stories, samples = stories_of(rows), _recent_samples(sessions, now)
    found = {}
    for session in rows:
        events = effective(stories[session.pk])
        found[session.pk] = Bedside(
            session=session,
            limits=orders.supervision_of(session.order.course.protocol).alarms,
            baseline=baseline_of(events),
            window=Window.of((), [*samples.get(session.pk, ()), *scores_of(events)]),
        )
    return found


def baseline_of(events: Sequence[Event]) -> Baseline:
    """This patient before the start, from the newest baseline that stands."""
    taken = latest(events, "baseline_taken")
    if taken is None:
        return Baseline()
    numbers = {name: taken.number(name) for name in BASELINE_KINDS}
    found = {name: float(value) for name, value in numbers.items() if value is not None}
    found.setdefault("heart_rate", found.get("pulse_rate", 0.0) or found.get("heart_rate", 0.0))
    return Baseline(**{name: value for name, value in found.items() if value})


def scores_of(events: Sequence[Event]) -> list[tuple[str, Sample]]:
    """Scores taken at the chair, as samples that can alarm."""
    found = []
    for event in events:
        value = event.number("value") if event.kind == "score_taken" else None
        if value is not None:
            found.append((event.text("scale"), Sample(event.happened_at, float(value), "hand")))
    return found


def _recent_samples(sessions: Collection[int], now: datetime) -> dict[int, list[tuple[str, Sample]]]:
    """What a window holds at this moment, by session: the last minutes of what is sent all the time, longer for the rest. One query."""
    recent = Q(kind__in=CONTINUOUS, observed_at__gte=now - WINDOW_CONTINUOUS) | Q(observed_at__gte=now - WINDOW) & ~Q(kind__in=CONTINUOUS)
    rows = standing(Reading.objects.filter(recent, session_id__in=sessions, label__in=USABLE, value__isnull=False))
    found: dict[int, list[tuple[str, Sample]]] = {}
    for session_id, kind, at, value, source in rows.values_list("session_id", "kind", "observed_at", "value", "source"):
        found.setdefault(session_id, []).append((kind, Sample(at, float(value), source)))  # type: ignore[arg-type]
    return found


def standing(rows: QuerySet[Reading]) -> QuerySet[Reading]:
    """Without the readings of a set by hand that was corrected or taken back; they stay in the record. A monitor's have no event to ask."""
    return rows.filter(Q(event__isnull=True) | ~Exists(SessionEvent.objects.filter(supersedes=OuterRef("event_id"))))


def as_value(row: Reading) -> Value:
    """One stored row as the domain's reading."""
    return Value(
        id=str(row.pk),
        kind=row.kind,
        value=row.value,
        unit=row.unit,
        observed_at=row.observed_at,
        received_at=row.received_at,
        source="hand" if row.source == "hand" else "monitor",
        device=str(row.device_id or ""),
        label=row.label,  # type: ignore[arg-type]
        problem=row.problem,
    )


def take_in(arrived: Sequence[Arrived], beds: Beds, *, now: datetime) -> list[News]:
    """Store the readings of a batch of messages, judge them, and return the announcements. Runs inside the caller's transaction."""
    seats = _seats(arrived)
    beds.follow({seat.session: seat.version for held in seats.values() for seat in held if seat.session is not None}, now=now)
    rows: dict[Key, Row] = {}
    for message in arrived:
        for session_id, chair_id, values in _by_holder(message, seats):
            bed = beds.of(session_id) if session_id is not None else None
            context, judged = accept_set(bed.context if bed else Context(), values)
            if bed:
                bed.context = context
            for value, judgement in judged:
                row = _row(message, value, judgement, bed, chair_id)
                rows.setdefault(row.key, row)
    stored = _store(list(rows.values()))
    touched: dict[int, tuple[Bedside, list[Value]]] = {}
    for row in rows.values():
        if row.bed is not None and row.key in stored:
            touched.setdefault(row.bed.session.pk, (row.bed, []))[1].append(row.value)
    return _consequences(touched, now)


Key = tuple[int, str, datetime, str]


@dataclass(frozen=True)
class Row:
    """One reading on its way into the record. Without a bed it waits on the orphan list."""

    message: Arrived
    value: Value
    bed: Bedside | None
    chair: int | None

    @property
    def key(self) -> Key:
        """What makes a reading the same when it is sent again; the database holds it unique."""
        return (self.message.device.pk, self.value.kind, self.value.observed_at, self.value.id)

    def as_data(self) -> dict[str, Any]:
        value = self.value
        return {
            "session_id": self.bed.session.pk if self.bed else None,
            "chair_id": self.chair,
            "device_id": self.message.device.pk,
            "message_id": self.message.message_id,
            "kind": value.kind,
            "value": value.value,
            "unit": value.unit,
            "raw_value": value.id,
            "observed_at": value.observed_at.isoformat(),
            "received_at": value.received_at.isoformat(),
            "label": value.label,
            "problem": value.problem[:300],
        }


def _store(rows: Sequence[Row]) -> set[Key]:
    """Write them in one statement and say which are new: a message that is sent again changes nothing."""
    if not rows:
        return set()
    columns = (
        "session_id bigint, chair_id bigint, device_id bigint, message_id bigint, kind text, value float8, unit text, raw_value text, "
        "observed_at timestamptz, received_at timestamptz, label text, problem text"
    )
    names = ", ".join(column.split()[0] for column in columns.split(", "))
    with connection.cursor() as cursor:
        cursor.execute(
            f"""insert into record_reading (practice_id, source, {names})
                select %s, 'monitor', {names} from json_to_recordset(%s::json) as told ({columns})
                on conflict (device_id, kind, observed_at, raw_value) do nothing
                returning device_id, kind, observed_at, raw_value""",
            [current_practice_id(), json.dumps([row.as_data() for row in rows])],
        )
        return {(row[0], row[1], row[2], row[3]) for row in cursor.fetchall()}


def _seats(arrived: Sequence[Arrived]) -> dict[int, list[Seat]]:
    times = [each.observed_at for message in arrived for each in message.observations if each.observed_at]
    return seats_of({message.device.pk for message in arrived}, min(times), max(times)) if times else {}


def _by_holder(message: Arrived, seats: Mapping[int, Sequence[Seat]]) -> list[tuple[int | None, int | None, list[Value]]]:
    """The message's readings grouped by the session that held the device at each observed time."""
    groups: dict[tuple[int | None, int | None], list[Value]] = {}
    for observation in message.observations:
        at = observation.observed_at
        holder = held_by(seats.get(message.device.pk, ()), at) if at else (None, None)
        groups.setdefault(holder, []).append(_value(message, observation, at or message.received_at))
    return [(*holder, values) for holder, values in groups.items()]


def _value(message: Arrived, observation: Observation, at: datetime) -> Value:
    problem = PROBLEMS.get(observation.problem or "", "")
    if observation.zone_assumed:
        problem = f"{problem}; time without a zone, read in the location's".lstrip("; ")
    return Value(
        id=observation.raw_value[:60].replace("\x00", ""),
        kind=observation.kind,
        value=observation.value,
        unit=observation.unit,
        observed_at=at,
        received_at=message.received_at,
        source="monitor",
        device=str(message.device.pk),
        status=observation.status,
        verified=observation.verified,
        problem=problem,
        sent_at=message.sent_at,
        demo=message.demo or observation.demo,
    )


def _row(message: Arrived, value: Value, judgement: Judgement, bed: Bedside | None, chair_id: int | None) -> Row:
    """A reading by a clock that is not believed has no owner until a nurse says whose it is."""
    if bed is None and not judgement.clock_suspect:
        value = value.labelled(judgement.label, f"{value.problem}; no session held this device at that time".lstrip("; "))
    return Row(message, value, None if judgement.clock_suspect else bed, chair_id)


def _consequences(touched: Mapping[int, tuple[Bedside, list[Value]]], now: datetime) -> list[News]:
    """Alarms and announcements of every session that got readings."""
    watched = [pk for pk, (bed, _) in touched.items() if bed.session.status in WATCHED]
    standing_now = alarms.open_now(watched) if watched else {}
    news: list[News] = []
    for pk, (bed, values) in touched.items():
        for value in values:
            bed.window = bed.window.with_reading(value)
        news.append(News("readings", now, bed.session.ref, bed.session.chair.ref, {"readings": [point(value) for value in values]}))
        if pk in standing_now and evaluate(bed.limits, bed.baseline, bed.window, standing_now[pk], now):
            news += _judged(bed, now)
    return news


def _judged(bed: Bedside, now: datetime) -> list[News]:
    """Something changes: judge again under the lock, on the alarms as they stand there, and write it."""
    pk = bed.session.pk
    open_now = alarms.uncleared([pk])[pk]
    verdicts = evaluate(bed.limits, bed.baseline, bed.window, [one.as_open() for one in open_now], now)
    return alarms.apply(bed.session, verdicts, open_now, now=now)


def judge(session: Session, *, now: datetime) -> list[News]:
    """Judge one session from the record alone: after a set by hand or a score."""
    if session.status not in WATCHED:
        return []
    return _judged(bedsides([session.pk], now=now)[session.pk], now)


def point(row: Reading | Value) -> list[Any]:
    """One reading as the chart draws it: kind, time in ms, value, label, source, words."""
    kind = KINDS.get(row.kind)
    words = kind.show(row.value) if kind and row.value is not None else "no value"
    if row.problem:
        words = f"{words}: {row.problem}"
    return [row.kind, int(row.observed_at.timestamp() * 1000), row.value, row.label, row.source, words]
