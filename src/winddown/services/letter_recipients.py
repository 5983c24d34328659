"""Who is to have the letter of a series, who has it, and for whom somebody said why not. Its task stays until that is told of everybody."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from winddown.domain.refusals import Missing
from winddown.domain.words import uncut
from winddown.record.models import CareContact, LetterSent, LetterSpared, Patient, SeriesLetter, SignedLetter, Staff, Task
from winddown.services import audit, permissions, tasks

BECAUSE_LETTERS = 300


@dataclass(frozen=True)
class Recipient:
    """One named person outside, and how the newest signed version stands with them.

    sent    the newest sending that still counts: one that ended or lapsed unopened does not
    spared  who said why this person does not get it
    """

    contact: CareContact
    sent: LetterSent | None = None
    spared: LetterSpared | None = None

    def state(self) -> str:
        """has, unwanted, spared, on_way (a link that nobody has opened yet) or missing."""
        if self.sent is not None and (self.sent.way != "link" or self.sent.opened_at is not None):
            return "has"
        if not self.contact.letters:
            return "unwanted"
        if self.spared is not None:
            return "spared"
        return "on_way" if self.sent is not None else "missing"


def named(patient: Patient) -> dict[str, CareContact]:
    """The standing contact of each role that has one. One query."""
    rows = CareContact.objects.filter(patient=patient.merged_into or patient).order_by("role", "-id").distinct("role")
    return {row.role: row for row in rows if row.name}


def subject_of(patient: Patient, began_at: datetime) -> str:
    """What the task of a series' letter is about."""
    return f"letter:{began_at:%Y-%m-%d}:{patient.ref}"


def recipients(signed: SignedLetter, *, now: datetime) -> dict[str, Recipient]:
    """How this signed version stands with everybody named, by role. Three queries."""
    letter = signed.letter
    sent = {
        (row.contact.role, row.contact.name): row
        for row in LetterSent.objects.filter(signed=signed).select_related("contact").order_by("id")
        if row.way != "link" or row.opened_at or (row.ended_at is None and row.expires_at is not None and row.expires_at > now)
    }
    spared = {
        (row.contact.role, row.contact.name): row
        for row in LetterSpared.objects.filter(patient=letter.patient, began_at=letter.began_at)
        .select_related("contact", "by")
        .order_by("id")
    }
    people = named(letter.patient).items()
    return {role: Recipient(who, sent.get((role, who.name)), spared.get((role, who.name))) for role, who in people}


@transaction.atomic
def spare(letter: SeriesLetter, contact: CareContact, *, because: str, by: Staff, now: datetime) -> LetterSpared:
    """Say why this person does not get the letter of this series. Refuses Missing without words, OutOfRange for too many."""
    permissions.require(by, "letter.write")
    if not because.strip():
        raise Missing(
            because=f"There is no reason why {contact.name} does not get it.",
            way_out="Say why in a few words, or send it.",
            code="reason_missing",
            where="because",
        )
    words = uncut(because, BECAUSE_LETTERS, where="because")
    row = LetterSpared(patient=letter.patient, began_at=letter.began_at, contact=contact, because=words, written_at=now, by=by)
    row.save()
    audit.note("spare letter after a series", by=by, now=now, patient=letter.patient, subject=str(row.ref), words=contact.role)
    settle(letter.patient, now=now)
    return row


def settle(patient: Patient, *, now: datetime) -> None:
    """Close the open letter tasks of which everybody named has the newest signed version, or a reason stands why not."""
    whose = patient.merged_into or patient
    waiting = {task.subject: task for task in Task.objects.filter(kind="series_letter", patient=whose).exclude(status="closed")}
    if not waiting:
        return
    rows = SignedLetter.objects.filter(letter__patient=whose).select_related("letter__patient__merged_into").defer("pdf")
    newest = {subject_of(whose, row.letter.began_at): row for row in rows.order_by("letter__version")}
    for subject, task in waiting.items():
        if subject in newest:
            _settle_one(task, newest[subject], now=now)


def _settle_one(task: Task, signed: SignedLetter, *, now: datetime) -> None:
    people = recipients(signed, now=now).values()
    if not people or any(each.state() in ("on_way", "missing") for each in people):
        return
    ways = {each.sent.way for each in people if each.state() == "has" and each.sent is not None}
    outcome = ("on_paper" if ways == {"paper"} else "sent") if ways else "spared"
    tasks.close_by_fact(task, outcome, fact=f"letter:{signed.ref}", now=now)
