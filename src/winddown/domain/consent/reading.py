"""What has been done in one sitting with a consent text, and what is still missing before it can be signed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from winddown.domain.consent.text import STATEMENTS, ConsentText

KINDS = ("read", "answered", "acknowledged", "asked", "signed")


@dataclass(frozen=True)
class Step:
    """One step of a sitting. data: read {seconds}; answered {question, choice}; acknowledged {statement}; asked {words}."""

    kind: str
    at: datetime
    data: Mapping[str, Any]


@dataclass(frozen=True)
class Reading:
    """Where a sitting stands.

    seconds       how long the text was in sight, as the page counted it; None where it could not count
    right         the questions answered rightly, by place
    reopened      the paragraphs that a wrong answer, not yet mended, has opened again
    acknowledged  when each statement was acknowledged
    """

    seconds: int | None
    right: frozenset[int]
    tries: int
    reopened: tuple[str, ...]
    acknowledged: Mapping[str, datetime]
    signed_at: datetime | None

    @property
    def missing(self) -> tuple[str, ...]:
        """What must still be done before signing, as keys: question_0 to question_2, off_label, regulator."""
        questions = [f"question_{place}" for place in range(3) if place not in self.right]
        return (*questions, *(key for key in STATEMENTS if key not in self.acknowledged))


def fold(text: ConsentText, steps: Sequence[Step]) -> Reading:
    """The steps in order, newest last. A question once right stays right; the first acknowledgement of a statement counts."""
    seconds, right, wrong, acknowledged, signed, tries = None, set(), {}, {}, None, 0  # type: ignore[var-annotated]
    for step in steps:
        if step.kind == "read":
            seconds = (seconds or 0) + max(0, int(step.data.get("seconds", 0)))
        elif step.kind == "answered":
            tries += 1
            place = int(step.data["question"])
            if int(step.data["choice"]) == text.questions[place].right:
                right.add(place)
                wrong.pop(place, None)
            elif place not in right:
                wrong[place] = text.questions[place].paragraph
        elif step.kind == "acknowledged":
            acknowledged.setdefault(step.data["statement"], step.at)
        elif step.kind == "signed":
            signed = signed or step.at
    return Reading(seconds, frozenset(right), tries, tuple(dict.fromkeys(wrong.values())), acknowledged, signed)
