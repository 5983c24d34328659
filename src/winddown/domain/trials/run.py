"""Running a trial: a chunk of patients through every arm, and chunks added up in their order."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from winddown.domain.pharmacology.linear import Array
from winddown.domain.pharmacology.population import AT_ONCE, Bodies, Courses, People
from winddown.domain.pharmacology.provenance import Origin, guess_words, origins
from winddown.domain.pharmacology.quantiles import Counter, Tally
from winddown.domain.trials.definition import Arm, Trial
from winddown.domain.trials.measures import Outcome, measured

Column = NDArray[Any]  # whole numbers, truths and float32 side by side

CHUNK = 20_000  # patients of one task: long enough to be worth sending, part of no number
MOST_DRAWN = 60  # times at which bands are drawn
FRACTIONS = (0.05, 0.25, 0.5, 0.75, 0.95)


@dataclass(frozen=True)
class Counted:
    """One outcome of one arm so far, over the patients that have a number; without: how many have none."""

    tally: Tally
    without: int
    total: float
    lowest: float
    highest: float

    def plus(self, other: Counted) -> Counted:
        return Counted(
            self.tally.plus(other.tally),
            self.without + other.without,
            self.total + other.total,
            min(self.lowest, other.lowest),
            max(self.highest, other.highest),
        )


@dataclass(frozen=True)
class Part:
    """What came of some patients. rows: column -> (n,) for each arm, empty when nobody wants rows."""

    patients: int
    counted: Mapping[tuple[str, str], Counted]
    drawn: Mapping[tuple[str, str], Tally]
    rows: Mapping[str, Mapping[str, Column]] = field(default_factory=dict)

    def plus(self, other: Part) -> Part:
        """Both together, without rows: those are written as they come. Sums are added in the order of the chunks."""
        counted = {key: value.plus(other.counted[key]) for key, value in self.counted.items()}
        return Part(self.patients + other.patients, counted, {key: value.plus(other.drawn[key]) for key, value in self.drawn.items()})


def chunks(trial: Trial) -> list[tuple[int, int]]:
    """(first, n) of each task; the cut does not depend on who works."""
    return [(first, min(CHUNK, trial.patients - first)) for first in range(0, trial.patients, CHUNK)]


def run_chunk(trial: Trial, first: int, n: int, *, with_rows: bool) -> Part:
    """The patients `first` to `first + n - 1` through every arm."""
    counted = {(arm.name, outcome.name): _Counting() for arm in trial.arms for outcome in trial.outcomes}
    drawn: dict[tuple[str, str], Counter] = {}
    rows: dict[str, list[Mapping[str, Column]]] = {arm.name: [] for arm in trial.arms}
    places = drawn_places(trial)
    for begin in range(first, first + n, AT_ONCE):
        bodies = trial.population.bodies(begin, min(AT_ONCE, first + n - begin))
        for arm in trial.arms:
            found, taken = _arm(trial, arm, bodies)
            for outcome in trial.outcomes:
                counted[arm.name, outcome.name].add(taken[outcome.name])
            for name, course in _asked_lines(trial, found):
                drawn.setdefault((arm.name, name), Counter.empty(places.size)).add(course[:, places])
            if with_rows:
                rows[arm.name].append(_rows(begin, found.people, taken))
    joined = {arm: {name: np.concatenate([part[name] for part in parts]) for name in parts[0]} for arm, parts in rows.items() if parts}
    return Part(
        n,
        {key: counting.counted for key, counting in counted.items()},
        {key: Tally(counter.counts) for key, counter in drawn.items()},
        joined,
    )


def _asked_lines(trial: Trial, found: Courses) -> list[tuple[str, Array]]:
    """The lines that an outcome is taken from: these are drawn."""
    asked = {outcome.of for outcome in trial.outcomes}
    return [(name, course) for name, course in {**found.cloud.levels, **found.effects}.items() if name in asked]


def drawn_places(trial: Trial) -> np.ndarray:
    """Which of the times are drawn."""
    count = len(trial.at_min)
    return np.unique(np.linspace(0, count - 1, min(MOST_DRAWN, count)).round().astype(np.int64))


def _arm(trial: Trial, arm: Arm, bodies: Bodies) -> tuple[Courses, dict[str, Array]]:
    question = trial.question(arm)
    found = trial.population.run(question, bodies)
    taken = {outcome.name: measured(outcome, found, question.at_min, arm.schedule.end_min) for outcome in trial.outcomes}
    return found, taken


class _Counting:
    """One outcome of one arm while the patients come by: counts grow in place, and sums are added in the order of the patients."""

    def __init__(self) -> None:
        self._counter = Counter.empty(1)
        self._without, self._total = 0, 0.0
        self._lowest, self._highest = np.inf, -np.inf

    def add(self, values: Array) -> None:
        known = values[np.isfinite(values)]
        self._without += int(values.size - known.size)
        if known.size:
            self._counter.add(known.reshape(-1, 1))
            self._total += float(known.sum())
            self._lowest, self._highest = min(self._lowest, float(known.min())), max(self._highest, float(known.max()))

    @property
    def counted(self) -> Counted:
        return Counted(Tally(self._counter.counts), self._without, self._total, self._lowest, self._highest)


def _rows(first: int, people: People, taken: Mapping[str, Array]) -> dict[str, Column]:
    """float64 arithmetic, float32 storage: seven digits are more than any of these numbers has."""
    return {
        "patient": np.arange(first, first + people.weight_kg.size),
        "weight_kg": people.weight_kg.astype(np.float32),
        "age_years": people.age_years.astype(np.int16),
        "female": people.female,
        **{name: values.astype(np.float32) for name, values in taken.items()},
    }


def summary(trial: Trial, part: Part) -> dict[str, Any]:
    """Plain data: every arm and outcome, with 5, 25, 50, 75 and 95% and the mean."""
    return {
        "title": trial.title,
        "model": trial.model_id,
        "patients": part.patients,
        "seed": trial.seed,
        "population": trial.crowd.as_data(),
        "arms": [{"name": arm.name, "words": arm.words, "outcomes": _outcomes(trial, arm, part)} for arm in trial.arms],
        "outcomes": [outcome.as_data() for outcome in trial.outcomes],
        "courses": _courses(trial, part),
        "made_by": {line: made.as_data() for line, made in _made_by(trial).items()},
        "warnings": [*trial.warnings, *filter(None, [guess_words(trial.model_id, _made_by(trial))])],
        "words": WORDS,
    }


def _made_by(trial: Trial) -> Mapping[str, Origin]:
    return origins(trial.model_id, dict.fromkeys(outcome.of for outcome in trial.outcomes if outcome.of))


def about(trial: Trial) -> dict[str, dict[str, str]]:
    """What travels with the patients' table: under "" for all of it, under an outcome's name for that column."""
    whole = {"title": trial.title, "model": trial.model_id, "seed": str(trial.seed), "words": WORDS}
    made = _made_by(trial)
    columns = {outcome.name: {"unit": outcome.unit, "rating": outcome.rating} for outcome in trial.outcomes}
    for outcome in trial.outcomes:
        if outcome.of:
            told = made[outcome.of]
            columns[outcome.name] |= {"made_by": told.made_by, "citation": told.citation, "guesses": " ".join(told.guesses)}
    return {"": whole, **columns}


WORDS = (
    "Simulated patients under one published model; no patient was treated. Bands show the spread between patients under this model, "
    "calibrated on simulated patients only. A trial in the computer chooses no dose."
)


def _outcomes(trial: Trial, arm: Arm, part: Part) -> dict[str, dict[str, float | None]]:
    return {outcome.name: _figures(outcome, part.counted[arm.name, outcome.name]) for outcome in trial.outcomes}


def _figures(outcome: Outcome, counted: Counted) -> dict[str, float | None]:
    known = counted.tally.total
    mean = counted.total / known if known else None
    if outcome.is_share:
        return {"share": mean, "without": float(counted.without)}
    read = np.clip(counted.tally.quantiles(FRACTIONS)[:, 0], counted.lowest, counted.highest)
    quantiles = read.tolist() if known else [None] * len(FRACTIONS)
    named = dict(zip(("p05", "p25", "median", "p75", "p95"), quantiles, strict=True))
    return {**named, "mean": mean, "without": float(counted.without)}


def _courses(trial: Trial, part: Part) -> list[dict[str, Any]]:
    times = np.asarray(trial.at_min)[drawn_places(trial)].tolist()
    found = []
    for (arm, line), tally in part.drawn.items():
        p05, p25, p50, p75, p95 = tally.quantiles(FRACTIONS).tolist()
        unit = next(outcome.line_unit for outcome in trial.outcomes if outcome.of == line)
        found.append(
            {"arm": arm, "line": line, "unit": unit, "times_min": times, "p05": p05, "p25": p25, "median": p50, "p75": p75, "p95": p95}
        )
    return found
