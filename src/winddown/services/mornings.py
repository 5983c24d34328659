"""What an answer of the morning after sets off, in the transaction in which it was kept."""

from __future__ import annotations

from datetime import datetime

from winddown.domain.instruments.next_morning import BAD
from winddown.domain.instruments.scoring import score
from winddown.domain.tasks.kinds import SAME_DAY
from winddown.record.models import Answer, Task
from winddown.services import instruments, suicide_safety, tasks

MORNING, CONTACT = "next-morning", "c-ssrs-contact"
WAITS = {MORNING: "morning_unanswered", CONTACT: "contact_check"}
DROVE = "The patient says they have driven since the visit. Ask when, and go through the rule again."


def follow(answer: Answer, *, now: datetime) -> None:
    """What an answer of the next morning asks for: a look at every bad answer, and a word about driving. In the answer's transaction."""
    if answer.instrument not in WAITS:
        return
    for task in Task.objects.filter(patient=answer.patient, kind=WAITS[answer.instrument]).exclude(status="closed"):
        tasks.close_by_fact(task, "answered", fact=f"answer:{answer.ref}", now=now)
    if answer.instrument == MORNING:
        for words in _asks_for(answer):
            _review(answer, words, now=now)


def _asks_for(answer: Answer) -> list[str]:
    form = instruments.form_of(answer.instrument)
    values = score(form, answer.items).values
    bad = [item.words["en"] for item in form.items if item.key != "drove" and values.get(item.key, 0) >= BAD]
    found = [f"The morning after, answered as bad: {'; '.join(bad)}. Call the patient."] if bad else []
    return [*found, DROVE] if values.get("drove", 0) > 0 else found


def _review(answer: Answer, words: str, *, now: datetime) -> None:
    tasks.open_task(
        kind="review_answer",
        urgency="same_day",
        words=words,
        location=suicide_safety.place_of(answer.patient, answer),
        patient=answer.patient,
        subject=f"answer:{answer.ref}",
        due_at=now + SAME_DAY,
        now=now,
    )
