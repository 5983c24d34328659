"""Total ketamine with its two ways out, children and adults: Herd et al., Paediatr Anaesth 2007, the norketamine paper.

Only the parent can be run: the volume of norketamine, which the paper assumed, was not read, so its level is not drawn. The total
clearance, 60 L/h, conflicts with the 90 L/h of the same authors' other data set.
"""

from __future__ import annotations

from collections.abc import Mapping

from winddown.domain.pharmacology.linear import Array, LinearSystem
from winddown.domain.pharmacology.model import Card, CompartmentModel, Limit, Parameter, Patient, Validity, by_symbol
from winddown.domain.pharmacology.models.borrowed import borrowed_omega
from winddown.domain.pharmacology.models.shapes import parent_in_two
from winddown.domain.pharmacology.structures import HOURS_TO_MINUTES, allometric_flow, allometric_volume

SOURCE = "10.1111/j.1460-9592.2007.02257.x, abstract as in an extracted record"

TABLE = (
    Parameter("V1", 22.0, "L/70kg", SOURCE, "C"),
    Parameter("V2", 129.0, "L/70kg", SOURCE, "C"),
    Parameter("Q2", 216.0, "L/h/70kg", SOURCE, "C"),
    Parameter("CL_other", 47.8, "L/h/70kg", SOURCE, "C", note="every way out but norketamine"),
    Parameter("CL_to_NK", 12.4, "L/h/70kg", SOURCE, "C", note="into norketamine"),
    Parameter("NK_CL", 13.5, "L/h/70kg", SOURCE, "C", note="not used: the volume of norketamine was not read"),
)
VALUE = {symbol: parameter.value for symbol, parameter in by_symbol(TABLE).items()}
RANDOM = ("CL", "V1")


def typical(patient: Patient) -> dict[str, float]:
    """Litres and L/min, scaled by theory from 70 kg: flows with the power 0.75, volumes in proportion."""
    flow, volume = allometric_flow(patient.weight_kg) / HOURS_TO_MINUTES, allometric_volume(patient.weight_kg)
    scaled = {symbol: value * (volume if symbol.startswith("V") else flow) for symbol, value in VALUE.items()}
    return {**scaled, "CL": scaled["CL_other"] + scaled["CL_to_NK"]}


def build(values: Mapping[str, Array]) -> tuple[LinearSystem, ...]:
    return parent_in_two(values, "ketamine")


MODEL = CompartmentModel(
    card=Card(
        model_id="pk_nk_herd2007_children",
        name="Herd 2007, ketamine and its way to norketamine",
        version="1",
        citation="Herd DW et al. Modeling the norketamine metabolite. Paediatr Anaesth 2007",
        doi="10.1111/j.1460-9592.2007.02257.x",
        population="children and adults",
        studied="intravenous racemic ketamine",
        sites=("unstated",),
        forms=("racemic",),
        ratings={"ketamine": "exploratory"},
        validity=Validity(
            weight_kg=Limit("Weight", 0, 100, "kg", "the weights studied were not read"),
            age_years=Limit("Age", 0, 18, "years", "children and adults together; ages not read"),
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
