"""A population is the same people however it is cut, spread as its model says, and its bands are those of a full sort."""

from __future__ import annotations

import pickle
from dataclasses import dataclass, replace

import numpy as np
import pytest
from numpy.testing import assert_allclose
from scipy import stats

from winddown.domain.pharmacology import engine, models
from winddown.domain.pharmacology.effects import ACUTE
from winddown.domain.pharmacology.model import Patient
from winddown.domain.pharmacology.population import Alike, People, Population, Question, bands, drawn, typical_values
from winddown.domain.pharmacology.quantiles import Tally
from winddown.domain.pharmacology.regimen import dose_over
from winddown.domain.pharmacology.spread import BLOCK, Rows, counted_normals, counted_uniforms, stratified_normals
from winddown.domain.refusals import OutOfRange

DEFAULT = models.get("pk_rs_default")
PER_KG = dose_over("racemic", "0.5mg/kg", "40min", weight_kg=1)
ASKED = Question(PER_KG, np.arange(0.0, 121.0, 5.0), ("ketamine", "s_norketamine"), ACUTE, ("ketamine",), per_kg=True, most_mg=40.0)


@dataclass(frozen=True)
class Mixed:
    """Light and heavy, young and old."""

    def people(self, first: int, n: int) -> People:
        lots = counted_uniforms(first, n, 3, 7, "people")
        return People(50 + 60 * lots[:, 0], (20 + 65 * lots[:, 1]).astype(np.int64), lots[:, 2] < 0.6)


EVERYBODY = Population(DEFAULT, Mixed(), seed=3)


def test_counted_draws_are_the_same_numbers_however_they_are_cut():
    whole = counted_uniforms(0, 3 * BLOCK, 4, 9, "eta")
    for first, n in ((0, 1), (1, 5), (BLOCK - 1, 2), (BLOCK, BLOCK), (700, 1900)):
        assert np.array_equal(counted_uniforms(first, n, 4, 9, "eta"), whole[first : first + n])
    assert np.array_equal(stratified_normals(7, 4, Rows(9, 100), "eta"), counted_normals(100, 7, 4, 9, "eta"))


def test_counted_draws_are_standard_normals_of_their_own_for_each_seed_and_purpose():
    one, other, third = counted_normals(0, 50_000, 2, 1, "a"), counted_normals(0, 50_000, 2, 2, "a"), counted_normals(0, 50_000, 2, 1, "b")
    assert stats.kstest(one.ravel(), "norm").pvalue > 0.01
    for stranger in (other[:, 0], third[:, 0], one[:, 1]):
        assert abs(np.corrcoef(one[:, 0], stranger)[0, 1]) < 0.015


def test_a_patient_is_the_same_person_to_the_last_bit_in_every_chunk():
    whole = EVERYBODY.courses(ASKED, 0, 2200)
    for first, n in ((0, 1), (1023, 3), (1500, 700)):
        part = EVERYBODY.courses(ASKED, first, n)
        cut = slice(first, first + n)
        assert np.array_equal(part.milligrams, whole.milligrams[cut])
        for name in ASKED.analytes:
            assert np.array_equal(part.cloud.levels[name], whole.cloud.levels[name][cut])
        assert np.array_equal(part.cloud.areas["ketamine"], whole.cloud.areas["ketamine"][cut])
        for name, courses in whole.effects.items():
            assert np.array_equal(part.effects[name], courses[cut])


@pytest.mark.parametrize("model", models.all(), ids=lambda model: model.card.model_id)
def test_many_patients_at_once_have_the_values_that_each_has_alone(model):
    people = Mixed().people(0, 40)
    together = typical_values(model, people)
    for number in range(40):
        sex = "female" if people.female[number] else "male"
        alone = model.typical(Patient(float(people.weight_kg[number]), float(people.age_years[number]), sex))
        assert_allclose([together[symbol][number] for symbol in alone], list(alone.values()), rtol=1e-14)


def test_spread_and_correlation_are_those_of_the_model():
    """A model with a published correlation of 0.5 between clearance and volume gives it back, over 40,000 patients."""
    spread = DEFAULT.omega.copy()
    clearance, volume = (list(DEFAULT.etas).index(name) for name in ("CL", "V1"))
    spread[clearance, volume] = spread[volume, clearance] = 0.5 * np.sqrt(spread[clearance, clearance] * spread[volume, volume])
    model = replace(DEFAULT, omega=spread)
    _, sample = drawn(model, Alike(Patient(70)), 0, 40_000, 5)
    logs = np.log([sample.values["CL"], sample.values["V1"]])
    found = np.cov(logs)
    assert_allclose(found, spread[np.ix_([clearance, volume], [clearance, volume])], rtol=0.03)


def test_everybody_alike_is_the_patient_that_the_chart_draws():
    population = Population(DEFAULT, Alike(Patient(70, 45, "male")), seed=2)
    half = Question(dose_over("racemic", "0.5mg/kg", "40min", weight_kg=70), np.array([40.0]), ("ketamine",))
    lines = bands(population, half, 20_000).lines["ketamine"][:, 0]
    courses = DEFAULT.draws(Patient(70, 45, "male"), 20_000, 8)
    from winddown.domain.pharmacology.cloud import cloud

    drawn_otherwise = cloud(courses, half.schedule, half.at_min, analytes=("ketamine",)).levels["ketamine"][:, 0]
    assert_allclose(lines, np.quantile(drawn_otherwise, [0.05, 0.25, 0.5, 0.75, 0.95]), rtol=0.015)


def test_bands_are_those_of_a_full_sort_within_half_a_percent():
    n = 6_000
    found = bands(EVERYBODY, ASKED, n)
    whole = EVERYBODY.courses(ASKED, 0, n)
    for name, courses in {**whole.cloud.levels, **whole.effects}.items():
        exact = np.quantile(courses[:, 1:], [0.05, 0.25, 0.5, 0.75, 0.95], axis=0)
        assert np.quantile(np.abs(found.lines[name][:, 1:] / exact - 1), 0.99) < 0.005


def test_a_tally_adds_up_in_any_order_and_on_both_roads():
    courses = np.random.default_rng(3).lognormal(2, 3, size=(900, 5))
    courses[:7] = 0.0
    parts = [Tally.empty(5).with_courses(part) for part in np.array_split(courses, 4)]
    forward, backward = parts[0].plus(parts[1]).plus(parts[2]).plus(parts[3]), parts[3].plus(parts[1]).plus(parts[0]).plus(parts[2])
    engine.warm()
    compiled = Tally.empty(5).with_courses(courses)
    assert np.array_equal(forward.counts, backward.counts) and np.array_equal(forward.counts, compiled.counts)
    assert compiled.total == 900


def test_a_tally_that_travels_arrives_whole_and_small():
    values = np.abs(np.random.default_rng(3).normal(50.0, 20.0, (2000, 40)))
    for tally in (Tally.empty(3), Tally.empty(40).with_courses(values), Tally.empty(1).with_courses(np.array([[0.0], [1e9]]))):
        sent = pickle.dumps(tally)
        assert np.array_equal(pickle.loads(sent).counts, tally.counts)
    assert len(pickle.dumps(Tally.empty(40).with_courses(values))) < Tally.empty(40).counts.nbytes / 10


def test_a_tally_knows_quantiles_and_shares_as_numpy_does():
    courses = np.random.default_rng(4).lognormal(3, 1, size=(40_000, 2))
    tally = Tally.empty(2).with_courses(courses)
    assert_allclose(tally.quantiles([0.01, 0.5, 0.99]), np.quantile(courses, [0.01, 0.5, 0.99], axis=0), rtol=0.004)
    assert_allclose(tally.share_above(30.0), (courses > 30.0).mean(axis=0), atol=0.002)
    assert np.all(np.isnan(Tally.empty(1).quantiles([0.5])))


def test_a_tally_refuses_what_it_cannot_count():
    for wrong in (-0.1, np.nan, np.inf):
        with pytest.raises(OutOfRange, match="at least 0"):
            Tally.empty(1).with_courses(np.array([[wrong]]))


def test_a_dose_per_kilogram_follows_the_weight_up_to_its_cap():
    courses = EVERYBODY.courses(ASKED, 0, 500)
    assert_allclose(courses.milligrams, np.minimum(0.5 * courses.people.weight_kg, 40.0), rtol=1e-12)
    light = Population(DEFAULT, Alike(Patient(60)), seed=3).courses(ASKED, 0, 1)
    plain = replace(ASKED, schedule=dose_over("racemic", "0.5mg/kg", "40min", weight_kg=60), per_kg=False)
    assert_allclose(
        light.cloud.levels["ketamine"],
        Population(DEFAULT, Alike(Patient(60)), seed=3).courses(plain, 0, 1).cloud.levels["ketamine"],
        rtol=1e-12,
    )


def test_nobody_and_too_many_are_refused_by_name():
    with pytest.raises(OutOfRange, match="between 1 and 10,000,000"):
        bands(EVERYBODY, ASKED, 10_000_001)
    with pytest.raises(OutOfRange, match="at least one"):
        EVERYBODY.courses(ASKED, 0, 0)
    with pytest.raises(OutOfRange, match="below 0"):
        Population(DEFAULT, Mixed(), seed=-1)
