"""S-ketamine and norketamine, 820 adults, mostly nasal: Perez-Ruixo et al., Clin Pharmacokinet 2021;60:501-516.

Three compartments and a liver that exchanges the hepatic flow with plasma and does all the elimination. Most doses were nasal, so volumes
and the norketamine figures carry an unknown absorbed fraction: refused as an intravenous model, kept for comparison and because the
default takes its change of clearance with age from here. Rate constants are printed in L/h in the paper: 1/h is meant. Fitted in mass.
"""

from __future__ import annotations

import math
from collections.abc import Mapping

import numpy as np

from winddown.domain.pharmacology.linear import Array, Flow, LinearSystem, assemble
from winddown.domain.pharmacology.model import Card, CompartmentModel, Parameter, Patient, Validity, by_symbol, variances
from winddown.domain.pharmacology.models.common import ADULT_AGE, ADULT_WEIGHT
from winddown.domain.pharmacology.structures import HOURS_TO_MINUTES, exchange

SOURCE = "10.1007/s40262-020-00953-4"
AGE_OF_DECLINE_YEARS = 60.0


def _of_cv(percent: float) -> float:
    """Variance on the log scale of a log-normal spread printed as a coefficient of variation."""
    return math.log1p((percent / 100) ** 2)


TABLE = (
    Parameter("V1", 192.0, "L", SOURCE, "B", omega2=_of_cv(27.5), note="CV 27.5%; no effect of weight"),
    Parameter("Q2", 84.3, "L/h", SOURCE, "B"),
    Parameter("V2", 143.0, "L", SOURCE, "B", omega2=_of_cv(49.3), note="CV 49.3%"),
    Parameter("Q3", 37.6, "L/h", SOURCE, "B"),
    Parameter("V3", 417.0, "L", SOURCE, "B"),
    Parameter("hepatic_flow", 151.0, "L/h", SOURCE, "B", omega2=_of_cv(23.2), note="CV 23.2%"),
    Parameter("hepatic_flow_lost_per_year", 2.19, "L/h per year over 60", SOURCE, "B"),
    Parameter("liver_V", 101.0, "L", SOURCE, "B", omega2=_of_cv(34.6), note="CV 34.6%"),
    Parameter("kel", 1.11, "1/h", SOURCE, "B", omega2=_of_cv(120.0), note="CV 120%; printed in L/h; a third of it in Asian patients"),
    Parameter("kmet", 2.77, "1/h", SOURCE, "B", note="into norketamine; printed in L/h"),
    Parameter("NK_V1", 70.0, "L", SOURCE, "B", omega2=_of_cv(31.6), note="CV 31.6%; over an unknown fraction"),
    Parameter("NK_CL", 38.0, "L/h", SOURCE, "B", omega2=_of_cv(25.4), note="CV 25.4%; over an unknown fraction"),
    Parameter("NK_V2", 115.0, "L", SOURCE, "B", note="over an unknown fraction"),
    Parameter("NK_Q", 26.1, "L/h", SOURCE, "B", note="over an unknown fraction"),
)
VALUE = {symbol: parameter.value for symbol, parameter in by_symbol(TABLE).items()}
RANDOM = ("V1", "V2", "hepatic_flow", "liver_V", "kel", "NK_V1", "NK_CL")
VOLUMES = ("V1", "V2", "V3", "liver_V", "NK_V1", "NK_V2")


def typical(patient: Patient) -> dict[str, float]:
    """Litres, L/min and 1/min. Neither weight nor sex changed a parameter; the liver's flow falls after 60."""
    values = {symbol: value if symbol in VOLUMES else value / HOURS_TO_MINUTES for symbol, value in VALUE.items()}
    years_over = max(0.0, (patient.age_years or 0.0) - AGE_OF_DECLINE_YEARS)
    values["hepatic_flow"] -= values.pop("hepatic_flow_lost_per_year") * years_over
    return values


def build(values: Mapping[str, Array]) -> tuple[LinearSystem, ...]:
    flows = (
        *exchange("plasma", "plasma_fast", values["Q2"], values["V1"], values["V2"]),
        *exchange("plasma", "plasma_slow", values["Q3"], values["V1"], values["V3"]),
        *exchange("plasma", "liver", values["hepatic_flow"], values["V1"], values["liver_V"]),
        Flow("liver", None, values["kel"]),
        Flow("liver", "norketamine", values["kmet"]),
        *exchange("norketamine", "norketamine_deep", values["NK_Q"], values["NK_V1"], values["NK_V2"]),
        Flow("norketamine", None, values["NK_CL"] / values["NK_V1"]),
    )
    outputs = {"s_ketamine": ("plasma", values["V1"], 1.0), "s_norketamine": ("norketamine", values["NK_V1"], 1.0)}
    return (assemble("s_ketamine", "plasma", flows, outputs, int(np.size(values["V1"]))),)


MODEL = CompartmentModel(
    card=Card(
        model_id="pk_s_perezruixo2021",
        name="Perez-Ruixo 2021, S-ketamine, mostly nasal",
        version="1",
        citation="Perez-Ruixo C et al. Clin Pharmacokinet 2021;60:501-516",
        doi=SOURCE,
        population="256 healthy adults and 564 with treatment-resistant depression, 18-86 years, 39-170 kg, 58% women",
        studied="28 to 112 mg nasal S-ketamine; 28 mg IV in one study; venous blood",
        sites=("venous",),
        forms=("racemic", "esketamine"),
        ratings={"s_ketamine": "exploratory", "s_norketamine": "exploratory"},
        validity=Validity(
            weight_kg=ADULT_WEIGHT,
            age_years=ADULT_AGE,
            plasma={},
        ),
        outside_error="arterial S-ketamine came out 66% above it; venous peaks of racemate a quarter to a third too low",
        spread="published",
    ),
    table=TABLE,
    typical=typical,
    build=build,
    etas={symbol: (symbol,) for symbol in RANDOM},
    omega=variances(TABLE, RANDOM),
)
