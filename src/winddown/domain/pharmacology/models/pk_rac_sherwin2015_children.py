"""Total ketamine of 57 children, two compartments: Sherwin et al., Paediatr Anaesth 2015;25:211-216.

Variation between children ran from 34 to 98% (abstract), not given parameter by parameter where it was read. Refused for adults.
"""

from __future__ import annotations

from collections.abc import Mapping

from winddown.domain.pharmacology.linear import Array, LinearSystem
from winddown.domain.pharmacology.model import Card, CompartmentModel, Limit, Parameter, Patient, Validity, by_symbol
from winddown.domain.pharmacology.models.borrowed import borrowed_omega
from winddown.domain.pharmacology.models.shapes import parent_in_two
from winddown.domain.pharmacology.structures import HOURS_TO_MINUTES, allometric_flow, allometric_volume

SOURCE = "10.1111/pan.12521"

TABLE = (
    Parameter("CL", 87.9, "L/h/70kg", SOURCE, "A"),
    Parameter("V1", 20.5, "L/70kg", SOURCE, "A"),
    Parameter("Q2", 87.3, "L/h/70kg", SOURCE, "A"),
    Parameter("V2", 220.0, "L/70kg", SOURCE, "A"),
)
VALUE = {symbol: parameter.value for symbol, parameter in by_symbol(TABLE).items()}
RANDOM = ("CL", "V1")


def typical(patient: Patient) -> dict[str, float]:
    """Litres and L/min, scaled by theory from 70 kg: flows with the power 0.75, volumes in proportion."""
    flow, volume = allometric_flow(patient.weight_kg) / HOURS_TO_MINUTES, allometric_volume(patient.weight_kg)
    return {symbol: value * (volume if symbol.startswith("V") else flow) for symbol, value in VALUE.items()}


def build(values: Mapping[str, Array]) -> tuple[LinearSystem, ...]:
    return parent_in_two(values, "ketamine")


MODEL = CompartmentModel(
    card=Card(
        model_id="pk_rac_sherwin2015_children",
        name="Sherwin 2015, racemic ketamine in children",
        version="1",
        citation="Sherwin CMT et al. Paediatr Anaesth 2015;25:211-216",
        doi="10.1111/pan.12521",
        population="57 children; ages and weights were not read",
        studied="1 to 1.5 mg/kg IV bolus",
        sites=("unstated",),
        forms=("racemic",),
        ratings={"ketamine": "exploratory"},
        validity=Validity(
            weight_kg=Limit("Weight", 0, 100, "kg", "children; the weights studied were not read"),
            age_years=Limit("Age", 0, 18, "years", f"children, {SOURCE}"),
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
