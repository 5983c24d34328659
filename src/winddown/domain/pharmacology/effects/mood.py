"""Mood after one infusion, a population mean over weeks: shaped here on four meta-analyses and trials. Exploratory.

It follows the dose, never a level: neither ketamine nor norketamine in blood predicted who got better. The difference from control rises
within hours, is largest at about a day, and fades over one to two weeks.
"""

from __future__ import annotations

import math
from functools import lru_cache

import numpy as np

from winddown.domain.pharmacology.band import Line, band_of
from winddown.domain.pharmacology.effects.effect import LN_2, Driver, Sheet
from winddown.domain.pharmacology.effects.weeks import MINUTES_PER_DAY, Indication, NoCurve, Outside, WeeksCourse
from winddown.domain.pharmacology.linear import Array
from winddown.domain.pharmacology.model import Parameter, Patient, Rating, by_symbol
from winddown.domain.pharmacology.regimen import Schedule
from winddown.domain.pharmacology.spread import stratified_normals

AN_2021 = "An 2021, 10.3389/fpsyg.2021.648691"
HAN_2016 = "Han 2016, 10.2147/NDT.S117146"
FAVA_2018 = "10.1038/s41380-018-0256-5"
TWO_SIDED_95 = 2 * 1.959964
RATING: Rating = "exploratory"

TABLE = (
    Parameter("gain_at_a_day", 10.0, "MADRS points", AN_2021, "E", note="9.96 for nasal doses, rounded; no intravenous figure was read"),
    Parameter("gain_low", 8.97, "MADRS points", AN_2021, "A", note="lower end of the 95% interval"),
    Parameter("gain_high", 10.95, "MADRS points", AN_2021, "A", note="upper end of the 95% interval"),
    Parameter("early_share", 0.62, "fraction of the gain at a day", AN_2021, "E", note="6.16 of 9.96 points at 2 to 4 h"),
    Parameter("early_h", 3.0, "h", AN_2021, "E", note="middle of 2 to 4 h"),
    Parameter("offset_half_life", 7.0, "day", HAN_2016, "E", note="responders 52 to 40% over six days gives 15, other data near 3"),
    Parameter("offset_low", 3.0, "day", FAVA_2018, "E", note="the contrast is mostly gone by day 3"),
    Parameter("offset_high", 15.0, "day", HAN_2016, "E", note="not corrected for placebo"),
    Parameter("low_dose_share", 0.5, "fraction", FAVA_2018, "E", note="0.1 and 0.2 mg/kg: a judgement, the arms' means were not read"),
    Parameter("person_sd", 10.0, "MADRS points", "judgement", "E", note="between people; the band shows the mean, not a person"),
    Parameter("lowest_dose", 0.1, "mg/kg", FAVA_2018, "A"),
    Parameter("full_dose", 0.5, "mg/kg", FAVA_2018, "A"),
    Parameter("highest_dose", 1.0, "mg/kg", FAVA_2018, "A"),
    Parameter("studied_min", 40.0, "min", FAVA_2018, "A"),
)
VALUE = {symbol: parameter.value for symbol, parameter in by_symbol(TABLE).items()}
WORDS = (
    "Mean difference from control over groups of patients, not a person's course: people differ by about 10 points either way, and the "
    "level in blood does not predict who responds. From day 12 on, no difference was found."
)
LONGEST_ONE_INFUSION_MIN = 60.0


class Mood:
    """The card of the mood course; it has no driver in blood on purpose."""

    key: str = "mood"
    drivers: tuple[Driver, ...] = ()
    table: tuple[Parameter, ...] = TABLE
    rating: Rating = RATING
    sheet: Sheet = Sheet(
        effect_id="pd_mood_empirical",
        name="Mood over weeks, Winddown composite",
        citation="Shaped on An 2021, Han 2016, Coyle 2015 and Fava 2018; not a published model",
        doi="10.3389/fpsyg.2021.648691; 10.2147/NDT.S117146; 10.1002/hup.2475; 10.1038/s41380-018-0256-5",
        population="depressed and treatment-resistant adults: 858 in 6 trials, 368 in 9, 437 in 21, 99 in 1",
        studied="one racemic infusion of 0.1 to 1.0 mg/kg over 40 min; nasal doses for the size at a day",
        structure="Gain = size at a day * (exp(-off t) - exp(-on t)), scaled to the size at 24 h; half the size below 0.5 mg/kg.",
        against=(
            "The size at a day is that of nasal doses; no intravenous size was read.",
            "Level in blood, dissociation and metabolites did not predict mood consistently.",
            "No difference from control at 12 to 14 days after one infusion (Coyle 2015).",
        ),
        forms=("racemic",),
    )


MOOD = Mood()


def outside_the_study(patient: Patient, schedule: Schedule, indication: Indication) -> Outside | None:
    """The first thing about this plan that was not studied; None for one infusion of a studied dose for depression."""
    if indication != "depression":
        return Outside("indication")
    if schedule.form != "racemic":
        return Outside("drug")
    given = schedule.changes
    minutes = schedule.end_min - given[0].from_min if given else 0.0
    if not 0 < minutes <= LONGEST_ONE_INFUSION_MIN:
        return Outside("length", {"minutes": minutes, "studied": VALUE["studied_min"]})
    dose = schedule.total_mg / patient.weight_kg
    if not VALUE["lowest_dose"] * 0.999 <= dose <= VALUE["highest_dose"] * 1.001:
        return Outside("dose", {"dose": dose, "low": VALUE["lowest_dose"], "high": VALUE["highest_dose"]})
    return None


def course(
    patient: Patient, schedule: Schedule, *, indication: Indication, until_day: float = 14.0, n: int = 200, seed: int = 1
) -> WeeksCourse | NoCurve:
    """The mean gain in mood against control over the days after one infusion; NoCurve for a plan that was not studied."""
    because = outside_the_study(patient, schedule, indication)
    if because is not None:
        return NoCurve(MOOD.sheet.effect_id, because, "No validated prediction of mood for this protocol.")
    days = np.linspace(0.0, until_day, round(until_day * 8) + 1)
    normals = np.concatenate([np.zeros((1, 2)), stratified_normals(n, 2, seed, MOOD.key)])
    size = VALUE["gain_at_a_day"] + (VALUE["gain_high"] - VALUE["gain_low"]) / TWO_SIDED_95 * normals[:, 0]
    fading = math.log(VALUE["offset_high"] / VALUE["offset_low"]) / TWO_SIDED_95
    off_per_day = LN_2 / (VALUE["offset_half_life"] * np.exp(fading * normals[:, 1]))
    gains = _dose_share(schedule.total_mg / patient.weight_kg) * size[:, np.newaxis] * _shape(days, off_per_day)
    line = Line(band_of(gains[1:], np.ones(days.size, dtype=bool)), gains[0], "MADRS points better than control", RATING, WORDS)
    return WeeksCourse(MOOD.sheet.effect_id, days, {"mood_gain": line}, RATING, WORDS, {})


def _dose_share(mg_per_kg: float) -> float:
    """1 from 0.5 mg/kg up, half at 0.2 and below, straight between."""
    return float(np.interp(mg_per_kg, [0.2, VALUE["full_dose"]], [VALUE["low_dose_share"], 1.0]))


def _shape(days: Array, off_per_day: Array) -> Array:
    """(n, m): 1 at 24 h for every fading."""
    on = onset_per_day()
    off = off_per_day[:, np.newaxis]
    course = np.exp(-off * days) - np.exp(-on * days)
    return np.asarray(course / (np.exp(-off) - math.exp(-on)))


@lru_cache
def onset_per_day() -> float:
    """How fast the gain comes, so that at 3 h the published share of the gain at a day is there; by bisection."""
    off, early = LN_2 / VALUE["offset_half_life"], VALUE["early_h"] * 60.0 / MINUTES_PER_DAY
    low, high = 2 * off, 1e3
    for _ in range(100):
        on = (low + high) / 2
        share = (math.exp(-off * early) - math.exp(-on * early)) / (math.exp(-off) - math.exp(-on))
        low, high = (on, high) if share < VALUE["early_share"] else (low, on)
    return (low + high) / 2
