"""Calendars that another program may read: of one person or one chair, by a secret address that can be taken back. No word of care."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange

from winddown.domain.refusals import NotAllowed
from winddown.record.models import CalendarFeed, Chair, Hold, Shift, Staff
from winddown.services import audit, permissions, secret_addresses
from winddown.services.links import gone

BACK, AHEAD = timedelta(days=30), timedelta(days=180)


@dataclass(frozen=True)
class Entry:
    """One entry: when, where, and a word that says nothing about anybody."""

    key: str
    start: datetime
    end: datetime
    title: str
    where: str
    version: int


@transaction.atomic
def make(*, staff: Staff | None = None, chair: Chair | None = None, by: Staff, now: datetime) -> CalendarFeed:
    """A new secret address. One's own calendar needs no permission; a chair's needs the desk's."""
    if staff is not None and staff.pk != by.pk:
        raise NotAllowed(because="A person's calendar is made by that person.", way_out="Ask them.", code="not_own")
    if chair is not None:
        permissions.require(by, "booking.write")
    feed = CalendarFeed(staff=staff, chair=chair, made_at=now, by=by)
    feed.save()
    audit.note("make calendar feed", by=by, now=now, subject=str(feed.ref))
    return feed


@transaction.atomic
def revoke(feed: CalendarFeed, *, by: Staff, now: datetime) -> None:
    """The address works no longer. Twice is once."""
    if feed.staff_id != by.pk:
        permissions.require(by, "booking.write" if feed.chair_id else "staff.manage")
    if feed.revoked_at is None:
        feed.revoked_at, feed.revoked_by = now, by
        feed.save(update_fields=["revoked_at", "revoked_by"])
        audit.note("revoke calendar feed", by=by, now=now, subject=str(feed.ref))


def path_of(feed: CalendarFeed) -> str:
    return f"/feeds/{secret_addresses.token_of('feed', feed.practice_id, feed.ref)}.ics"


def opened(ref: UUID) -> CalendarFeed:
    """The feed behind an address. Refuses `link_gone` for one taken back, and of a person who left."""
    rows = CalendarFeed.objects.select_related("staff", "chair__location", "practice")
    feed: CalendarFeed | None = rows.filter(ref=ref, revoked_at__isnull=True).first()
    if feed is None or (feed.staff is not None and not feed.staff.active):
        raise gone()
    return feed


def entries(feed: CalendarFeed, *, now: datetime) -> Iterator[Entry]:
    """What stands from a month back to half a year ahead: visits of the chair or the person, and the person's shifts."""
    window = DateTimeTZRange(now - BACK, now + AHEAD, "[)")
    mine: dict[str, Any] = {"chair": feed.chair} if feed.chair else {"staff": feed.staff}
    holds = Hold.objects.filter(**mine, active=True, span__overlap=window).order_by("span")
    for hold in holds.select_related("booking__location", "session__location"):
        row = hold.booking or hold.session
        assert row is not None, "the database keeps a hold with either a booking or a session"
        yield Entry(f"{row.ref}-{hold.kind}", hold.span.lower, hold.span.upper, "Visit", row.location.name, row.version)
    if feed.staff is not None:
        for shift in Shift.objects.filter(staff=feed.staff, ended_at__isnull=True, span__overlap=window).select_related("location"):
            yield Entry(str(shift.ref), shift.span.lower, shift.span.upper, "Shift", shift.location.name, 0)


def written(feed: CalendarFeed, *, now: datetime) -> bytes:
    """The feed as an iCalendar file, all instants in UTC: no reader needs to know our zones, and no change of the clocks can bend them."""
    from icalendar import Calendar, Event  # slow import

    file = Calendar()
    file.add("prodid", "-//Winddown//calendar//EN")
    file.add("version", "2.0")
    file.add("x-wr-calname", feed.chair.name if feed.chair else "Winddown")
    file.add("refresh-interval", timedelta(minutes=30), parameters={"VALUE": "DURATION"})
    for entry in entries(feed, now=now):
        event = Event()
        event.add("uid", f"{entry.key}@winddown")
        event.add("dtstamp", now)
        event.add("sequence", entry.version)
        event.add("dtstart", entry.start)
        event.add("dtend", entry.end)
        event.add("summary", entry.title)
        event.add("location", entry.where)
        file.add_component(event)
    return bytes(file.to_ical())
