"""An emulated patient: vital signs and dissociation that follow the dose, through another model than the one that draws the chart.

Racemic ketamine runs through the Kamp 2020 meta-analysis, esketamine through Fanta 2015; the chart's default is neither. Every patient
has draws of their own. The sizes below make a lively bed for showing and testing; they are no prediction for anybody.
"""

from __future__ import annotations

import math
import random
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

import numpy as np

from winddown.devices.emulators.program import Program
from winddown.domain.figures import Figure
from winddown.domain.pharmacology import models
from winddown.domain.pharmacology.compartments import Input, concentrations
from winddown.domain.pharmacology.linear import Array
from winddown.domain.pharmacology.model import Patient, share_of_dose
from winddown.domain.quantities import mg_over, mg_per_h

MODELS = {"racemic": "pk_rac_kamp2020_meta", "esketamine": "pk_s_fanta2015_otto2021"}
POTENCY = {"racemic": 1.0, "esketamine": 2.0}  # per ng/mL, against total racemic ketamine

VANKAWALA, BOWDLE, OLOFSEN = "10.3389/fpsyt.2021.549080", "Bowdle 1998", "Olofsen 2012"
SCENERY = "stage scenery of the emulator, not from a study"
LEVEL_AT_RISE = Figure(250.0, "ng/mL", "pk_rac_kamp2020_meta, 0.5 mg/kg over 40 min (253 at 70 kg)", "derived")
SYSTOLIC_RISE = Figure(12.61, "mm[Hg]", VANKAWALA, "published")
DIASTOLIC_RISE = Figure(8.49, "mm[Hg]", VANKAWALA, "published")
HEART_RISE = Figure(4.09, "/min", VANKAWALA, "published")
DISSOCIATION_PER_NG = Figure(0.63 * 10 / 200, "points of 10 per ng/mL", f"{BOWDLE}: 37-89 % of the scale at 200 ng/mL, linear", "derived")
EFFECT_HALF_LIFE = Figure(6.1, "min", OLOFSEN, "published")
BREATHS_FALL = Figure(1.0, "/min", SCENERY, "unverified")
OXYGEN_FALL = Figure(0.6, "%", SCENERY, "unverified")
CARBON_DIOXIDE_RISE = Figure(1.5, "mm[Hg]", SCENERY, "unverified")

GRID_MIN, TAIL_MIN = 0.25, 480.0
_ONE_MINUTE = Decimal(1)
_PEOPLE: dict[str, tuple[float, float]] = {  # resting mean and spread between people; stage scenery
    "systolic": (124.0, 11.0),
    "diastolic": (77.0, 7.0),
    "heart_rate": (71.0, 8.0),
    "respiratory_rate": (14.0, 1.5),
    "spo2": (97.4, 0.7),
    "etco2": (37.5, 2.0),
    "temperature": (36.7, 0.2),
}
_WANDER: dict[str, tuple[float, float]] = {  # seconds of memory, spread within a person
    "systolic": (300.0, 4.0),
    "diastolic": (300.0, 2.5),
    "heart_rate": (40.0, 2.4),
    "respiratory_rate": (60.0, 1.0),
    "spo2": (90.0, 0.45),
    "etco2": (60.0, 1.0),
    "temperature": (1800.0, 0.05),
}
_DAILY = {"systolic": 5.0, "diastolic": 3.0, "heart_rate": 3.0, "temperature": 0.25}  # half the swing of a day
_DAILY_PEAK_HOUR = 16.0


@dataclass(frozen=True)
class Physiology:
    """What is true in the emulated body; a monitor shows it with its own faults.

    level_ng_per_ml  ketamine in plasma; effect_ng_per_ml the same after the lag of an effect
    dissociation     0 to 10
    """

    systolic: float
    diastolic: float
    heart_rate: float
    respiratory_rate: float
    spo2: float
    etco2: float
    temperature: float
    dissociation: float
    level_ng_per_ml: float
    effect_ng_per_ml: float

    @property
    def mean_pressure(self) -> float:
        return self.diastolic + (self.systolic - self.diastolic) / 3


class EmulatedPatient:
    """One person. Ask for moments in order: the small wandering of every sign has a memory. Same seed, same moments, same signs."""

    def __init__(self, program: Program, *, seed: int) -> None:
        self._seed = seed
        draw = random.Random(f"person {seed}")
        self._resting = {sign: draw.gauss(*spread) for sign, spread in _PEOPLE.items()}
        self._pressure_gain, self._heart_gain, self._mind_gain = (draw.lognormvariate(0.0, sigma) for sigma in (0.35, 0.4, 0.3))
        self._half_life_min = EFFECT_HALF_LIFE.value * draw.lognormvariate(0.0, 0.3)
        self._peak_hour = draw.gauss(_DAILY_PEAK_HOUR, 1.0)
        self._walks = {sign: _Walk(*_WANDER[sign], random.Random(f"{sign} {seed}")) for sign in _WANDER}
        self.follow(program)

    def follow(self, program: Program) -> None:
        """The same person under another program."""
        self.program = program
        self._levels = _Levels.of(program, self._seed, self._half_life_min)

    def truth(self, at: datetime) -> Physiology:
        """The body at a moment."""
        level, effect = self._levels.at(at)
        rise = effect / LEVEL_AT_RISE.value
        pressed, hurried = rise * self._pressure_gain, rise * self._heart_gain
        mind = effect * DISSOCIATION_PER_NG.value * self._mind_gain
        return Physiology(
            systolic=self._sign("systolic", at, SYSTOLIC_RISE.value * pressed),
            diastolic=self._sign("diastolic", at, DIASTOLIC_RISE.value * pressed),
            heart_rate=self._sign("heart_rate", at, HEART_RISE.value * hurried),
            respiratory_rate=max(4.0, self._sign("respiratory_rate", at, -BREATHS_FALL.value * rise)),
            spo2=min(100.0, self._sign("spo2", at, -OXYGEN_FALL.value * rise)),
            etco2=self._sign("etco2", at, CARBON_DIOXIDE_RISE.value * rise),
            temperature=self._sign("temperature", at, 0.0),
            dissociation=min(10.0, mind),
            level_ng_per_ml=level,
            effect_ng_per_ml=effect,
        )

    def _sign(self, sign: str, at: datetime, rise: float) -> float:
        hour = at.hour + at.minute / 60
        daily = _DAILY.get(sign, 0.0) * math.cos(2 * math.pi * (hour - self._peak_hour) / 24)
        resting = self.program.baseline.get(sign, self._resting[sign])
        return resting + daily + rise + self._walks[sign].step(at)


class _Walk:
    """A wandering value around zero with a memory (Ornstein-Uhlenbeck), exact for any step of time."""

    def __init__(self, memory_s: float, spread: float, draw: random.Random) -> None:
        self._memory_s, self._spread, self._draw = memory_s, spread, draw
        self._value = draw.gauss(0.0, spread)
        self._at: datetime | None = None

    def step(self, at: datetime) -> float:
        passed = max(0.0, (at - self._at).total_seconds()) if self._at else 0.0
        if passed:
            kept = math.exp(-passed / self._memory_s)
            self._value = self._value * kept + self._draw.gauss(0.0, self._spread * math.sqrt(1 - kept * kept))
        self._at = at
        return self._value


@dataclass(frozen=True)
class _Levels:
    """Plasma and effect level of one program on a grid of minutes from its start, in total racemic equivalents."""

    start: datetime | None
    plasma: Array
    effect: Array

    @classmethod
    def of(cls, program: Program, seed: int, half_life_min: float) -> _Levels:
        steps, form = program.running(), program.form
        if program.started_at is None or form is None or not any(step.rate_ml_per_h for step in steps):
            return cls(None, np.zeros(1), np.zeros(1))
        last = float(steps[-1].minute)
        grid = np.arange(0.0, last + TAIL_MIN, GRID_MIN)
        edges = (*(float(step.minute) for step in steps), float(grid[-1]) + GRID_MIN)
        per_min = [float(mg_over(mg_per_h(step.rate_ml_per_h, program.concentration_mg_per_ml), _ONE_MINUTE)) for step in steps]
        person = Patient(float(program.weight_kg), program.age_years, program.sex)
        plasma = np.zeros_like(grid)
        for system in models.get(MODELS[form]).draws(person, 1, seed).systems:
            share = share_of_dose(system.drug, form)
            given = Input(edges, tuple(rate * share for rate in per_min))
            parents = [course[0] for name, course in concentrations(system, given, grid).items() if name == system.drug]
            plasma += sum(parents, np.zeros_like(grid)) * POTENCY[form]
        return cls(program.started_at, plasma, _lagged(plasma, half_life_min))

    def at(self, moment: datetime) -> tuple[float, float]:
        """Plasma and effect level, ng/mL; beyond the grid the last one."""
        if self.start is None or moment < self.start:
            return 0.0, 0.0
        place = (moment - self.start) / timedelta(minutes=GRID_MIN)
        low = min(int(place), len(self.plasma) - 1)
        high, part = min(low + 1, len(self.plasma) - 1), place - int(place)
        return _between(self.plasma, low, high, part), _between(self.effect, low, high, part)


def _between(course: Array, low: int, high: int, part: float) -> float:
    return float(course[low] + (course[high] - course[low]) * part)


def _lagged(plasma: Array, half_life_min: float) -> Array:
    """First-order lag of the course, exact for a course that is straight between grid points to the first order."""
    kept = math.exp(-math.log(2) * GRID_MIN / half_life_min)
    lagged, value = np.zeros_like(plasma), 0.0
    for index in range(1, len(plasma)):
        value = value * kept + (plasma[index - 1] + plasma[index]) / 2 * (1 - kept)
        lagged[index] = value
    return lagged
