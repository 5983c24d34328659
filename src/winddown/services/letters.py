"""The letter after a series: written in versions, signed as the very page that goes out, sent to who treats the patient outside.

By email it goes as a link that opens once with a code, which the clinic says by telephone; or attached, where the director has said that
the clinic's mail is encrypted. The message itself names no patient and nothing clinical.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.utils.crypto import salted_hmac

from winddown.domain.refusals import Missing, NotAllowed, Refusal, Stale, UnknownWord
from winddown.domain.words import uncut
from winddown.record.models import CareContact, LetterSent, LetterWay, Patient, SeriesLetter, SignedLetter, Staff
from winddown.record.models.letters import WAYS
from winddown.services import audit, letter_recipients, letters_due, messages, permissions, sealed
from winddown.services.messages import Contact
from winddown.services.suicide_safety import place_of

_SALT = "winddown.services.letters"
OPENS_FOR, MOST_TRIES, CODE_DIGITS = timedelta(days=14), 5, 6
WORDS_LETTERS, PLAN_LETTERS = 1500, 900
Press = Callable[[SeriesLetter], bytes]


def way() -> str:
    """How letters leave this practice: `link`, unless the director has chosen `attachment`."""
    newest: LetterWay | None = LetterWay.objects.order_by("-version").first()
    return newest.way if newest else "link"


@transaction.atomic
def choose_way(chosen: str, *, because: str, by: Staff, now: datetime) -> LetterWay:
    """A new version of how letters leave. Attached needs words: which encrypted mail it rests on."""
    permissions.require(by, "letter.way")
    if chosen not in WAYS:
        raise UnknownWord("way of a letter", chosen, WAYS)
    if chosen == "attachment" and not because.strip():
        raise Missing(
            because="A letter in plain mail can be read on its way.",
            way_out="Write which encrypted mail this clinic uses.",
            code="encryption_missing",
            where="because",
        )
    number = LetterWay.objects.count() + 1
    row = LetterWay(version=number, way=chosen, because=uncut(because, 300, where="because"), signed_at=now, by=by)
    row.save()
    audit.note("choose how letters leave", by=by, now=now, subject=f"version {number}", words=chosen)
    return row


def versions(patient: Patient) -> Sequence[SeriesLetter]:
    """Every version of every series, the newest first, with what was signed. One query."""
    rows = SeriesLetter.objects.filter(patient=patient).select_related("by", "signed__by").defer("signed__pdf")
    return list(rows.order_by("-began_at", "-version"))


def sendings(patient: Patient) -> Sequence[LetterSent]:
    """To whom anything was sent, and when, the newest first. One query."""
    rows = LetterSent.objects.filter(signed__letter__patient=patient).select_related("contact", "by", "signed__letter")
    return list(rows.defer("signed__pdf").order_by("-id"))


@transaction.atomic
def write(patient: Patient, began_at: datetime, *, words: str, plan: str, seen: int, by: Staff, now: datetime) -> SeriesLetter:
    """The next version of this series' letter; the same words again are the same version.

    seen     the newest version that the writer saw, 0 for none
    refuses  Stale when somebody wrote a newer one meanwhile
    """
    permissions.require(by, "letter.write")
    newest = _newest(patient, began_at)
    told = {"words": uncut(words, WORDS_LETTERS), "plan": uncut(plan, PLAN_LETTERS, where="plan")}
    if newest is not None and {"words": newest.words, "plan": newest.plan} == told:
        return newest
    if (newest.version if newest else 0) != seen:
        raise Stale(because="Somebody wrote a newer version meanwhile.", way_out="Read it, then write yours again.", code="letter_stale")
    row = SeriesLetter(patient=patient, began_at=began_at, version=seen + 1, written_at=now, by=by, **told)
    row.save()
    audit.note("write letter after a series", by=by, now=now, patient=patient, subject=str(row.ref), words=f"version {row.version}")
    return row


@transaction.atomic
def sign(letter: SeriesLetter, press: Press, *, by: Staff, now: datetime) -> SignedLetter:
    """Sign a version as the page that `press` prints; twice is once. Refuses Stale for a version that is not the newest."""
    permissions.require(by, "letter.sign")
    known: SignedLetter | None = SignedLetter.objects.filter(letter=letter).first()
    if known is not None:
        return known
    newest = _newest(letter.patient, letter.began_at)
    if newest is None or newest.pk != letter.pk:
        raise Stale(because="There is a newer version of this letter.", way_out="Read and sign that one.", code="letter_stale")
    pdf = press(letter)
    row = SignedLetter(letter=letter, pdf=pdf, sha256=hashlib.sha256(pdf).hexdigest(), signed_at=now, by=by)
    row.save()
    audit.note(
        "sign letter after a series", by=by, now=now, patient=letter.patient, subject=str(letter.ref), words=f"version {letter.version}"
    )
    letters_due.signed_anew(letter, now=now)
    return row


@transaction.atomic
def send(signed: SignedLetter, contact: CareContact, *, by: Staff, now: datetime) -> tuple[LetterSent, str]:
    """Send a signed letter to one person by email; (what was sent, the code to say by telephone, empty for an attachment).

    refuses  a contact without an email, one whom the patient does not want written to
    """
    permissions.require(by, "letter.write")
    _require_reachable(contact)
    patient, how = signed.letter.patient, way()
    code = "".join(secrets.choice("0123456789") for _ in range(CODE_DIGITS)) if how == "link" else ""
    sent = LetterSent(signed=signed, contact=contact, way=how, sent_at=now, by=by, expires_at=now + OPENS_FOR if code else None)
    sent.code = _digest(sent, code) if code else ""
    sent.save()
    place = place_of(patient)
    values = {"phone": place.phone or place.name} | ({"link": path_of(sent)} if code else {})
    messages.post(
        kind="letter_link" if code else "letter_attached",
        patient=patient,
        to=Contact(name=contact.name, email=contact.email, channel="email"),
        values=values,
        subject=f"letter:{sent.ref}",
        attachment=None if code else signed,
        channel="email",
        now=now,
    )
    _done(sent, by=by, now=now)
    return sent, code


@transaction.atomic
def give_on_paper(signed: SignedLetter, contact: CareContact, *, by: Staff, now: datetime) -> LetterSent:
    """Write down that the printed letter went to this person."""
    permissions.require(by, "letter.write")
    if not contact.letters:
        raise _unwanted()
    sent = LetterSent(signed=signed, contact=contact, way="paper", sent_at=now, by=by)
    sent.save()
    _done(sent, by=by, now=now)
    return sent


def path_of(sent: LetterSent) -> str:
    return f"/letter/{sealed.seal(_SALT, sent.practice_id, sent.ref)}/"


def read_token(token: str) -> tuple[int, UUID] | None:
    """(practice, sending) of a link, without asking the database; None for a word that was not made here."""
    return sealed.unseal(_SALT, token)


def waiting(ref: UUID, *, now: datetime) -> LetterSent | None:
    """The sending behind a link while it still opens."""
    rows = LetterSent.objects.select_related("practice", "contact").filter(ref=ref, way="link", opened_at=None, ended_at=None)
    found: LetterSent | None = rows.filter(expires_at__gt=now).first()
    return found


@transaction.atomic
def open_once(ref: UUID, code: str, *, now: datetime) -> bytes | None:
    """The letter's PDF, the one time that the right code is given. None for a wrong code; the fifth wrong one ends the link."""
    rows = LetterSent.objects.select_for_update(of=("self",)).filter(ref=ref, way="link", opened_at=None, ended_at=None)
    sent: LetterSent | None = rows.filter(expires_at__gt=now).first()
    if sent is None:
        return None
    patient = sent.signed.letter.patient
    if not hmac.compare_digest(sent.code, _digest(sent, "".join(code.split()))):
        sent.tries += 1
        sent.ended_at = now if sent.tries >= MOST_TRIES else None
        sent.save(update_fields=["tries", "ended_at"])
        audit.note("wrong code for a letter", by=None, now=now, patient=patient, subject=str(sent.ref))
        return None
    sent.opened_at = now
    sent.save(update_fields=["opened_at"])
    audit.note("letter opened", by=None, now=now, patient=patient, subject=str(sent.ref), words=sent.contact.role)
    letter_recipients.settle(patient, now=now)
    return bytes(sent.signed.pdf)


def _require_reachable(contact: CareContact) -> None:
    if not contact.letters:
        raise _unwanted()
    if not contact.email:
        raise Refusal(
            because=f"There is no email address of {contact.name}.",
            way_out="Write it down, or give the letter on paper.",
            code="email_missing",
            where="email",
        )


def _unwanted() -> NotAllowed:
    return NotAllowed(
        because="The patient does not want letters sent there.",
        way_out="Ask the patient, and write down what they say.",
        code="letter_unwanted",
    )


def _newest(patient: Patient, began_at: datetime) -> SeriesLetter | None:
    found: SeriesLetter | None = SeriesLetter.objects.filter(patient=patient, began_at=began_at).order_by("-version").first()
    return found


def _digest(sent: LetterSent, code: str) -> str:
    return salted_hmac(f"{_SALT}.code", f"{sent.ref}:{code}", algorithm="sha256").hexdigest()


def _done(sent: LetterSent, *, by: Staff, now: datetime) -> None:
    """It has left: the audit knows to whom, and the task that waited is closed once everybody named has it."""
    letter = sent.signed.letter
    words = f"{sent.way}, {sent.contact.role}, version {letter.version}"
    audit.note("send letter after a series", by=by, now=now, patient=letter.patient, subject=str(sent.ref), words=words)
    letter_recipients.settle(letter.patient, now=now)
