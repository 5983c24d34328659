"""Relief that outlasts the drug by weeks: Dahan et al., Eur J Pain 2011;15:258-267 (60 patients with CRPS-1, half on placebo).

The published figures are a half-effect level, an onset and offset of 10.9 days, and the share of patients who respond at all, with drug and
with placebo. The equations were not read; they are rebuilt here: a slow site follows venous S-ketamine, and in a responder the relief is
level / (C50 + level). It holds for 100 h of S-ketamine in CRPS-1 and for nothing else; elsewhere it draws no curve.
"""

from __future__ import annotations

import itertools
import math

import numpy as np

from winddown.domain.pharmacology.band import Line, band_of
from winddown.domain.pharmacology.cloud import Follower, cloud, stacked
from winddown.domain.pharmacology.effects.effect import LN_2, Driver, Sheet, require_drivers
from winddown.domain.pharmacology.effects.weeks import MINUTES_PER_DAY, NO_VALIDATED_PREDICTION, Indication, NoCurve, Outside, WeeksCourse
from winddown.domain.pharmacology.linear import Array
from winddown.domain.pharmacology.model import Model, Parameter, Patient, Rating, by_symbol
from winddown.domain.pharmacology.regimen import Schedule
from winddown.domain.pharmacology.spread import stratified_normals
from winddown.domain.pharmacology.structures import HOURS_TO_MINUTES, STANDARD_WEIGHT_KG

SOURCE = "10.1016/j.ejpain.2010.06.016"
SIGTERMANS = "Sigtermans 2009, 10.1016/j.pain.2009.06.023"
TWO_SIDED_95 = 2 * 1.959964
RATING: Rating = "moderate"

TABLE = (
    Parameter("C50", 10.5, "ng/mL", SOURCE, "A"),
    Parameter("C50_low", 4.37, "ng/mL", SOURCE, "A", note="lower end of the 95% interval"),
    Parameter("C50_high", 21.2, "ng/mL", SOURCE, "A", note="upper end of the 95% interval"),
    Parameter("half_life", 10.9, "day", SOURCE, "A", note="of onset and of offset"),
    Parameter("half_life_low", 5.3, "day", SOURCE, "A", note="lower end of the 95% interval"),
    Parameter("half_life_high", 20.5, "day", SOURCE, "A", note="upper end of the 95% interval"),
    Parameter("responders", 0.67, "fraction of patients", SOURCE, "A"),
    Parameter("responders_placebo", 0.23, "fraction of patients", SOURCE, "A"),
    Parameter("studied_h", 100.0, "h", SOURCE, "A", note="one continuous infusion"),
    Parameter("studied_h_tolerance", 0.1, "fraction", "judgement", "E", note="how far from 100 h still counts as this regimen"),
    Parameter("lowest_rate", 5.0, "mg/h/70kg", SOURCE, "A", note="the titration began here"),
    Parameter("highest_rate", 24.2, "mg/h/70kg", SIGTERMANS, "E", note="mean 22.2 at the end plus its dispersion of 2.0"),
    Parameter("slow_site_is_linear", 1.0, "1", "equations not read", "E", note="structure rebuilt here from the abstract's words"),
)
VALUE = {symbol: parameter.value for symbol, parameter in by_symbol(TABLE).items()}
WORDS = (
    "Average of 60 patients with CRPS-1 after 100 h of S-ketamine, equations rebuilt from an abstract: a responder's course, and 67% "
    "responded. 23% of placebo patients also responded. Not a promise to a patient."
)


class Relief:
    """The card of the relief model; the course is made by `course`."""

    key: str = "relief"
    drivers: tuple[Driver, ...] = (Driver("s_ketamine", "venous"),)
    table: tuple[Parameter, ...] = TABLE
    rating: Rating = RATING
    sheet: Sheet = Sheet(
        effect_id="pd_pain_longmemory_dahan2011",
        name="Relief over weeks, Dahan 2011",
        citation="Dahan A et al. Population PK-PD modeling of ketamine-induced pain relief of chronic pain. Eur J Pain 2011;15:258-267",
        doi=SOURCE,
        population="60 patients with CRPS-1, 30 of them on placebo",
        studied="100 h of S-ketamine titrated from 5 to about 22 mg/h per 70 kg, venous blood",
        structure="A slow site behind venous S-ketamine (half-life 10.9 days); a responder's relief = level / (C50 + level).",
        against=(
            "The equations were not read: they are rebuilt from the abstract.",
            "A single short infusion would come out at 4 to 15% relief for a few weeks: never shown, because it was never studied.",
            "In racemic infusions for CRPS the level did not correlate with relief (Goldberg 2011).",
        ),
        forms=("esketamine",),
    )


RELIEF = Relief()


def outside_the_study(patient: Patient, schedule: Schedule, indication: Indication) -> Outside | None:
    """The first thing about this plan that was not studied, with value and limit; None when it is the studied regimen."""
    if indication != "crps_1":
        return Outside("indication")
    if schedule.form != "esketamine":
        return Outside("drug")
    given = schedule.changes
    hours = (schedule.end_min - given[0].from_min) / HOURS_TO_MINUTES if given else 0.0
    low, high = (VALUE["studied_h"] * (1 + sign * VALUE["studied_h_tolerance"]) for sign in (-1, 1))
    if not low <= hours <= high:
        return Outside("length", {"hours": hours, "low": low, "high": high})
    if any(later.from_min > earlier.to_min for earlier, later in itertools.pairwise(given)):
        return Outside("pause")
    rates = [part.rate_mg_per_min * HOURS_TO_MINUTES * STANDARD_WEIGHT_KG / patient.weight_kg for part in given]
    wrong = next((rate for rate in rates if not VALUE["lowest_rate"] * 0.999 <= rate <= VALUE["highest_rate"] * 1.001), None)
    if wrong is not None:
        return Outside("rate", {"rate": wrong, "low": VALUE["lowest_rate"], "high": VALUE["highest_rate"]})
    return None


def course(
    model: Model, patient: Patient, schedule: Schedule, *, indication: Indication, until_day: float = 84.0, n: int = 200, seed: int = 1
) -> WeeksCourse | NoCurve:
    """A responder's relief over the weeks after an infusion, as a fraction of the pain before it.

    returns  NoCurve outside the studied regimen
    refuses  NotAllowed for a model that does not give venous S-ketamine as its own output
    """
    because = outside_the_study(patient, schedule, indication)
    if because is not None:
        return NoCurve(RELIEF.sheet.effect_id, because, NO_VALIDATED_PREDICTION)
    require_drivers(model.card, RELIEF)
    days = np.arange(0.0, until_day + 0.25, 0.25)
    half_life, half_level = _people(n, seed)
    everyone = stacked(model.parameters(patient), model.draws(patient, n, seed))
    follower = Follower("s_ketamine", LN_2 / (half_life * MINUTES_PER_DAY))
    site = cloud(everyone, schedule, days * MINUTES_PER_DAY, analytes=(), followers={"relief": follower}).sites["relief"]
    relief = site / (half_level[:, np.newaxis] + site)
    line = Line(band_of(relief[1:], np.ones(days.size, dtype=bool)), relief[0], "fraction of the pain before", RATING, WORDS)
    shares = {"responders": VALUE["responders"], "responders_placebo": VALUE["responders_placebo"]}
    return WeeksCourse(RELIEF.sheet.effect_id, days, {"relief_of_a_responder": line}, RATING, WORDS, shares)


def _people(n: int, seed: int) -> tuple[Array, Array]:
    """Half-life in days and half-effect level of the typical person and of n others, from the intervals of the published figures."""
    normals = np.concatenate([np.zeros((1, 2)), stratified_normals(n, 2, seed, RELIEF.key)])
    spreads = [math.log(VALUE[f"{name}_high"] / VALUE[f"{name}_low"]) / TWO_SIDED_95 for name in ("half_life", "C50")]
    return VALUE["half_life"] * np.exp(spreads[0] * normals[:, 0]), VALUE["C50"] * np.exp(spreads[1] * normals[:, 1])
