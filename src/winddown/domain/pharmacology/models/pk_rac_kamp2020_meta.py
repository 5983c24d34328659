"""Total ketamine, three compartments, weighted over 18 studies: Kamp et al., Anesthesiology 2020;133:1192-1213.

The six figures are second-hand (an application that cites the paper's Table 2). The paper's own weighted means, 79 L/h and 252 L,
were pooled differently; both are true of the paper, this file uses the set that makes a model.
"""

from __future__ import annotations

from collections.abc import Mapping

from winddown.domain.pharmacology.linear import Array, LinearSystem
from winddown.domain.pharmacology.model import Card, CompartmentModel, Parameter, Validity
from winddown.domain.pharmacology.models.borrowed import borrowed_omega
from winddown.domain.pharmacology.models.common import ADULT_AGE, ADULT_WEIGHT, PLASMA_CAP
from winddown.domain.pharmacology.models.shapes import by_theory, parent_in_three

SOURCE = "10.1097/ALN.0000000000003577"

TABLE = (
    Parameter("CL", 84.0, "L/h/70kg", SOURCE, "C"),
    Parameter("V1", 25.0, "L/70kg", SOURCE, "C"),
    Parameter("Q2", 161.0, "L/h/70kg", SOURCE, "C"),
    Parameter("V2", 56.0, "L/70kg", SOURCE, "C"),
    Parameter("Q3", 79.0, "L/h/70kg", SOURCE, "C"),
    Parameter("V3", 157.0, "L/70kg", SOURCE, "C"),
)
RANDOM = ("CL", "V1", "Q3")


def build(values: Mapping[str, Array]) -> tuple[LinearSystem, ...]:
    return parent_in_three(values, "ketamine")


MODEL = CompartmentModel(
    card=Card(
        model_id="pk_rac_kamp2020_meta",
        name="Kamp 2020 meta-analysis, racemic ketamine",
        version="1",
        citation="Kamp J et al. Anesthesiology 2020;133:1192-1213",
        doi=SOURCE,
        population="18 studies: healthy adults, adult patients and children",
        studied="pooled intravenous studies, arterial and venous blood together",
        sites=("pooled",),
        forms=("racemic",),
        ratings={"ketamine": "moderate"},
        validity=Validity(weight_kg=ADULT_WEIGHT, age_years=ADULT_AGE, plasma={"ketamine": PLASMA_CAP}),
        outside_error="venous ketamine: bias -18%, typical error 18%; its arterial fit may rest on the same people and does not count",
        spread="borrowed",
    ),
    table=TABLE,
    typical=by_theory(TABLE),
    build=build,
    etas={symbol: (symbol,) for symbol in RANDOM},
    omega=borrowed_omega(RANDOM),
)
