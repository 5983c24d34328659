"""Suicide safety in the record: what an answer or a text sets off is open in the same transaction in which it was kept."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from winddown.domain.instruments.scoring import score
from winddown.domain.suicide_safety.follow import SCREENER, Follows, Opens, Sitting, what_follows
from winddown.domain.tasks.kinds import SUICIDE_KINDS
from winddown.record.models import Answer, Location, Patient, Task
from winddown.services import instruments, tasks

EARLY = (("phq-9", "9"), (SCREENER, "4"), (SCREENER, "5"))
_TOLD_ABOUT = ("suicide_risk", "suicide_screener", "red_words", "call_words", "unread_language", "read_text", "item_unanswered")


@transaction.atomic
def follow(answer: Answer, *, now: datetime) -> Follows:
    """Open what this answer asks for: called by `answers.submit` in its own transaction, whoever answered and at whatever hour."""
    patient = answer.patient
    read = score(instruments.form_of(answer.instrument), answer.items)
    sitting = Sitting(can_screen=_can_screen(answer))
    texts = {**read.words, **{key: str(answer.items[key]) for key in read.odd}}
    follows = what_follows(answer.instrument, read.values, texts, sitting, language=answer.language)
    _open(follows.opens, patient, place_of(patient, answer), now)
    if follows.screened is not None and follows.screened.finished:
        for task in Task.objects.filter(kind="suicide_screener", patient=patient).exclude(status="closed"):
            tasks.close_by_fact(task, "screened", fact=f"answer:{answer.ref}", now=now)
    return follows


@transaction.atomic
def early_sign(patient: Patient, instrument: str, item: str, value: float, *, language: str, now: datetime) -> bool:
    """A red answer on a form that is not sent yet, told by the phone at once: a person who stops there is not lost. True: a task is open.

    The answer itself is kept when the form comes; until then the task says what was tapped. Only questions that are red by themselves.
    """
    if (instrument, item) not in EARLY:
        return False
    form, _language = instruments.form_for(SCREENER, language)
    follows = what_follows(instrument, {item: value}, {}, Sitting(can_screen=form.has_text))
    _open(follows.opens, patient, place_of(patient), now)
    return follows.shows_help


@transaction.atomic
def read_text(
    text: str, *, patient: Patient | None, location: Location, subject: str, language: str = "", prose: bool = True, now: datetime
) -> bool:
    """Look for red words in any other text that came in. True: a task is open, and the writer is shown crisis help at once.

    language   of the page on which it was written: words in one without a list are read by a person
    prose      sentences; not a list of medicines, by which no language can be told
    """
    follows = what_follows("", {}, {"text": text}, Sitting(can_screen=False), language=language, prose=prose)
    _open(follows.opens, patient, location, now, subject=subject)
    return follows.shows_help


def place_of(patient: Patient, answer: Answer | None = None) -> Location:
    """Whose people on call it is for: the place of the visit, else of the patient's newest visit, else the practice's first."""
    if answer is not None and answer.session is not None:
        return answer.session.location
    visit = patient.sessions.select_related("location").order_by("-planned").first()
    found: Location = visit.location if visit else Location.objects.order_by("id")[0]
    return found


def _open(opens: Iterable[Opens], patient: Patient | None, location: Location, now: datetime, *, subject: str = "") -> None:
    for each in opens:
        tasks.open_task(
            kind=each.kind,
            urgency=each.urgency,
            words=each.words,
            location=location,
            patient=patient,
            subject=f"patient:{patient.ref}" if patient else subject,
            due_at=now + each.within,
            now=now,
        )


def _can_screen(answer: Answer) -> bool:
    """A person of the staff is there, or the phone goes on to the clinic's licensed text by itself."""
    if answer.source == "staff" or answer.session_id is not None:
        return True
    form, _language = instruments.form_for(SCREENER, answer.language)
    return form.has_text


@dataclass(frozen=True)
class Told:
    """What a patient may be told of their red answer: nobody has acknowledged it, or when a person did. Never that all is well."""

    open: bool
    acknowledged_at: datetime | None


def told(patient: Patient) -> Told:
    """Whether a person has acknowledged what this patient's answers set off. One query."""
    rows = Task.objects.filter(patient=patient, kind__in=_TOLD_ABOUT).exclude(status="closed")
    found = list(rows.values_list("status", "acted_at"))
    seen = [acted_at for status, acted_at in found if status == "acknowledged" and acted_at]
    all_seen = bool(found) and len(seen) == len(found)
    return Told(bool(found), max(seen) if all_seen else None)


def standing(patient: Patient) -> list[Task]:
    """The open suicide tasks of a patient, for the strip of the chart and for discharge."""
    return list(Task.objects.filter(patient=patient, kind__in=SUICIDE_KINDS).exclude(status="closed").order_by("opened_at"))
