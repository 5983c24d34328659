"""The prior moves toward the practice's own patients: empirical Bayes, a few rounds of expectation and maximization.

The published belief counts as so many patients, so that a handful cannot overturn it, and spreads never shrink to nothing.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from winddown.domain.figures import Figure
from winddown.domain.pharmacology.linear import Array
from winddown.domain.relief.ahead import silent
from winddown.domain.relief.learn import Learned, Told, learn
from winddown.domain.relief.prior import HALF_LIVES_D, LEVELS_OF_HALF, PUBLISHED, SHAPES, SPREADS, Prior

WORTH = Figure(10, "patients", "how many patients the published belief is worth", "derived")
ROUNDS = 4
LEAST_SPREAD = {"log_half_life": 0.25, "log_half_level": 0.3, "log_scatter": 0.15, "baseline": 0.5, "gain": 0.08}


def refit(patients: Sequence[Told], start: Prior = PUBLISHED, *, rounds: int = ROUNDS) -> Prior:
    """The prior that best tells all these patients, held back by the published one. Patients whose scores do not speak are left out."""
    telling = [told for told in patients if silent(told) is None]
    prior = start
    for _ in range(rounds if telling else 0):
        prior = _moved([learn(told, prior) for told in telling])
    return replace(prior, patients=len(telling))


def _moved(learned: Sequence[Learned]) -> Prior:
    moments = [_moments(each) for each in learned]
    responders = float(sum(each["responds"][0] for each in moments))
    lasting = np.sum([each["lasting"] for each in moments], axis=0) + WORTH.value * np.asarray(PUBLISHED.lasting)
    return Prior(
        log_half_life=_normal("log_half_life", moments, responders_only=True),
        log_half_level=_normal("log_half_level", moments, responders_only=True),
        log_scatter=_normal("log_scatter", moments),
        baseline=_normal("baseline", moments),
        gain=_normal("gain", moments, responders_only=True),
        adds=(sum(each["adds"][0] for each in moments) + WORTH.value * PUBLISHED.adds) / (responders + WORTH.value),
        responders=(responders + WORTH.value * PUBLISHED.responders) / (len(moments) + WORTH.value),
        lasting=tuple(float(each) for each in lasting / lasting.sum()),
        patients=len(moments),
    )


def _normal(name: str, moments: Sequence[dict[str, tuple[float, float]]], *, responders_only: bool = False) -> tuple[float, float]:
    """Mean and spread over patients, each weighed by how likely they responded; the published pair counts as WORTH patients."""
    mean0, spread0 = getattr(PUBLISHED, name)
    weights = np.array([each["responds"][0] if responders_only else 1.0 for each in moments] + [WORTH.value])
    firsts = np.array([each[name][0] for each in moments] + [mean0])
    seconds = np.array([each[name][1] for each in moments] + [mean0**2 + spread0**2])
    mean = float(np.average(firsts, weights=weights))
    variance = float(np.average(seconds, weights=weights)) - mean**2
    return mean, max(math.sqrt(max(variance, 0.0)), LEAST_SPREAD[name])


def _moments(learned: Learned) -> dict[str, tuple[float, float]]:
    """First and second moments of what one patient's scores say; of half-life, shape and gain among the cells of a responder."""
    weights = learned.weights
    responds = weights.sum(axis=(1, 2, 3))
    own = weights[0] / max(float(responds[0]), 1e-12)
    shape = own.sum(axis=(1, 2)).reshape(HALF_LIVES_D.size, len(SHAPES))
    adds = shape[:, : LEVELS_OF_HALF.size]
    scale = max(float(learned.told.before.mean()), 1.0)
    gain, gain_variance = learned.mean[0, ..., 1] / scale, learned.covariance[0, ..., 1, 1] / scale**2
    base, base_variance = learned.mean[..., 0], learned.covariance[..., 0, 0]
    return {
        "responds": (float(responds[0]), float(responds[1])),
        "log_half_life": _grid(np.log(HALF_LIVES_D), shape.sum(axis=1)),
        "log_half_level": _grid(np.log(LEVELS_OF_HALF), shape.reshape(HALF_LIVES_D.size, 2, -1).sum(axis=(0, 1))),
        "adds": (float(responds[0]) * float(adds.sum()), float(responds[0])),
        "log_scatter": _grid(np.log(SPREADS), weights.sum(axis=(0, 1, 2))),
        "lasting": tuple(weights.sum(axis=(0, 1, 3))),
        "gain": (float((own * gain).sum()), float((own * (gain**2 + gain_variance)).sum())),
        "baseline": (float((weights * base).sum()), float((weights * (base**2 + base_variance)).sum())),
    }


def _grid(nodes: Array, weights: Array) -> tuple[float, float]:
    return float((nodes * weights).sum()), float((nodes**2 * weights).sum())
