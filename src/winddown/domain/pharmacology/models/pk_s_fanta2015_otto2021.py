"""S-ketamine and norketamine in venous plasma: Fanta et al. 2015 for the parent, Otto et al. 2021 for the metabolite and the spread.

Often cited as Kamp 2021; the authors are Otto, Bergmann, Jacobs and van Esdonk. Fitted in mass, so no molecular weights enter.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from winddown.domain.pharmacology.linear import Array, Flow, LinearSystem, assemble
from winddown.domain.pharmacology.model import Card, CompartmentModel, Limit, Parameter, Patient, Validity, by_symbol, variances
from winddown.domain.pharmacology.models.common import ADULT_AGE, ADULT_WEIGHT, S_PLASMA_CAP
from winddown.domain.pharmacology.structures import HOURS_TO_MINUTES, allometric_flow, allometric_volume, exchange, three_compartments

FANTA = "10.1007/s00228-015-1826-y"
OTTO = "10.1007/s00228-021-03104-1"

TABLE = (
    Parameter("CL", 95.2, "L/h/70kg", FANTA, "B", omega2=0.026048),
    Parameter("V1", 133.0, "L/70kg", FANTA, "B", omega2=0.084177),
    Parameter("Q2", 23.2, "L/h", FANTA, "B", note="not scaled with weight"),
    Parameter("V2", 187.0, "L", FANTA, "B", note="not scaled with weight"),
    Parameter("Q3", 157.0, "L/h", FANTA, "B", note="not scaled with weight"),
    Parameter("V3", 98.8, "L", FANTA, "B", note="not scaled with weight"),
    Parameter("NK_V1", 98.638, "L/70kg", OTTO, "B", omega2=0.040426),
    Parameter("NK_CL", 57.72, "L/h/70kg", OTTO, "B", omega2=0.10319),
    Parameter("NK_V2", 160.04, "L", OTTO, "B", note="not scaled with weight"),
    Parameter("NK_Q", 42.778, "L/h", OTTO, "B", note="not scaled with weight"),
    Parameter("CL_V1_covariance", 0.02261, "omega2", OTTO, "B"),
    Parameter("NK_CL_NK_V1_covariance", 0.04456, "omega2", OTTO, "B"),
)
VALUE = {symbol: parameter.value for symbol, parameter in by_symbol(TABLE).items()}
RANDOM = ("CL", "V1", "NK_CL", "NK_V1")


def typical(patient: Patient) -> dict[str, float]:
    flow, volume = allometric_flow(patient.weight_kg), allometric_volume(patient.weight_kg)
    scale = {"CL": flow, "NK_CL": flow, "V1": volume, "NK_V1": volume}
    return {
        parameter.symbol: parameter.value * scale.get(parameter.symbol, 1.0) / (HOURS_TO_MINUTES if "L/h" in parameter.unit else 1.0)
        for parameter in TABLE
        if parameter.unit != "omega2"
    }


def build(values: Mapping[str, Array]) -> tuple[LinearSystem, ...]:
    flows = (
        *three_compartments(values),
        Flow("plasma", "norketamine", values["CL"] / values["V1"]),
        *exchange("norketamine", "norketamine_deep", values["NK_Q"], values["NK_V1"], values["NK_V2"]),
        Flow("norketamine", None, values["NK_CL"] / values["NK_V1"]),
    )
    outputs = {"s_ketamine": ("plasma", values["V1"], 1.0), "s_norketamine": ("norketamine", values["NK_V1"], 1.0)}
    return (assemble("s_ketamine", "plasma", flows, outputs, int(np.size(values["V1"]))),)


def _omega() -> Array:
    spread = variances(TABLE, RANDOM)
    spread[0, 1] = spread[1, 0] = VALUE["CL_V1_covariance"]
    spread[2, 3] = spread[3, 2] = VALUE["NK_CL_NK_V1_covariance"]
    return spread


MODEL = CompartmentModel(
    card=Card(
        model_id="pk_s_fanta2015_otto2021",
        name="Fanta 2015 and Otto 2021, S-ketamine, venous",
        version="1",
        citation="Fanta S et al. Eur J Clin Pharmacol 2015;71:441-447; Otto ME et al. Eur J Clin Pharmacol 2021;77:1181-1192",
        doi=f"{FANTA}; {OTTO}",
        population="11 healthy men of about 77 kg; 48 healthy adults, 46% women, of about 70 kg",
        studied="IV bolus and 30 min to 2 h infusions of S-ketamine, venous blood, up to 24 h",
        sites=("venous",),
        forms=("racemic", "esketamine"),
        ratings={"s_ketamine": "moderate", "s_norketamine": "moderate"},
        validity=Validity(
            weight_kg=ADULT_WEIGHT,
            age_years=ADULT_AGE,
            plasma={"s_ketamine": S_PLASMA_CAP},
            time_min=Limit("Time", 0, 24 * HOURS_TO_MINUTES, "minutes", f"studied in {OTTO}"),
        ),
        outside_error="venous S-ketamine of 15 volunteers: bias -4%, typical error 6%; 38% off against arterial blood",
        spread="published",
    ),
    table=TABLE,
    typical=typical,
    build=build,
    etas={symbol: (symbol,) for symbol in RANDOM},
    omega=_omega(),
)
