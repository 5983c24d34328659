"""How a patient may be reached, as they want it: new rows, never changed ones. Nobody is written to who gave no address."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction

from winddown.domain.refusals import OutOfRange, Refusal, UnknownWord
from winddown.domain.words import uncut
from winddown.record.models import AddressStop, Location, Patient, PatientContact, Staff
from winddown.record.models.contacts import CHANNELS
from winddown.services import audit, permissions

DEFAULT_HOUR = 19
LANGUAGES = ("en", "es")
_PHONE = re.compile(r"\+[1-9][0-9]{7,14}")


@dataclass(frozen=True)
class Wishes:
    """What a patient wants. `hour` is local, 0 to 23; `channel` is tried first."""

    email: str = ""
    phone: str = ""
    channel: str = "email"
    hour: int = DEFAULT_HOUR
    zone: str = ""
    language: str = "en"
    stopped: bool = False
    paused_until: date | None = None


def of(patient: Patient) -> PatientContact | None:
    """How this patient may be reached now; None when nobody has said."""
    found: PatientContact | None = PatientContact.objects.filter(patient=patient.merged_into or patient).order_by("-id").first()
    return found


def of_many(patients: Iterable[Patient]) -> dict[int, PatientContact]:
    """The contact of each of these patients that has one, by the patient's id. One query."""
    ids = [patient.pk for patient in patients]
    rows = PatientContact.objects.filter(patient_id__in=ids).order_by("patient_id", "-id").distinct("patient_id")
    return {row.patient_id: row for row in rows}


@transaction.atomic
def write(patient: Patient, wishes: Wishes, *, by: Staff | None, now: datetime, because: str = "") -> PatientContact:
    """Keep how the patient wants to be reached. `by` None: the patient told it themself.

    refuses  an email or a telephone number that cannot be one, a channel without its address, an hour outside 0-23, an unknown zone
    """
    if by is not None:
        permissions.require(by, "contact.write")
    whose = patient.merged_into or patient
    email, phone = email_of(wishes.email), phone_of(wishes.phone)
    _check(wishes, email, phone)
    row = PatientContact(
        patient=whose,
        email=email,
        phone=phone,
        channel=wishes.channel,
        hour=wishes.hour,
        zone=wishes.zone or home_zone(whose),
        language=wishes.language if wishes.language in LANGUAGES else "en",
        stopped=wishes.stopped,
        paused_until=wishes.paused_until,
        because=uncut(because, 200, where="because"),
        written_at=now,
        by=by,
    )
    row.save()
    audit.note("write contact", by=by, now=now, patient=whose, subject=str(row.ref))
    return row


def wishes_of(row: PatientContact) -> Wishes:
    """What the newest row says, to change one thing of it."""
    names = ("email", "phone", "channel", "hour", "zone", "language", "stopped", "paused_until")
    return Wishes(**{name: getattr(row, name) for name in names})


def home_zone(patient: Patient) -> str:
    """The zone of the place of the patient's newest visit, else of the practice's first place."""
    visit = patient.sessions.select_related("location").order_by("-planned").first()
    place = visit.location if visit else Location.objects.order_by("id").first()
    return place.time_zone if place else "UTC"


def phone_of(text: str) -> str:
    """The number in international form; ten digits are taken for North America. Refuses what cannot be a number."""
    plain = re.sub(r"[\s().\-]", "", text)
    if plain and not plain.startswith("+"):
        plain = f"+1{plain}" if len(plain) == 10 else f"+{plain.removeprefix('00')}"
    if plain and not _PHONE.fullmatch(plain):
        raise Refusal(
            because="This is no telephone number that a message can be sent to.",
            way_out="Write it with the country's code, such as +1 419 555 0100.",
            code="phone_invalid",
            where="phone",
        )
    return plain


def email_of(text: str) -> str:
    """The address, or nothing. Refuses what cannot be one."""
    plain = text.strip()
    if not plain:
        return ""
    try:
        validate_email(plain)
    except ValidationError:
        raise Refusal(
            because="This is no email address.", way_out="Look for a missing @ or a space.", code="email_invalid", where="email"
        ) from None
    return plain


def _check(wishes: Wishes, email: str, phone: str) -> None:
    if wishes.channel not in CHANNELS:
        raise UnknownWord("channel", wishes.channel, CHANNELS)
    if not (email if wishes.channel == "email" else phone):
        raise Refusal(
            because="There is no address for the way of writing that was chosen.",
            way_out="Give the email address or the mobile number, or choose the other way.",
            code="channel_without_address",
            where="email" if wishes.channel == "email" else "phone",
        )
    if not 0 <= wishes.hour <= 23:
        raise OutOfRange(because=f"{wishes.hour} is no hour of the day.", way_out="Choose 0 to 23.", code="hour", where="hour")
    if wishes.zone:
        try:
            ZoneInfo(wishes.zone)
        except (ZoneInfoNotFoundError, ValueError):
            raise UnknownWord("time zone", wishes.zone, ("America/New_York", "America/Chicago", "...")) from None


def is_stopped(address: str) -> bool:
    """Whether this address asked to be left alone. The newest word counts."""
    newest = AddressStop.objects.filter(address=address.lower()).order_by("-id").first()
    return bool(newest and newest.stopped)


@transaction.atomic
def stop(address: str, *, through: str, now: datetime, patient: Patient | None = None, again: bool = False) -> None:
    """Leave this address alone from now on, or (`again`) no longer. Twice is once."""
    if is_stopped(address) == (not again):
        return
    AddressStop(address=address.lower(), stopped=not again, at=now, through=through).save()
    audit.note("allow messages" if again else "stop messages", by=None, now=now, patient=patient, words=through)
