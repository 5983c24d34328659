"""Four questions before anybody is shown a time: what asks for a person first. They decide nothing about treatment; screening does.

The words stand with the page (web/visits/words.py); a change of their meaning is a new VERSION here, kept with every answer.
"""

from __future__ import annotations

from collections.abc import Mapping

from winddown.domain.refusals import Missing

VERSION = 1
QUESTIONS = ("pressure", "psychosis", "pregnancy", "substances")
ANSWERS = ("no", "yes", "unsure")
WITH_CRISIS_HELP = frozenset({"psychosis", "substances"})


def complete(told: Mapping[str, str]) -> dict[str, str]:
    """The four answers and nothing else. Refuses Missing with the first that is not given; there is no default."""
    for question in QUESTIONS:
        if told.get(question) not in ANSWERS:
            raise Missing(
                because="One of the four questions has no answer.",
                way_out="Answer all four; “not sure” is an answer.",
                code="safety_answer_missing",
                where=question,
            )
    return {question: told[question] for question in QUESTIONS}


def asks_for_a_person(told: Mapping[str, str]) -> tuple[str, ...]:
    """The questions whose answer sends to a human before a time is shown: every answer that is not a plain no."""
    return tuple(question for question in QUESTIONS if told.get(question) != "no")


def shows_crisis_help(told: Mapping[str, str]) -> bool:
    """Help in a crisis is shown beside an answer after which it may be needed tonight."""
    return any(question in WITH_CRISIS_HELP for question in asks_for_a_person(told))
