"""The kinds of task, and what closing each of them needs. A new kind is one line here."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from winddown.domain.refusals import Missing, OutOfRange, UnknownWord

Urgency = Literal["urgent", "same_day", "soon"]
URGENCIES: tuple[Urgency, ...] = ("urgent", "same_day", "soon")
SAME_DAY = timedelta(hours=8)  # what is of the same day is due within a working day
CALL = ("called", "called_at", "next_check_at")
ASKED: Mapping[str, str] = {
    "called": "who was called",
    "called_at": "when they were called",
    "next_check_at": "when the next check is",
    "words": "what happened, in words",
}


@dataclass(frozen=True)
class Outcome:
    """How a task may end.

    words   what it says in the list of outcomes
    needs   which of ASKED must be written down for this outcome
    """

    words: str
    needs: tuple[str, ...] = ()


@dataclass(frozen=True)
class TaskKind:
    """One kind of task.

    words            its name on every screen; never a patient's name
    outcomes         how it may end
    clinical         only those who read charts see whose it is and may act on it
    late_is_urgent   when nobody has closed it by its time, it becomes urgent
    next_check       the kind that its next check is opened as, when closing sets one
    """

    key: str
    words: str
    outcomes: Mapping[str, Outcome]
    clinical: bool = True
    late_is_urgent: bool = False
    next_check: str = ""


_SAFETY = {
    "safe_plan": Outcome("Spoke with the patient; safety plan agreed", (*CALL, "words")),
    "seen_in_person": Outcome("Patient seen in person by a clinician", (*CALL, "words")),
    "urgent_care": Outcome("Handed to a crisis team or an emergency department", (*CALL, "words")),
    "emergency_services": Outcome("Emergency services sent", (*CALL, "words")),
    "not_this_patient": Outcome("Answered by or about somebody else: that person was reached", (*CALL, "words")),
}
_DONE = {"done": Outcome("Done", ("words",)), "not_needed": Outcome("Not needed any more", ("words",))}

_REACHED = {
    "reached": Outcome("Reached", ("called", "called_at", "words")),
    "not_reached": Outcome("Not reached; message left", ("called", "called_at", "words")),
    "not_needed": Outcome("Not needed any more", ("words",)),
}


def _table(*kinds: TaskKind) -> Mapping[str, TaskKind]:
    return {kind.key: kind for kind in kinds}


KINDS: Mapping[str, TaskKind] = _table(
    TaskKind("suicide_risk", "Suicide safety: call the patient", _SAFETY, late_is_urgent=True, next_check="suicide_next_check"),
    TaskKind("suicide_next_check", "Suicide safety: next check", _SAFETY, late_is_urgent=True, next_check="suicide_next_check"),
    TaskKind(
        "suicide_screener",
        "Ask the suicide screener now",
        {
            "screened": Outcome("Screener recorded"),
            "declined": Outcome("The patient declined the screener; a clinician spoke with them", (*CALL, "words")),
        },
        late_is_urgent=True,
        next_check="suicide_next_check",
    ),
    TaskKind(
        "item_unanswered",
        "A question about being better off dead was left unanswered",
        {"asked": Outcome("Asked; the answer is recorded", ("words",)), **_SAFETY},
        late_is_urgent=True,
        next_check="suicide_next_check",
    ),
    TaskKind(
        "red_words",
        "Words about self-harm or suicide in a text",
        {**_SAFETY, "not_about_harm": Outcome("Read in full by a clinician: not about harm to a person", ("words",))},
        late_is_urgent=True,
        next_check="suicide_next_check",
    ),
    TaskKind(
        "public_red_words",
        "Words about self-harm or suicide in a question from the public site",
        {
            **_SAFETY,
            "nobody_to_reach": Outcome("Read in full by a clinician: it gives no way to reach anybody", ("words",)),
            "not_about_harm": Outcome("Read in full by a clinician: not about harm to a person", ("words",)),
        },
        late_is_urgent=True,
        next_check="suicide_next_check",
    ),
    TaskKind(
        "call_words",
        "Words in a text that ask for a call",
        {
            "reached": Outcome("Reached; what comes next is agreed", (*CALL, "words")),
            "seen_in_person": Outcome("Patient seen in person by a clinician", (*CALL, "words")),
            "urgent_care": Outcome("Spoke with them; sent to urgent care", ("called", "called_at", "words")),
            "emergency_services": Outcome("Emergency services sent", (*CALL, "words")),
            "not_now": Outcome("Read in full by a clinician: not about something that happens now", ("words",)),
        },
        late_is_urgent=True,
        next_check="call_patient",
    ),
    TaskKind(
        "unread_language",
        "A text in a language that is not searched for red words",
        {
            "read": Outcome("Read by somebody who reads that language: nothing urgent", ("words",)),
            "reached": Outcome("Reached; what comes next is agreed", (*CALL, "words")),
            **_SAFETY,
        },
        late_is_urgent=True,
        next_check="suicide_next_check",
    ),
    TaskKind("read_text", "Read a text that mentions self-harm", {"read": Outcome("Read", ("words",)), **_SAFETY}, late_is_urgent=True),
    TaskKind("consent_question", "The patient asks about the consent before signing", _DONE, clinical=False),
    TaskKind(
        "call_patient",
        "Call the patient",
        _REACHED,
    ),
    TaskKind(
        "mental_health_clinician",
        "Mood track: tell the treating mental-health clinician",
        {
            "told": Outcome("Told", ("called", "called_at", "words")),
            "no_clinician": Outcome("There is none; the patient was offered one", ("words",)),
            "no_release": Outcome("The patient does not want them told", ("words",)),
        },
    ),
    TaskKind(
        "patient_message",
        "A patient's message waits for an answer",
        {
            "answered": Outcome("Answered"),
            "read": Outcome("Read; it needs no answer"),
            "called": Outcome("Called instead", ("called", "words")),
        },
    ),
    TaskKind(
        "morning_unanswered",
        "The morning after: no answer by noon. Call the patient",
        {"answered": Outcome("Answered meanwhile"), **_REACHED},
        late_is_urgent=True,
    ),
    TaskKind(
        "contact_check",
        "Ask the suicide questions since the last contact",
        {"answered": Outcome("Asked; the answer is recorded"), **_REACHED},
        late_is_urgent=True,
    ),
    TaskKind(
        "message_failed",
        "A message could not be delivered",
        {"address_mended": Outcome("The number or address was corrected"), **_REACHED},
        clinical=False,
        late_is_urgent=True,
    ),
    TaskKind(
        "text_unknown",
        "A text message from a number that belongs to nobody here, or to several",
        {
            "answered": Outcome("The writer was found and called", ("called", "called_at", "words")),
            "nothing": Outcome("Read; nothing to do", ("words",)),
            **_SAFETY,
        },
        late_is_urgent=True,
    ),
    TaskKind("diary_silent", "No answers at home any more: call the patient", _REACHED),
    TaskKind("review_answer", "Review an answer", _DONE),
    TaskKind(
        "worsening",
        "Scores are worse than before treatment: call the patient",
        {
            "reached": Outcome("Reached; what comes next is agreed", (*CALL, "words")),
            "not_reached": Outcome("Not reached; message left", (*CALL, "words")),
            "seen_in_person": Outcome("Patient seen in person by a clinician", (*CALL, "words")),
            "explained": Outcome("Read by a clinician: another reason explains it", ("words",)),
        },
        late_is_urgent=True,
        next_check="call_patient",
    ),
    TaskKind("relief_review", "Relief: a review or a booster to talk about", {**_DONE, "booked": Outcome("A visit was booked")}),
    TaskKind(
        "series_letter",
        "Letter after a series: read, sign and send",
        {
            "sent": Outcome("Signed and sent"),
            "on_paper": Outcome("Signed and given on paper"),
            "spared": Outcome("Signed; for everybody named a reason stands why not"),
            "not_needed": Outcome("Not needed any more", ("words",)),
        },
    ),
    TaskKind("recheck_due", "A check is out of date", _DONE),
    TaskKind(
        "drug_discrepancy",
        "Controlled drug: a case is open",
        {**_DONE, "case_closed": Outcome("The case was closed in the ledger")},
        clinical=False,
    ),
    TaskKind(
        "drug_notice",
        "Controlled drug: written notice of theft or loss",
        {**_DONE, "notice_sent": Outcome("The notice was recorded as sent")},
        clinical=False,
        late_is_urgent=True,
    ),
    TaskKind("drug_shelf", "Controlled drug: the shelf is below its level", _DONE, clinical=False),
    TaskKind(
        "visit_call_back",
        "Call back: somebody asked for a visit",
        {
            "booked": Outcome("Spoke with them; a visit is booked", ("called", "called_at")),
            "advised": Outcome("Spoke with them; something else was agreed", ("called", "called_at", "words")),
            "urgent_care": Outcome("Spoke with them; sent to urgent care", ("called", "called_at", "words")),
            "not_reached": Outcome("Not reached after several tries", ("called", "called_at", "words")),
            "withdrawn": Outcome("They do not want a visit any more", ("words",)),
        },
        clinical=False,
        late_is_urgent=True,
    ),
    TaskKind(
        "public_text",
        "A text from the public page waits for a person",
        {**_DONE, "answered": Outcome("Every question was answered, declined or put aside")},
        clinical=False,
    ),
    TaskKind("general", "To do", _DONE, clinical=False),
)
SUICIDE_KINDS: frozenset[str] = frozenset({"suicide_risk", "suicide_next_check"})


def kind_of(key: str) -> TaskKind:
    """The kind, or UnknownWord."""
    kind = KINDS.get(key)
    if kind is None:
        raise UnknownWord("task kind", key, KINDS)
    return kind


@dataclass(frozen=True)
class Closing:
    """How a task ended. `called_at` and `next_check_at` are instants, the rest is words."""

    outcome: str
    called: str = ""
    called_at: datetime | None = None
    next_check_at: datetime | None = None
    words: str = ""


def check_closing(kind: TaskKind, closing: Closing, *, opened_at: datetime, at: datetime) -> None:
    """Refuse a closing that leaves open what this kind needs: who was called, when (to the minute), the outcome, the next check."""
    outcome = kind.outcomes.get(closing.outcome)
    if outcome is None:
        raise Missing(
            because="This task closes only with an outcome.", way_out="Choose how it ended.", code="outcome_missing", where="outcome"
        )
    for name in outcome.needs:
        if not getattr(closing, name):
            raise Missing(
                because=f"This task cannot be closed without {ASKED[name]}.",
                way_out="Write it down here.",
                code="closing_missing",
                where=name,
            )
    if closing.called_at and closing.called_at > at:
        raise OutOfRange(because="The call is later than now.", way_out="Check the time.", code="called_later", where="called_at")
    if closing.called_at and closing.called_at < opened_at.replace(second=0, microsecond=0):
        raise OutOfRange(
            because="The call was before this task was opened.",
            way_out="Write down the call that answered this task.",
            code="called_before",
            where="called_at",
        )
    if closing.next_check_at and closing.next_check_at <= at:
        raise OutOfRange(
            because="The next check is not in the future.", way_out="Set a later time.", code="check_past", where="next_check_at"
        )
