"""Practices, places, staff, their credentials, and the PIN that a second person types at the same screen."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.contrib.auth.hashers import check_password, make_password
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
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


@transaction.atomic
def open_location(
    *, name: str, time_zone: str, now: datetime, chairs: Sequence[str] = (), by: Staff | None = None, **details: object
) -> Location:
    """A location with its IANA zone and its chairs in floor-plan order. Only the first of a practice has no `by`."""
    if by is not None:
        permissions.require(by, "place.manage")
    location = Location(name=_free_location_name(name), time_zone=_zone(time_zone), **details)
    location.save()
    audit.note("open location", by=by, now=now, subject=str(location.ref))
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
    _known(roles)
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
    audit.note(f"record {kind} credential", by=by, now=now, subject=str(staff.ref))
    return credential


@transaction.atomic
def describe(staff: Staff, *, name: str, initials: str, roles: Sequence[str], home: Location | None, by: Staff, now: datetime) -> Staff:
    """Name, roles and home location as they are from now on. A practice keeps one active administrator at least."""
    permissions.require(by, "staff.manage")
    _known(roles)
    if permissions.ADMINISTRATOR not in roles:
        _refuse_the_last_administrator(staff)
    before, staff.roles = sorted(staff.roles), list(roles)
    staff.name, staff.initials, staff.home = name.strip(), initials.strip().upper(), home
    staff.save(update_fields=["name", "initials", "roles", "home"])
    changed = f"{'+'.join(before)} -> {'+'.join(sorted(roles))}" if before != sorted(roles) else ""
    audit.note("change staff", by=by, now=now, subject=str(staff.ref), words=changed)
    return staff


@transaction.atomic
def set_active(staff: Staff, active: bool, *, by: Staff, now: datetime) -> None:
    """Close the door to someone who left, at once and on every screen, or open it again. Nothing they wrote changes."""
    permissions.require(by, "staff.manage")
    if not active:
        _refuse_the_last_administrator(staff)
    staff.active = active
    staff.save(update_fields=["active"])
    staff.account.is_active = active
    staff.account.save(update_fields=["is_active"])
    audit.note("open account" if active else "close account", by=by, now=now, subject=str(staff.ref))


@transaction.atomic
def replace_password(staff: Staff, password: str, *, by: Staff, now: datetime) -> None:
    """A new password handed over in person to someone who forgot theirs; it ends every sign-in they have and forgets their PIN."""
    permissions.require(by, "staff.manage")
    try:
        validate_password(password, staff.account)
    except ValidationError as why:
        raise OutOfRange(because=" ".join(why.messages), way_out="Choose a longer one.", code="password_weak", where="password") from None
    staff.account.set_password(password)
    staff.account.save(update_fields=["password"])
    staff.pin_hash, staff.pin_failures, staff.pin_blocked_until = "", 0, None
    staff.save(update_fields=["pin_hash", "pin_failures", "pin_blocked_until"])
    audit.note("replace password", by=by, now=now, subject=str(staff.ref))


@transaction.atomic
def describe_location(location: Location, *, by: Staff, now: datetime, **details: object) -> Location:
    """Name, time zone, address, phone, hours and crash cart of a place as they are from now on."""
    permissions.require(by, "place.manage")
    unknown = set(details) - set(Location.changes)
    if unknown:
        raise UnknownWord("detail of a location", sorted(unknown)[0], Location.changes)
    if "name" in details:
        _free_location_name(str(details["name"]), but=location)
    if "time_zone" in details:
        _zone(str(details["time_zone"]))
    for name, value in details.items():
        setattr(location, name, value)
    location.save(update_fields=list(details))
    audit.note("change location", by=by, now=now, subject=str(location.ref))
    return location


@transaction.atomic
def add_chair(location: Location, name: str, *, by: Staff, now: datetime) -> Chair:
    """One more chair, last in floor-plan order."""
    permissions.require(by, "place.manage")
    last = location.chairs.order_by("-position").values_list("position", flat=True).first()
    chair = Chair(location=location, name=_free_chair_name(location, name), position=0 if last is None else last + 1)
    chair.save()
    audit.note("add chair", by=by, now=now, subject=str(chair.ref))
    return chair


@transaction.atomic
def describe_chair(chair: Chair, *, name: str, position: int, by: Staff, now: datetime) -> Chair:
    """A chair's name and its place in floor-plan order."""
    permissions.require(by, "place.manage")
    chair.name, chair.position = _free_chair_name(chair.location, name, but=chair), position
    chair.save(update_fields=["name", "position"])
    audit.note("change chair", by=by, now=now, subject=str(chair.ref))
    return chair


def credentials_valid_on(staff: Staff, day: date) -> dict[str, date]:
    """kind -> latest expiry, only those not expired on `day`."""
    latest: dict[str, date] = {}
    for credential in staff.credentials.all():
        if credential.expires_on >= day and credential.expires_on > latest.get(credential.kind, date.min):
            latest[credential.kind] = credential.expires_on
    return latest


@transaction.atomic
def set_pin(staff: Staff, pin: str, *, password: str, now: datetime) -> None:
    """A new PIN for oneself. The password is asked again, so that nobody sets one at a screen that was left open."""
    prove_self(staff, password, now=now, pin_is_enough=False)
    staff.pin_hash = _hashed(pin)
    staff.pin_failures = 0
    staff.pin_blocked_until = None
    staff.save(update_fields=["pin_hash", "pin_failures", "pin_blocked_until"])
    audit.note("set pin", by=staff, now=now, subject=str(staff.ref))


def prove_self(staff: Staff, secret: str, *, now: datetime, pin_is_enough: bool) -> None:
    """The person at this screen is the one who is signed in: the password, or the PIN where it is enough.

    A wrong one is refused as `secret_wrong`; the caller counts it with `count_wrong_pin` outside the refused transaction. Five wrong
    tries block for five minutes.
    """
    if staff.pin_blocked_until and staff.pin_blocked_until > now:
        raise NotAllowed(
            because=f"Blocked after {PIN_TRIES} wrong tries.", way_out="Wait five minutes, or sign out and in again.", code="pin_blocked"
        )
    by_pin = pin_is_enough and staff.pin_hash and check_password(secret, staff.pin_hash)
    if not (by_pin or staff.account.check_password(secret)):
        what = "password or PIN" if pin_is_enough else "password"
        raise NotAllowed(because=f"That is not your {what}.", way_out="Try again.", code="secret_wrong", where="secret")


@transaction.atomic
def unlock(staff: Staff, secret: str, *, now: datetime) -> None:
    """Take the lock off the screen for the person who is signed in at it; wrong tries before are forgotten."""
    prove_self(staff, secret, now=now, pin_is_enough=True)
    staff.pin_failures = 0
    staff.save(update_fields=["pin_failures"])
    audit.note("unlock screen", by=staff, now=now, subject=str(staff.ref))


def prove_second(staff_ref: str, pin: str, *, first: Staff, now: datetime) -> Staff:
    """A second, authenticated, different person at the same screen.

    A wrong PIN is refused as `pin_wrong`; the caller then counts it with `count_wrong_pin` in a transaction of its own, so that the
    refusal cannot roll the count back.
    """
    second: Staff | None = Staff.objects.filter(ref=staff_ref, active=True).first()
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
    if second.pin_failures:
        second.pin_failures = 0
        second.save(update_fields=["pin_failures"])
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


def _known(roles: Sequence[str]) -> None:
    for role in roles:
        if role not in permissions.ROLES:
            raise UnknownWord("role", role, permissions.ROLES)


def _zone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError):
        raise UnknownWord("time zone", name) from None
    return name


def _free_location_name(name: str, *, but: Location | None = None) -> str:
    if Location.objects.filter(name=name).exclude(pk=but.pk if but else None).exists():
        raise Refusal(because=f"A location {name!r} exists already.", way_out="Choose another name.", code="location_exists", where="name")
    return name


def _free_chair_name(location: Location, name: str, *, but: Chair | None = None) -> str:
    if Chair.objects.filter(location=location, name=name.strip()).exclude(pk=but.pk if but else None).exists():
        raise Refusal(because=f"There is a {name!r} here already.", way_out="Choose another name.", code="chair_exists", where="name")
    return name.strip()


def _refuse_the_last_administrator(staff: Staff) -> None:
    others = Staff.objects.filter(active=True, roles__contains=[permissions.ADMINISTRATOR]).exclude(pk=staff.pk)
    if permissions.ADMINISTRATOR in staff.roles and staff.active and not others.exists():
        raise NotAllowed(
            because=f"{staff.name} is the only administrator.", way_out="Give another person that role first.", code="last_administrator"
        )
