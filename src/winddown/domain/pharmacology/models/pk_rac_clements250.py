"""Total ketamine, two compartments, venous, after 0.25 mg/kg: Clements and Nimmo, Br J Anaesth 1981;53:27."""

from __future__ import annotations

from collections.abc import Mapping

from winddown.domain.pharmacology.linear import Array, LinearSystem
from winddown.domain.pharmacology.model import Card, CompartmentModel, Parameter, Patient, Validity, by_symbol
from winddown.domain.pharmacology.models.borrowed import borrowed_omega
from winddown.domain.pharmacology.models.common import ADULT_AGE, ADULT_WEIGHT, PLASMA_CAP
from winddown.domain.pharmacology.models.shapes import parent_in_two

SOURCE = "10.1093/bja/53.1.27, as in one open code"

TABLE = (
    Parameter("V1", 1.7522, "L/kg", SOURCE, "B"),
    Parameter("k10", 0.0109, "1/min", SOURCE, "B"),
    Parameter("k12", 0.0186, "1/min", SOURCE, "B"),
    Parameter("k21", 0.0137, "1/min", SOURCE, "B"),
)
VALUE = {symbol: parameter.value for symbol, parameter in by_symbol(TABLE).items()}
RANDOM = ("CL", "V1")


def typical(patient: Patient) -> dict[str, float]:
    """Volumes and flows in proportion to weight, from the published rate constants."""
    volume = VALUE["V1"] * patient.weight_kg
    flow = VALUE["k12"] * volume
    return {"CL": VALUE["k10"] * volume, "V1": volume, "Q2": flow, "V2": flow / VALUE["k21"]}


def build(values: Mapping[str, Array]) -> tuple[LinearSystem, ...]:
    return parent_in_two(values, "ketamine")


MODEL = CompartmentModel(
    card=Card(
        model_id="pk_rac_clements250",
        name="Clements and Nimmo 1981, racemic ketamine",
        version="1",
        citation="Clements JA, Nimmo WS. Br J Anaesth 1981;53:27",
        doi="10.1093/bja/53.1.27",
        population="healthy adults",
        studied="0.25 mg/kg IV bolus, venous blood",
        sites=("venous",),
        forms=("racemic",),
        ratings={"ketamine": "exploratory"},
        validity=Validity(weight_kg=ADULT_WEIGHT, age_years=ADULT_AGE, plasma={"ketamine": PLASMA_CAP}),
        outside_error="venous ketamine: bias -16%, typical error 16%; no early phase: a pushed 10 mg is four times too low at 2 min",
        spread="borrowed",
    ),
    table=TABLE,
    typical=typical,
    build=build,
    etas={symbol: (symbol,) for symbol in RANDOM},
    omega=borrowed_omega(RANDOM),
)
