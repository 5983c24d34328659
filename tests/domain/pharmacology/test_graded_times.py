"""Bands that are counted at some times and drawn between them, against a full sort of every patient at every time."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from numpy.testing import assert_allclose

from winddown.domain.pharmacology import engine, models
from winddown.domain.pharmacology.between_times import lines
from winddown.domain.pharmacology.compartments import Input
from winddown.domain.pharmacology.effects import ACUTE
from winddown.domain.pharmacology.graded_times import FEWEST_PATIENTS, GROWTH, between_changes, graded
from winddown.domain.pharmacology.linear import LinearSystem, Output
from winddown.domain.pharmacology.model import Patient
from winddown.domain.pharmacology.population import Alike, Population, Question, bands
from winddown.domain.pharmacology.quantiles import Counter, Tally
from winddown.domain.pharmacology.regimen import Schedule, Segment
from winddown.domain.refusals import OutOfRange

FRACTIONS = (0.05, 0.25, 0.5, 0.75, 0.95)
MODEL = models.get("pk_rs_default")
POPULATION = Population(MODEL, Alike(Patient(70, 45, "male")), seed=3)
PUSHES = Schedule("racemic", (Segment(10, 11, 20.0), Segment(30, 70, 0.5), Segment(70, 90, 1.0), Segment(200, 201, 15.0)))
MINUTES = np.arange(0.0, 481.0)


class Asked:
    """Courses made by a function of (patients' numbers, minutes), and which minutes were asked of how many patients."""

    def __init__(self, course, n=6_000):
        self.course, self.n, self.minutes, self.seen = course, n, MINUTES, []

    def __call__(self, first, n, at_min):
        self.seen.append((n, at_min.size))
        return {"level": self.course(np.arange(first, first + n)[:, np.newaxis], at_min)}

    def lines(self, changes_min=(0.0,), at_once=1000):
        return lines(self, self.n, self.minutes, changes_min=changes_min, fractions=FRACTIONS, at_once=at_once)["level"]

    def sorted(self):
        return np.quantile(self.course(np.arange(self.n)[:, np.newaxis], self.minutes), FRACTIONS, axis=0)

    @property
    def counted(self):
        """How many values were asked for, of those that there are."""
        return sum(n * m for n, m in self.seen) / (self.n * self.minutes.size)


def log_normal(who, spread, seed):
    return np.exp(spread * np.random.default_rng(seed).standard_normal(100_000))[who]


def fading(who, at_min):
    """Two exponentials, all four numbers of each patient."""
    fast, slow = 0.1 * log_normal(who, 0.3, 1), 0.004 * log_normal(who, 0.3, 2)
    return 80 * log_normal(who, 0.4, 3) * np.exp(-fast * at_min) + 20 * log_normal(who, 0.4, 4) * np.exp(-slow * at_min)


def two_groups(who, at_min):
    """Two narrow groups far apart, who change places in the second hour: 60 of 100 begin above and fade fast."""
    fast = who % 5 < 3
    start, speed = np.where(fast, 100.0, 10.0), np.where(fast, 0.03, 0.001)
    return start * log_normal(who, 0.1, 1) * np.exp(-speed * log_normal(who, 0.1, 2) * at_min)


def untold_push(who, at_min):
    """A second dose at 300 min that nobody tells the choice of times about."""
    return fading(who, at_min) + np.where(at_min >= 300.0, fading(who, np.abs(at_min - 300.0)), 0.0)


def ending(who, at_min):
    """An effect that is exactly 10 above a level, and exactly nothing below one."""
    return np.clip((fading(who, at_min) - 8.0) / 4.0, 0.0, 10.0)


def errors(found, exact):
    """Relative errors of every quantile above a billionth of its line's highest."""
    known = exact > 1e-9 * exact.max()
    return np.abs(found[known] / exact[known] - 1)


@pytest.mark.parametrize("course", [fading, two_groups, untold_push], ids=lambda course: course.__name__)
def test_bands_are_those_of_a_full_sort(course):
    asked = Asked(course)
    off = errors(asked.lines(), asked.sorted())
    assert np.quantile(off, 0.99) < 0.005 and off.max() < 0.012


def test_far_fewer_times_are_counted_where_a_curve_is_smooth_and_all_of_them_where_it_is_not():
    smooth, bent = Asked(fading), Asked(untold_push)
    smooth.lines()
    bent.lines()
    assert smooth.counted < 0.45 < 1.0 <= bent.counted


def test_an_effect_that_is_cut_off_is_what_counting_every_time_says():
    asked = Asked(ending)
    every = Tally.empty(MINUTES.size).with_courses(ending(np.arange(asked.n)[:, np.newaxis], MINUTES)).quantiles(FRACTIONS)
    assert np.abs(asked.lines() - every).max() < 0.05


def test_pushes_infusions_and_every_effect_are_those_of_a_full_sort():
    asked = Question(PUSHES, MINUTES[::3], ("ketamine", "s_norketamine"), ACUTE)
    found, whole = bands(POPULATION, asked, FEWEST_PATIENTS), POPULATION.courses(asked, 0, FEWEST_PATIENTS)
    for name, courses in {**whole.cloud.levels, **whole.effects}.items():
        off = errors(found.lines[name], np.quantile(courses, FRACTIONS, axis=0))
        assert np.quantile(off, 0.99) < 0.005 and off.max() < 0.015


def test_chunks_change_no_number_and_times_may_be_asked_twice():
    whole = Asked(fading).lines()
    assert np.array_equal(Asked(fading).lines(at_once=77), whole)
    twice = Asked(fading)
    twice.minutes = np.repeat(MINUTES, 2)
    assert np.array_equal(twice.lines(), np.repeat(whole, 2, axis=1))


def test_few_patients_and_few_times_are_counted_whole():
    few, short = Asked(fading, FEWEST_PATIENTS - 1), Asked(fading)
    short.minutes = np.array([0.0, 40.0, 60.0, 240.0, 480.0])
    few.lines()
    short.lines()
    assert few.counted == short.counted == 1.0


def test_both_ends_of_every_stretch_are_counted_and_no_gap_outgrows_the_time_since_the_change():
    random = np.random.default_rng(5)
    for _ in range(200):
        times = np.cumsum(random.choice([0.1, 1.0, 1.0, 1.0, 60.0], size=random.integers(1, 400)))
        changes = np.sort(random.choice(np.concatenate([times, times + 0.03, [0.0, 1e6]]), size=random.integers(0, 6)))
        stretches = between_changes(times, changes)
        inside = [set(range(first, last + 1)) for first, last in stretches]
        assert set().union(*inside) == set(range(times.size))
        for first, last in stretches:
            assert not np.any((changes > times[first] + 1e-6) & (changes < times[last] - 1e-6))
            places = graded(times, first, last)
            assert places[0] == first and places[-1] == last
            for here, there in itertools.pairwise(places):
                assert there - here == 1 or times[there] - times[here] <= GROWTH * (times[here] - times[first])


def test_scattered_times_have_the_levels_of_the_tables_to_twelve_digits():
    given = Input((3.0, 10.0, 10.5, 60.0, 90.0), (0.4, 20.0, 0.0, 1.1))
    at = np.array([0.0, 1.0, 4.0, 4.0, 9.9, 10.0, 10.25, 10.5, 11.0, 13.0, 60.0, 75.0, 90.0, 91.0, 240.0, 600.0, 5000.0])
    for system in MODEL.draws(Patient(92, 48, "female"), 131, seed=5).systems:
        tables, apart = engine.compiled_levels(system, given, at), engine.scattered_levels(system, given, at)
        for name, found in apart.items():
            assert_allclose(found, tables[name], rtol=1e-12, atol=1e-200)
            for patient in (0, 64, 130):
                outputs = {name: Output(system.outputs[name].state, system.outputs[name].ng_per_ml_per_mg[patient : patient + 1])}
                alone = LinearSystem(system.drug, system.states, system.rates[patient : patient + 1], system.entry, outputs)
                assert np.array_equal(engine.scattered_levels(alone, given, at)[name][0], found[patient])
    with pytest.raises(OutOfRange, match="do not go backwards"):
        engine.scattered_levels(system, given, at[::-1])


def test_patients_side_by_side_are_counted_like_patients_one_after_the_other():
    engine.warm()
    courses = np.random.default_rng(3).lognormal(2, 3, size=(300, 37))
    courses[:7] = 0.0
    courses[7, 3] = -0.0
    beside = Counter.empty(37)
    beside.add(np.asfortranarray(courses))
    assert np.array_equal(beside.counts, Tally.empty(37).with_courses(courses).counts)
    for wrong in (-0.1, np.nan, np.inf):
        courses[200, 36] = wrong
        with pytest.raises(OutOfRange, match="at least 0"):
            beside.add(np.asfortranarray(courses))
