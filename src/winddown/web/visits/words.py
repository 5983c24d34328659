"""The four questions as a visitor reads them, and short words of this room. Their meaning is versioned in the domain."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as __


@dataclass(frozen=True)
class Question:
    """One question: its short name for the desk, the sentence, and what counts."""

    key: str
    name: Any
    words: Any
    more: Any


QUESTIONS = (
    Question(
        "pressure",
        __("Blood pressure"),
        __("Is your blood pressure high and not under control?"),
        __("Answer yes also after a heart attack, a stroke, an aneurysm or a bleeding in the brain."),
    ),
    Question(
        "psychosis",
        __("Psychosis"),
        __("Have you ever heard or seen things that others did not, or had a psychosis or mania?"),
        __("Answer yes also if it was long ago or came with a medicine or a drug."),
    ),
    Question(
        "pregnancy",
        __("Pregnancy"),
        __("Are you pregnant, might you be, or are you breastfeeding?"),
        "",
    ),
    Question(
        "substances",
        __("Substance use"),
        __("Do you have, or did you have, a problem with alcohol, drugs or medicines?"),
        __("Answer yes also if you use ketamine or other street drugs now and then."),
    ),
)
ANSWERS: Mapping[str, Any] = {"no": __("No"), "yes": __("Yes"), "unsure": __("Not sure")}
PARTS: Mapping[str, Any] = {
    "soon": __("As soon as the clinic is open"),
    "morning": __("In the morning"),
    "afternoon": __("In the afternoon"),
}


def told(answers: Mapping[str, str]) -> list[dict[str, Any]]:
    """The answers for the desk: what was asked, what was said, whether it asks for a person."""
    return [
        {"question": each, "said": ANSWERS.get(answers.get(each.key, ""), "?"), "calm": answers.get(each.key) == "no"} for each in QUESTIONS
    ]
