"""A trial's file is read line by line, and refused by the name of the line."""

from __future__ import annotations

import copy

import pytest

from winddown.domain.refusals import Refusal
from winddown.domain.trials.definition import trial

TWO_ARMS = {
    "title": "Fast or slow",
    "patients": 3000,
    "seed": 5,
    "model": "pk_rs_default",
    "until": "4h",
    "step": "2min",
    "population": {
        "weight_kg": {"distribution": "lognormal", "median": 82, "cv": 0.2, "low": 45, "high": 160},
        "age_years": {"distribution": "normal", "mean": 47, "sd": 14, "low": 18, "high": 80},
        "female": 0.6,
    },
    "arms": [
        {"name": "fast", "dose": "0.5mg/kg", "over": "40min", "most_mg": 45},
        {"name": "slow", "steps": "0.3mg/kg/h:50min,0.3mg/kg/h:50min"},
    ],
    "outcomes": [
        {"measure": "milligrams"},
        {"measure": "peak", "of": "ketamine"},
        {"measure": "area", "of": "ketamine"},
        {"measure": "minutes_above", "of": "ketamine", "limit": 100, "unit": "ng/mL"},
        {"measure": "minutes_to_below", "of": "ketamine", "limit": 70, "unit": "ng/mL"},
        {"measure": "share_above", "of": "dissociation", "limit": 0.5, "unit": "fraction of scale"},
    ],
}


def changed(path: str, value: object) -> dict[str, object]:
    """The trial with one line changed; `None` takes it away."""
    data = copy.deepcopy(TWO_ARMS)
    *way, last = [int(part) if part.isdigit() else part for part in path.split(".")]
    here: object = data
    for part in way:
        here = here[part]  # type: ignore[index]
    if value is None:
        del here[last]  # type: ignore[attr-defined]
    else:
        here[last] = value  # type: ignore[index]
    return data


def test_a_trial_knows_its_arms_its_times_and_what_it_counts():
    asked = trial(TWO_ARMS)
    assert [arm.words for arm in asked.arms] == [
        "0.5mg/kg over 40min, racemic, at most 45 mg",
        "0.3mg/kg/h:50min,0.3mg/kg/h:50min, racemic",
    ]
    assert [arm.per_kg for arm in asked.arms] == [True, True]
    assert (asked.at_min[0], asked.at_min[-1], 50.0 in asked.at_min, len(asked.at_min)) == (0.0, 240.0, True, 121)
    assert [outcome.name for outcome in asked.outcomes][3:] == [
        "minutes_above_ketamine_100", "minutes_to_below_ketamine_70", "share_above_dissociation_0.5",
    ]  # fmt: skip
    assert asked.warnings == ()


@pytest.mark.parametrize(
    ("path", "value", "words"),
    [
        ("patients", 20_000_000, "20,000,000 patients are not between 1 and 10,000,000"),
        ("patients", 1.5, "patients 1.5 is not a whole number"),
        ("seed", -1, "seed -1 is not a whole number of at least 0"),
        ("model", "pk_nobody", "Unknown model 'pk_nobody'"),
        ("model", "pk_rac_hornik2018", "children"),
        ("model", "pk_rac_domino", "Unknown line that .* gives 'dissociation'"),
        ("until", "4 hours", "hours"),
        ("until", "30min", "Arm 'fast' runs to minute 40, past the end at minute 30"),
        ("step", "0.1min", "not between 1 and 2,000 steps"),
        ("colour", "red", "Unknown line of a trial 'colour'"),
        ("population", None, r"no \[population\]"),
        ("population.female", 60, "share of women 60 is not a number from 0 to 1"),
        ("population.weight_kg", {"distribution": "gamma"}, "Unknown distribution of weight_kg 'gamma'"),
        ("population.weight_kg.low", 170, "weight_kg from 170 to 160 does not rise"),
        ("population.weight_kg", 900, "weight_kg from 900 to 900 does not rise within 0 to 400"),
        ("population.weight_kg.cv", 0, "cv 0 is not above 0"),
        ("population.weight_kg.median", None, "needs the number median"),
        ("population.age_years.sd", "old", "needs the number sd"),
        ("arms", [], r"no \[\[arms\]\]"),
        ("arms.0.over", None, "needs either dose with over, or steps"),
        ("arms.0.steps", "0.1mg/kg/h:9min", "needs either dose with over, or steps"),
        ("arms.0.dose", "0.5mg/lb", "mg/lb"),
        ("arms.1.steps", "0.3mg/kg/h:50min,20mg/h:50min", "steps per kilogram and steps that are not"),
        ("arms.1.steps", "30mL/h:50min", "no drug in it without a concentration"),
        ("arms.1.name", "fast", "Two arms are called 'fast'"),
        ("arms.0.most_mg", 0, "most_mg 0 is not a number above 0"),
        ("arms.0.form", "levorotatory", "levorotatory"),
        ("outcomes.1.measure", "height", "Unknown measure 'height'"),
        ("outcomes.1.of", "morphine", "Unknown line that .* gives 'morphine'"),
        ("outcomes.1.of", None, "Unknown line"),
        ("outcomes.2.of", "dissociation", "area is of a level, not of dissociation"),
        ("outcomes.3.limit", None, "minutes_above needs limit, a number"),
        ("outcomes.3.unit", "umol/L", "Unknown unit of the limit of ketamine 'umol/L'"),
        ("outcomes.1.limit", 5, "Unknown line of peak 'limit'"),
        ("outcomes.1.name", "milligrams", "Two outcomes are called 'milligrams'"),
    ],
)
def test_what_a_trial_cannot_mean_is_refused_by_name(path, value, words):
    with pytest.raises(Refusal, match=words):
        trial(changed(path, value))


def test_a_weak_line_and_people_beyond_the_model_are_told():
    data = changed("outcomes.1", {"measure": "peak", "of": "systolic_rise"})
    data["population"]["age_years"]["high"] = 101
    told = " ".join(trial(data).warnings)
    assert "systolic-rise is exploratory: it may not rank or choose a dose." in told
    assert "Some people are at age 101 years; this model holds from 18 to 86." in told
