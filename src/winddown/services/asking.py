"""Somebody who is not a patient yet asks for a visit: the four answers, a person first where they ask for one, else a time that is kept."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from uuid import UUID, uuid4

from django.db import connection, transaction
from django.db.models import Q
from django.utils.crypto import salted_hmac

from winddown.domain.booking import calling_hours, safety_questions
from winddown.domain.booking.hours import zone_of
from winddown.domain.booking.slots import Slot
from winddown.domain.refusals import Missing, NotAllowed, OutOfRange, Refusal
from winddown.domain.words import uncut
from winddown.record.models import Booking, Location, Patient, Staff, VisitRequest, VisitType
from winddown.record.models.booking import STANDING
from winddown.record.scope import current_practice_id
from winddown.services import audit, booking, calendar, patients, permissions, tasks, visit_news

KEPT_MIN = 60
A_SOURCE_PER_HOUR, A_CONTACT_AT_ONCE, UNCONFIRMED_AT_ONCE = 8, 2, 12
FIELDS = ("given_name", "family_name", "birth_date", "phone", "email", "language")
_LONGEST = {"given_name": 60, "family_name": 60, "birth_date": 10, "phone": 40, "email": 120, "language": 10}
_LOCK = 7_410_021


def kinds() -> list[VisitType]:
    """What the public may book."""
    return list(VisitType.objects.filter(active=True, public=True))


def places() -> list[Location]:
    """Where the public may book: a place with hours that is not hidden."""
    return [place for place in Location.objects.filter(bookable=True).order_by("name", "id") if any(place.hours.values())]


def open_times(kind: VisitType, where: Sequence[Location], first: date, days: int, *, now: datetime) -> dict[Location, list[Slot]]:
    """The free times of each place; nothing else of anybody's visit can be seen in them."""
    return calendar.free(kind, where, first, days, now=now, by_public=True)


def source_of(address: str, *, now: datetime) -> str:
    """A keyed digest of the sender's address and the day: enough to count, useless to find anybody by."""
    return salted_hmac("winddown.services.asking.source", f"{address}|{now.date()}", algorithm="sha256").hexdigest()[:32]


def contact_of(told: Mapping[str, str], *, birth_date_needed: bool = False) -> dict[str, str]:
    """Who asks and how to reach them. Refuses Missing with the field; an email or a phone is enough."""
    found = {name: " ".join(told.get(name, "").split())[: _LONGEST[name]] for name in FIELDS}
    for name, because in (("given_name", "Your first name is missing."), ("family_name", "Your last name is missing.")):
        if not found[name]:
            raise Missing(because=because, way_out="Write it as it stands on your papers.", code="name_missing", where=name)
    if not found["email"] and not found["phone"]:
        raise Missing(because="We need a way to reach you.", way_out="Give a phone number or an email.", code="reach", where="phone")
    _require_reachable(found)
    if found["birth_date"] or birth_date_needed:
        _birth_date(found["birth_date"])
    return found | {"name": f"{found['given_name']} {found['family_name']}"}


@transaction.atomic
def keep_time(
    kind: VisitType,
    place: Location,
    start: datetime,
    *,
    answers: Mapping[str, str],
    contact: Mapping[str, str],
    source: str,
    now: datetime,
    key: UUID,
) -> Booking:
    """A time kept for a visitor until they confirm by the link. Sent twice with one key, it is one visit.

    Refuses: answers that ask for a person first, a kind or a place that the public may not book, a time that is not offered, a flood.
    """
    known = VisitRequest.objects.filter(ref=key).select_related("booking").first()
    if known is not None and known.booking is not None:
        return known.booking
    told = safety_questions.complete(answers)
    if safety_questions.asks_for_a_person(told):
        raise NotAllowed(because="Somebody from the clinic speaks with you first.", way_out="Ask to be called.", code="person_first")
    if not kind.public or not kind.active or not place.bookable:
        raise NotAllowed(because="This cannot be booked here.", way_out="Call the clinic.", code="not_public", where="start")
    _require_no_flood(source, contact, now=now)
    _require_offered(kind, place, start, now=now)
    made = booking.book(kind, place, start, now=now, contact=contact, hold_min=KEPT_MIN)
    _request("web", told, contact, place, source=source, now=now, key=key, booking=made)
    visit_news.tell_kept(made, now=now)
    return made


@transaction.atomic
def ask_to_be_called(
    place: Location,
    part: str,
    *,
    answers: Mapping[str, str],
    contact: Mapping[str, str],
    source: str = "",
    by: Staff | None = None,
    now: datetime,
    key: UUID,
) -> VisitRequest:
    """A person calls back before any time is shown. A task is opened; it becomes urgent when nobody has called in time.

    part  soon, morning, afternoon
    """
    known: VisitRequest | None = VisitRequest.objects.filter(ref=key).first()
    if known is not None:
        return known
    told = safety_questions.complete(answers)
    if not contact.get("phone"):
        raise Missing(because="To call you, we need a phone number.", way_out="Write it here.", code="phone_missing", where="phone")
    if by is None:
        _require_no_flood(source, contact, now=now)
    begins, ends = calling_hours.next_call(calendar.hours_of(place), part, at=now)
    task = tasks.open_task(
        kind="visit_call_back",
        urgency="same_day",
        words="Somebody who asked for a visit waits for a call. The answers stand in the list of calls.",
        location=place,
        due_at=ends,
        subject=f"request:{key}",
        now=now,
        by=by,
    )
    via = "phone" if by else "web"
    return _request(via, told, contact, place, source=source, now=now, key=key, call=(begins, ends), task=task, by=by)


@transaction.atomic
def book_by_telephone(
    kind: VisitType,
    place: Location,
    start: datetime,
    *,
    answers: Mapping[str, str],
    contact: Mapping[str, str],
    by: Staff,
    now: datetime,
    key: UUID,
    although: str = "",
    request: VisitRequest | None = None,
) -> Booking:
    """The same path with a person on the phone. An answer that asks for a clinician needs the words of who cleared it.

    request  the call-back that this booking answers
    """
    permissions.require(by, "booking.write")
    known = VisitRequest.objects.filter(ref=key).select_related("booking").first()
    if known is not None and known.booking is not None:
        return known.booking
    told = safety_questions.complete(answers)
    if safety_questions.asks_for_a_person(told) and not although.strip():
        raise NotAllowed(
            because="An answer asks for a clinician before a time is given.",
            way_out="Write which nurse or prescriber spoke with the caller and agreed, or put the call in the list.",
            code="person_first",
            where="although",
        )
    made = booking.book(kind, place, start, now=now, by=by, contact=contact)
    row = _request("phone", told | _agreed(although), contact, place, now=now, key=key, booking=made, by=by)
    if request is not None and request.booking_id is None:
        request.booking = made
        request.save(update_fields=["booking"])
    audit.note("book by telephone", by=by, now=now, subject=str(row.ref))
    return made


@transaction.atomic
def admit(
    row: Booking, *, sex: str, birth_date: date | None, by: Staff, now: datetime, although: str = "", key: UUID | None = None
) -> Patient:
    """Who asked becomes a patient with what they told; nothing is typed twice. The visit and the request follow."""
    if row.patient is not None:
        return row.patient
    told = row.contact
    born = birth_date or _birth_date(told.get("birth_date", ""))
    given, _space, family = told.get("name", "").rpartition(" ")
    patient = patients.register(
        family_name=told.get("family_name") or family,
        given_name=told.get("given_name") or given or family,
        birth_date=born,
        sex=sex,
        by=by,
        now=now,
        although=although,
        key=key,
    )
    if told.get("phone"):
        patients.learn(patient, "phone", {"number": told["phone"]}, by=by, observed_at=row.created_at, now=now)
    same = {f"contact__{name}": told.get(name, "") for name in ("given_name", "family_name", "birth_date", "phone")}
    others = Booking.objects.filter(**same, patient__isnull=True, status__in=STANDING).exclude(pk=row.pk)
    for each in [row, *(others if all(same.values()) else [])]:
        each.patient = patient
        each.save(update_fields=["patient"])
        for request in each.requests.all():
            request.patient = patient
            request.save(update_fields=["patient"])
    return patient


def answers_of(row: Booking) -> VisitRequest | None:
    """The newest request that led to this visit."""
    found: VisitRequest | None = row.requests.select_related("by", "task").order_by("-id").first()
    return found


def _request(
    via: str,
    told: Mapping[str, str],
    contact: Mapping[str, str],
    place: Location,
    *,
    now: datetime,
    key: UUID,
    source: str = "",
    call: tuple[datetime, datetime] | None = None,
    **rest: object,
) -> VisitRequest:
    row = VisitRequest(
        ref=key or uuid4(),
        via=via,
        answers=dict(told),
        answers_version=safety_questions.VERSION,
        contact=dict(contact),
        location=place,
        call_from=call[0] if call else None,
        call_until=call[1] if call else None,
        source=source,
        created_at=now,
        **rest,
    )
    row.save()
    return row


def _agreed(although: str) -> dict[str, str]:
    return {"agreed": uncut(although, 300, where="although")} if although.strip() else {}


def _require_offered(kind: VisitType, place: Location, start: datetime, *, now: datetime) -> None:
    day = start.astimezone(zone_of(place.time_zone)).date()
    if start not in {slot.start for slot in open_times(kind, [place], day, 1, now=now)[place]}:
        raise Refusal(because="That time is no longer free.", way_out="Choose another of the free times.", code="time_taken", where="start")


def _require_no_flood(source: str, contact: Mapping[str, str], *, now: datetime) -> None:
    """So many from one sender in an hour, so many open for one person, so many unconfirmed in all. Counted one writer at a time."""
    with connection.cursor() as cursor:
        cursor.execute("select pg_advisory_xact_lock(%s, %s)", [_LOCK, current_practice_id() % 2_000_000_000])
    recent = VisitRequest.objects.filter(created_at__gt=now - timedelta(hours=1), via="web")
    if source and recent.filter(source=source).count() >= A_SOURCE_PER_HOUR:
        raise _too_many("From this network somebody asked many times within an hour.")
    same = Q()
    for name in ("phone", "email"):
        same |= Q(**{f"contact__{name}": contact[name]}) if contact.get(name) else Q()
    mine = Booking.objects.filter(same, patient__isnull=True, status__in=STANDING, span__startswith__gt=now)
    if same and mine.exclude(status="held", held_until__lte=now).count() >= A_CONTACT_AT_ONCE:
        raise _too_many(f"{A_CONTACT_AT_ONCE} visits are kept for you already.")
    if Booking.objects.filter(status="held", held_until__gt=now, patient__isnull=True).count() >= UNCONFIRMED_AT_ONCE:
        raise _too_many("Many people are booking at this moment.")


def _too_many(because: str) -> NotAllowed:
    return NotAllowed(because=because, way_out="Call the clinic, or try again in an hour.", code="too_many")


def _require_reachable(found: Mapping[str, str]) -> None:
    digits = sum(sign.isdigit() for sign in found["phone"])
    if found["phone"] and not 7 <= digits <= 15:
        raise OutOfRange(
            because=f"A phone number has 7 to 15 digits; this one has {digits}.", way_out="Check it.", code="phone", where="phone"
        )
    name, _at, domain = found["email"].rpartition("@")
    if found["email"] and (not name or "." not in domain or " " in found["email"]):
        raise OutOfRange(because="This email address cannot be.", way_out="Check it, or leave it empty.", code="email", where="email")


def _birth_date(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise Missing(
            because="The birth date is missing.", way_out="Give day, month and year.", code="birth_date_missing", where="birth_date"
        ) from None
