"""What people are told about their visits: kept, booked, moved, cancelled, and reminders. Whoever comes is told, patient or not yet."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, time, timedelta

from winddown.domain.booking.hours import instant, zone_of
from winddown.record.models import Booking
from winddown.services import messages, secret_addresses
from winddown.services.messages import Contact

REMINDED_DAYS_BEFORE = 3
REMINDED_AT, ASKED_AT = time(10), time(17)
NEEDS_PHONE = frozenset({"visit_cancelled"})


def path_of(row: Booking) -> str:
    """The address of this one visit; whoever holds it may confirm, move, cancel and answer."""
    return f"/v/{secret_addresses.token_of('visit', row.practice_id, row.ref)}/"


def tell(row: Booking, kind: str, *, now: datetime, values: Mapping[str, str] | None = None) -> None:
    """Post one message about this visit, and set its reminders anew where its time is new. Who has no address must be called."""
    if kind in ("visit_booked", "visit_moved"):
        forget(row, now=now)
    told = {"when": when(row), "place": row.location.name} | dict(values or {})
    told |= {"phone": row.location.phone or "-"} if kind in NEEDS_PHONE else {"link": path_of(row)}
    _post(row, kind, told, now=now)
    if kind in ("visit_booked", "visit_moved"):
        remind(row, now=now)


def tell_kept(row: Booking, *, now: datetime) -> None:
    """What must be confirmed, by when, and where."""
    until = row.held_until.astimezone(zone_of(row.location.time_zone)) if row.held_until else now
    tell(row, "visit_kept", now=now, values={"until": f"{until:%H:%M %Z}"})


def remind(row: Booking, *, now: datetime) -> None:
    """Some days before, and the evening before with its three questions; what is past already is left out."""
    zone = row.location.time_zone
    day = row.span.lower.astimezone(zone_of(zone)).date()
    for kind, days, at in (("visit_reminder", REMINDED_DAYS_BEFORE, REMINDED_AT), ("visit_tomorrow", 1, ASKED_AT)):
        due = instant(day - timedelta(days=days), at, zone)
        if due > now:
            _post(row, kind, {"when": when(row), "place": row.location.name, "link": path_of(row)}, now=now, due_at=due)


def forget(row: Booking, *, now: datetime) -> None:
    """What has not left yet about this visit is taken back."""
    messages.cancel(_subject(row), now=now, because="the visit changed")


def when(row: Booking) -> str:
    """The start in the place's own time and the reader's language, the zone named."""
    zone = row.location.time_zone
    local = row.span.lower.astimezone(zone_of(zone))
    return f"{messages.when(row.span.lower, zone, _language(row))} {local:%Z}"


def _post(row: Booking, kind: str, values: Mapping[str, str], *, now: datetime, due_at: datetime | None = None) -> None:
    to = None if row.patient else _contact(row)
    messages.post(kind=kind, patient=row.patient, to=to, values=values, subject=_subject(row), due_at=due_at, now=now)


def _contact(row: Booking) -> Contact:
    told = row.contact
    return Contact(told.get("name", ""), told.get("email", ""), told.get("phone", ""), told.get("language") or "en")


def _language(row: Booking) -> str:
    return messages.language_of(row.patient) if row.patient else row.contact.get("language") or "en"


def _subject(row: Booking) -> str:
    return f"visit:{row.ref}"
