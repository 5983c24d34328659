"""The adaptive questionnaire, judged by numerical integration and differentiation, and by people whose trait is known."""

from __future__ import annotations

import json
import math
import random

import numpy as np
import pytest
from scipy.integrate import quad

from winddown.domain.instruments import adaptive
from winddown.domain.instruments.scoring import score
from winddown.domain.refusals import Refusal

ANSWERS = ["never", "seldom", "sometimes", "often", "always"]


def bank_file(**changed) -> bytes:
    """A plainly fictional bank of 30 invented items."""
    chance = random.Random(3)
    items = [
        {
            "key": f"i{number}",
            "words": f"Fictional question {number}",
            "answers": ANSWERS,
            "a": round(chance.uniform(1.2, 3.5), 3),
            "b": [round(chance.uniform(-1.5, 1.2) + step * 0.7, 3) for step in sorted([0, 1, 2, 3])],
        }
        for number in range(30)
    ]
    for item in items:
        item["b"] = sorted(item["b"])
    data = {
        "bank": "bank-fictional",
        "version": "1",
        "name": "A fictional bank",
        "language": "en",
        "recall": "the last 7 days",
        "recall_days": 7,
        "worse": "higher",
        "stop": {"standard_error": 3, "least": 4, "most": 12},
        "items": items,
    }
    return json.dumps(data | changed).encode()


BANK = adaptive.read(bank_file())


def independent(answers: dict[str, int]) -> tuple[float, float]:
    """EAP by adaptive quadrature, written from the model's definition with another formula for the curves."""

    def density(trait: float) -> float:
        value = math.exp(-(trait**2) / 2)
        for key, category in answers.items():
            item = BANK.item(key)
            curve = [1.0, *(0.5 * (1 + math.tanh(item.a * (trait - b) / 2)) for b in item.b), 0.0]
            value *= curve[category] - curve[category + 1]
        return value

    total = quad(density, -4, 4, limit=200)[0]
    mean = quad(lambda t: t * density(t), -4, 4, limit=200)[0] / total
    variance = quad(lambda t: (t - mean) ** 2 * density(t), -4, 4, limit=200)[0] / total
    return 50 + 10 * mean, 10 * math.sqrt(variance)


@pytest.mark.parametrize("answers", [{}, {"i0": 2}, {"i0": 0, "i1": 4, "i7": 2}, {f"i{n}": n % 5 for n in range(12)}])
def test_score_and_error_agree_with_integration(answers):
    found = adaptive.estimate(BANK, answers)
    assert (found.t, found.standard_error) == pytest.approx(independent(answers), abs=0.02)


def test_information_is_the_expected_curvature_of_the_likelihood():
    item, trait, step = BANK.items[3], 0.4, 1e-4

    def log(at: float) -> np.ndarray:
        return np.log(adaptive.chances(item, at))

    curvature = -(log(trait + step) - 2 * log(trait) + log(trait - step)) / step**2
    assert adaptive.information(item, trait) == pytest.approx(float(np.dot(adaptive.chances(item, trait), curvature)), rel=1e-4)


def sit(trait: float, chance: random.Random) -> tuple[adaptive.Estimate, int]:
    """One invented person answers until the questionnaire stops."""
    answers: dict[str, int] = {}
    while (item := adaptive.next_item(BANK, answers)) is not None:
        answers[item.key] = chance.choices(range(len(item.answers)), adaptive.chances(item, trait))[0]
    return adaptive.estimate(BANK, answers), len(answers)


def test_people_with_a_known_trait_are_found_within_the_error_after_few_items():
    chance = random.Random(11)
    sittings = [(trait, *sit(trait, chance)) for trait in (chance.gauss(0, 1) for _ in range(150))]
    assert all(4 <= items <= 12 for _trait, _found, items in sittings)
    assert all(found.standard_error <= 3 or items == 12 for _trait, found, items in sittings)
    within = sum(abs(found.t - 50 - 10 * trait) <= 1.96 * found.standard_error for trait, found, _ in sittings)
    assert 0.88 <= within / len(sittings) <= 1.0
    assert sum(items for _trait, _found, items in sittings) / len(sittings) < 9


def test_as_an_instrument_its_score_is_t_with_the_error_beside_it():
    form = adaptive.as_instrument(BANK, license_words="fictional")
    scored = score(form, {"i0": "2", "i5": "3"})
    found = adaptive.estimate(BANK, {"i0": 2, "i5": 3})
    assert scored.value == round(found.t, 1)
    assert scored.parts == {"standard_error": round(found.standard_error, 2)}
    assert score(form, {}).why == "missing"
    assert score(form, {"i0": "5"}).odd == ("i0",)


@pytest.mark.parametrize(
    "changed",
    [
        {"bank": "promis"},
        {"worse": "sideways"},
        {"stop": {"standard_error": 3, "least": 5, "most": 4}},
        {"items": []},
        {"items": [{"key": "x", "words": "x", "answers": ["a", "b", "c"], "a": 1, "b": [1, 0]}]},
        {"items": [{"key": "x", "words": "x", "answers": ["a", "b"], "a": -1, "b": [1]}]},
        {"theta": 1},
    ],
)
def test_a_bank_that_cannot_be_is_refused(changed):
    with pytest.raises(Refusal):
        adaptive.read(bank_file(**changed))
