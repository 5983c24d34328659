"""What stands around the texts: how a place is shown, notices from day to day, and who the clinicians are."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime

from django.db import transaction
from django.utils.text import slugify

from winddown.domain.refusals import Missing, OutOfRange, Refusal
from winddown.domain.words import uncut
from winddown.record.models import Location, SiteNotice, SitePerson, Staff
from winddown.services import audit, permissions


@transaction.atomic
def show_place(
    location: Location, *, bookable: bool, slug: str, map_url: str, directions: Mapping[str, str], by: Staff, now: datetime
) -> Location:
    """Its address on the site, its map and how to get there; and whether strangers may ask for a visit there. Its page stays either way."""
    permissions.require(by, "site.write")
    address = slugify(slug or location.name)[:80]
    others = Location.objects.exclude(pk=location.pk)
    if not address or address in {other.address_slug for other in others}:
        raise Refusal(
            because=f"The address {address!r} is empty or another place has it.",
            way_out="Choose another one.",
            code="address_taken",
            where="slug",
        )
    if map_url and not map_url.startswith(("https://", "http://")):
        raise OutOfRange(because="This is no web address.", way_out="Paste the map's link.", code="map_url", where="map_url")
    location.bookable, location.slug, location.map_url = bookable, address, map_url
    location.directions = {language: words.strip() for language, words in directions.items() if words.strip()}
    location.save(update_fields=["bookable", "slug", "map_url", "directions"])
    audit.note("change place on site", by=by, now=now, subject=str(location.ref), words="in booking" if bookable else "not in booking")
    return location


@transaction.atomic
def post_notice(
    words: Mapping[str, str], *, location: Location | None, starts_on: date, ends_on: date, by: Staff, now: datetime
) -> SiteNotice:
    """A line on top of every page between two days, both included. Refuses Missing without words, OutOfRange for days out of order."""
    permissions.require(by, "site.write")
    told = {language: text.strip() for language, text in words.items() if text.strip()}
    if not told:
        raise Missing(because="The notice says nothing.", way_out="Write it in one language at least.", code="words_missing", where="en")
    if ends_on < starts_on:
        raise OutOfRange(because="It ends before it starts.", way_out="Check both days.", code="notice_days", where="ends_on")
    notice = SiteNotice(words=told, location=location, starts_on=starts_on, ends_on=ends_on, written_at=now, by=by)
    notice.save()
    audit.note("post site notice", by=by, now=now, subject=str(notice.ref))
    return notice


@transaction.atomic
def end_notice(notice: SiteNotice, *, by: Staff, now: datetime) -> SiteNotice:
    """Off the site at once. Twice is once."""
    permissions.require(by, "site.write")
    if notice.withdrawn_at is None:
        notice.withdrawn_at = now
        notice.save(update_fields=["withdrawn_at"])
        audit.note("end site notice", by=by, now=now, subject=str(notice.ref))
    return notice


@transaction.atomic
def present_person(
    staff: Staff,
    *,
    shown: bool,
    letters: str,
    position: Mapping[str, str],
    words: Mapping[str, str],
    place: int,
    by: Staff,
    now: datetime,
) -> SitePerson:
    """How this person is presented from now on; the name is the one they work under."""
    permissions.require(by, "site.write")
    row = SitePerson(
        staff=staff,
        shown=shown,
        letters=uncut(letters, 60, where="letters"),
        position={key: told.strip() for key, told in position.items() if told.strip()},
        words={key: told.strip() for key, told in words.items() if told.strip()},
        place=place,
        written_at=now,
        by=by,
    )
    row.save()
    audit.note("present person on site", by=by, now=now, subject=str(staff.ref), words="shown" if shown else "not shown")
    return row


def people_rows() -> list[SitePerson]:
    """The row that stands for each person who was ever presented."""
    rows = SitePerson.objects.select_related("staff").order_by("staff_id", "-id").distinct("staff_id")
    return sorted(rows, key=lambda row: (row.place, row.staff.name))
