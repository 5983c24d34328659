"""Fictional pinprick tests, answered as an invented person would: more on the affected side, less from visit to visit."""

from __future__ import annotations

import math
import random
from collections.abc import Iterator
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from winddown.domain.sensory.plan import FORMS, Plan, Step
from winddown.domain.sensory.threshold import follow
from winddown.record.models import SensoryTest
from winddown.services import sensory

SITES = {"control": "back-left-hand", "affected": "back-right-hand"}


def whole_test(
    house: Any, person: Any, at: datetime, *, form: str = "bedside", strength: float = 1.0, seed: int = 5, by: Any = None, **more: Any
) -> SensoryTest:
    """A finished test. strength: 1 is wound up (8 of 10 against 2 or 3), 0 is like the control side."""
    tester, rng = by or house.nurse, random.Random(seed)
    test = sensory.begin(person, form, **SITES, by=tester, now=at, seed=seed, **more)
    for step in Plan.from_data(test.plan).steps:
        for data in _series(step, strength) if step.kind == "series" else [_answer(step, strength, rng)]:
            at += timedelta(seconds=10)
            sensory.enter(test, "answer", step=step.number, data=data, by=tester, now=at)
    sensory.enter(test, "finished", by=tester, now=at + timedelta(seconds=5))
    return test


def _series(step: Step, strength: float) -> Iterator[dict[str, str]]:
    """Sharp from one force on: lower on the affected side."""
    sharp_from_mn, felt = (96 if step.site == "control" else 96 - 70 * strength), list[str]()
    while (here := follow(felt, series=FORMS["full"].series)).next_mn is not None:
        felt.append("sharp" if here.next_mn >= sharp_from_mn else "blunt")
        yield {"felt": felt[-1], "force_mn": str(here.next_mn)}


def _answer(step: Step, strength: float, rng: random.Random) -> dict[str, str]:
    wound_up = strength if step.site == "affected" else 0.0
    if step.kind == "spoke":
        return {"distance_cm": f"{Decimal(round(2 * (1 + 4.5 * strength + rng.uniform(-0.8, 0.8)))) / 2:f}"}
    if step.kind == "touch":
        return {"rating": str(round(20 * wound_up) if rng.random() < 0.8 else 0), "way": "slider"}
    base = 25 + 8.0 * math.log2((step.force_mn or 256) / 256)
    lifted = base + wound_up * 55 + rng.uniform(-4, 4)
    if step.kind == "train":
        lifted = lifted * (1.3 + 0.2 * wound_up) if wound_up < 0.3 else min(lifted * 1.15 + 6, 100)
    if step.kind == "single" and wound_up:
        lifted *= 0.7 - 0.25 * wound_up
    return {"rating": str(min(max(round(lifted), 0), 100)), "way": "slider"}
