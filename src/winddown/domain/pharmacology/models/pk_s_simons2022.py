"""S-ketamine with norketamine and hydroxynorketamine, arterial plasma, 20 volunteers: Simons et al., Front Pain Res 2022;3:946486.

The figures were read in an open transcription that cites the paper's Table 4 row by row, not in the table itself.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from winddown.domain.pharmacology.linear import Array, Drug, Flow, LinearSystem, assemble
from winddown.domain.pharmacology.model import Card, CompartmentModel, Limit, Parameter, Patient, Validity, by_symbol, variances
from winddown.domain.pharmacology.models.common import HYDROXYNORKETAMINE_PER_KETAMINE, NORKETAMINE_PER_KETAMINE
from winddown.domain.pharmacology.structures import allometric_flow, allometric_volume, exchange, three_compartments, transit

SOURCE = "10.3389/fpain.2022.946486"
AUTHORS = f"{SOURCE}, assumed by the authors"

TABLE = (
    Parameter("CL", 1.48, "L/min/70kg", SOURCE, "B", omega2=0.029),
    Parameter("V1", 11.6, "L/70kg", SOURCE, "B", omega2=0.057),
    Parameter("Q2", 2.43, "L/min/70kg", SOURCE, "B"),
    Parameter("V2", 39.0, "L/70kg", SOURCE, "B"),
    Parameter("Q3", 1.21, "L/min/70kg", SOURCE, "B", omega2=0.026),
    Parameter("V3", 174.0, "L/70kg", SOURCE, "B"),
    Parameter("NK_MTT", 20.1, "min", SOURCE, "B", omega2=0.021),
    Parameter("NK_fraction", 0.8, "fraction", AUTHORS, "B"),
    Parameter("NK_V1", 11.6, "L/70kg", SOURCE, "B", note="set equal to V1, one random effect for both"),
    Parameter("NK_V2", 221.0, "L/70kg", SOURCE, "B"),
    Parameter("NK_CL", 1.0, "L/min/70kg", SOURCE, "B", omega2=0.05),
    Parameter("NK_Q", 2.63, "L/min/70kg", SOURCE, "B"),
    Parameter("HNK_MTT", 1.12, "min", SOURCE, "B"),
    Parameter("HNK_fraction", 0.7, "fraction", AUTHORS, "B"),
    Parameter("HNK_V1", 4.4, "L/70kg", SOURCE, "B", omega2=1.22),
    Parameter("HNK_V2", 87.5, "L/70kg", SOURCE, "B"),
    Parameter("HNK_CL", 0.933, "L/min/70kg", SOURCE, "B", omega2=0.103),
    Parameter("HNK_Q", 1.7, "L/min/70kg", SOURCE, "B", omega2=0.287),
)
FLOWS = ("CL", "Q2", "Q3", "NK_CL", "NK_Q", "HNK_CL", "HNK_Q")
VOLUMES = ("V1", "V2", "V3", "NK_V1", "NK_V2", "HNK_V1", "HNK_V2")
RANDOM = ("CL", "V1", "Q3", "NK_MTT", "NK_CL", "HNK_V1", "HNK_CL", "HNK_Q")
ETAS: Mapping[str, tuple[str, ...]] = {symbol: ("V1", "NK_V1") if symbol == "V1" else (symbol,) for symbol in RANDOM}


def typical(patient: Patient) -> dict[str, float]:
    """Litres, L/min and minutes. The paper prints "at 70 kg" without exponents: 0.75 and 1 are assumed."""
    flow, volume = allometric_flow(patient.weight_kg), allometric_volume(patient.weight_kg)
    scale = {**dict.fromkeys(FLOWS, flow), **dict.fromkeys(VOLUMES, volume)}
    return {parameter.symbol: parameter.value * scale.get(parameter.symbol, 1.0) for parameter in TABLE}


def disposition(values: Mapping[str, Array], drug: Drug, prefix: str, *, hydroxynorketamine: bool) -> LinearSystem:
    """One enantiomer: three compartments, a two-step transit into norketamine, and onwards to hydroxynorketamine if asked.

    prefix  "s" or "r", for the names of the metabolites
    """
    parent_out, metabolite_out = values["CL"] / values["V1"], values["NK_CL"] / values["NK_V1"]
    flows: list[Flow] = [
        *three_compartments(values),
        *transit("plasma", parent_out, values["NK_MTT"], "norketamine", values["NK_fraction"]),
        *exchange("norketamine", "norketamine_deep", values["NK_Q"], values["NK_V1"], values["NK_V2"]),
    ]
    outputs: dict[str, tuple[str, Array, float]] = {
        drug: ("plasma", values["V1"], 1.0),
        f"{prefix}_norketamine": ("norketamine", values["NK_V1"], NORKETAMINE_PER_KETAMINE),
    }
    if hydroxynorketamine:
        flows += [
            *transit("norketamine", metabolite_out, values["HNK_MTT"], "hydroxynorketamine", values["HNK_fraction"]),
            *exchange("hydroxynorketamine", "hydroxynorketamine_deep", values["HNK_Q"], values["HNK_V1"], values["HNK_V2"]),
            Flow("hydroxynorketamine", None, values["HNK_CL"] / values["HNK_V1"]),
        ]
        outputs[f"{prefix}_hydroxynorketamine"] = ("hydroxynorketamine", values["HNK_V1"], HYDROXYNORKETAMINE_PER_KETAMINE)
    else:
        flows.append(Flow("norketamine", None, metabolite_out))
    return assemble(drug, "plasma", flows, outputs, int(np.size(values["V1"])))


def build(values: Mapping[str, Array]) -> tuple[LinearSystem, ...]:
    return (disposition(values, "s_ketamine", "s", hydroxynorketamine=True),)


STUDIED_WEIGHT = Limit("Weight", 53, 93, "kg", f"studied in {SOURCE}")

MODEL = CompartmentModel(
    card=Card(
        model_id="pk_s_simons2022",
        name="Simons 2022, S-ketamine",
        version="1",
        citation="Simons P et al. S-ketamine oral thin film part 1. Front Pain Res 2022;3:946486",
        doi=SOURCE,
        population="20 healthy volunteers, half women, 19-32 years, 53-93 kg",
        studied="20 mg S-ketamine IV over 20 min, up to 8 h, 0-400 ng/mL",
        sites=("arterial",),
        forms=("racemic", "esketamine"),
        ratings={"s_ketamine": "strong", "s_norketamine": "moderate", "s_hydroxynorketamine": "exploratory"},
        validity=Validity(
            weight_kg=STUDIED_WEIGHT,
            age_years=Limit("Age", 19, 32, "years", f"studied in {SOURCE}"),
            plasma={"s_ketamine": Limit("Predicted S-ketamine", 0, 400, "ng/mL", f"studied in {SOURCE}")},
        ),
        outside_error="arterial S-ketamine of other volunteers of the same laboratory: bias -8%, typical error 10%; norketamine: bias +30%",
        spread="published",
    ),
    table=TABLE,
    typical=typical,
    build=build,
    etas=ETAS,
    omega=variances(TABLE, RANDOM),
)
PARAMETER = by_symbol(TABLE)
