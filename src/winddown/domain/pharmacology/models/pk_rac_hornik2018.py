"""Total ketamine of children, two compartments: Hornik et al., J Clin Pharmacol 2018.

Its clearance is less than half of every other set here. Present for comparison; refused for adults.
"""

from __future__ import annotations

from collections.abc import Mapping

from winddown.domain.pharmacology.linear import Array, LinearSystem
from winddown.domain.pharmacology.model import Card, CompartmentModel, Limit, Parameter, Patient, Validity, by_symbol
from winddown.domain.pharmacology.models.borrowed import borrowed_omega
from winddown.domain.pharmacology.models.shapes import parent_in_two
from winddown.domain.pharmacology.structures import HOURS_TO_MINUTES, allometric_flow, allometric_volume

SOURCE = "10.1002/jcph.1116, as in one open code"

TABLE = (
    Parameter("CL", 38.9, "L/h/70kg", SOURCE, "B"),
    Parameter("V1", 32.8, "L/70kg", SOURCE, "B"),
    Parameter("Q2", 54.9, "L/h/70kg", SOURCE, "B"),
    Parameter("V2", 152.0, "L/70kg", SOURCE, "B"),
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
        model_id="pk_rac_hornik2018",
        name="Hornik 2018, racemic ketamine in children",
        version="1",
        citation="Hornik CP et al. J Clin Pharmacol 2018",
        doi="10.1002/jcph.1116",
        population="children up to 18 years, 2 to 176 kg",
        studied="intravenous and intramuscular doses",
        sites=("unstated",),
        forms=("racemic",),
        ratings={"ketamine": "exploratory"},
        validity=Validity(
            weight_kg=Limit("Weight", 2, 176, "kg", f"studied in {SOURCE}"),
            age_years=Limit("Age", 0, 18, "years", f"studied in {SOURCE}"),
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
