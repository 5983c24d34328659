"""Invented patients whose relief fades by other laws than the model's: two exponentials, or a Weibull curve, in scatter that lasts.

Evenings are missing one by one and in stretches, answers are whole numbers, and a part of the patients has no relief at all.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from winddown.domain.relief.learn import Told

EVENINGS = 100


@dataclass(frozen=True)
class Invented:
    """One patient: what was answered in two series, and the truth beneath.

    days, pain   every answered evening, from the first infusion of the first series
    second       the day of the first infusion of the second series
    fades        days after the last infusion of each series at which half of the relief is gone; None without relief
    """

    days: np.ndarray
    pain: np.ndarray
    infusions: np.ndarray
    second: float
    fades: tuple[float, float] | None
    responds: bool

    def told(self, until: float) -> Told:
        kept = self.days <= until
        given = [float(day) for day in self.infusions if day <= until]
        return Told.of(list(zip(self.days[kept], self.pain[kept], strict=True)), given)


def _fade(rng: np.random.Generator, kind: str):
    """A law of fading with f(0) = 1, and the time of its half."""
    if kind == "two exponentials":
        share, quick, slow = rng.uniform(0.3, 0.7), rng.lognormal(np.log(6), 0.4), rng.lognormal(np.log(35), 0.4)

        def law(t):
            return share * np.exp(-t / quick) + (1 - share) * np.exp(-t / slow)
    else:
        power, scale = rng.uniform(0.8, 2.5), rng.lognormal(np.log(24), 0.45)

        def law(t):
            return np.exp(-((t / scale) ** power))

    grid = np.linspace(0, 400, 8001)
    return law, float(grid[np.argmax(law(grid) <= 0.5)])


def invent(seed: int, *, responders: float = 0.65) -> Invented:
    """One patient with a series of one to six infusions, and another series of the same a good two months later."""
    rng = np.random.default_rng(seed)
    kind = "two exponentials" if rng.random() < 0.5 else "Weibull"
    number, gap = int(rng.integers(1, 7)), float(rng.integers(2, 5))
    first = np.arange(number) * gap
    second = float(first[-1] + rng.integers(60, 90))
    infusions = np.concatenate([first, second + first])
    law, half = _fade(rng, kind)
    responds = rng.random() < responders
    base, gain = np.clip(rng.normal(7, 1.1), 4, 9.5), rng.uniform(0.35, 0.75) if responds else 0.0
    days = np.arange(-10.0, infusions[-1] + EVENINGS)
    relief = np.zeros_like(days)
    for at in infusions:
        since = days - at
        relief = np.where(since > 0, np.maximum(law(np.maximum(since, 0)), relief * (since > 0)), relief)
    pain = base * (1 - gain * relief) + _scatter(rng, days.size)
    answered = _answered(rng, days.size)
    told = np.clip(np.round(pain), 0, 10)
    return Invented(days[answered] + 0.4, told[answered], infusions, second, (half, half) if responds else None, responds)


def _scatter(rng: np.random.Generator, n: int) -> np.ndarray:
    """Each evening remembers the one before, to a degree that differs between persons."""
    size, memory = rng.lognormal(np.log(1.0), 0.3), rng.uniform(0.1, 0.75)
    found = np.empty(n)
    found[0] = rng.normal()
    for place in range(1, n):
        found[place] = memory * found[place - 1] + np.sqrt(1 - memory**2) * rng.normal()
    return size * found


def _answered(rng: np.random.Generator, n: int) -> np.ndarray:
    found = rng.random(n) > rng.uniform(0.15, 0.5)
    for _ in range(int(rng.integers(0, 3))):
        at = int(rng.integers(0, n - 12))
        found[at : at + int(rng.integers(5, 12))] = False
    return found
