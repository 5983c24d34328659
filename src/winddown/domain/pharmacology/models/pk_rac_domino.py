"""Total ketamine, three compartments, the classic set of target-controlled infusion: Domino et al. 1982 and 1984."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from winddown.domain.pharmacology.linear import Array, Flow, LinearSystem, assemble
from winddown.domain.pharmacology.model import Card, CompartmentModel, Parameter, Patient, Validity, by_symbol
from winddown.domain.pharmacology.models.borrowed import borrowed_omega
from winddown.domain.pharmacology.models.common import ADULT_AGE, ADULT_WEIGHT, PLASMA_CAP
from winddown.domain.pharmacology.structures import three_compartments

SOURCE = "Domino 1984, Clin Pharmacol Ther 36:645, as in three independent open codes"

TABLE = (
    Parameter("V1", 0.063, "L/kg", SOURCE, "B"),
    Parameter("k10", 0.438, "1/min", SOURCE, "B"),
    Parameter("k12", 0.592, "1/min", SOURCE, "B"),
    Parameter("k13", 0.590, "1/min", SOURCE, "B"),
    Parameter("k21", 0.247, "1/min", SOURCE, "B"),
    Parameter("k31", 0.0146, "1/min", SOURCE, "B"),
)
VALUE = {symbol: parameter.value for symbol, parameter in by_symbol(TABLE).items()}
RANDOM = ("CL", "V1", "Q3")


def typical(patient: Patient) -> dict[str, float]:
    """Volumes and flows in proportion to weight, from the published rate constants."""
    volume = VALUE["V1"] * patient.weight_kg
    fast, slow = VALUE["k12"] * volume, VALUE["k13"] * volume
    return {
        "CL": VALUE["k10"] * volume,
        "V1": volume,
        "Q2": fast,
        "V2": fast / VALUE["k21"],
        "Q3": slow,
        "V3": slow / VALUE["k31"],
    }


def build(values: Mapping[str, Array]) -> tuple[LinearSystem, ...]:
    flows = (*three_compartments(values), Flow("plasma", None, values["CL"] / values["V1"]))
    return (assemble("ketamine", "plasma", flows, {"ketamine": ("plasma", values["V1"], 1.0)}, int(np.size(values["V1"]))),)


MODEL = CompartmentModel(
    card=Card(
        model_id="pk_rac_domino",
        name="Domino 1984, racemic ketamine",
        version="1",
        citation="Domino EF et al. Clin Pharmacol Ther 1984;36:645-653",
        doi="",
        population="healthy adults",
        studied="racemic IV bolus",
        sites=("unstated",),
        forms=("racemic",),
        ratings={"ketamine": "exploratory"},
        validity=Validity(weight_kg=ADULT_WEIGHT, age_years=ADULT_AGE, plasma={"ketamine": PLASMA_CAP}),
        outside_error="arterial ketamine of 20 volunteers: bias +18%, typical error 19%; venous: bias +45%; a pushed 10 mg 40% too low",
        spread="borrowed",
    ),
    table=TABLE,
    typical=typical,
    build=build,
    etas={symbol: (symbol,) for symbol in RANDOM},
    omega=borrowed_omega(RANDOM),
)
