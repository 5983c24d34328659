"""Practices, places, staff, their credentials, and the PIN that a second person types at the same screen."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.contrib.auth.hashers import check_password, make_password
from django.db import transaction

from winddown.domain.refusals import NotAllowed, OutOfRange, Refusal, UnknownWord
from winddown.record.models import Account, Chair, Credential, Location, Practice, Staff
from winddown.services import audit, permissions

PIN_LENGTH_MIN = 6
PIN_TRIES = 5
PIN_BLOCK = timedelta(minutes=5)
CREDENTIAL_KINDS = ("acls", "bls", "sedation")


def open_practice(*, slug: str, name: str, now: datetime) -> Practice:
    """A new practice. Only the owner role can write this table, so only `winddown init` gets here."""
    if Practice.objects.filter(slug=slug).exists():
        raise Refusal(because=f"A practice {slug!r} exists already.", way_out="Choose another short name.", code="practice_exists")
    return Practice.objects.create(slug=slug, name=name, created_at=now)


def open_location(*, name: str, time_zone: str, now: datetime, chairs: Sequence[str] = (), **details: object) -> Location:
    """A location with its IANA zone and its chairs in floor-plan order."""
    try:
        ZoneInfo(time_zone)
    except (ZoneInfoNotFoundError, ValueError):
        raise UnknownWord("time zone", time_zone) from None
    location = Location(name=name, time_zone=time_zone, **details)
    location.save()
    for position, chair in enumerate(chairs):
        Chair(location=location, name=chair, position=position).save()
    return location


@transaction.atomic
def employ(
    *,
    email: str,
    password: str,
    name: str,
    roles: Sequence[str],
    practice: Practice,
    now: datetime,
    initials: str = "",
    pin: str = "",
    home: Location | None = None,
    by: Staff | None = None,
) -> Staff:
    """A person who can sign in here. The first administrator has no `by`; everyone after is made by an administrator."""
    if by is not None:
        permissions.require(by, "staff.manage")
    for role in roles:
        if role not in permissions.ROLES:
            raise UnknownWord("role", role, permissions.ROLES)
    if Account.objects.filter(email=email.lower()).exists():
        raise Refusal(
            because=f"{email} can sign in already.", way_out="Use another address, or change that person's roles.", code="email_taken"
        )
    account = Account.objects.create_user(email, password, practice=practice)
    letters = initials or "".join(part[0] for part in name.split())[:3].upper()
    staff = Staff(account=account, name=name, initials=letters, roles=list(roles), home=home, pin_hash=_hashed(pin) if pin else "")
    staff.save()
    audit.note("employ", by=by, now=now, subject=str(staff.ref))
    return staff


def record_credential(staff: Staff, *, kind: str, expires_on: date, now: datetime, by: Staff | None = None) -> Credential:
    if kind not in CREDENTIAL_KINDS:
        raise UnknownWord("credential", kind, CREDENTIAL_KINDS)
    if by is not None:
        permissions.require(by, "staff.manage")
    credential = Credential(staff=staff, kind=kind, expires_on=expires_on, recorded_at=now, by=by)
    credential.save()
    return credential


def credentials_valid_on(staff: Staff, day: date) -> dict[str, date]:
    """kind -> latest expiry, only those not expired on `day`."""
    latest: dict[str, date] = {}
    for credential in staff.credentials.all():
        if credential.expires_on >= day and credential.expires_on > latest.get(credential.kind, date.min):
            latest[credential.kind] = credential.expires_on
    return latest


def set_pin(staff: Staff, pin: str, *, now: datetime) -> None:
    staff.pin_hash = _hashed(pin)
    staff.pin_failures = 0
    staff.pin_blocked_until = None
    staff.save(update_fields=["pin_hash", "pin_failures", "pin_blocked_until"])
    audit.note("set pin", by=staff, now=now, subject=str(staff.ref))


def prove_second(staff_ref: str, pin: str, *, first: Staff, now: datetime) -> Staff:
    """A second, authenticated, different person at the same screen.

    A wrong PIN is refused as `pin_wrong`; the caller then counts it with `count_wrong_pin` in a transaction of its own, so that the
    refusal cannot roll the count back.
    """
    second = Staff.objects.filter(ref=staff_ref, active=True).first()
    if second is None:
        raise NotAllowed(because="That person is not on the staff list.", way_out="Choose a name from the list.", code="second_unknown")
    if second.pk == first.pk:
        raise NotAllowed(because="The second person must be someone else.", way_out="Ask a colleague to confirm.", code="second_is_first")
    permissions.require(second, "second.person")
    if second.pin_blocked_until and second.pin_blocked_until > now:
        raise NotAllowed(
            because=f"{second.name}'s PIN is blocked after {PIN_TRIES} wrong tries.", way_out="Wait five minutes.", code="pin_blocked"
        )
    if not second.pin_hash or not check_password(pin, second.pin_hash):
        raise NotAllowed(
            because=f"The PIN is not {second.name}'s.", way_out="Try again, or choose another person.", code="pin_wrong", where="pin"
        )
    return second


@transaction.atomic
def count_wrong_pin(staff_ref: str, *, now: datetime) -> None:
    """One more wrong PIN; the fifth blocks it for five minutes."""
    staff = Staff.objects.select_for_update().get(ref=staff_ref)
    staff.pin_failures += 1
    if staff.pin_failures >= PIN_TRIES:
        staff.pin_failures = 0
        staff.pin_blocked_until = now + PIN_BLOCK
    staff.save(update_fields=["pin_failures", "pin_blocked_until"])
    audit.note("wrong pin", by=staff, now=now, subject=str(staff.ref))


def _hashed(pin: str) -> str:
    if not pin.isdigit() or len(pin) < PIN_LENGTH_MIN or len(set(pin)) < 3:
        raise OutOfRange(
            because="A PIN has at least six digits, three of them different.", way_out="Choose another.", code="pin_weak", where="pin"
        )
    return make_password(pin)
