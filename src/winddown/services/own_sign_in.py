"""Sign-ins to the patient's own pages: begun by a one-time link or a passkey, short, and ended from anywhere."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from django.db import transaction

from winddown.record.models import OwnAccess, OwnEntry, OwnSession
from winddown.services import audit, own_access, sealed

IDLE, LONGEST = timedelta(minutes=30), timedelta(hours=12)
SEEN_EVERY = timedelta(minutes=1)
_SALT = "winddown.services.own_sign_in"


@transaction.atomic
def by_link(entry: OwnEntry, *, born: date | None, browser: str, now: datetime) -> OwnSession:
    """Sign in with a one-time link, which is used up."""
    return begin(own_access.use(entry, born=born, now=now), how="link", browser=browser, now=now)


@transaction.atomic
def begin(access: OwnAccess, *, how: str, browser: str, now: datetime) -> OwnSession:
    until = now + LONGEST if access.expires_at is None else min(now + LONGEST, access.expires_at)
    session = OwnSession(access=access, how=how, browser=browser[:40], began_at=now, until=until, seen_at=now)
    session.save()
    audit.note("own sign-in", by=None, now=now, patient=own_access.patient_of(access), subject=f"own:{access.ref}", words=how)
    return session


def found(ref: str, *, now: datetime) -> OwnSession | None:
    """The sign-in behind a cookie, inside its practice, while it stands. Being here keeps it open."""
    rows = OwnSession.objects.select_related("practice", "access__patient__merged_into")
    session: OwnSession | None = rows.filter(ref=ref, ended_at__isnull=True).first()
    if session is None or session.until <= now or now - session.seen_at > IDLE or not own_access.is_live(session.access, now=now):
        return None
    if now - session.seen_at >= SEEN_EVERY:
        session.seen_at = now
        session.save(update_fields=["seen_at"])
    return session


@transaction.atomic
def sign_out(session: OwnSession, *, now: datetime) -> None:
    session.ended_at, session.ended_because = now, "signed out"
    session.save(update_fields=["ended_at", "ended_because"])
    patient = own_access.patient_of(session.access)
    audit.note("own sign-out", by=None, now=now, patient=patient, subject=f"own:{session.access.ref}")


def standing(access: OwnAccess, *, now: datetime) -> Sequence[OwnSession]:
    """Where this address is signed in now, the newest first."""
    rows = OwnSession.objects.filter(access=access, ended_at__isnull=True, until__gt=now, seen_at__gt=now - IDLE)
    return list(rows.order_by("-began_at"))


def lately(accesses: Sequence[OwnAccess], *, now: datetime) -> tuple[dict[int, OwnSession], set[int]]:
    """(the newest sign-in of each address, the addresses that are signed in now), by the address's id. Two queries."""
    ids = [access.pk for access in accesses]
    newest = OwnSession.objects.filter(access_id__in=ids).order_by("access_id", "-seen_at").distinct("access_id")
    here = OwnSession.objects.filter(access_id__in=ids, ended_at__isnull=True, until__gt=now, seen_at__gt=now - IDLE)
    return {row.access_id: row for row in newest}, set(here.values_list("access_id", flat=True))


def token_of(session: OwnSession) -> str:
    return sealed.seal(_SALT, session.practice_id, session.ref)


def read_token(token: str) -> tuple[int, str] | None:
    """(practice, sign-in) of a cookie, without asking the database; None for one that was not made here."""
    held = sealed.unseal(_SALT, token)
    return (held[0], str(held[1])) if held else None
