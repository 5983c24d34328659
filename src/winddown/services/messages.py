"""Messages that leave the house: put into the outbox inside somebody's transaction, taken out by one job, each handed over once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import cast
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils import formats, translation

from winddown.domain.messages import kinds, tries
from winddown.domain.messages.failed import CALL_INSTEAD, CHECK_ADDRESS
from winddown.domain.messages.kinds import LINK, STOP, Channel, Kind
from winddown.domain.refusals import Refusal
from winddown.record.models import Location, Message, MessageAct, Patient, Practice, SignedLetter, Staff
from winddown.record.scope import current_practice_id
from winddown.services import audit, contacts, sealed, tasks
from winddown.services.suicide_safety import place_of

AWAITED = ("pick_up", "pick_up_moved", "visit_moved", "visit_cancelled", "morning_check")
SOON_ENOUGH, IN_TWO_DAYS = timedelta(minutes=30), timedelta(days=2)
_SALT = "winddown.services.messages"


@dataclass(frozen=True)
class Contact:
    """Somebody who is no patient of ours yet: an escort, a person who asks for a visit, a member of staff."""

    name: str = ""
    email: str = ""
    phone: str = ""
    language: str = "en"
    channel: str = ""


@dataclass(frozen=True)
class _Way:
    name: str
    address: str
    channel: Channel
    language: str
    zone: str


@dataclass(frozen=True)
class Outgoing:
    """One message as a provider gets it, with its addresses in place."""

    ref: str
    channel: Channel
    address: str
    name: str
    title: str
    words: str
    stop_url: str
    attachment: tuple[str, bytes] | None = None


@transaction.atomic
def post(
    *,
    kind: str,
    patient: Patient | None = None,
    to: Contact | None = None,
    staff: Staff | None = None,
    values: Mapping[str, str] | None = None,
    subject: str = "",
    due_at: datetime | None = None,
    key: str | None = None,
    channel: Channel | None = None,
    by_night: bool = False,
    attachment: SignedLetter | None = None,
    now: datetime,
) -> Message | None:
    """Put one message into the outbox, in the transaction of what made it necessary.

    to       to whom it goes when not to the patient; with both, it is about the patient and goes to this contact
    values   what the kind's words ask for; `link` is a path of ours; `clinic` is given when left out
    subject  what it is about, to cancel by;  key  the same key twice is one message
    channel  instead of the one the patient prefers, where there is an address for it
    attachment  a signed letter that goes with an email as PDF
    by_night it is the hour that the reader chose: then it leaves at that hour, also late in the evening
    returns  None when there is no address, or it asked to be left alone
    refuses  an unknown kind, values that its words do not ask for
    """
    what = kinds.kind_of(kind)
    known: Message | None = Message.objects.filter(key=key).first() if key else None
    if known is not None:
        return known
    way = _way(patient, to, channel)
    if way is None or (what.stoppable and _left_alone(patient, to, way)):
        return None
    told = dict(values or {})
    link = _own_path(told.pop(LINK, ""))
    told.setdefault("clinic", Practice.objects.get(pk=current_practice_id()).name)
    letter = kinds.write(what, told, language=way.language, channel=way.channel)
    due = due_at or now
    leaves = due if what.by_night or by_night else tries.by_day(due, way.zone)
    message = Message(
        kind=kind,
        patient=patient and (patient.merged_into or patient),
        staff=staff,
        to_name=way.name[:120],
        channel=way.channel,
        address=way.address,
        language=letter.language,
        title=letter.title[:200],
        words=letter.words,
        link=link,
        attachment=attachment,
        subject=subject[:120],
        key=key,
        made_at=now,
        due_at=due,
        until=max(leaves, now) + what.lasts,
        next_at=leaves,
    )
    try:
        with transaction.atomic():
            message.save()
    except IntegrityError:
        if key is None:
            raise
        found: Message = Message.objects.get(key=key)
        return found
    audit.note("post message", by=None, now=now, patient=message.patient, subject=str(message.ref), words=kind)
    return message


@transaction.atomic
def cancel(subject: str, *, now: datetime, because: str = "") -> int:
    """Take back whatever has not left yet about this subject; how many that were. Only what waits can be taken back."""
    rows = list(Message.objects.select_for_update().filter(subject=subject, state="waiting")) if subject else []
    for message in rows:
        _become(message, "cancelled", now=now, words=because)
    return len(rows)


@transaction.atomic
def claim(*, now: datetime) -> Outgoing | None:
    """The next message that is due, marked as leaving. None when nothing is due. Whoever claims it hands it over and says what came of it.

    One that was claimed before and never heard of again is marked as unsure: it may have arrived, so it is not sent a second time.
    """
    lost = now - tries.UNHEARD_OF_AFTER
    for message in Message.objects.select_for_update(skip_locked=True).filter(state="leaving", next_at__lt=lost)[:20]:
        _become(message, "unsure", now=now, words="the program stopped while it was leaving")
    while message := _first_due(now):
        if message.until <= now:
            _become(message, "too_late", now=now)
        elif kinds.kind_of(message.kind).stoppable and contacts.is_stopped(message.address):
            _become(message, "cancelled", now=now, words="the address asked to be left alone")
        else:
            outgoing = _outgoing(message)
            message.attempts += 1
            _become(message, "leaving", now=now, next_at=now)
            return outgoing
    return None


def _tell_staff(message: Message, *, now: datetime) -> None:
    """A message that was given up is a task: somebody waits for it and does not know. One for each patient and address."""
    if message.patient is None:
        return
    awaited = message.kind in AWAITED
    tasks.open_task(
        kind="message_failed",
        urgency="same_day" if awaited else "soon",
        words=CALL_INSTEAD if awaited else CHECK_ADDRESS,
        location=place_of(message.patient),
        patient=message.patient,
        subject=f"{message.channel}:{message.patient.ref}",
        due_at=now + (SOON_ENOUGH if awaited else IN_TWO_DAYS),
        now=now,
    )


def _first_due(now: datetime) -> Message | None:
    """The one that waits longest, locked; one row at a time, so that nobody else waits for messages that are not taken."""
    waiting = Message.objects.select_for_update(skip_locked=True).filter(state="waiting", next_at__lte=now)
    found: Message | None = waiting.order_by("next_at", "id").first()
    return found


@transaction.atomic
def sent(ref: str, *, now: datetime, words: str = "") -> None:
    """The provider took it."""
    _become(Message.objects.select_for_update().get(ref=ref), "sent", now=now, words=words)


@transaction.atomic
def not_sent(ref: str, *, now: datetime, words: str, for_good: bool = False) -> None:
    """The provider did not take it: tried again later, or given up. `words` never holds an address or a text."""
    message = Message.objects.select_for_update().get(ref=ref)
    again = None if for_good else tries.next_try(message.attempts, at=now, until=message.until)
    if again is None:
        _become(message, "failed", now=now, words=words)
        _tell_staff(message, now=now)
    else:
        _become(message, "waiting", now=now, words=words, next_at=again)


@transaction.atomic
def not_known(ref: str, *, now: datetime, words: str) -> None:
    """It may have left or not: it is not sent a second time."""
    _become(Message.objects.select_for_update().get(ref=ref), "unsure", now=now, words=words)


def when(moment: datetime, zone: str, language: str, *, day: bool = True) -> str:
    """A moment as a reader in this zone says it: `Tuesday, November 24, 3:15 p.m.`; without the day only the time."""
    there = moment.astimezone(ZoneInfo(zone))
    with translation.override(language):
        time = formats.date_format(there, "TIME_FORMAT")
        return f"{formats.date_format(there, 'l')}, {formats.date_format(there, 'MONTH_DAY_FORMAT')}, {time}" if day else time


def language_of(patient: Patient) -> str:
    """The language in which this patient is written to."""
    contact = contacts.of(patient)
    return contact.language if contact else "en"


def absolute(path: str) -> str:
    """A path of ours as an address that works outside."""
    return f"{settings.PUBLIC_ADDRESS}{path}" if path else ""


def stop_path(message: Message) -> str:
    return f"/m/{sealed.seal(_SALT, message.practice_id, message.ref)}/"


def read_stop(token: str) -> tuple[int, str] | None:
    """(practice, message) of a way to stop; None for a word that was not made here."""
    found = sealed.unseal(_SALT, token)
    return (found[0], str(found[1])) if found else None


@transaction.atomic
def stop(message: Message, *, now: datetime, again: bool = False, through: str = "link") -> None:
    """Nothing more to this address, and what waits for it is taken back; or (`again`) it may be written to once more."""
    stop_address(message.address, patient=message.patient, now=now, again=again, through=through)


@transaction.atomic
def stop_address(address: str, *, patient: Patient | None, now: datetime, again: bool = False, through: str) -> None:
    """The same for an address that is known by itself, as of a text message that says so."""
    contacts.stop(address, through=through, now=now, patient=patient, again=again)
    if again:
        return
    for waiting in Message.objects.select_for_update().filter(address=address, state="waiting"):
        if kinds.kind_of(waiting.kind).stoppable:
            _become(waiting, "cancelled", now=now, words="the address asked to be left alone")


def _way(patient: Patient | None, to: Contact | None, wanted: Channel | None) -> _Way | None:
    """To whom, where and how; None when there is no address."""
    if to is not None:
        email, phone = to.email.strip(), contacts.phone_of(to.phone) if to.phone.strip() else ""
        zone = (
            contacts.home_zone(patient)
            if patient
            else (Location.objects.order_by("id").values_list("time_zone", flat=True).first() or "UTC")
        )
        return _chosen(to.name, email, phone, wanted or to.channel or ("sms" if phone else "email"), to.language, zone)
    contact = contacts.of(patient) if patient else None
    if patient is None or contact is None:
        return None
    return _chosen(patient.given_name, contact.email, contact.phone, wanted or contact.channel, contact.language, contact.zone)


def _chosen(name: str, email: str, phone: str, channel: str, language: str, zone: str) -> _Way | None:
    """The wanted channel where it has an address, else the other one."""
    order: tuple[tuple[Channel, str], ...] = (("sms", phone), ("email", email))
    for each, address in order if channel == "sms" else order[::-1]:
        if address:
            return _Way(name, address, each, language, zone)
    return None


def _left_alone(patient: Patient | None, to: Contact | None, way: _Way) -> bool:
    contact = contacts.of(patient) if patient is not None and to is None else None
    return bool(contact and contact.stopped) or contacts.is_stopped(way.address)


def _own_path(path: str) -> str:
    if path and (not path.startswith("/") or path.startswith("//")):
        raise Refusal(because="A message links only to a page of ours.", way_out="Give its path.", code="link_foreign", where=LINK)
    return path


def _outgoing(message: Message) -> Outgoing:
    stop_url = absolute(stop_path(message)) if _stoppable(message) else ""
    words = message.words.replace(f"{{{LINK}}}", absolute(message.link)).replace(f"{{{STOP}}}", stop_url)
    file = ("letter.pdf", bytes(message.attachment.pdf)) if message.attachment is not None else None
    return Outgoing(
        str(message.ref), cast(Channel, message.channel), message.address, message.to_name, message.title, words, stop_url, file
    )


def _stoppable(message: Message) -> bool:
    what: Kind = kinds.kind_of(message.kind)
    return what.stoppable


def _become(message: Message, state: str, *, now: datetime, words: str = "", next_at: datetime | None = None) -> None:
    message.state, message.next_at = state, next_at or message.next_at
    if state not in ("waiting", "leaving"):
        message.link = ""
    message.save(update_fields=["state", "attempts", "next_at", "link"])
    MessageAct(message=message, kind=state, at=now, words=words[:200]).save()
