"""What would narrow the lines that hardly narrow: the level, and dissociation as a fraction of perception? On invented persons.

    python -m benchmarks.what_would_teach [--persons 200]

Each row changes one thing about what is seen by minute 55, in the truth and in the model that learns alike, and asks about minute 60. The
changed persons are thought experiments: nothing here is what the chart does. `docs/learning.md` tells what follows.
"""

from __future__ import annotations

import argparse
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import numpy as np

from benchmarks.learning import MINUTE, PLAN, RESTING
from winddown.domain.pharmacology import models
from winddown.domain.pharmacology.individual import Observation, Prior, learn, personal
from winddown.domain.pharmacology.individual import person as persons_of
from winddown.domain.pharmacology.individual.figures import VALUE
from winddown.domain.pharmacology.individual.person import Person, log_error
from winddown.domain.pharmacology.individual.simulated import Plan, seen_in
from winddown.domain.pharmacology.model import Patient
from winddown.domain.pharmacology.regimen import Schedule, dose_over

MODEL = models.get(models.DEFAULT)
OFTEN = Plan(systolic_min=tuple(range(5, 60, 5)), score_min=tuple(range(5, 60, 5)))
SCATTER = ("cadss6_noise", "cadss6_noise_share", "systolic_noise", "pain_noise", "sedation_noise")
SHARP = {name: 0.1 * VALUE[name] for name in SCATTER}
ITSELF = {"cadss6_gain": 1.0, "cadss6_gain_spread": 0.01}  # a scale that reads the share of perception, with about 12% of scatter
GAIN = "cadss6_gain"


@dataclass(frozen=True)
class Case:
    """What is seen. levels_min: blood drawn; knows_gain: earlier visits told it to a tenth; change: figures that are other ones here."""

    words: str
    plan: Plan = PLAN
    levels_min: tuple[float, ...] = ()
    site: str = "arterial"
    knows_gain: bool = False
    change: Mapping[str, float] = field(default_factory=dict)
    c50_spread: float = persons_of.C50_SPREAD


CASES = (
    Case("as the protocol asks"),
    Case("every sign every 5 minutes", OFTEN),
    Case("every sign every 5 minutes, with a tenth of the scatter", OFTEN, change=SHARP),
    Case("as the protocol asks, the person's CADSS-6 gain known", knows_gain=True),
    Case("one venous level at minute 55 besides", levels_min=(55.0,), site="venous"),
    Case("one arterial level at minute 55 besides", levels_min=(55.0,)),
    Case("three arterial levels besides", levels_min=(20.0, 38.0, 55.0)),
    Case("perception itself on a scale, where the protocol asks a score", change=ITSELF),
    Case("perception itself on a scale, every 5 minutes", OFTEN, change=ITSELF),
    Case("as the protocol asks, C50 0.4 between persons", change={"cadss6_gain_spread": 0.88}, c50_spread=0.4),
    Case("perception itself, where the protocol asks, C50 0.4 between persons", change=ITSELF, c50_spread=0.4),
)


@contextmanager
def changed(case: Case) -> Iterator[None]:
    old, spread = dict(VALUE), persons_of.C50_SPREAD
    VALUE.update(case.change)
    persons_of.C50_SPREAD = case.c50_spread
    try:
        yield
    finally:
        VALUE.update(old)
        persons_of.C50_SPREAD = spread


def seen_by(case: Case, person: Person, z: np.ndarray, given: Schedule, random: np.random.Generator) -> list[Observation]:
    seen = seen_in(person, z, given, case.plan, random)
    for minute in case.levels_min:
        true = person.courses(z, given, np.asarray([minute]), ("ketamine", "s_ketamine", "r_ketamine")).level("ketamine", case.site)
        value = float(true[0, 0]) * float(np.exp(log_error(case.site) * random.standard_normal()))
        seen.append(Observation("level", minute, value, "ketamine", case.site))
    return seen


def believed(case: Case, person: Person, z: np.ndarray, random: np.random.Generator) -> Prior | None:
    if not case.knows_gain:
        return None
    prior, place = Prior.of_population(person.names), person.names.index(GAIN)
    prior.mean[place], prior.covariance[place, place] = z[0, place] + 0.1 * random.standard_normal(), 0.01
    return prior


def asked(case: Case, persons: int, seed: int) -> str:
    random, narrower, covered = np.random.default_rng(seed), [], []
    for number in range(persons):
        patient = Patient(float(random.uniform(50, 100)), float(random.uniform(20, 70)), ("female", "male")[number % 2])
        given = dose_over("racemic", "0.5mg/kg", "40min", weight_kg=patient.weight_kg)
        person = Person.of(MODEL, patient, RESTING)
        z = random.standard_normal((1, len(person.names)))
        prior = believed(case, person, z, random)
        seen = seen_by(case, person, z, given, random)
        true = person.courses(z, given, MINUTE, ("s_ketamine",))
        truths = (true.fraction(), true.level("s_ketamine", "arterial"))
        after, before = (
            personal(each, given, MINUTE, analytes=("s_ketamine",)).courses
            for each in (
                learn(MODEL, patient, given, seen, resting=RESTING, seed=number + 1, prior=prior),
                learn(MODEL, patient, given, (), resting=RESTING),
            )
        )
        widths, inside = [], []
        for key, truth in zip(("dissociation", "s_ketamine"), truths, strict=True):
            (low, high), wide = np.percentile(after[key], [5, 95]), np.percentile(before[key], [5, 95])
            widths.append(1 - (high - low) / (wide[1] - wide[0]))
            inside.append(low <= float(truth[0, 0]) <= high)
        narrower.append(widths)
        covered.append(inside)
    cells = (f"{each:.0%} | {share:.0%}" for each, share in zip(np.median(narrower, axis=0), np.mean(covered, axis=0), strict=True))
    return f"| {case.words} | {' | '.join(cells)} |"


def main() -> None:
    told = argparse.ArgumentParser(description=__doc__)
    told.add_argument("--persons", type=int, default=200)
    told.add_argument("--seed", type=int, default=2)
    options = told.parse_args()
    print("| Seen by minute 55 | dissociation narrower | covered | level narrower | covered |\n|---|---|---|---|---|", flush=True)
    for case in CASES:
        with changed(case):
            print(asked(case, options.persons, options.seed), flush=True)


if __name__ == "__main__":
    main()
