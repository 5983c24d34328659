"""What the newest scores ask of the clinic: a call when they are worse than before treatment, a review when relief was lost."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from winddown.domain.outcomes.definition import Definition
from winddown.domain.outcomes.episodes import Given, Score, episodes, worsening
from winddown.domain.tasks.kinds import SAME_DAY, Urgency

WITHIN_DAYS = timedelta(days=3)
WORSE = "The newest scores are worse than before treatment, by more than the published limit. Call, and look at the scores."
LOST = "At least half of the relief was lost, seen in the patient's own scores. Talk with the patient about what comes next."
LETTER = "The series is over. Read its letter, change what needs changing, sign it, and send it to who else treats the patient."
LETTER_ANEW = "The letter was signed anew. Send the new version to everybody who has the old one, or say why not."
SENTENCES = (WORSE, LOST, LETTER, LETTER_ANEW)


@dataclass(frozen=True)
class Asks:
    """One task that must be open now. `about` tells apart two things of one patient; `again`: it may be opened anew after a closing."""

    kind: str
    urgency: Urgency
    words: str
    within: timedelta
    about: str
    again: bool


def what_scores_ask(definition: Definition, scores: Sequence[Score], given: Sequence[Given], *, at: datetime) -> tuple[Asks, ...]:
    """The tasks that the scores of one course open. Both may be true at once: lost, and worse than before."""
    asks = []
    if worsening(definition, scores, given, at=at) is not None:
        asks.append(Asks("worsening", "same_day", WORSE, SAME_DAY, definition.key, again=True))
    newest = episodes(definition, scores, given, at=at)[-1:]
    if newest and newest[0].relapse is not None:
        asks.append(Asks("relief_review", "soon", LOST, WITHIN_DAYS, f"{definition.key}:{newest[0].began_at:%Y-%m-%d}", again=False))
    return tuple(asks)
