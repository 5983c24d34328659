"""S-ketamine in arterial plasma, 20 men: Noppers et al., Anesthesiology 2011;114:1435. The parent only.

The six figures are second-hand (an application that cites the paper's Table 2). Its norketamine, three transit steps on, could not be
read. Arterial like the default, from other volunteers of the same laboratory: the second opinion for esketamine.
"""

from __future__ import annotations

from collections.abc import Mapping

from winddown.domain.pharmacology.linear import Array, LinearSystem
from winddown.domain.pharmacology.model import Card, CompartmentModel, Parameter, Validity
from winddown.domain.pharmacology.models.borrowed import borrowed_omega
from winddown.domain.pharmacology.models.common import ADULT_AGE, ADULT_WEIGHT, S_PLASMA_CAP
from winddown.domain.pharmacology.models.shapes import by_theory, parent_in_three

SOURCE = "Noppers 2011, Anesthesiology 114:1435, Table 2 as in an open application"

TABLE = (
    Parameter("CL", 93.5, "L/h/70kg", SOURCE, "C"),
    Parameter("V1", 17.0, "L/70kg", SOURCE, "C"),
    Parameter("Q2", 127.0, "L/h/70kg", SOURCE, "C"),
    Parameter("V2", 28.3, "L/70kg", SOURCE, "C"),
    Parameter("Q3", 91.9, "L/h/70kg", SOURCE, "C"),
    Parameter("V3", 147.0, "L/70kg", SOURCE, "C"),
)
RANDOM = ("CL", "V1", "Q3")


def build(values: Mapping[str, Array]) -> tuple[LinearSystem, ...]:
    return parent_in_three(values, "s_ketamine")


MODEL = CompartmentModel(
    card=Card(
        model_id="pk_s_noppers2011",
        name="Noppers 2011, S-ketamine",
        version="1",
        citation="Noppers I et al. Effect of rifampicin on S-ketamine and S-norketamine. Anesthesiology 2011;114:1435-1445",
        doi="",
        population="20 healthy men",
        studied="20 or 40 mg/h per 70 kg of S-ketamine for 2 h, arterial blood",
        sites=("arterial",),
        forms=("racemic", "esketamine"),
        ratings={"s_ketamine": "moderate"},
        validity=Validity(weight_kg=ADULT_WEIGHT, age_years=ADULT_AGE, plasma={"s_ketamine": S_PLASMA_CAP}),
        outside_error="arterial S-ketamine of other volunteers of the same laboratory: bias -5%, typical error 7%",
        spread="borrowed",
    ),
    table=TABLE,
    typical=by_theory(TABLE),
    build=build,
    etas={symbol: (symbol,) for symbol in RANDOM},
    omega=borrowed_omega(RANDOM),
)
