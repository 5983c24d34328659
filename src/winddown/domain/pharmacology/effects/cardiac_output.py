"""Cardiac output: Kamp et al., Br J Anaesth 2021;127:23-31 (20 healthy men). S-ketamine raises it, S-norketamine lowers it.

The direction and the two sites were read in the abstract; the numbers are second-hand, and C25 is read as the level of a 25% change.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from winddown.domain.pharmacology.effects.effect import LN_2, Driver, Scale, Sheet
from winddown.domain.pharmacology.linear import Array
from winddown.domain.pharmacology.model import Limit, Parameter, by_symbol
from winddown.domain.pharmacology.models.common import KETAMINE_G_PER_MOL, NORKETAMINE_G_PER_MOL

SOURCE = "10.1016/j.bja.2021.02.034"

TABLE = (
    Parameter("baseline", 6.8, "L/min", SOURCE, "C"),
    Parameter("C25_S", 1.68, "nmol/mL", SOURCE, "C", note="read as the level of a 25% rise"),
    Parameter("half_life_S", 2.28, "min", SOURCE, "C"),
    Parameter("C25_SNK", 0.673, "nmol/mL", SOURCE, "C", note="read as the level of a 25% fall"),
    Parameter("half_life_SNK", 29.3, "min", SOURCE, "C"),
    Parameter("gamma", 1.0, "1", SOURCE, "C"),
    Parameter("step", 0.25, "fraction", SOURCE, "E", note="what C25 is taken to mean"),
)
VALUE = {symbol: parameter.value for symbol, parameter in by_symbol(TABLE).items()}


class CardiacOutput:
    """Two effect sites of different speed; the slow one of norketamine outlasts the infusion."""

    key: str = "cardiac_output"
    drivers: tuple[Driver, ...] = (Driver("s_ketamine", "arterial"), Driver("s_norketamine", "arterial"))
    scales: tuple[Scale, ...] = (
        Scale(
            "cardiac_output",
            "Cardiac output",
            "L/min",
            "exploratory",
            "20 healthy men with second-hand figures; the same laboratory saw twice this rise at a higher level. Watch the patient.",
        ),
    )
    table: tuple[Parameter, ...] = TABLE
    sheet: Sheet = Sheet(
        effect_id="pd_co_kamp2021",
        name="Cardiac output, Kamp 2021",
        citation="Kamp J et al. Stereoselective ketamine effect on cardiac output. Br J Anaesth 2021;127:23-31",
        doi=SOURCE,
        population="20 healthy men",
        studied="S-ketamine up to 1.2 nmol/mL, arterial blood",
        structure="Output = 6.8 * (1 + 0.25 * ketamine / C25 - 0.25 * norketamine / C25), each at its own effect site.",
        against=(
            "Sigtermans 2009, the same laboratory, saw 40 to 50% more output at 320 ng/mL S-ketamine; this gives about half of that.",
        ),
        studied_level=Limit("S-ketamine", 0, 1.2 * KETAMINE_G_PER_MOL.value, "ng/mL", "1.2 nmol/mL, Kamp 2021"),
    )

    def lags_per_min(self, n: int, seed: int | None) -> tuple[Array | None, ...]:
        return (np.full(n, LN_2 / VALUE["half_life_S"]), np.full(n, LN_2 / VALUE["half_life_SNK"]))

    def responses(self, levels_ng_per_ml: Sequence[Array], seed: int | None) -> Mapping[str, tuple[Array, ...]]:
        """L/min."""
        raised = levels_ng_per_ml[0] / (KETAMINE_G_PER_MOL.value * VALUE["C25_S"])
        lowered = levels_ng_per_ml[1] / (NORKETAMINE_G_PER_MOL.value * VALUE["C25_SNK"])
        return {"cardiac_output": (np.asarray(VALUE["baseline"] * (1.0 + VALUE["step"] * (raised - lowered))),)}


CARDIAC_OUTPUT = CardiacOutput()
