"""S-ketamine and norketamine of children in intensive care: Flint et al., Paediatr Anaesth 2017;27:1098-1107.

Norketamine is apparent: its clearance was fitted over the unknown fraction that becomes norketamine, in a volume fixed at 1 litre, so
that it follows its formation at once. Present for comparison; refused for adults.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from winddown.domain.pharmacology.linear import Array, Flow, LinearSystem, assemble
from winddown.domain.pharmacology.model import Card, CompartmentModel, Limit, Parameter, Patient, Validity, by_symbol
from winddown.domain.pharmacology.models.borrowed import borrowed_omega
from winddown.domain.pharmacology.structures import HOURS_TO_MINUTES, allometric_flow, allometric_volume, exchange

SOURCE = "10.1111/pan.13239, as in one open code"

TABLE = (
    Parameter("CL", 112.0, "L/h/70kg", SOURCE, "B"),
    Parameter("V1", 7.73, "L/70kg", SOURCE, "B"),
    Parameter("Q2", 196.0, "L/h/70kg", SOURCE, "B"),
    Parameter("V2", 545.0, "L/70kg", SOURCE, "B"),
    Parameter("NK_CL", 53.2, "L/h/70kg", SOURCE, "B", note="over the fraction that becomes norketamine"),
    Parameter("NK_V1", 1.0, "L", SOURCE, "B", note="fixed by the authors, over the same fraction; not scaled with weight"),
)
VALUE = {symbol: parameter.value for symbol, parameter in by_symbol(TABLE).items()}
RANDOM = ("CL", "V1")


def typical(patient: Patient) -> dict[str, float]:
    """Litres and L/min, scaled by theory from 70 kg, as the authors fixed it."""
    flow, volume = allometric_flow(patient.weight_kg) / HOURS_TO_MINUTES, allometric_volume(patient.weight_kg)
    scale = {"V1": volume, "V2": volume, "NK_V1": 1.0}
    return {symbol: value * scale.get(symbol, flow) for symbol, value in VALUE.items()}


def build(values: Mapping[str, Array]) -> tuple[LinearSystem, ...]:
    flows = (
        *exchange("plasma", "plasma_slow", values["Q2"], values["V1"], values["V2"]),
        Flow("plasma", "norketamine", values["CL"] / values["V1"]),
        Flow("norketamine", None, values["NK_CL"] / values["NK_V1"]),
    )
    outputs = {"s_ketamine": ("plasma", values["V1"], 1.0), "s_norketamine": ("norketamine", values["NK_V1"], 1.0)}
    return (assemble("s_ketamine", "plasma", flows, outputs, int(np.size(values["V1"]))),)


MODEL = CompartmentModel(
    card=Card(
        model_id="pk_s_flint2017_picu",
        name="Flint 2017, S-ketamine in pediatric intensive care",
        version="1",
        citation="Flint RB et al. Paediatr Anaesth 2017;27:1098-1107",
        doi="10.1111/pan.13239",
        population="infants and children of 0.02 to 12.5 years in intensive care",
        studied="long infusions",
        sites=("unstated",),
        forms=("racemic", "esketamine"),
        ratings={"s_ketamine": "exploratory", "s_norketamine": "exploratory"},
        validity=Validity(
            weight_kg=Limit("Weight", 0, 100, "kg", "children; the weights studied were not read"),
            age_years=Limit("Age", 0.02, 12.5, "years", f"studied in {SOURCE}"),
            plasma={},
        ),
        outside_error="not compared: no published level of children is on file",
        spread="borrowed",
    ),
    table=TABLE,
    typical=typical,
    build=build,
    etas={symbol: (symbol,) for symbol in RANDOM},
    omega=borrowed_omega(RANDOM),
)
