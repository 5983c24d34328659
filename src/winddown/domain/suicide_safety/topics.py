"""What words that are not about suicide ask for: which of them cannot wait in an inbox, and how long a person has to call."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta

from winddown.domain.suicide_safety.lists.phrase import About
from winddown.domain.suicide_safety.red_words import Hit
from winddown.domain.tasks.kinds import URGENCIES, Urgency


@dataclass(frozen=True)
class Topic:
    """One kind of thing that a text may speak of.

    words    what the task says: it repeats nothing of the text
    within   how long a person has
    source   why it is as urgent as it is;  status  unverified: a cautious rule of ours until the director signs another
    """

    about: About
    name: str
    words: str
    urgency: Urgency
    within: timedelta
    source: str
    status: str


_TEN, _HOUR, _FOUR, _DAY = timedelta(minutes=10), timedelta(hours=1), timedelta(hours=4), timedelta(hours=8)
_WITH_PRESSURE = "clinical rules, section 3.3: what turns a high pressure into an emergency"
TOPICS: Mapping[About, Topic] = {
    each.about: each
    for each in (
        Topic(
            "breath",
            "Breathing, chest, swelling",
            "Words about breathing, chest pain or swelling in a text. Read it, and call: it may be an emergency.",
            "urgent",
            _TEN,
            _WITH_PRESSURE,
            "derived",
        ),
        Topic(
            "nerves",
            "Seizure, fainting, sudden headache, sight",
            "Words about a seizure, fainting, a sudden headache or lost sight in a text. Read it, and call: it may be an emergency.",
            "urgent",
            _TEN,
            _WITH_PRESSURE,
            "derived",
        ),
        Topic(
            "overdose",
            "Too much of a medicine",
            "Words about too much of a medicine in a text. Read it, and call: it may be an emergency.",
            "urgent",
            _TEN,
            "a cautious rule of ours",
            "unverified",
        ),
        Topic(
            "violence",
            "Hurt or threatened by somebody",
            "Words about being hurt or threatened by somebody in a text. Read it, and call when the patient is alone; leave no message.",
            "urgent",
            _HOUR,
            "a cautious rule of ours",
            "unverified",
        ),
        Topic(
            "urine",
            "Cannot pass urine",
            "Words about not being able to pass urine in a text. Read it, and call.",
            "urgent",
            _HOUR,
            "a cautious rule of ours",
            "unverified",
        ),
        Topic(
            "blood",
            "Blood in the urine",
            "Words about blood in the urine in a text. Read it, and call today; the bladder check may be due.",
            "same_day",
            _FOUR,
            "KIC22: lower urinary tract symptoms under ketamine; the time is a cautious rule of ours",
            "unverified",
        ),
        Topic(
            "drug",
            "The drug outside the clinic",
            "Words about the drug outside the clinic in a text. Read it, and call today.",
            "same_day",
            _DAY,
            "clinical rules, section 1.1, items 18 and 19; the time is a cautious rule of ours",
            "unverified",
        ),
    )
}
HARM = "Suicide and self-harm"
SENTENCES = (HARM, *(each.words for each in TOPICS.values()), *(each.name for each in TOPICS.values()))


def asked_for(hits: Iterable[Hit]) -> tuple[Topic, ...]:
    """The topics of these hits that ask for a call, the most urgent first. What was softened asks for none here, only to be read."""
    found = {hit.about for hit in hits if hit.level == "red" and hit.about in TOPICS}
    return tuple(sorted((TOPICS[about] for about in found), key=lambda each: (URGENCIES.index(each.urgency), each.within)))
