"""One invented patient whose hyperalgesia winds down over six weeks: three pinprick tests, two maps, opioids and pain."""

from __future__ import annotations

import math
import random
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from winddown.commands.fiction.cast import Character
from winddown.domain.sensory.plan import Plan, Step
from winddown.record.models import Patient, SensoryTest, Staff
from winddown.services import answers, body_maps, sensory

WHO = ("Sampleton", "Bruno")
SITES = {"affected": "back-right-hand", "control": "back-left-hand"}
PLAIN_HAND = random.Random(70)


@dataclass(frozen=True)
class Day:
    """One day of the story. wound_up: 1 feels 8 of 10 where the other hand feels 2 or 3; 0 is like the other hand."""

    days_ago: int
    wound_up: float
    opioid_mg: int
    pain: int
    regions: tuple[str, ...]


DAYS = (
    Day(
        42,
        1.0,
        60,
        8,
        ("back-right-forearm", "back-right-wrist", "back-right-hand", "front-right-hand", "front-right-wrist", "back-right-elbow"),
    ),
    Day(24, 0.6, 45, 6, ()),
    Day(6, 0.25, 20, 4, ("back-right-wrist", "back-right-hand", "front-right-hand")),
)
KNOWN_FOR_DAYS = 60


def tell(patient: Patient, nurse: Staff, now: datetime) -> None:
    """The tests, maps and answers."""
    for number, day in enumerate(DAYS):
        at = now - timedelta(days=day.days_ago)
        _test(patient, nurse, at, day.wound_up, seed=100 + number)
        _answer(patient, nurse, at, "opioid-dose", {"any": 1, "morphine": day.opioid_mg})
        _answer(patient, nurse, at, "pain-nrs", {"average": day.pain})
        if day.regions:
            told = {"source": "patient", "worst": "back-right-hand", "marked_at": at}
            body_maps.mark(patient, day.regions, by=nurse, now=at, **told)  # type: ignore[arg-type]


def is_about(character: Character) -> bool:
    return (character.family, character.given) == WHO


def _test(patient: Patient, by: Staff, at: datetime, wound_up: float, *, seed: int, form: str = "bedside", **more: Any) -> SensoryTest:
    test = sensory.begin(patient, form, control=SITES["control"], affected=SITES["affected"], by=by, now=at, seed=seed, **more)
    for step in Plan.from_data(test.plan).steps:
        at += timedelta(seconds=12)
        sensory.enter(test, "answer", step=step.number, data=_felt(step, wound_up), by=by, now=at)
    sensory.enter(test, "finished", by=by, now=at + timedelta(seconds=8))
    return test


def _felt(step: Step, wound_up: float) -> dict[str, str]:
    """What an invented hand feels: more on the affected side, more after ten pricks than after one."""
    more, shake = (wound_up if step.site == "affected" else 0.0), PLAIN_HAND.uniform(-4, 4)
    if step.kind == "spoke":
        return {"distance_cm": f"{max(round(2 * (0.8 + 4 * more + shake / 6)) / 2, 0):g}"}
    if step.kind == "touch":
        return {"rating": str(max(round(24 * more + shake), 0) if more > 0.2 else 0), "way": "slider"}
    rating = 25 + 8 * math.log2((step.force_mn or 256) / 256) + 55 * more + shake
    if step.kind == "single":
        rating *= 0.75 - 0.3 * more
    if step.kind == "train":
        rating *= 1.05 + 0.1 * more
    return {"rating": str(min(max(round(rating), 0), 100)), "way": "slider"}


def _answer(patient: Patient, nurse: Staff, at: datetime, instrument: str, items: dict[str, int]) -> None:
    told = {"version": "1", "language": "en", "source": "staff", "by": nurse}
    answers.submit(patient=patient, instrument=instrument, items=items, answered_at=at, now=at, **told)  # type: ignore[arg-type]
