"""Total ketamine in intensive care, two compartments: Hijazi et al., Br J Anaesth 2003.

Adults after trauma, although one open code limits this set to children. Their clearance, 151 L/h at 70 kg, is almost twice that of clinic
patients: refused for them, because it would predict levels far too low.
"""

from __future__ import annotations

from collections.abc import Mapping

from winddown.domain.pharmacology.linear import Array, LinearSystem
from winddown.domain.pharmacology.model import Card, CompartmentModel, Parameter, Patient, Validity, by_symbol
from winddown.domain.pharmacology.models.borrowed import borrowed_omega
from winddown.domain.pharmacology.models.common import ADULT_AGE, ADULT_WEIGHT
from winddown.domain.pharmacology.models.shapes import parent_in_two

SOURCE = "10.1093/bja/aeg028, as in one open code"

TABLE = (
    Parameter("V1", 1.08, "L/kg", SOURCE, "B"),
    Parameter("k10", 0.0333, "1/min", SOURCE, "B"),
    Parameter("k12", 0.0088, "1/min", SOURCE, "B"),
    Parameter("k21", 0.003, "1/min", SOURCE, "B"),
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
        model_id="pk_rac_hijazi2003",
        name="Hijazi 2003, racemic ketamine in intensive care",
        version="1",
        citation="Hijazi Y et al. Br J Anaesth 2003",
        doi="10.1093/bja/aeg028",
        population="adults in intensive care after trauma",
        studied="long infusions for sedation in intensive care",
        sites=("unstated",),
        forms=("racemic",),
        ratings={"ketamine": "exploratory"},
        validity=Validity(weight_kg=ADULT_WEIGHT, age_years=ADULT_AGE, plasma={}),
        outside_error="the one group in intensive care on file had more than twice its level: bias +116%",
        spread="borrowed",
    ),
    table=TABLE,
    typical=typical,
    build=build,
    etas={symbol: (symbol,) for symbol in RANDOM},
    omega=borrowed_omega(RANDOM),
)
