"""From one message's observations to readings: whose they are, what they are worth, and what they set off.

Whose they are is never guessed: the device must have been bound to a chair, a session must have held that chair, both at the observed
time, and on a live feed the device's clock must be believable. Anything else waits on the orphan list.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.db import connection
from django.db.models import Exists, OuterRef, QuerySet

from winddown.domain.alarms.condition import BASELINE_KINDS, Baseline, Limits
from winddown.domain.alarms.evaluate import evaluate
from winddown.domain.alarms.window import Sample, Window
from winddown.domain.sessions.story import Event, effective, latest
from winddown.domain.sessions.supervision import read_supervision
from winddown.domain.vitals import reading as reading_module
from winddown.domain.vitals.kinds import KINDS
from winddown.domain.vitals.stream import Context, Judgement, accept_set
from winddown.domain.wire.hl7v2.observation import PROBLEMS, Observation
from winddown.record.models import Device, DeviceBinding, DeviceMessage, Occupancy, Reading, Session, SessionEvent
from winddown.record.queries.stories import events_of
from winddown.services import alarms
from winddown.services.announcements import News

Value = reading_module.Reading
WATCHED = ("ready", "running", "held", "stopped", "recovering")
WINDOW = timedelta(minutes=45)


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

    row: DeviceMessage
    device: Device
    observations: tuple[Observation, ...]
    sent_at: datetime | None
    received_at: datetime
    demo: bool


class Beds:
    """The bedsides that one process follows. Holds no truth: everything in it can be rebuilt from the record."""

    def __init__(self) -> None:
        self._known: dict[int, Bedside] = {}

    def of(self, session: Session) -> Bedside:
        known = self._known.get(session.pk)
        if known is None or known.session.version != session.version:
            fresh = bedside(session, with_readings=known is None)
            if known is not None:
                fresh.window = _merged(known.window, fresh.window)
                fresh.context = known.context
            self._known[session.pk] = known = fresh
        return known

    def forget_others(self, living: Iterable[int]) -> None:
        keep = set(living)
        self._known = {pk: bed for pk, bed in self._known.items() if pk in keep}


def bedside(session: Session, *, with_readings: bool = True) -> Bedside:
    """Limits, baseline and window of one session from the record."""
    events = effective(events_of(session))
    protocol = session.order.course.protocol.data
    readings = recent_readings(session, since=session.status_at - WINDOW) if with_readings else ()
    return Bedside(
        session=session,
        limits=read_supervision(protocol).alarms,
        baseline=baseline_of(events),
        window=Window.of(readings, scores_of(events)),
    )


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


def recent_readings(session: Session, *, since: datetime) -> list[Value]:
    rows = standing(Reading.objects.filter(session=session, observed_at__gte=since)).exclude(label="duplicate").order_by("observed_at")
    return [as_value(row) for row in rows]


def standing(rows: QuerySet[Reading]) -> QuerySet[Reading]:
    """Without the readings of a set by hand that was corrected or taken back; they stay in the record."""
    return rows.filter(~Exists(SessionEvent.objects.filter(supersedes=OuterRef("event_id"))))


def as_value(row: Reading) -> Value:
    """One stored row as the domain's reading."""
    return Value(
        id=str(row.pk),
        kind=row.kind,
        value=row.value,
        unit=row.unit,
        observed_at=row.observed_at,
        received_at=row.received_at,
        source=row.source,
        device=str(row.device_id or ""),
        label=row.label,
        problem=row.problem,
    )


def take_in(arrived: Sequence[Arrived], beds: Beds, *, now: datetime) -> list[News]:
    """Store the readings of a batch of messages, judge them, and return the announcements. Runs inside the caller's transaction."""
    holders = _holders(arrived)
    known = _already(arrived)
    rows: list[Reading] = []
    touched: dict[int, tuple[Bedside, list[tuple[Value, Reading]]]] = {}
    for message in arrived:
        for session, chair_id, values in _by_holder(message, holders):
            bed = beds.of(session) if session else None
            context, judged = accept_set(bed.context if bed else Context(), values)
            if bed:
                bed.context = context
            for value, judgement in judged:
                if (message.device.pk, value.kind, value.observed_at, value.id) in known:
                    continue
                known.add((message.device.pk, value.kind, value.observed_at, value.id))
                row = _row(message, value, judgement, session, chair_id)
                rows.append(row)
                if bed and row.session_id:
                    touched.setdefault(session.pk, (bed, []))[1].append((value, row))  # type: ignore[union-attr]
    Reading.objects.bulk_create(rows, batch_size=2000)
    return _consequences(touched, now)


def _holders(arrived: Sequence[Arrived]) -> dict[int, list[tuple[Any, Any, int, Session | None, Any]]]:
    """For each device: (binding span, occupancy span, chair, session, ...) that might hold one of these readings. Two queries."""
    devices = {message.device.pk for message in arrived}
    bindings = list(DeviceBinding.objects.filter(device_id__in=devices))
    chairs = {binding.chair_id for binding in bindings}
    times = [each.observed_at for message in arrived for each in message.observations if each.observed_at]
    if not times:
        return {}
    seats = Occupancy.objects.filter(chair_id__in=chairs, span__overlap=(min(times), max(times) + timedelta(microseconds=1)))
    by_chair: dict[int, list[Occupancy]] = {}
    for seat in seats.select_related("session__location", "session__chair", "session__order__course__protocol"):
        by_chair.setdefault(seat.chair_id, []).append(seat)
    found: dict[int, list[tuple[Any, Any, int, Session | None, Any]]] = {}
    for binding in bindings:
        for seat in by_chair.get(binding.chair_id, [None]):  # type: ignore[list-item]
            session = seat.session if seat else None
            found.setdefault(binding.device_id, []).append((binding.span, seat.span if seat else None, binding.chair_id, session, None))
    return found


def _holder_at(spans: Sequence[tuple[Any, Any, int, Session | None, Any]], at: datetime) -> tuple[Session | None, int | None]:
    chair_id = None
    for bound, seated, chair, session, _ in spans:
        if _within(bound, at):
            chair_id = chair
            if session is not None and _within(seated, at):
                return session, chair
    return None, chair_id


def _within(span: Any, at: datetime) -> bool:
    return span is not None and (span.lower is None or span.lower <= at) and (span.upper is None or at <= span.upper)


def _by_holder(
    message: Arrived, holders: dict[int, list[tuple[Any, Any, int, Session | None, Any]]]
) -> list[tuple[Session | None, int | None, list[Value]]]:
    """The message's readings grouped by the session that held the device at each observed time."""
    groups: dict[tuple[int | None, int | None], tuple[Session | None, int | None, list[Value]]] = {}
    for observation in message.observations:
        at = observation.observed_at or message.received_at
        session, chair_id = _holder_at(holders.get(message.device.pk, ()), at) if observation.observed_at else (None, None)
        key = (session.pk if session else None, chair_id)
        groups.setdefault(key, (session, chair_id, []))[2].append(_value(message, observation, at))
    return list(groups.values())


def _value(message: Arrived, observation: Observation, at: datetime) -> Value:
    problem = PROBLEMS.get(observation.problem or "", "")
    if observation.zone_assumed:
        problem = f"{problem}; time without a zone, read in the location's".lstrip("; ")
    return Value(
        id=observation.raw_value[:60],
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


def _row(message: Arrived, value: Value, judgement: Judgement, session: Session | None, chair_id: int | None) -> Reading:
    owner = session if session is not None and not judgement.clock_suspect else None
    problem = value.problem
    if owner is None and not judgement.clock_suspect:
        problem = f"{problem}; no session held this device at that time".lstrip("; ")
    return Reading(
        practice_id=message.row.practice_id,
        session=owner,
        chair_id=chair_id,
        device=message.device,
        message=message.row,
        kind=value.kind,
        value=value.value,
        unit=value.unit,
        raw_value=value.id,
        observed_at=value.observed_at,
        received_at=value.received_at,
        source="monitor",
        label=judgement.label,
        problem=problem[:300],
    )


def _already(arrived: Sequence[Arrived]) -> set[tuple[int, str, datetime, str]]:
    """Which of these the record holds already: a replay changes nothing."""
    wanted = [
        (message.device.pk, each.kind, each.observed_at or message.received_at, each.raw_value[:60])
        for message in arrived
        for each in message.observations
    ]
    if not wanted:
        return set()
    devices, kinds, times, raws = zip(*wanted, strict=True)
    with connection.cursor() as cursor:
        cursor.execute(
            """select r.device_id, r.kind, r.observed_at, r.raw_value from record_reading r
               join unnest(%s::bigint[], %s::text[], %s::timestamptz[], %s::text[]) as w(device_id, kind, observed_at, raw_value)
               on r.device_id = w.device_id and r.kind = w.kind and r.observed_at = w.observed_at and r.raw_value = w.raw_value""",
            [list(devices), list(kinds), list(times), list(raws)],
        )
        return {(row[0], row[1], row[2], row[3]) for row in cursor.fetchall()}


def _consequences(touched: dict[int, tuple[Bedside, list[tuple[Value, Reading]]]], now: datetime) -> list[News]:
    """Alarms and announcements of every session that got readings."""
    watched = [pk for pk, (bed, _) in touched.items() if bed.session.status in WATCHED]
    open_alarms = alarms.uncleared(watched) if watched else {}
    news: list[News] = []
    for pk, (bed, pairs) in touched.items():
        for value, _ in pairs:
            bed.window = bed.window.with_reading(value)
        news.append(News("readings", now, bed.session.ref, bed.session.chair.ref, {"readings": [point(row) for _, row in pairs]}))
        if pk in open_alarms:
            verdicts = evaluate(bed.limits, bed.baseline, bed.window, [one.as_open() for one in open_alarms[pk]], now)
            news += alarms.apply(bed.session, verdicts, open_alarms[pk], now=now)
    return news


def judge(session: Session, *, now: datetime) -> list[News]:
    """Judge one session from the record alone: after a set by hand or a score."""
    if session.status not in WATCHED:
        return []
    bed = bedside(session)
    open_now = alarms.uncleared([session.pk])[session.pk]
    verdicts = evaluate(bed.limits, bed.baseline, bed.window, [one.as_open() for one in open_now], now)
    return alarms.apply(session, verdicts, open_now, now=now)


def point(row: Reading) -> list[Any]:
    """One reading as the chart draws it: kind, time in ms, value, label, source, words."""
    kind = KINDS.get(row.kind)
    words = kind.show(row.value) if kind and row.value is not None else "no value"
    if row.problem:
        words = f"{words}: {row.problem}"
    return [row.kind, int(row.observed_at.timestamp() * 1000), row.value, row.label, row.source, words]


def _merged(one: Window, other: Window) -> Window:
    """Readings from the one, scores from the other."""
    return Window(
        {
            **{kind: found for kind, found in other.samples.items() if kind not in KINDS},
            **{k: s for k, s in one.samples.items() if k in KINDS},
        }
    )
