"""What stands between a level and what a nurse writes down: links, noise and spread, each with where it comes from.

No paper gives a concentration-CADSS model, nor the scatter of a cuff or of a pain score under ketamine in one person, so most of
these are derived or judged (level E) and say so; nothing here may rank or gate a dose.
"""

from __future__ import annotations

import math

from winddown.domain.pharmacology.effects import dissociation, pressure, sedation
from winddown.domain.pharmacology.model import Parameter, by_symbol

CADSS_YALE = "CADSS-Y"
ESKETAMINE_LABEL = "SPR-CI"
WAKING = sedation.SOURCE
SIMONS_2022 = "10.3389/fpain.2022.946486"
OTTO_2021 = "10.1007/s00228-021-03104-1"
JUDGEMENT = "judgement"

CADSS6_HIGHEST = 24.0
PAIN_HIGHEST = 10.0

TABLE = (
    Parameter(
        "cadss6_gain",
        0.2,
        "fraction of the CADSS-6 scale per fraction of the scale of external perception",
        CADSS_YALE,
        "E",
        note="mean CADSS after infusion 7.7 of 92, taken as 4 of 24 on the six items at half the scale of perception; a median",
    ),
    Parameter("cadss6_gain_spread", 0.94, "log", CADSS_YALE, "E", note="standard deviation 9.2 about a mean of 7.7"),
    Parameter("cadss6_noise", 1.0, "points", JUDGEMENT, "E", note="one item one step off"),
    Parameter("cadss6_noise_share", 0.15, "points per point", JUDGEMENT, "E"),
    Parameter("systolic_noise", 8.0, "mm[Hg]", JUDGEMENT, "E", note="scatter of one cuff reading about the person's course"),
    Parameter("resting_systolic_spread", 8.0, "mm[Hg]", JUDGEMENT, "E", note="one resting reading is as uncertain as any other"),
    Parameter("analgesia_spread", 0.5, "log", JUDGEMENT, "E"),
    Parameter("pain_noise", 1.0, "points", JUDGEMENT, "E"),
    Parameter("resting_pain_spread", 1.0, "points", JUDGEMENT, "E"),
    Parameter(
        "sluggish_level",
        85.0,
        "ng/mL arterial S-ketamine, effect site",
        ESKETAMINE_LABEL,
        "E",
        note="about half of patients reach MOAA/S 4 or less at the labelled nasal doses; their level is taken from pharmacokinetics",
    ),
    Parameter("sedation_spread", 0.6, "log", WAKING, "E", note="214 about 642 ng/mL is 0.33; widened for the label's drowsy half"),
    Parameter("sedation_noise", 0.35, "log, logistic scale", JUDGEMENT, "E"),
    Parameter("arterial_error", 0.11, "log", SIMONS_2022, "B", note="proportional"),
    Parameter("venous_error", 0.236, "log", OTTO_2021, "B", note="proportional"),
    Parameter("odd_share", 0.05, "fraction", JUDGEMENT, "E", note="one entry in twenty may have another cause than the drug"),
    Parameter("odd_width", 4.0, "times the noise", JUDGEMENT, "E"),
    Parameter("after_other_drug_systolic", 15.0, "mm[Hg]", JUDGEMENT, "E", note="between persons, on top, once another drug acts"),
    Parameter("after_other_drug_dissociation", 0.5, "log", JUDGEMENT, "E"),
    Parameter("kept_between_visits", 0.85, "correlation", JUDGEMENT, "E", note="of a person's deviations from one visit to the next day's"),
    Parameter("kept_half_life", 180.0, "d", JUDGEMENT, "E", note="and this is how fast the rest is forgotten"),
)
VALUE = {symbol: parameter.value for symbol, parameter in by_symbol(TABLE).items()}

UNRESPONSIVE_LEVEL = 0.5 * sedation.VALUE["waking_level"]  # ng/mL S-ketamine: half of the racemate at waking
LAG_SPREAD = math.log(dissociation.VALUE["half_life_high"] / dissociation.VALUE["half_life_low"]) / dissociation.TWO_SIDED_95
C50_SPREAD = math.log(dissociation.VALUE["C50_high"] / dissociation.VALUE["C50_low"]) / dissociation.TWO_SIDED_95
NINETY_WITHIN = 1.6448536
STEEPNESS_MIDDLE = 0.5 * (math.log(dissociation.VALUE["gamma"]) + math.log(dissociation.VALUE["gamma_steep"]))
STEEPNESS_SPREAD = 0.5 * (math.log(dissociation.VALUE["gamma_steep"]) - math.log(dissociation.VALUE["gamma"])) / NINETY_WITHIN
PRESSURE_SPREAD = math.sqrt(math.log1p(pressure.VALUE["between_patients_cv"] ** 2))
