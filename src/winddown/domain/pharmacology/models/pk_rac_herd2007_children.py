"""Total ketamine of children, two compartments: Herd and Anderson, Paediatr Anaesth 2007.

Present for comparison; refused for adults. The same authors' norketamine paper has a clearance a third lower from another data set.
"""

from __future__ import annotations

from collections.abc import Mapping

from winddown.domain.pharmacology.linear import Array, LinearSystem
from winddown.domain.pharmacology.model import Card, CompartmentModel, Limit, Parameter, Patient, Validity, by_symbol
from winddown.domain.pharmacology.models.borrowed import borrowed_omega
from winddown.domain.pharmacology.models.shapes import parent_in_two
from winddown.domain.pharmacology.structures import HOURS_TO_MINUTES, allometric_flow, allometric_volume

SOURCE = "10.1111/j.1460-9592.2006.02145.x, as in one open code"

TABLE = (
    Parameter("CL", 90.0, "L/h/70kg", SOURCE, "B"),
    Parameter("V1", 38.7, "L/70kg", SOURCE, "B"),
    Parameter("Q2", 215.0, "L/h/70kg", SOURCE, "B"),
    Parameter("V2", 102.0, "L/70kg", SOURCE, "B"),
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
        model_id="pk_rac_herd2007_children",
        name="Herd 2007, racemic ketamine in children",
        version="1",
        citation="Herd D, Anderson BJ. Paediatr Anaesth 2007",
        doi="10.1111/j.1460-9592.2006.02145.x",
        population="children of 1 to 14 years, 10.8 to 74.8 kg",
        studied="procedural sedation",
        sites=("unstated",),
        forms=("racemic",),
        ratings={"ketamine": "exploratory"},
        validity=Validity(
            weight_kg=Limit("Weight", 10.8, 74.8, "kg", f"studied in {SOURCE}"),
            age_years=Limit("Age", 1, 14, "years", f"studied in {SOURCE}"),
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
