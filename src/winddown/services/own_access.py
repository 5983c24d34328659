"""Whose address opens which patient's own pages: invited by the clinic, permitted by the patient, proven, taken back."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.db.models import QuerySet

from winddown.domain.days import in_words
from winddown.domain.refusals import Missing, NotAllowed, OutOfRange, Refusal, UnknownWord
from winddown.domain.words import uncut
from winddown.record.models import Link, OwnAccess, OwnDoor, OwnEntry, OwnSession, Patient, Staff
from winddown.record.models.own import MAY
from winddown.record.scope import at_practice, current_practice_id
from winddown.services import audit, messages, own_limits, permissions, sealed

INVITED_FOR, ASKED_FOR = timedelta(days=3), timedelta(minutes=20)
BIRTH_DATE_TRIES = 5
LONGEST_PERMISSION, MOST_CAREGIVERS = timedelta(days=366), 5
_SALT = "winddown.services.own_access.entry"


@transaction.atomic
def invite(patient: Patient, *, email: str, language: str = "", by: Staff, now: datetime) -> OwnAccess:
    """Send the patient a link to their own pages. A new address takes the place of the old one, whose sign-ins end.

    Whoever opens the first link must also know the patient's date of birth: a wrong letter in an address opens no chart.
    """
    permissions.require(by, "link.send")
    whose, address = patient.merged_into or patient, _address(email)
    access = live(whose).filter(who="patient").first()
    if access is not None and access.email.casefold() != address.casefold():
        end(access, because="another address", by=by, now=now)
        access = None
    if access is None:
        access = OwnAccess(patient=whose, who="patient", email=address, language=language, made_at=now, invited_at=now, by=by)
        access.save()
    else:
        access.invited_at, access.tries = now, 0
        access.save(update_fields=["invited_at", "tries"])
    audit.note("invite to own pages", by=by, now=now, patient=whose, subject=str(access.ref))
    _send(access, "own_invite", INVITED_FOR, now=now)
    return access


@transaction.atomic
def permit(mine: OwnAccess, *, name: str, email: str, may: Sequence[str], until: date, now: datetime) -> OwnAccess:
    """The patient lets a named person see visits, or answer the diary, until a day. Refuses a permission without an end or a use."""
    whose, address = patient_of(mine), _address(email)
    if mine.who != "patient":
        raise NotAllowed(because="Only the patient gives this permission.", way_out="Ask the patient.", code="not_permitted")
    if not name.strip():
        raise Missing(because="The permission needs a name.", way_out="Write whom you mean.", code="name_missing", where="name")
    _check_use(may)
    if not now.date() < until <= (now + LONGEST_PERMISSION).date():
        raise OutOfRange(
            because=f"A permission cannot last until {in_words(until)}.", way_out="Choose a day within a year.", code="until", where="until"
        )
    standing = live(whose)
    if standing.filter(email__iexact=address).exists():
        raise Refusal(
            because="This address has its own sign-in already.", way_out="Take that one back first.", code="address_taken", where="email"
        )
    if standing.filter(who="caregiver").count() >= MOST_CAREGIVERS:
        raise OutOfRange(because=f"{MOST_CAREGIVERS} people have a permission already.", way_out="Take one back first.", code="too_many")
    ends_at = datetime.combine(until + timedelta(days=1), datetime.min.time(), tzinfo=now.tzinfo)
    access = OwnAccess(
        patient=whose,
        who="caregiver",
        name=uncut(name, 120, where="name"),
        email=address,
        language=mine.language,
        may=sorted(set(may)),
        made_at=now,
        invited_at=now,
        expires_at=ends_at,
    )
    access.save()
    audit.note("permit caregiver", by=None, now=now, patient=whose, subject=str(access.ref), words="+".join(access.may))
    _send(access, "own_invite", INVITED_FOR, now=now)
    return access


@transaction.atomic
def end(access: OwnAccess, *, because: str, now: datetime, by: Staff | None = None) -> None:
    """Close this address at once, with every sign-in, every link that waits and every form that was opened through it. Twice is once."""
    if by is not None:
        permissions.require(by, "link.send")
    if access.ended_at is not None:
        return
    access.ended_at, access.ended_by, access.ended_because = now, by, because[:200]
    access.save(update_fields=["ended_at", "ended_by", "ended_because"])
    end_sign_ins(access, because=because, now=now)
    Link.objects.filter(access=access, revoked_at__isnull=True).update(revoked_at=now)
    audit.note("end own access", by=by, now=now, patient=access.patient, subject=str(access.ref), words=because)


@transaction.atomic
def sign_out_everywhere(access: OwnAccess, *, now: datetime, by: Staff | None = None) -> int:
    """End every sign-in of this address and void the links that wait. How many sign-ins that were."""
    if by is not None:
        permissions.require(by, "link.send")
    ended = end_sign_ins(access, because="signed out everywhere", now=now)
    audit.note("sign out everywhere", by=by, now=now, patient=access.patient, subject=str(access.ref))
    return ended


def end_sign_ins(access: OwnAccess, *, because: str, now: datetime) -> int:
    OwnEntry.objects.filter(access=access, used_at__isnull=True, void_at__isnull=True).update(void_at=now)
    return OwnSession.objects.filter(access=access, ended_at__isnull=True).update(ended_at=now, ended_because=because[:40])


def ask(email: str, *, source: str, now: datetime) -> None:
    """Send a one-time link for each of this address's own pages, in whatever practice. The same silence when there are none.

    refuses  too many tries from one network; too many for one address are not answered and not told apart
    """
    own_limits.from_one_source(source, now=now)
    if not own_limits.one_more("address", email, at_most=own_limits.PER_ADDRESS, now=now):
        return
    for practice_id in OwnDoor.objects.filter(digest=_door(email)).values_list("practice_id", flat=True):
        with at_practice(practice_id):
            for access in OwnAccess.objects.filter(email__iexact=email.strip(), ended_at__isnull=True).select_related("patient"):
                if is_live(access, now=now):
                    _send(access, "sign_in", ASKED_FOR, now=now)


def live(patient: Patient) -> QuerySet[Any]:
    """The addresses that are not closed, the patient's own first."""
    return OwnAccess.objects.filter(patient=patient, ended_at__isnull=True).order_by("-who", "made_at")


def is_live(access: OwnAccess, *, now: datetime) -> bool:
    return access.ended_at is None and (access.expires_at is None or access.expires_at > now)


def patient_of(access: OwnAccess) -> Patient:
    """Whose pages these are; a record merged meanwhile leads to the one that stays."""
    return access.patient.merged_into or access.patient


def token_of(entry: OwnEntry) -> str:
    return sealed.seal(_SALT, entry.practice_id, entry.ref)


def read_token(token: str) -> tuple[int, str]:
    """(practice, entry) of a one-time link, without asking the database. Refuses one that was not made here."""
    found = sealed.unseal(_SALT, token)
    if found is None:
        raise gone()
    return found[0], str(found[1])


def gone() -> NotAllowed:
    """The one answer to every link to sign in that does not open, whatever the reason."""
    return NotAllowed(
        because="This link has been used, or its time is over.", way_out="Ask for a new one; it takes a minute.", code="entry_gone"
    )


def opened(ref: str, *, now: datetime, lock: bool = False) -> OwnEntry:
    """The one-time link inside its practice, not used yet. Opening it to look uses nothing up: a mail program may look first."""
    rows = OwnEntry.objects.select_related("access__patient__merged_into", "practice")
    rows = rows.select_for_update(of=("self",)) if lock else rows
    entry: OwnEntry | None = rows.filter(ref=ref).first()
    if entry is None or entry.used_at or entry.void_at or entry.expires_at <= now or not is_live(entry.access, now=now):
        raise gone()
    return entry


@transaction.atomic
def use(entry: OwnEntry, *, born: date | None, now: datetime) -> OwnAccess:
    """Use the link up. The first time, the patient's date of birth proves that the address is the right person's.

    refuses  `entry_gone`; `birth_date_wrong`, which the caller counts with `count_wrong_birth_date` outside the refused transaction
    """
    entry = opened(str(entry.ref), now=now, lock=True)
    access = entry.access
    if access.proven_at is None:
        if born != patient_of(access).birth_date:
            raise NotAllowed(
                because="That is not the date of birth we have for these pages.",
                way_out="Try again, or call the clinic.",
                code="birth_date_wrong",
                where="born",
            )
        access.proven_at, access.tries = now, 0
        access.save(update_fields=["proven_at", "tries"])
        audit.note("own address proven", by=None, now=now, patient=access.patient, subject=str(access.ref))
    entry.used_at = now
    entry.save(update_fields=["used_at"])
    OwnEntry.objects.filter(access=access, used_at__isnull=True, void_at__isnull=True).update(void_at=now)
    return access


@transaction.atomic
def count_wrong_birth_date(access_id: int, *, now: datetime) -> None:
    """One more wrong date; the fifth closes the address until the clinic invites again."""
    access = OwnAccess.objects.select_for_update().get(pk=access_id)
    access.tries += 1
    access.save(update_fields=["tries"])
    audit.note("wrong birth date at own pages", by=None, now=now, patient=access.patient, subject=str(access.ref))
    if access.tries >= BIRTH_DATE_TRIES:
        end(access, because="the date of birth was wrong too often", now=now)


def _send(access: OwnAccess, kind: str, lasts: timedelta, *, now: datetime) -> OwnEntry:
    """One one-time link by email to the address itself, whatever other way of writing the patient prefers."""
    entry = OwnEntry(access=access, made_at=now, expires_at=now + lasts)
    entry.save()
    OwnDoor.objects.get_or_create(digest=_door(access.email), practice_id=current_practice_id())
    to = messages.Contact(
        name=access.name or patient_of(access).given_name, email=access.email, language=access.language or "en", channel="email"
    )
    messages.post(
        kind=kind,
        patient=patient_of(access),
        to=to,
        values={"link": f"/me/in/{token_of(entry)}/"},
        subject=f"own:{access.ref}",
        key=f"own:{entry.ref}",
        channel="email",
        now=now,
    )
    return entry


def _door(email: str) -> str:
    return own_limits.digest_of("door", email)


def _check_use(may: Sequence[str]) -> None:
    for use_of in may:
        if use_of not in MAY:
            raise UnknownWord("permission of a caregiver", use_of, MAY)
    if not may:
        raise Missing(because="The permission allows nothing.", way_out="Tick what this person may do.", code="may_missing", where="may")


def _address(email: str) -> str:
    plain = email.strip()
    try:
        validate_email(plain)
    except ValidationError:
        raise Refusal(
            because="This is no email address.", way_out="Look for a missing @ or a space.", code="email_invalid", where="email"
        ) from None
    return plain
