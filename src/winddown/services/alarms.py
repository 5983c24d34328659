"""Alarms as facts: raised, worsened, acknowledged, cleared. The judging is the domain's; here it is written once and announced."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.db import connection, transaction

from winddown.domain.alarms import lifecycle
from winddown.domain.alarms.evaluate import Cleared, OpenAlarm, Raised, Worsened
from winddown.domain.alarms.evaluate import News as Verdict
from winddown.domain.refusals import NotAllowed
from winddown.domain.words import uncut
from winddown.record.models import Alarm, AlarmAct, Chair, Location, Session, Staff
from winddown.services import audit, permissions
from winddown.services.announcements import News, announce

_LOCK = 7_410_001
_PLACE_LOCK = 7_410_003


@dataclass(frozen=True)
class Standing:
    """One alarm with what has happened to it so far."""

    alarm: Alarm
    acts: tuple[AlarmAct, ...]

    @property
    def status(self) -> lifecycle.Status:
        status: lifecycle.Status = "raised"
        for act in self.acts:
            if act.kind in ("acknowledged", "worsened", "cleared") and (status, act.kind) in lifecycle.NEXT:
                status = lifecycle.next_status(status, act.kind)  # type: ignore[arg-type]
        return status

    @property
    def severity(self) -> str:
        return next((act.severity for act in reversed(self.acts) if act.severity), self.alarm.severity)

    @property
    def tier(self) -> str:
        return next((act.tier for act in reversed(self.acts) if act.tier), self.alarm.tier)

    @property
    def words(self) -> str:
        return next((act.words for act in reversed(self.acts) if act.kind == "worsened"), self.alarm.words)

    @property
    def next_step(self) -> str:
        return next((act.next_step for act in reversed(self.acts) if act.next_step), self.alarm.next_step)

    @property
    def acknowledgement(self) -> AlarmAct | None:
        return next((act for act in reversed(self.acts) if act.kind == "acknowledged"), None)

    @property
    def cleared_at(self) -> datetime | None:
        return next((act.at for act in self.acts if act.kind == "cleared"), None)

    def as_open(self) -> OpenAlarm:
        return OpenAlarm(
            self.alarm.condition,
            self.tier,  # type: ignore[arg-type]
            self.severity,  # type: ignore[arg-type]
            self.alarm.raised_at,
            self.status == "acknowledged",
        )


def standing(alarms: Iterable[Alarm]) -> list[Standing]:
    """Each alarm with its acts in order. One query for all acts."""
    listed = list(alarms)
    acts: dict[int, list[AlarmAct]] = {alarm.pk: [] for alarm in listed}
    own = [field.name for field in AlarmAct._meta.concrete_fields]
    for act in AlarmAct.objects.filter(alarm_id__in=acts).select_related("by").only(*own, "by__name").order_by("id"):
        acts[act.alarm_id].append(act)
    return [Standing(alarm, tuple(acts[alarm.pk])) for alarm in listed]


def uncleared(sessions: Sequence[int]) -> dict[int, list[Standing]]:
    """The alarms of these sessions that no act has cleared, by session id. Locks their judging until commit."""
    with connection.cursor() as cursor:
        places = sorted({session_id % 2_000_000_000 for session_id in sessions})
        cursor.execute("select pg_advisory_xact_lock(%s, place) from unnest(%s::int[]) as place", [_LOCK, places])
    found: dict[int, list[Standing]] = {session_id: [] for session_id in sessions}
    rows = Alarm.objects.filter(session_id__in=sessions).exclude(acts__kind="cleared").select_related("chair", "location").order_by("id")
    for one in standing(rows):
        found[one.alarm.session_id or 0].append(one)
    return found


def open_now(sessions: Sequence[int]) -> dict[int, list[OpenAlarm]]:
    """The same alarms as the domain judges them, without a lock: enough to see that nothing changes. One query."""
    found: dict[int, list[OpenAlarm]] = {session_id: [] for session_id in sessions}
    with connection.cursor() as cursor:
        cursor.execute(
            """select a.session_id, a.condition, a.tier, a.severity, a.raised_at,
                 array(select array[act.kind, act.tier, act.severity]::text[] from record_alarmact act
                       where act.alarm_id = a.id order by act.id)
               from record_alarm a where a.session_id = any(%s)
               and not exists (select 1 from record_alarmact act where act.alarm_id = a.id and act.kind = 'cleared') order by a.id""",
            [list(sessions)],
        )
        for session_id, condition, tier, severity, raised_at, acts in cursor.fetchall():
            seen = False
            for kind, new_tier, new_severity in acts:
                seen = kind == "acknowledged" or (seen and kind != "worsened")
                tier, severity = new_tier or tier, new_severity or severity
            found[session_id].append(OpenAlarm(condition, tier, severity, raised_at, seen))
    return found


def apply(session: Session, verdicts: Sequence[Raised | Worsened | Cleared], open_now: Sequence[Standing], *, now: datetime) -> list[News]:
    """Write what the domain said of one session. Returns the announcements; the caller sends them with its own, last."""
    by_key = {one.alarm.condition: one for one in open_now}
    zone = ZoneInfo(session.location.time_zone)
    news = []
    for verdict in verdicts:
        known = by_key.get(verdict.key)
        if isinstance(verdict, Raised):
            row = _raise(session, verdict, zone, now)
            by_key[verdict.key] = Standing(row, ())
        elif known is None:
            continue
        else:
            kind = "cleared" if isinstance(verdict, Cleared) else "worsened"
            act = AlarmAct(
                alarm=known.alarm,
                kind=kind,
                at=verdict.at,
                words=_said(verdict, zone)[:400],
                next_step=verdict.do[:400],
                tier=verdict.tier if kind == "worsened" else "",
                severity=verdict.severity if kind == "worsened" else "",
            )
            act.save()
            by_key[verdict.key] = Standing(known.alarm, (*known.acts, act))
        news.append(News("alarm", now, session.ref, session.chair.ref, as_body(by_key[verdict.key])))
    return news


def _said(verdict: Verdict, zone: ZoneInfo) -> str:
    read_at = f", read {verdict.observed_at.astimezone(zone):%H:%M:%S}" if verdict.observed_at and verdict.value is not None else ""
    return f"{verdict.because}{read_at}"


def _raise(session: Session, verdict: Raised, zone: ZoneInfo, now: datetime) -> Alarm:
    row = Alarm(
        session=session,
        chair=session.chair,
        location=session.location,
        condition=verdict.key,
        tier=verdict.tier,
        severity=verdict.severity,
        words=_said(verdict, zone)[:400],
        next_step=verdict.do[:400],
        raised_at=verdict.at,
        written_at=now,
    )
    row.save()
    return row


def as_body(one: Standing) -> dict[str, Any]:
    """An alarm as live pages draw it. Times in milliseconds since 1970."""
    seen = one.acknowledgement
    return {
        "id": str(one.alarm.ref),
        "condition": one.alarm.condition,
        "location": str(one.alarm.location.ref) if one.alarm.location else None,
        "where": where(one.alarm),
        "severity": one.severity,
        "tier": one.tier,
        "status": one.status,
        "words": one.words,
        "next_step": one.next_step,
        "raised_at": _ms(one.alarm.raised_at),
        "acknowledged_at": _ms(seen.at) if seen else None,
        "acknowledged_by": seen.by.name if seen and seen.by else None,
        "cleared_at": _ms(one.cleared_at) if one.cleared_at else None,
    }


def where(alarm: Alarm) -> str:
    """The chair, or the place when it is about the place."""
    named = alarm.chair or alarm.location
    return named.name if named else ""


def _ms(at: datetime) -> int:
    return int(at.timestamp() * 1000)


def _lock_judging(alarm: Alarm) -> None:
    """Nothing else is said of this alarm until commit. Alarm rows are written once, so the lock is not on the row."""
    about, number = (_LOCK, alarm.session_id) if alarm.session_id else (_PLACE_LOCK, alarm.pk)
    with connection.cursor() as cursor:
        cursor.execute("select pg_advisory_xact_lock(%s, %s)", [about, number % 2_000_000_000])


@transaction.atomic
def acknowledge(alarm: Alarm, *, by: Staff, now: datetime, words: str = "") -> Standing:
    """A named person has seen it. Seeing it twice is seeing it once."""
    permissions.require(by, "alarm.acknowledge")
    _lock_judging(alarm)
    one = standing(Alarm.objects.filter(pk=alarm.pk).select_related("session__patient", "chair", "location"))[0]
    if one.status in ("acknowledged", "cleared"):
        return one
    act = AlarmAct(alarm=one.alarm, kind="acknowledged", at=now, by=by, words=uncut(words, 400))
    act.save()
    one = Standing(one.alarm, (*one.acts, act))
    session = one.alarm.session
    audit.note("acknowledge alarm", by=by, now=now, patient=session.patient if session else None, subject=str(one.alarm.ref))
    announce(News("alarm", now, session.ref if session else None, one.alarm.chair.ref if one.alarm.chair else None, as_body(one)))
    return one


@transaction.atomic
def raise_for_place(
    *,
    key: str,
    severity: str,
    words: str,
    next_step: str,
    now: datetime,
    location: Location | None = None,
    chair: Chair | None = None,
    session: Session | None = None,
) -> Alarm | None:
    """An alarm about the house and not about a reading: a sleeping screen, a listener without traffic. One open alarm per key and place."""
    same = Alarm.objects.filter(condition=key, location=location, chair=chair, session=session).exclude(acts__kind="cleared")
    if same.exists():
        return None
    row = Alarm(
        session=session,
        chair=chair,
        location=location,
        condition=key,
        severity=severity,
        words=words[:400],
        next_step=next_step[:400],
        raised_at=now,
        written_at=now,
    )
    row.save()
    announce(News("alarm", now, session.ref if session else None, chair.ref if chair else None, as_body(Standing(row, ()))))
    return row


@transaction.atomic
def clear_for_place(*, key: str, now: datetime, words: str, location: Location | None = None, session: Session | None = None) -> None:
    """The condition of the house is over."""
    for row in Alarm.objects.filter(condition=key, location=location, session=session).exclude(acts__kind="cleared"):
        act = AlarmAct(alarm=row, kind="cleared", at=now, words=words[:400])
        act.save()
        announce(News("alarm", now, row.session.ref if row.session else None, None, as_body(Standing(row, (act,)))))


def visible(*, location: Location | None = None, session: Session | None = None, limit: int = 100) -> list[Standing]:
    """What a screen must show: raised, acknowledged but not over, and over but never seen; in this order, the graver before the lesser."""
    rows = Alarm.objects.select_related("session", "chair", "location").order_by("-raised_at")
    if session is not None:
        rows = rows.filter(session=session)
    if location is not None:
        rows = rows.filter(location=location)
    done = AlarmAct.objects.filter(kind="cleared").values("alarm_id")
    seen = AlarmAct.objects.filter(kind="acknowledged").values("alarm_id")
    rows = rows.exclude(pk__in=done, id__in=seen) if session is None else rows
    shown = [one for one in standing(rows[:limit]) if one.status in lifecycle.VISIBLE]
    return sorted(shown, key=lambda one: (lifecycle.STATUSES.index(one.status), _GRAVEST_FIRST.index(one.severity)))


_GRAVEST_FIRST = ("high", "medium", "low")


def require_open(one: Standing) -> None:
    if one.status == "cleared":
        raise NotAllowed(because="This alarm is over and was seen.", way_out="Reload the chart.", code="alarm_over")
