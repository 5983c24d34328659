"""U1, measured: does the learned band narrow, and does it cover the truth? On invented persons, also where the truth is another model.

    python -m benchmarks.learning [--persons 1000] [--write docs/learning-figures.md]

Each person is drawn from the prior of the model that makes the truth; a nurse writes down pressures, CADSS-6, MOAA/S and pain, one entry in
twenty for another reason than the drug; the default model learns from what was written by minute 55 and is asked about minute 60. The
interval is the 5 to 95% band of the course itself, the one that the chart draws. No wrong model is left out because it looks bad.
"""

from __future__ import annotations

import argparse
import os
import platform
import time
from dataclasses import dataclass
from pathlib import Path

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import numpy as np

from winddown.domain.pharmacology import models
from winddown.domain.pharmacology.individual import Observation, Resting, learn, personal
from winddown.domain.pharmacology.individual.person import Person
from winddown.domain.pharmacology.individual.simulated import Plan, evenness, evenness_mark, ranks, seen_in
from winddown.domain.pharmacology.model import Patient
from winddown.domain.pharmacology.personal import DRAWN
from winddown.domain.pharmacology.regimen import dose_over

RESTING = Resting(systolic=120.0, pain=7.0, cadss6=0.0)
PLAN = Plan(systolic_min=(5, 10, 15, 25, 35, 45, 55), score_min=(15, 30, 45))
MINUTE = np.asarray([60.0])
SIGNS = {
    "systolic_rise": "systolic pressure",
    "cadss6": "CADSS-6",
    "pain": "pain",
    "dissociation": "dissociation, fraction of perception",
    "effect_site": "effect site, S-ketamine",
    "s_ketamine": "plasma, S-ketamine",
}


@dataclass(frozen=True)
class Truth:
    """What makes the truth, and how it is bent away from the model that learns."""

    words: str
    model_id: str
    shifts: tuple[tuple[str, float], ...] = ()


MODEL = models.DEFAULT
STEEP = (("dissociation_steepness", 1.645), ("dissociation_lag", 2.0))
SENSITIVE = (("pressure_top", 2.0), ("dissociation_c50", -2.0))
TRUTHS = (
    Truth("the model that learns (right structure)", MODEL),
    Truth("kinetics of Noppers 2011, no norketamine", "pk_s_noppers2011"),
    Truth("kinetics of Simons 2022 as published, clearance less varied", "pk_s_simons2022"),
    Truth(
        "everyone at the steepest dissociation curve and a slow site",
        "pk_rs_default",
        (("dissociation_steepness", 1.645), ("dissociation_lag", 2.0)),
    ),
    Truth(
        "everyone two deviations more sensitive in pressure, C50 two lower",
        "pk_rs_default",
        (("pressure_top", 2.0), ("dissociation_c50", -2.0)),
    ),
)


@dataclass
class Found:
    """Over the persons, for one sign: whether covered, how much narrower, where the truth ranked."""

    covered: list[bool]
    narrower: list[float]
    rank: list[float]


def one(truth: Truth, persons: int, seed: int) -> tuple[dict[str, Found], list[float], list[float]]:
    random = np.random.default_rng(seed)
    found = {key: Found([], [], []) for key in SIGNS}
    spent, even = [], []
    for number in range(persons):
        patient = Patient(float(random.uniform(50, 100)), float(random.uniform(20, 70)), ("female", "male")[number % 2])
        given = dose_over("racemic", "0.5mg/kg", "40min", weight_kg=patient.weight_kg)
        person = Person.of(models.get(truth.model_id), patient, RESTING)
        z = random.standard_normal((1, len(person.names)))
        for name, value in truth.shifts:
            z[0, person.names.index(name)] = value
        seen = seen_in(person, z, given, PLAN, random)
        courses = person.courses(z, given, MINUTE, ("s_ketamine",))
        true = {
            "systolic_rise": courses.systolic_rise(),
            "cadss6": courses.cadss6(),
            "pain": np.clip(courses.pain(), 0.0, 10.0),
            "dissociation": courses.fraction(),
            "effect_site": courses.effect_site,
            "s_ketamine": courses.level("s_ketamine", person.model.card.sites[0]),
        }
        began = time.perf_counter()
        posterior = learn(models.get(models.DEFAULT), patient, given, seen, resting=RESTING, seed=number + 1)
        spent.append(time.perf_counter() - began)
        even.append(posterior.even)
        after = personal(posterior, given, MINUTE, analytes=("s_ketamine",)).courses
        before = personal(
            learn(models.get(models.DEFAULT), patient, given, (), resting=RESTING), given, MINUTE, analytes=("s_ketamine",)
        ).courses
        for key, into in found.items():
            value = float(true[key][0, 0])
            low, high = np.percentile(after[key], [5, 95])
            wide_low, wide_high = np.percentile(before[key], [5, 95])
            into.covered.append(bool(low <= value <= high))
            into.narrower.append(1 - (high - low) / (wide_high - wide_low))
            into.rank.append(float(ranks(np.asarray([value]), after[key], random)[0]))
    return found, spent, even


def entry_time() -> tuple[float, float]:
    """Milliseconds from a new entry to a redrawn band, by the wall and of one core: the fit and the lines, 60 entries; median of nine."""
    patient = Patient(70.0, 45.0, "female")
    given = dose_over("racemic", "1.4mg/kg", "240min", weight_kg=70.0)
    random = np.random.default_rng(3)
    person = Person.of(models.get(models.DEFAULT), patient, RESTING)
    z = random.standard_normal((1, len(person.names)))
    plan = Plan(
        systolic_min=tuple(float(minute) for minute in range(5, 240, 8)), score_min=tuple(float(minute) for minute in range(15, 240, 24))
    )
    seen: list[Observation] = seen_in(person, z, given, plan, random)
    took = []
    for _ in range(9):
        began, worked = time.perf_counter(), time.process_time()
        posterior = learn(models.get(models.DEFAULT), patient, given, seen, resting=RESTING)
        personal(posterior, given, np.arange(0.0, 361.0, 2.0), analytes=("ketamine", "s_norketamine"), effects=DRAWN)
        took.append(((time.perf_counter() - began) * 1e3, (time.process_time() - worked) * 1e3))
    wall, core = np.median(np.asarray(took), axis=0)
    return float(wall), float(core)


def report(persons: int, seed: int) -> str:
    lines = [
        f"Measured {time.strftime('%Y-%m-%d', time.gmtime())}, {persons} invented persons each, seed {seed}, "
        f"{platform.machine()}, Python {platform.python_version()}, load {os.getloadavg()[0]:.1f}.",
        "",
        "Goal for what the chart draws (U1): covered 88 to 92%, at least 30% narrower. Even: chi-square of the truth's rank over",
        "twenty bins, by its degrees of freedom; about 1 where calibrated. Of six calibrated signs one or more stands above "
        f"{evenness_mark(20, len(SIGNS)):.1f} once in a hundred runs.",
        "",
        "| The truth comes from | Sign at minute 60 | Covered by the 90% interval | Narrower than before, median | Even |",
        "|---|---|---|---|---|",
    ]
    for truth in TRUTHS:
        found, spent, even = one(truth, persons, seed)
        for key, each in found.items():
            share = float(np.mean(each.covered))
            narrower, flat = float(np.median(each.narrower)), evenness(each.rank, 300, 20)
            lines.append(f"| {truth.words} | {SIGNS[key]} | {share:.1%} | {narrower:.0%} | {flat:.1f} |")
        poor = float(np.mean(np.asarray(even) < 0.02))
        print(f"{truth.words}: fit {np.median(spent) * 1e3:.0f} ms, weights uneven in {poor:.1%}", flush=True)
    wall, core = entry_time()
    lines += [
        "",
        f"A new entry after 60 others in four hours: {wall:.0f} ms to the redrawn band, {core:.0f} ms of one core (goal 200 ms).",
    ]
    return "\n".join(lines) + "\n"


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--persons", type=int, default=1000)
    asked.add_argument("--seed", type=int, default=2)
    asked.add_argument("--write", type=Path)
    told = asked.parse_args()
    text = report(told.persons, told.seed)
    if told.write:
        told.write.write_text(text, encoding="utf-8")
    print(text)


if __name__ == "__main__":
    main()
