"""The feeling of a drug high as a fraction of its scale: Simons et al., Front Pain Res 2022, part 2 (20 volunteers, oral film).

The half-effect level was read; the lag was cut off in every copy, so it is borrowed from dissociation, and the steepness is taken as one.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from winddown.domain.pharmacology.effects import dissociation
from winddown.domain.pharmacology.effects.effect import LN_2, Driver, Scale, Sheet
from winddown.domain.pharmacology.linear import Array
from winddown.domain.pharmacology.model import Parameter, by_symbol
from winddown.domain.pharmacology.models.common import KETAMINE_G_PER_MOL

SOURCE = "10.3389/fpain.2022.946487"

TABLE = (
    Parameter("C50", 0.3, "nmol/mL", SOURCE, "A"),
    Parameter("half_life", 8.3, "min", dissociation.SOURCE, "E", note="borrowed from dissociation: its own was not readable"),
    Parameter("gamma", 1.0, "1", SOURCE, "E", note="not read; taken as one"),
)
VALUE = {symbol: parameter.value for symbol, parameter in by_symbol(TABLE).items()}


class DrugHigh:
    """One effect site behind arterial S-ketamine; norketamine and hydroxynorketamine added nothing in the paper."""

    key: str = "drug_high"
    driver: Driver = Driver("s_ketamine", "arterial")
    scales: tuple[Scale, ...] = (
        Scale(
            "drug_high",
            "Drug high",
            "fraction of scale",
            "exploratory",
            "From an oral film in 20 volunteers, with a borrowed lag; how high a person feels says nothing about relief.",
        ),
    )
    table: tuple[Parameter, ...] = TABLE
    sheet: Sheet = Sheet(
        effect_id="pd_drughigh_simons2022",
        name="Drug high, Simons 2022",
        citation="Simons P et al. S-ketamine oral thin film part 2. Front Pain Res 2022;3:946487",
        doi=SOURCE,
        population="20 healthy volunteers, half women",
        studied="50 and 100 mg oral S-ketamine film with a high level of metabolites, arterial blood",
        structure="An effect site behind arterial S-ketamine, then level / (C50 + level).",
        against=(
            "Its own lag was not readable; that of dissociation stands in.",
            "The same paper needed 1.2 to 1.7 nmol/mL for relief of experimental pain: the high comes first.",
            "Three stepped hours of 140 mg come out at nearly twice the area that was seen (Jonkman 2018): it draws people too high.",
            "No spread between people was read: the band shows the spread of levels alone.",
        ),
    )

    def lag_per_min(self, n: int, seed: int | None) -> Array:
        return np.full(n, LN_2 / VALUE["half_life"])

    def responses(self, level_ng_per_ml: Array, seed: int | None) -> Mapping[str, tuple[Array, ...]]:
        """A fraction between 0 and 1."""
        half_ng_per_ml = VALUE["C50"] * KETAMINE_G_PER_MOL.value
        return {"drug_high": (np.asarray(level_ng_per_ml / (half_ng_per_ml + level_ng_per_ml)),)}


DRUG_HIGH = DrugHigh()
