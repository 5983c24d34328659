"""Links that let one patient do one thing on their own phone, without an account: made, opened, taken back.

The address holds a token: the practice and the link's reference, signed with the program's own key. A token that was not made here opens no
practice, so nothing is ever looked up across the wall; a link that is unknown, expired, taken back or meant for something else is answered
in the same words, so that an address says nothing about anybody.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction

from winddown.domain.days import in_words
from winddown.domain.refusals import NotAllowed, OutOfRange, UnknownWord
from winddown.record.models import Link, OwnAccess, Patient, Staff
from winddown.services import audit, permissions, sealed

_SALT = "winddown.services.links"
LONGEST = timedelta(days=180)


@dataclass(frozen=True)
class Purpose:
    """What one kind of link opens, and for how long where the maker names no time."""

    words: str
    lasts: timedelta


PURPOSES: Mapping[str, Purpose] = {
    "forms": Purpose("answer questions", timedelta(days=7)),
    "history": Purpose("fill in the history", timedelta(days=21)),
    "day_before": Purpose("see what to take before the visit", timedelta(days=21)),
    "consent": Purpose("read and sign the consent", timedelta(days=14)),
    "map": Purpose("mark where it hurts", timedelta(days=14)),
    "diary": Purpose("keep the diary", timedelta(days=60)),
    "home": Purpose("send blood pressure and sleep from a device", LONGEST),
    "relief": Purpose("see their own curve", timedelta(days=60)),
    "booking": Purpose("see and change visits", timedelta(days=60)),
}


def gone() -> NotAllowed:
    """The one answer to every link that does not work, whatever the reason."""
    return NotAllowed(
        because="This link does not work anymore.",
        way_out="Ask the clinic for a new one. If you are in danger, call your local emergency number.",
        code="link_gone",
    )


@transaction.atomic
def make(
    *,
    patient: Patient,
    purpose: str,
    subject: str = "",
    expires_at: datetime | None = None,
    now: datetime,
    by: Staff | None = None,
    language: str = "",
    access: OwnAccess | None = None,
) -> Link:
    """A new link of one purpose. `by` None: the program makes it, after a rule. Refuses UnknownWord, OutOfRange for an expiry.

    access   who opens it from their own pages; it ends with that permission
    """
    if by is not None:
        permissions.require(by, "link.send")
    if purpose not in PURPOSES:
        raise UnknownWord("purpose of a link", purpose, PURPOSES)
    until = expires_at or now + PURPOSES[purpose].lasts
    if not now < until <= now + LONGEST:
        raise OutOfRange(
            because=f"A link cannot last until {in_words(until)} {until:%H:%M}.",
            way_out=f"Choose a time within {LONGEST.days} days.",
            code="link_expiry",
            where="expires_at",
        )
    whose = patient.merged_into or patient
    link = Link(patient=whose, purpose=purpose, subject=subject, language=language, made_at=now, expires_at=until, by=by, access=access)
    link.save()
    audit.note(f"make link {purpose}", by=by, now=now, patient=whose, subject=str(link.ref))
    return link


@transaction.atomic
def revoke(link: Link, *, by: Staff, now: datetime) -> Link:
    """Take a link back. Twice is once."""
    permissions.require(by, "link.send")
    if link.revoked_at is None:
        link.revoked_at, link.revoked_by = now, by
        link.save(update_fields=["revoked_at", "revoked_by"])
        audit.note("revoke link", by=by, now=now, patient=link.patient, subject=str(link.ref))
    return link


def token_of(link: Link) -> str:
    """The token of a link's address. Only this program's key can make it."""
    return sealed.seal(_SALT, link.practice_id, link.ref)


def path_of(link: Link) -> str:
    return f"/p/{token_of(link)}/"


def read_token(token: str) -> tuple[int, UUID]:
    """(practice, reference of the link), without asking the database. Refuses `link_gone` for a token that was not made here."""
    found = sealed.unseal(_SALT, token)
    if found is None:
        raise gone()
    return found


def opened(ref: UUID, purpose: str | Collection[str] | None, *, now: datetime) -> Link:
    """The link behind a token, inside its practice. Refuses `link_gone` for one that does not open this.

    purpose   one, or any of several; None: any at all
    """
    link: Link | None = Link.objects.select_related("patient__merged_into", "practice").filter(ref=ref).first()
    wanted = (purpose,) if isinstance(purpose, str) else purpose
    if link is None or link.revoked_at is not None or link.expires_at <= now or (wanted is not None and link.purpose not in wanted):
        raise gone()
    return link


def patient_of(link: Link) -> Patient:
    """Whose link it is; a record merged meanwhile leads to the one that stays."""
    return link.patient.merged_into or link.patient


def is_open(link: Link, *, now: datetime) -> bool:
    return link.revoked_at is None and link.expires_at > now
