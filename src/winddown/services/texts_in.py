"""Text messages that come in: kept first, once, then read. A command is done; everything else is a message of a person and never lost."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from uuid import uuid4

from django.db import transaction
from django.db.models import Max, Q

from winddown.domain.messages import commands
from winddown.domain.messages.texts_in import UNKNOWN
from winddown.domain.refusals import Missing, Refusal
from winddown.domain.suicide_safety.crisis import country_of
from winddown.domain.suicide_safety.follow import CALL_WITHIN
from winddown.record.models import InboundText, Location, Patient, PatientContact, Practice
from winddown.record.scope import current_practice_id
from winddown.services import audit, contacts, messages, roster, suicide_safety, tasks, threads

LONGEST_WORDS, READ_WITHIN = 8000, timedelta(hours=4)
BY_TEXT = "text"


@dataclass(frozen=True)
class Taken:
    """What came of a text. reply: what its writer is answered at once; empty when it came before."""

    text: InboundText
    reply: str


@transaction.atomic
def take_in(*, provider_id: str, number: str, words: str, now: datetime) -> Taken:
    """Keep one text message and do what it asks for. The same `provider_id` again is the same message, and is answered with nothing.

    refuses  a message without the service's own id, since a repeated one could not be told from a second one
    """
    if not provider_id.strip():
        raise Missing(because="The message has no id.", way_out="Send the service's own id for it.", code="text_without_id", where="id")
    known: InboundText | None = InboundText.objects.filter(provider_id=provider_id[:120]).first()
    if known is not None:
        return Taken(known, "")
    said = words.replace("\x00", "").strip()[:LONGEST_WORDS]
    address = _number(number)
    command, spoken = commands.command_of(said)
    if not address and command in ("stop", "start"):
        command = ""
    owner = _owner(address)
    language = spoken or (messages.language_of(owner) if owner else "")
    place = suicide_safety.place_of(owner) if owner else Location.objects.order_by("id")[0]
    text = InboundText(
        ref=uuid4(),
        provider_id=provider_id[:120],
        address=address,
        raw_address="" if address else number[:60],
        words=said,
        kind=command or "message",
        patient=owner,
        at=now,
        red=not command and suicide_safety.read_text(said, patient=owner, location=place, subject=f"text:{address}", now=now),
    )
    text.save()
    audit.note("receive text", by=None, now=now, patient=owner, subject=str(text.ref), words=text.kind)
    if command in ("stop", "start"):
        _reminders(text, again=command == "start", now=now)
    else:
        _message(text, place, now=now)
    return Taken(text, _reply(text, place, language or "en"))


def _number(number: str) -> str:
    """In international form; empty for what cannot be a number, which is kept as it came."""
    try:
        return contacts.phone_of(number)
    except Refusal:
        return ""


def _owner(address: str) -> Patient | None:
    """The one patient whose newest contact has this number; None for a number that nobody has, or several."""
    if not address:
        return None
    newest = PatientContact.objects.values("patient_id").annotate(newest=Max("id")).values("newest")
    found = list(PatientContact.objects.filter(Q(id__in=newest), phone=address).select_related("patient")[:2])
    return found[0].patient if len(found) == 1 else None


def _reminders(text: InboundText, *, again: bool, now: datetime) -> None:
    """End or begin reminders to this number. A patient who had stopped all of them and writes START is asked again."""
    messages.stop_address(text.address, patient=text.patient, now=now, again=again, through=BY_TEXT)
    row = contacts.of(text.patient) if text.patient and again else None
    if row is not None and row.stopped and text.patient is not None:
        wishes = replace(contacts.wishes_of(row), stopped=False)
        contacts.write(text.patient, wishes, by=None, now=now, because="the patient, by a text message")


def _message(text: InboundText, place: Location, *, now: datetime) -> None:
    """What is no command waits for a person: among the patient's messages, or as a text of somebody unknown."""
    if text.patient is not None and text.words:
        threads.came_by_text(text, now=now)
        return
    tasks.open_task(
        kind="text_unknown",
        urgency="urgent" if text.red else "same_day",
        words=UNKNOWN,
        location=place,
        subject=f"text:{text.address or text.ref}",
        due_at=now + (CALL_WITHIN if text.red else READ_WITHIN),
        now=now,
    )


def _reply(text: InboundText, place: Location, language: str) -> str:
    country = country_of(roster.country())
    values = {
        "clinic": Practice.objects.get(pk=current_practice_id()).name,
        "phone": place.phone or "-",
        "emergency": country.emergency.number,
        "crisis": country.lines[0].number if country.lines else country.emergency.number,
    }
    words = commands.STOPPED if text.kind == "stop" else commands.STARTED if text.kind == "start" else commands.KEPT
    if text.red or text.kind == "help":
        words = commands.URGENT
    return commands.reply(words, language, **values)
