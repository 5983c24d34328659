"""What the fictional patients answered in the weeks before: two with a long course, the others with what they filled in at intake."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from winddown.record.models import Answer, Patient, Staff
from winddown.services import answers, forms

WEEKS = 7
_SEED = 20
_Row = tuple[float, str, dict[str, Any]]


def write(patients: list[Patient], *, by: Staff, now: datetime) -> None:
    """Answers taken over from paper, the same ones at every first start; nothing where there are some."""
    if Answer.objects.exists():
        return
    for number, patient in enumerate(patients):
        chance = random.Random(_SEED + number)
        rows = list(_long(chance, pain=number == 1)) if number < 2 else list(_intake(chance, 12.0))
        for days_ago, instrument, items in rows:
            at = now - timedelta(days=days_ago, hours=chance.random() * 3)
            told: dict[str, Any] = {"version": "1", "language": "en", "answered_at": at, "source": "staff", "by": by}
            answers.submit(patient=patient, instrument=instrument, items=items, now=max(at, now - timedelta(days=9)), **told)
    for patient in patients[:2]:
        forms.send(patient=patient, subject=forms.subject_of_set("evening"), by=by, now=now)


def _long(chance: random.Random, *, pain: bool) -> Iterator[_Row]:
    """Seven weeks with evenings that are missing, and a better time in the middle."""
    yield from _intake(chance, WEEKS * 7.0)
    for days_ago in range(WEEKS * 7 - 4, 0, -2):
        if chance.random() < 0.25:
            continue
        level = 7.5 - 3.5 * (10 < days_ago < 36) - (0 if pain else 1) + chance.gauss(0, 0.8)
        yield days_ago, "pain-nrs", {"average": _within(level, 10)}
        yield days_ago, "mood", {"mood": _within(9.5 - level, 10)}
    for days_ago, level in ((30, 1.1), (16, 0.8), (2, 1.4)):
        yield days_ago, "phq-9", _choices("12345678", chance, level) | {"9": 0}
        yield days_ago, "gad-7", _choices("1234567", chance, level)
        yield days_ago, "peg", {key: _within(4 + 2 * level + chance.gauss(0, 1), 10) for key in ("pain", "enjoyment", "activity")}


def _intake(chance: random.Random, days_ago: float) -> Iterator[_Row]:
    yield days_ago, "pain-nrs", {"average": _within(chance.gauss(7, 1), 10), "worst": 9, "least": 4}
    yield days_ago, "peg", {key: _within(chance.gauss(7.5, 1), 10) for key in ("pain", "enjoyment", "activity")}
    yield days_ago, "phq-9", _choices("12345678", chance, 1.9) | {"9": 0}
    yield days_ago, "gad-7", _choices("1234567", chance, 1.5)
    yield days_ago, "audit-c", {"1": chance.choice((0, 1, 2)), "2": 0, "3": 0}
    yield days_ago, "opioid-dose", {"any": 1, "oxycodone": chance.choice((10, 20, 40))} if chance.random() < 0.5 else {"any": 0}
    yield days_ago, "bladder", dict.fromkeys(("frequency", "urgency", "filling_pain", "burning", "blood", "night"), 0)


def _choices(keys: str, chance: random.Random, level: float) -> dict[str, int]:
    return {key: _within(chance.gauss(level, 0.7), 3) for key in keys}


def _within(value: float, high: int) -> int:
    return max(0, min(high, round(value)))
