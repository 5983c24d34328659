"""The escort's message: from the discharge clock of a running visit, once, and once more when it moves."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from winddown.domain.followup import pick_up
from winddown.domain.pharmacology.chart import ANALGESIC_LOW
from winddown.domain.refusals import Refusal
from winddown.domain.sessions.story import Event, effective, latest
from winddown.domain.sessions.supervision import read_supervision
from winddown.record.models import Message, Session
from winddown.record.queries.stories import events_of
from winddown.record.scope import at_practice
from winddown.services import contacts, messages, picture
from winddown.services.messages import Contact

log = logging.getLogger("winddown.pick_up")
LIVE = ("running", "held", "stopped", "recovering")
AT = "%Y-%m-%dT%H:%MZ"


def look(practice_id: int, *, now: datetime) -> int:
    """Every visit with an escort's number whose end is in sight; how many messages were posted."""
    with at_practice(practice_id):
        refs = list(Session.objects.filter(status__in=LIVE).values_list("pk", flat=True))
    done = 0
    for pk in refs:
        try:
            with at_practice(practice_id):
                rows = Session.objects.select_related("order__course__protocol", "location", "patient")
                done += tell(rows.get(pk=pk), now=now)
        except Exception:
            log.exception("the escort of a visit could not be told")
    return done


def tell(session: Session, *, now: datetime) -> int:
    """Post what this visit's escort has to know now: 1, or 0 when that is nothing."""
    story = effective(events_of(session))
    escort = escort_of(story)
    if escort is None:
        return 0
    told = _told(session)
    if len(told) > 1:
        return 0
    expected = expected_at(session, story, now=now)
    deed = pick_up.what_to_do(expected, told, at=now) if expected else "nothing"
    if expected is None or deed == "nothing":
        return 0
    place, contact = session.location, _contact(session, escort)
    values = {
        "place": place.address or place.name,
        "when": messages.when(expected, place.time_zone, contact.language, day=False),
        "phone": place.phone or "-",
    }
    kind = "pick_up" if deed == "tell" else "pick_up_moved"
    key = f"{subject_of(session)}:{len(told)}:{expected.strftime(AT)}"
    subject = subject_of(session)
    return int(messages.post(kind=kind, patient=session.patient, to=contact, values=values, subject=subject, key=key, now=now) is not None)


def subject_of(session: Session) -> str:
    return f"pick-up:{session.ref}"


def escort_of(story: Sequence[Event]) -> dict[str, Any] | None:
    """The escort with a number that can be written to; None where nobody was named, or without one."""
    named = latest(story, "escort_named")
    if named is None:
        return None
    try:
        phone = contacts.phone_of(str(named.data.get("phone", "")))
    except Refusal:
        return None
    told = {"name": str(named.data.get("name", "")), "phone": phone, "language": str(named.data.get("language", ""))}
    return told if phone else None


def expected_at(session: Session, story: Sequence[Event], *, now: datetime) -> datetime | None:
    """When this patient may be ready, as far as can be foreseen; None while nobody can say, as during a hold."""
    forecast = picture.forecast_of(session, now=now)
    ends_at = datetime.fromisoformat(forecast["finish_at"]) if forecast and forecast["finish_at"] else None
    if forecast is None or ends_at is None:
        return None
    stay = read_supervision(session.order.course.protocol.data).recovery.minimum_stay_min.value
    minute = (forecast.get("clock") or {}).get(ANALGESIC_LOW.name, {}).get("ninety_percent_min")
    below = datetime.fromisoformat(forecast["start_at"]) + timedelta(minutes=minute) if minute is not None else None
    return pick_up.expected_at(infusion_ends_at=ends_at, minimum_stay=timedelta(minutes=stay), predicted_below_at=below)


def _told(session: Session) -> list[datetime]:
    """The times that were told, in order. They stand in the messages' keys, so that a message's words need not be read."""
    keys = Message.objects.filter(subject=subject_of(session)).order_by("id").values_list("key", flat=True)
    return [datetime.strptime(key.split(":", 3)[3], AT).replace(tzinfo=UTC) for key in keys if key]


def _contact(session: Session, escort: dict[str, Any]) -> Contact:
    """In the escort's own language; in the patient's where nobody has said it."""
    return Contact(escort["name"], phone=escort["phone"], language=escort["language"] or messages.language_of(session.patient))
