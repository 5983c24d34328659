"""What a C-SSRS screener means: its structure, its triage, and that what is missing counts as high. The licensed words are not here.

The published triage puts question 4 or 5 in the past month, or any behavior in the past three months, at the top (CSSRS-TRI). One public
implementation puts question 4 in the middle: it is not followed. That a missing recency and an unfinished screener are high is ours.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

Level = Literal["none", "low", "moderate", "high"]
LEVELS: tuple[Level, ...] = ("none", "low", "moderate", "high")
RECENT = "6_recent"

INTENT_OR_PLAN = "Suicide screener HIGH: intent or plan (question 4 or 5)."
RECENT_BEHAVIOR = "Suicide screener HIGH: recent suicidal behavior (question 6)."
NO_RECENCY = "Suicide screener HIGH: suicidal behavior, and when was not answered (question 6): it counts as recent."
UNFINISHED = "Suicide screener UNFINISHED: it counts as high."
METHOD = "Suicide screener MODERATE: thoughts with a method (question 3)."
OLDER_BEHAVIOR = "Suicide screener MODERATE: suicidal behavior more than three months ago (question 6)."
THOUGHTS = "Suicide screener LOW: a wish to be dead or thoughts of suicide (question 1 or 2)."
NOTHING = "Suicide screener: no question was answered yes."
SENTENCES = (INTENT_OR_PLAN, RECENT_BEHAVIOR, NO_RECENCY, UNFINISHED, METHOD, OLDER_BEHAVIOR, THOUGHTS, NOTHING)


@dataclass(frozen=True)
class Triage:
    """level and why, in one sentence of the table above. `missing` names the questions that should have been answered and were not."""

    level: Level
    because: str
    missing: tuple[str, ...] = ()

    @property
    def finished(self) -> bool:
        return not self.missing


def triage(answers: Mapping[str, bool | None], *, since_contact: bool = False) -> Triage:
    """The level of one screener.

    answers         by question, "1" to "6" and "6_recent"; None or absent is not answered
    since_contact   the form that asks about the time since the last contact: a behavior in it counts as recent
    Skip logic: question 2 no goes on to question 6. What was answered although it was skipped counts all the same.
    """
    missing = tuple(key for key in asked(answers, since_contact=since_contact) if answers.get(key) is None)
    behavior, recent = answers.get("6"), True if since_contact else answers.get(RECENT)
    if answers.get("4") or answers.get("5"):
        return Triage("high", INTENT_OR_PLAN, missing)
    if behavior and recent:
        return Triage("high", RECENT_BEHAVIOR, missing)
    if behavior and recent is None:
        return Triage("high", NO_RECENCY, missing)
    if missing:
        return Triage("high", UNFINISHED, missing)
    if answers.get("3"):
        return Triage("moderate", METHOD)
    if behavior:
        return Triage("moderate", OLDER_BEHAVIOR)
    if answers.get("1") or answers.get("2"):
        return Triage("low", THOUGHTS)
    return Triage("none", NOTHING)


def asked(answers: Mapping[str, bool | None], *, since_contact: bool = False) -> tuple[str, ...]:
    """The questions that must be answered, given what was answered so far."""
    middle = ("3", "4", "5") if answers.get("2") else ()
    last = (RECENT,) if answers.get("6") and not since_contact else ()
    return ("1", "2", *middle, "6", *last)
