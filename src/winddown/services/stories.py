"""The one writer of a session's story. Every verb at the chair ends here: one locked session, one row, one announcement."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid4

from django.db import transaction
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange

from winddown.domain.refusals import Missing, Refusal, UnknownWord
from winddown.domain.sessions import lifecycle
from winddown.domain.sessions.story import Event, effective
from winddown.record.models import Device, Occupancy, Session, SessionEvent, Staff
from winddown.record.queries.stories import event_of, events_of
from winddown.services import audit
from winddown.services.announcements import News, announce

LEAVES = ("discharged", "abandoned")
KINDS = frozenset(
    [
        "checked_in",
        "identity_confirmed",
        "weight_measured",
        "weight_accepted",
        "review_accepted",
        "allergies_confirmed",
        "fasting_recorded",
        "escort_named",
        "baseline_taken",
        "monitor_matched",
        "pump_read_back",
        "supervisor_named",
        "supervisor_left",
        "handed_over",
        "consent_seen",
        "bag_hung",
        "made_ready",
        "started",
        "rate_changed",
        "rate_reported",
        "bolus_given",
        "held",
        "resumed",
        "infusion_completed",
        "stopped",
        "line_flushed",
        "recovery_started",
        "score_taken",
        "observation_set_taken",
        "iv_site_checked",
        "extravasation_seen",
        "adverse_event",
        "adverse_event_closed",
        "rescue_given",
        "note_written",
        "photo_taken",
        "comfort_given",
        "toilet_trip",
        "fall",
        "oxygen_set",
        "monitor_lost",
        "emergency_opened",
        "emergency_closed",
        "iv_removed",
        "orthostatic_taken",
        "recovery_scored",
        "escort_present",
        "no_drive_text_given",
        "suicide_follow_up_done",
        "discharge_signed",
        "gate_overridden",
        "discharged",
        "abandoned",
        "retracted",
        "pump_reported",
        "device_alarm_reported",
    ]
)


@transaction.atomic
def write(
    session: Session,
    kind: str,
    data: Mapping[str, Any] | None = None,
    *,
    by: Staff | None,
    now: datetime,
    happened_at: datetime | None = None,
    key: UUID | None = None,
    second: Staff | None = None,
    supersedes: UUID | str | None = None,
    device: Device | None = None,
    body: Mapping[str, Any] | None = None,
) -> SessionEvent:
    """Append one fact and bring the session's status in line with the whole story.

    key         the writer's idempotency key: the same key again returns the row that is there
    supersedes  the `ref` of the event this one corrects; both stay
    A fact that the lifecycle frowns on is kept all the same, with the sentence in `odd`.
    """
    if kind not in KINDS:
        raise UnknownWord("session event", kind, KINDS)
    locked = Session.objects.select_for_update().get(pk=session.pk)
    if key is not None and (known := SessionEvent.objects.filter(ref=key).first()) is not None:
        return _same(known, locked, kind)
    replaced = _replaced(locked, supersedes)
    before = events_of(locked)
    odd = lifecycle.next_status(locked.status, kind).because if replaced is None else ""
    row = SessionEvent(
        ref=key or uuid4(),
        session=locked,
        kind=kind,
        happened_at=happened_at or now,
        written_at=now,
        by=by,
        device=device,
        second=second,
        data=plain(data or {}),
        supersedes=replaced,
        odd=odd[:300],
    )
    row.save()
    _settle(locked, (*before, event_of(row)), now)
    session.status, session.status_at, session.version = locked.status, locked.status_at, locked.version
    if by is not None:  # a device's row names its device and both times; the audit is about people
        audit.note(f"write {kind}", by=by, now=now, patient=locked.patient, subject=str(locked.ref))
    announce(News("event", now, locked.ref, locked.chair.ref, {"event": kind, "status": locked.status, **(body or {})}))
    return row


def retract(event: SessionEvent, *, because: str, by: Staff, now: datetime, key: UUID | None = None) -> SessionEvent:
    """Say that an event did not happen. It stays, struck through, with the reason."""
    if not because.strip():
        raise Missing(because="A retraction needs a reason.", way_out="Say why it is wrong.", code="reason_missing", where="because")
    return write(
        event.session, "retracted", {"because": because}, by=by, now=now, happened_at=event.happened_at, key=key, supersedes=event.ref
    )


def standing(session: Session) -> tuple[Event, ...]:
    """What stands of the story once repeats and corrections are settled."""
    return effective(events_of(session))


def plain(data: Mapping[str, Any]) -> dict[str, Any]:
    """Event data as JSON keeps it: decimals as strings, instants as ISO 8601."""
    return {name: _plain_value(value) for name, value in data.items() if value is not None}


def _plain_value(value: Any) -> Any:
    if isinstance(value, Decimal):
        return format(value, "f")
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, Mapping):
        return plain(value)
    if isinstance(value, UUID):
        return str(value)
    return value


def _same(known: SessionEvent, session: Session, kind: str) -> SessionEvent:
    if known.session_id != session.pk or known.kind != kind:
        raise Refusal(because="This key was used for another entry.", way_out="Reload the page and enter it again.", code="key_reused")
    return known


def _replaced(session: Session, ref: UUID | str | None) -> SessionEvent | None:
    if ref is None:
        return None
    found = SessionEvent.objects.filter(session=session, ref=ref).first()
    if found is None:
        raise Missing(
            because="The entry to correct is not in this session.", way_out="Open the entry from the chart.", code="event_unknown"
        )
    return found


def _settle(session: Session, events: tuple[Event, ...], now: datetime) -> None:
    """Status, version and chair follow from the story; nothing else writes them."""
    status = lifecycle.status_of(effective(events))
    if status != session.status:
        session.status, session.status_at = status, now
    session.version = len(events)
    session.save(update_fields=["status", "status_at", "version"])
    if session.status not in ("planned", *LEAVES):
        _sit(session, events)
    elif session.status in LEAVES:
        _leave(session, effective(events)[-1].happened_at)


def _sit(session: Session, events: tuple[Event, ...]) -> None:
    if Occupancy.objects.filter(session=session, span__endswith__isnull=True).exists():
        return
    since = next((event.happened_at for event in events if event.kind == "checked_in"), events[-1].happened_at)
    Occupancy(session=session, chair=session.chair, span=DateTimeTZRange(since, None, "[)")).save()


def _leave(session: Session, at: datetime) -> None:
    for occupancy in Occupancy.objects.filter(session=session, span__endswith__isnull=True):
        occupancy.span = DateTimeTZRange(occupancy.span.lower, max(at, occupancy.span.lower), "[]")
        occupancy.save(update_fields=["span"])
