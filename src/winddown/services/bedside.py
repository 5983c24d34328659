"""What the nurse does at the chair besides the pump: scores, sets of observations, notes, events, rescue, the emergency card."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from hashlib import sha256
from typing import Any
from uuid import UUID, uuid5

from django.db import transaction

from winddown.domain.refusals import Missing, OutOfRange, Refusal, UnknownWord
from winddown.domain.sessions import adverse_events, scores
from winddown.domain.sessions.story import latest
from winddown.domain.vitals.kinds import kind_of
from winddown.domain.vitals.stream import Context, accept
from winddown.record.models import Attachment, Reading, Session, SessionEvent, Staff
from winddown.services import forewarning, infusion, permissions, picture, stories, vitals
from winddown.services.announcements import News, announce

PHOTO_TYPES = ("image/jpeg", "image/png", "image/webp")
PHOTO_MAX_BYTES = 8 * 1024 * 1024
_ADVISED = frozenset(["adverse_event", "adverse_event_closed", "iv_site_checked", "extravasation_seen", "monitor_lost", "monitor_matched"])
_SIMPLE = frozenset(
    [
        "identity_confirmed",
        "allergies_confirmed",
        "fasting_recorded",
        "escort_named",
        "consent_seen",
        "monitor_matched",
        "supervisor_named",
        "supervisor_left",
        "handed_over",
        "iv_site_checked",
        "extravasation_seen",
        "adverse_event",
        "adverse_event_closed",
        "note_written",
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
        "weight_accepted",
        "review_accepted",
        "weight_measured",
        "recovery_started",
    ]
)


@transaction.atomic
def record(
    session: Session,
    kind: str,
    data: Mapping[str, Any],
    *,
    by: Staff,
    now: datetime,
    happened_at: datetime | None = None,
    key: UUID | None = None,
    supersedes: UUID | str | None = None,
    second: Staff | None = None,
) -> SessionEvent:
    """One plain fact at the chair. What a prescriber must accept is accepted by a prescriber only."""
    if kind not in _SIMPLE:
        raise UnknownWord("bedside entry", kind, _SIMPLE)
    permissions.require(by, "session.accept_review" if kind in ("review_accepted", "weight_accepted") else "session.chart")
    if kind in ("review_accepted", "weight_accepted") and not str(data.get("because", "")).strip():
        raise Missing(
            because="Accepting a review needs a reason.", way_out="Say why it is safe to go on.", code="reason_missing", where="because"
        )
    row = stories.write(session, kind, data, by=by, now=now, happened_at=happened_at, key=key, supersedes=supersedes, second=second)
    if kind in _ADVISED:
        infusion.follow_advice(session, now=now)
    return row


@transaction.atomic
def adverse_event(
    session: Session,
    term: str,
    grade: str,
    words: str = "",
    *,
    by: Staff,
    now: datetime,
    happened_at: datetime | None = None,
    key: UUID | None = None,
) -> SessionEvent:
    """An adverse event beside the dose and the predicted levels at the moment it happened. A term or grade off the list is refused."""
    adverse_events.term_of(term)
    adverse_events.grade_words(int(grade) if grade.isdigit() else 0)
    beside = picture.beside(session, happened_at or now)
    data = {"term": term, "grade": grade, "words": words.strip(), **beside}
    return record(session, "adverse_event", data, by=by, now=now, happened_at=happened_at, key=key)


@transaction.atomic
def score(
    session: Session,
    scale: str,
    value: str,
    *,
    by: Staff,
    now: datetime,
    happened_at: datetime | None = None,
    key: UUID | None = None,
    supersedes: UUID | str | None = None,
) -> SessionEvent:
    """One score, one tap. A value outside its scale is refused with the range."""
    permissions.require(by, "session.chart")
    checked = scores.scale_of(scale).level(value).value
    row = stories.write(
        session,
        "score_taken",
        {"scale": scale, "value": str(checked)},
        by=by,
        now=now,
        happened_at=happened_at,
        key=key,
        supersedes=supersedes,
    )
    announce(*vitals.judge(session, now=now), *forewarning.judge(session, now=now))
    return row


@transaction.atomic
def perceive(session: Session, seen: str, *, by: Staff, now: datetime, happened_at: datetime | None = None, key: UUID) -> SessionEvent:
    """The score that the alarms know and, where its level stands for several things, a note of which it was. Refuses an unknown word."""
    if seen not in scores.PERCEIVED:
        raise UnknownWord("perception", seen, scores.PERCEIVED)
    row = score(session, "perception", str(scores.PERCEIVED[seen]), by=by, now=now, happened_at=happened_at, key=key)
    if seen in scores.TOLD_IN_A_NOTE:
        words = {"words": f"Perception: {seen}."}
        record(session, "note_written", words, by=by, now=now, happened_at=happened_at, key=uuid5(key, "words"))
    return row


@transaction.atomic
def observe(
    session: Session,
    numbers: Mapping[str, str],
    scored: Mapping[str, str],
    *,
    by: Staff,
    now: datetime,
    happened_at: datetime | None = None,
    key: UUID | None = None,
    expected: Sequence[str] = (),
    supersedes: SessionEvent | None = None,
    because: str = "",
) -> SessionEvent:
    """A set by hand: vital signs and scores taken together, with what was left out named. Odd values are kept and labelled.

    supersedes   the set this one corrects, with the reason; its readings and scores stay in the record and are drawn no more
    """
    permissions.require(by, "session.chart")
    at = happened_at or now
    values = {kind: _number(kind, text) for kind, text in numbers.items() if text.strip()}
    levels = {scale: scores.scale_of(scale).level(text).value for scale, text in scored.items() if text.strip()}
    if not values and not levels:
        raise Missing(because="The set is empty.", way_out="Enter at least one value.", code="set_empty")
    missing = sorted(set(expected) - set(values) - set(levels))
    known = SessionEvent.objects.filter(ref=key).first() if key else None
    data = {"missing": missing, **({"because_corrected": because} if supersedes else {})}
    replaced = supersedes.ref if supersedes else None
    row = stories.write(session, "observation_set_taken", data, by=by, now=now, happened_at=at, key=key, supersedes=replaced)
    if known is not None:
        return row
    if supersedes is not None:
        retract_scores_of(supersedes, because=because, by=by, now=now)
    readings = [_reading(session, row, kind, value, at, now, by) for kind, value in values.items()]
    Reading.objects.bulk_create(readings)
    for scale, value in levels.items():
        stories.write(session, "score_taken", {"scale": scale, "value": str(value), "set": str(row.ref)}, by=by, now=now, happened_at=at)
    announce(News("readings", now, session.ref, session.chair.ref, {"readings": [vitals.point(reading) for reading in readings]}))
    announce(*vitals.judge(session, now=now), *forewarning.judge(session, now=now))
    return row


@transaction.atomic
def take_baseline(
    session: Session, numbers: Mapping[str, Any], *, by: Staff, now: datetime, happened_at: datetime | None = None, key: UUID | None = None
) -> SessionEvent:
    """The patient before the start: what every limit relative to this patient is judged against."""
    permissions.require(by, "session.chart")
    row = stories.write(session, "baseline_taken", numbers, by=by, now=now, happened_at=happened_at, key=key)
    at = happened_at or now
    kinds = ("systolic", "diastolic", "pulse_rate", "respiratory_rate", "spo2")
    if not Reading.objects.filter(event=row).exists():
        readings = [_reading(session, row, kind, float(numbers[kind]), at, now, by) for kind in kinds if numbers.get(kind)]
        Reading.objects.bulk_create(readings)
        announce(News("readings", now, session.ref, session.chair.ref, {"readings": [vitals.point(reading) for reading in readings]}))
    return row


@transaction.atomic
def keep_photo(
    session: Session,
    content: bytes,
    media_type: str,
    words: str,
    *,
    by: Staff,
    now: datetime,
    happened_at: datetime | None = None,
    key: UUID | None = None,
) -> SessionEvent:
    """A photo of the IV site on the same time axis, kept in the record with its digest. The same key again keeps nothing new."""
    permissions.require(by, "session.chart")
    if key is not None and SessionEvent.objects.filter(ref=key).exists():
        return stories.write(session, "photo_taken", by=by, now=now, key=key)
    if media_type not in PHOTO_TYPES:
        raise UnknownWord("photo type", media_type, PHOTO_TYPES)
    if not 0 < len(content) <= PHOTO_MAX_BYTES:
        raise OutOfRange(
            because=f"The photo has {len(content)} bytes, at most {PHOTO_MAX_BYTES} are kept.",
            way_out="Take it smaller.",
            code="photo_size",
        )
    photo = Attachment(session=session, media_type=media_type, sha256=sha256(content).hexdigest(), content=content, written_at=now, by=by)
    photo.save()
    data = {"file": photo.ref, "words": words}
    return stories.write(session, "photo_taken", data, by=by, now=now, happened_at=happened_at, key=key)


@transaction.atomic
def correct(
    event: SessionEvent,
    data: Mapping[str, Any],
    *,
    because: str,
    by: Staff,
    now: datetime,
    happened_at: datetime | None = None,
    key: UUID | None = None,
) -> SessionEvent:
    """The fact as it really was. The old one stays, struck through, with both times and the reason."""
    permissions.require(by, "session.chart")
    if not because.strip():
        raise Missing(because="A correction needs a reason.", way_out="Say what was wrong.", code="reason_missing", where="because")
    row = stories.write(
        event.session,
        event.kind,
        {**data, "because_corrected": because},
        by=by,
        now=now,
        happened_at=happened_at or event.happened_at,
        key=key,
        supersedes=event.ref,
        second=event.second,
    )
    infusion.follow_correction(event.session, by=by, now=now)
    announce(*vitals.judge(event.session, now=now))
    return row


@transaction.atomic
def retract(event: SessionEvent, *, because: str, by: Staff, now: datetime, key: UUID | None = None) -> SessionEvent:
    """It did not happen. The entry stays, struck through, and the dose and the ledger follow."""
    permissions.require(by, "session.chart")
    row = stories.retract(event, because=because, by=by, now=now, key=key)
    if event.kind == "observation_set_taken":
        retract_scores_of(event, because=because, by=by, now=now)
    infusion.follow_correction(event.session, by=by, now=now)
    infusion.follow_advice(event.session, now=now)
    announce(*vitals.judge(event.session, now=now))
    return row


def retract_scores_of(taken: SessionEvent, *, because: str, by: Staff, now: datetime) -> None:
    """The scores that were entered with a set go with it."""
    standing = {event.id for event in stories.standing(taken.session)}
    for row in SessionEvent.objects.filter(session=taken.session, kind="score_taken", data__set=str(taken.ref)):
        if str(row.ref) in standing:
            stories.retract(row, because=because, by=by, now=now)


def baseline_number(session: Session, name: str) -> Decimal | None:
    taken = latest(stories.standing(session), "baseline_taken")
    return taken.number(name) if taken else None


def _number(kind: str, text: str) -> float:
    words = kind_of(kind).words
    try:
        value = float(text.strip())
    except ValueError:
        raise Refusal(
            because=f"{words}: {text!r} is not a number.",
            way_out="Type digits, with a point for decimals.",
            code="not_a_number",
            where=kind,
        ) from None
    if not 0 <= value < 1000:
        raise OutOfRange(
            because=f"{words}: {text} cannot be; 0 to 999 can.", way_out="Check the number.", code="number_impossible", where=kind
        )
    return value


def _reading(session: Session, event: SessionEvent, kind: str, value: float, at: datetime, now: datetime, by: Staff) -> Reading:
    value_of = vitals.Value(str(event.ref), kind, value, kind_of(kind).unit, at, now, "hand")
    judged = accept(Context(), value_of)
    return Reading(
        practice_id=session.practice_id,
        session=session,
        chair=session.chair,
        event=event,
        by=by,
        kind=kind,
        value=value,
        unit=value_of.unit,
        raw_value=f"{value:g}",
        observed_at=at,
        received_at=now,
        source="hand",
        label=judged.label,
        problem=judged.because[:300],
    )
