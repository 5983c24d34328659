"""The batch fit from drug levels against scipy's own search over another road to the same course."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from numpy.testing import assert_allclose
from scipy.integrate import solve_ivp
from scipy.optimize import least_squares

from winddown.domain.pharmacology import models
from winddown.domain.pharmacology.level_fits import Doses, LevelFits, Samples, fit_levels
from winddown.domain.pharmacology.linear import pruned
from winddown.domain.pharmacology.model import CompartmentModel, Patient
from winddown.domain.pharmacology.models import pk_s_perezruixo2021
from winddown.domain.pharmacology.population import People
from winddown.domain.pharmacology.regimen import Schedule, Segment, dose_over
from winddown.domain.refusals import NotAllowed, OutOfRange

AT = (5.0, 20.0, 39.0, 40.0, 60.0, 120.0, 240.0, 480.0)
ERROR = 0.15
GIVEN = (
    dose_over("esketamine", "0.25mg/kg", "40min", weight_kg=62.0),
    Schedule("esketamine", (Segment(2.0, 3.0, 10.0), Segment(10.0, 60.0, 0.2), Segment(60.0, 90.0, 0.4), Segment(300.0, 301.0, 5.0))),
)
WHO = People(np.array([62.0, 88.0]), np.array([44, 61]), np.array([True, False]))


def course(model: CompartmentModel, person: int, eta: np.ndarray) -> np.ndarray:
    """S-ketamine at AT by a solver, from the model's own flows: nothing of the fit's arithmetic."""
    patient = Patient(float(WHO.weight_kg[person]), float(WHO.age_years[person]), "female" if WHO.female[person] else "male")
    system = pruned(model.with_etas(patient, eta[np.newaxis]).systems[0], ["s_ketamine"])
    entry, output = system.index(system.entry), system.outputs["s_ketamine"]
    edges = sorted({0.0, AT[-1], *(edge for part in GIVEN[person].segments for edge in (part.from_min, part.to_min) if edge < AT[-1])})
    state, found = np.zeros(len(system.states)), {}
    for begin, end in itertools.pairwise(edges):
        push = np.zeros(state.size)
        push[entry] = GIVEN[person].rate_before(end)
        inside = sorted({end, *(minute for minute in AT if begin < minute <= end)})
        solved = solve_ivp(
            lambda _t, x, push=push: system.rates[0] @ x + push, (begin, end), state, "LSODA", inside, rtol=1e-10, atol=1e-13
        )
        state = solved.y[:, -1]
        found |= {minute: solved.y[system.index(output.state), place] for place, minute in enumerate(inside)}
    return np.array([found[minute] for minute in AT]) * output.ng_per_ml_per_mg[0]


def fitted(model: CompartmentModel, levels: list[np.ndarray]) -> LevelFits:
    samples = Samples.of([(AT, level.tolist()) for level in levels])
    return fit_levels(model, WHO, Doses.of(GIVEN), samples, analyte="s_ketamine", log_error=ERROR)


@pytest.mark.parametrize(("model_id", "person"), [("pk_s_fanta2015_otto2021", 0), ("pk_s_simons2022", 1)])
def test_the_fit_is_where_scipy_finds_the_least_squares(model_id, person):
    """Another search, another solver, residuals written out: the same deviations, and the curvature of the same Jacobian."""
    model, random = models.get(model_id), np.random.default_rng(5)
    assert isinstance(model, CompartmentModel)
    root = np.linalg.cholesky(np.linalg.inv(model.omega)).T
    level = course(model, person, np.linalg.cholesky(model.omega) @ random.standard_normal(len(model.etas)))
    level = level * np.exp(ERROR * random.standard_normal(len(AT)))
    found = fitted(model, [level, level])
    assert found.settled.all() and found.names == tuple(model.etas)

    def gaps(eta: np.ndarray) -> np.ndarray:
        return np.concatenate([np.log(course(model, person, eta) / level) / ERROR, root @ eta])

    best = least_squares(gaps, np.zeros(len(model.etas)), jac="3-point", xtol=1e-10, ftol=1e-12, gtol=1e-10)
    assert_allclose(found.eta[person], best.x, atol=1e-4)
    assert_allclose(found.objective[person], best.cost, rtol=1e-7)
    assert_allclose(found.covariance[person], np.linalg.inv(best.jac.T @ best.jac), rtol=1e-3, atol=3e-5)


def test_many_fits_come_out_like_each_one_alone():
    model = models.get("pk_s_simons2022")
    levels = [course(model, person, np.resize([0.2, -0.3, 0.1], len(model.etas))) for person in (0, 1)]
    together = fitted(model, levels)
    for person in (0, 1):
        cut = slice(person, person + 1)
        who = People(WHO.weight_kg[cut], WHO.age_years[cut], WHO.female[cut])
        samples = Samples.of([(AT, levels[person].tolist())])
        alone = fit_levels(model, who, Doses.of(GIVEN[cut]), samples, analyte="s_ketamine", log_error=ERROR)
        assert_allclose(alone.eta[0], together.eta[person], rtol=1e-12)
        assert_allclose(alone.covariance[0], together.covariance[person], rtol=1e-12)


def test_with_perfect_assays_the_true_deviations_come_back():
    """Levels without scatter and an assay a thousand times sharper: the prior no longer holds anything back."""
    model = models.get("pk_s_simons2022")
    own = ("CL", "V1", "Q3")  # what S-ketamine itself feels
    truth = np.zeros((2, len(model.etas)))
    truth[:, [list(model.etas).index(name) for name in own]] = [[0.25, -0.4, 0.2], [-0.3, 0.1, -0.15]]
    samples = Samples.of([(AT, course(model, person, truth[person]).tolist()) for person in (0, 1)])
    found = fit_levels(model, WHO, Doses.of(GIVEN), samples, analyte="s_ketamine", log_error=ERROR / 1000)
    assert_allclose(found.eta, truth, atol=3e-5)


def test_nobody_sampled_stays_typical_with_the_spread_of_the_population():
    model = models.get("pk_s_simons2022")
    samples = Samples.of([((), ()), (AT, course(model, 1, np.zeros(len(model.etas))).tolist())])
    found = fit_levels(model, WHO, Doses.of(GIVEN), samples, analyte="s_ketamine", log_error=ERROR)
    assert_allclose(found.eta, 0.0, atol=1e-7)
    assert_allclose(found.covariance[0], model.omega, rtol=1e-12)


def test_what_cannot_be_fitted_is_refused_by_name():
    one = Samples.of([((10.0,), (100.0,)), ((10.0,), (100.0,))])
    for model, analyte, code in (
        (pk_s_perezruixo2021.MODEL, "s_ketamine", "not_mammillary"),
        (models.get("pk_rs_default"), "ketamine", "not_a_parent"),
        (models.get("pk_s_simons2022"), "s_norketamine", "not_a_parent"),
    ):
        with pytest.raises(NotAllowed) as why:
            fit_levels(model, WHO, Doses.of(GIVEN), one, analyte=analyte, log_error=ERROR)
        assert why.value.code == code
    with pytest.raises(OutOfRange, match="above 0 ng/mL"):
        Samples.of([((10.0,), (0.0,))])
    with pytest.raises(OutOfRange, match="go backwards"):
        Samples.of([((10.0, 5.0), (1.0, 1.0))])
    with pytest.raises(OutOfRange, match="2 people"):
        fit_levels(models.get("pk_s_simons2022"), WHO, Doses.of(GIVEN[:1]), one, analyte="s_ketamine", log_error=ERROR)
