"""Rise of systolic and diastolic pressure and of pulse, from an effect site of arterial S-ketamine. Exploratory: size and direction only.

A composite, not a published model. Two anchors make the curve: the mean peak rise of 2,252 psychiatric treatments, set at the
effect-site level that the default model gives at the end of 0.5 mg/kg racemate over 40 min, and +27% of mean pressure at an
anaesthetic S-ketamine level. Never driven by the mixed venous output, which jumps up when the pump stops.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from winddown.domain.pharmacology.effects.effect import LN_2, Driver, Scale, Sheet
from winddown.domain.pharmacology.linear import Array
from winddown.domain.pharmacology.model import Parameter, by_symbol
from winddown.domain.pharmacology.spread import stratified_normals

VANKAWALA = "Vankawala 2021, 10.3389/fpsyt.2021.549080"
PET_STUDY = "S-ketamine PET study, Anesthesiology 2005;103:258"
KAMP_2021 = "Kamp 2021, 10.1016/j.bja.2021.02.034"
CEILING_RISE_PERCENT = 27.0  # of mean pressure: the positron study
RESTING_MEAN_MMHG = 89.0  # taken for the healthy men of the positron study

TABLE = (
    Parameter("systolic_rise", 12.61, "mm[Hg]", VANKAWALA, "A"),
    Parameter("diastolic_rise", 8.49, "mm[Hg]", VANKAWALA, "A"),
    Parameter(
        "level_at_rise",
        142.2,
        "ng/mL arterial S-ketamine, effect site",
        "pk_rs_default, 75 kg, end of 0.5 mg/kg racemate over 40 min",
        "E",
        note="the doses behind the mean rise were at most this",
    ),
    Parameter(
        "mean_rise_at_ceiling",
        round(CEILING_RISE_PERCENT / 100 * RESTING_MEAN_MMHG, 2),
        "mm[Hg]",
        PET_STUDY,
        "E",
        note=f"+{CEILING_RISE_PERCENT}% of a resting mean pressure taken as {RESTING_MEAN_MMHG:g} mmHg",
    ),
    Parameter("pulse_rise", 4.09, "/min", VANKAWALA, "A"),
    Parameter(
        "pulse_rise_at_ceiling",
        29.15,
        "/min",
        PET_STUDY,
        "E",
        note="+43.5% of a resting pulse taken as 67 per min, that of a similar study (Anesthesiology 2000;92:94)",
    ),
    Parameter("ceiling_level", 1959.0, "ng/mL S-ketamine", PET_STUDY, "A"),
    Parameter("half_life", 2.28, "min", KAMP_2021, "C", note="borrowed from cardiac output"),
    Parameter("between_patients_cv", 0.5, "fraction", "judgement", "E", note="published mean peaks run from +3 to +16 mmHg"),
)
VALUE = {symbol: parameter.value for symbol, parameter in by_symbol(TABLE).items()}
WORDS = (
    "Size and direction only: published mean peaks run from +3 mmHg (Riva-Posse 2018) to +16 mmHg (Yale 2024); age, hypertension "
    "and other drugs change it without a usable coefficient. Watch the patient and the monitor."
)


@dataclass(frozen=True)
class Curve:
    """Rise = top * level / (half + level), through the two anchors."""

    top: float
    half_ng_per_ml: float


def curve() -> Curve:
    return _through(_of_mean(), VALUE["mean_rise_at_ceiling"])


def pulse_curve() -> Curve:
    """The same two levels for the pulse; top is then per minute."""
    return _through(VALUE["pulse_rise"], VALUE["pulse_rise_at_ceiling"])


def _of_mean() -> float:
    return (VALUE["systolic_rise"] + 2 * VALUE["diastolic_rise"]) / 3


def _through(rise: float, ceiling: float) -> Curve:
    near, far = VALUE["level_at_rise"], VALUE["ceiling_level"]
    half = near * far * (ceiling - rise) / (rise * far - ceiling * near)
    return Curve(rise * (half + near) / near, half)


class Pressure:
    """Systolic and diastolic rise from one effect site; see the module."""

    key: str = "pressure"
    driver: Driver = Driver("s_ketamine", "arterial")
    scales: tuple[Scale, ...] = (
        Scale("systolic_rise", "Systolic rise", "mm[Hg]", "exploratory", WORDS),
        Scale("diastolic_rise", "Diastolic rise", "mm[Hg]", "exploratory", WORDS),
        Scale("pulse_rise", "Pulse rise", "/min", "exploratory", WORDS),
    )
    table: tuple[Parameter, ...] = TABLE
    sheet: Sheet = Sheet(
        effect_id="pd_bp_default",
        name="Blood pressure and pulse, Winddown composite",
        citation="Derived here from Vankawala 2021, an S-ketamine positron study of 2005 and Kamp 2021; not a published model",
        doi="10.3389/fpsyt.2021.549080",
        population="2,252 treatments of psychiatric adults for the size; 8 healthy men for the ceiling",
        studied="up to 0.5 mg/kg of ketamine or nasal S-ketamine; one anesthetic S-ketamine level",
        structure="An effect site behind arterial S-ketamine, then top * level / (half + level) through two published points.",
        against=(
            "741 infusions in one clinic rose by 7.4/6.0 mmHg and 1.9 per min at most on average: less than the meta-analysis.",
            "Age from 50, hypertension, dose and dissociation raise the peak, without a usable coefficient; women differ in timing.",
            "The lag is borrowed from cardiac output; the spread between patients is a judgement.",
        ),
    )

    def lag_per_min(self, n: int, seed: int | None) -> Array:
        return np.full(n, LN_2 / VALUE["half_life"])

    def responses(self, level_ng_per_ml: Array, seed: int | None) -> Mapping[str, tuple[Array, ...]]:
        """Rises above the patient's own resting pressure (mmHg) and pulse (per minute)."""
        n = level_ng_per_ml.shape[0]
        sigma = math.sqrt(math.log1p(VALUE["between_patients_cv"] ** 2))
        normals = np.zeros((n, 1)) if seed is None else stratified_normals(n, 1, seed, self.key)
        person = np.exp(sigma * normals)
        mean_rise = person * _rise(curve(), level_ng_per_ml)
        rises = {key: (mean_rise * (VALUE[key] / _of_mean()),) for key in ("systolic_rise", "diastolic_rise")}
        return {**rises, "pulse_rise": (person * _rise(pulse_curve(), level_ng_per_ml),)}


def _rise(shape: Curve, level_ng_per_ml: Array) -> Array:
    return np.asarray(shape.top * level_ng_per_ml / (shape.half_ng_per_ml + level_ng_per_ml))


PRESSURE = Pressure()
