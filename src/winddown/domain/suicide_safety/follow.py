"""What one set of answers sets off: which task, how urgent, by when. A table of questions about suicide, and the rule for each."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

from winddown.domain.suicide_safety import red_words, topics
from winddown.domain.suicide_safety.language import unread
from winddown.domain.suicide_safety.triage import Triage, triage
from winddown.domain.tasks.kinds import SAME_DAY, Urgency

SCREENER, SCREENER_SINCE_CONTACT = "c-ssrs", "c-ssrs-contact"
SCREENERS: Mapping[str, bool] = {SCREENER: False, SCREENER_SINCE_CONTACT: True}

CALL_WITHIN = timedelta(minutes=10)
SCREEN_WITHIN = timedelta(minutes=20)
READ_WITHIN = timedelta(minutes=30)
SOONER_SAME_DAY = timedelta(hours=4)

POSITIVE = "A question about being better off dead was answered above zero. Ask the suicide screener now, in the same sitting."
CANNOT_ASK = (
    "A question about being better off dead was answered above zero, and the screener could not be asked there: "
    "it counts as unfinished, and so as high."
)
LEFT_OUT = "The question about being better off dead was left unanswered. Ask it."
RED = "Words about self-harm or suicide in a text. Read it, and call."
MENTIONED = "A text mentions self-harm or despair. Read it in full today."
MENTIONED_ELSE = "A text mentions something that could be urgent, and seems to say no. Read it in full today."
UNREAD = "A text is in a language that is not searched for red words. Have it read now by somebody who reads that language."
SENTENCES = (POSITIVE, CANNOT_ASK, LEFT_OUT, RED, MENTIONED, MENTIONED_ELSE, UNREAD, *topics.SENTENCES)


@dataclass(frozen=True)
class Question:
    """A question about suicide inside another instrument. positive_from: the lowest answer that opens the screener.

    source, status   where that limit comes from
    """

    item: str
    positive_from: float
    source: str
    status: str


QUESTIONS: Mapping[str, Question] = {
    "phq-9": Question("9", 1, "SPIER", "published"),
    "qids-sr16": Question("12", 1, "item number unverified; any answer above zero is a cautious rule of ours", "unverified"),
    "madrs": Question("10", 2, "item number unverified; a cautious rule of ours", "unverified"),
}


@dataclass(frozen=True)
class Sitting:
    """Where the answers were given. can_screen: the screener is asked there at once, by the page or by a person who is present."""

    can_screen: bool


@dataclass(frozen=True)
class Opens:
    """One task that must be open now."""

    kind: str
    urgency: Urgency
    words: str
    within: timedelta


@dataclass(frozen=True)
class Follows:
    """All that an answer sets off. screened: a finished or unfinished screener came, which closes the task that asked for one."""

    opens: tuple[Opens, ...] = ()
    screened: Triage | None = None

    @property
    def shows_help(self) -> bool:
        """Whether the person who answered sees crisis help at once."""
        return bool(self.opens)


_BY_LEVEL: Mapping[str, tuple[Urgency, timedelta]] = {
    "high": ("urgent", CALL_WITHIN),
    "moderate": ("same_day", SOONER_SAME_DAY),
    "low": ("same_day", SAME_DAY),
}


def what_follows(
    instrument: str, values: Mapping[str, float], texts: Mapping[str, str], sitting: Sitting, *, language: str = "", prose: bool = True
) -> Follows:
    """The tasks that an answer opens.

    values    numbers by item, those that could be read; an unreadable answer is a missing one
    texts     free words by item, from any instrument
    language  in which they were written, as far as the page knows;  prose  they are sentences and not lists
    """
    opens = _from_texts(texts, language, prose=prose)
    screened = None
    if instrument in SCREENERS:
        answers = {key: value > 0 for key, value in values.items()}
        screened = triage(answers, since_contact=SCREENERS[instrument])
        opens += _from_screener(screened)
    elif instrument in QUESTIONS:
        opens += _from_question(QUESTIONS[instrument], values, sitting)
    return Follows(tuple(opens), screened)


def _from_screener(screened: Triage) -> list[Opens]:
    if screened.level not in _BY_LEVEL:
        return []
    urgency, within = _BY_LEVEL[screened.level]
    return [Opens("suicide_risk", urgency, screened.because, within)]


def _from_question(question: Question, values: Mapping[str, float], sitting: Sitting) -> list[Opens]:
    """A total given by hand has no items: then the question was asked on paper and is not known to be left out."""
    if "total" in values:
        return []
    value = values.get(question.item)
    if value is None:
        return [Opens("item_unanswered", "same_day", LEFT_OUT, SAME_DAY)]
    if value < question.positive_from:
        return []
    if sitting.can_screen:
        return [Opens("suicide_screener", "same_day", POSITIVE, SCREEN_WITHIN)]
    return [Opens("suicide_risk", "urgent", CANNOT_ASK, CALL_WITHIN)]


def _from_texts(texts: Mapping[str, str], language: str, *, prose: bool) -> list[Opens]:
    """A text may open more than one task: words of harm never hide a chest pain."""
    hits = [hit for text in texts.values() for hit in red_words.find(text)]
    worst, asked = red_words.worst(hits), topics.asked_for(hits)
    found = []
    if worst == "red":
        found.append(Opens("red_words", "urgent", RED, CALL_WITHIN))
    if asked:
        found.append(Opens("call_words", asked[0].urgency, asked[0].words, asked[0].within))
    if any(unread(text, language, prose=prose) for text in texts.values()):
        found.append(Opens("unread_language", "urgent", UNREAD, READ_WITHIN))
    if hits and not found:
        found.append(Opens("read_text", "same_day", MENTIONED if worst else MENTIONED_ELSE, SAME_DAY))
    return found
