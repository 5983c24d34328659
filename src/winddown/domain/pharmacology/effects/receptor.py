"""Occupancy of the NMDA receptor, a mechanistic index: affinities of Ebert et al., Eur J Pharmacol 1997;333:99, in rat cortex.

occupancy = X / (1 + X), X = brain factor * sum of unbound concentration / affinity over S-ketamine, R-ketamine and both norketamines.
Equilibrium binding, no trapping in the channel, a fourfold spread between cortex and cord: for comparing plans, not for a patient.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from winddown.domain.pharmacology.effects.effect import Driver, Scale, Sheet
from winddown.domain.pharmacology.linear import Array
from winddown.domain.pharmacology.model import Parameter, by_symbol
from winddown.domain.pharmacology.models.common import KETAMINE_G_PER_MOL, NORKETAMINE_G_PER_MOL

EBERT = "Ebert 1997, Eur J Pharmacol 333:99"
UNBOUND = "Schmidt and Holzgrabe 2024, as in an open repository"

TABLE = (
    Parameter("Ki_S", 0.3, "uM", EBERT, "A"),
    Parameter("Ki_R", 1.4, "uM", EBERT, "A"),
    Parameter("Ki_SNK", 1.7, "uM", EBERT, "A"),
    Parameter("Ki_RNK", 13.0, "uM", EBERT, "A"),
    Parameter("Ki_S_other", 0.419, "uM", "Temme 2018, second-hand", "C", note="another set, drawn as the second reading"),
    Parameter("Ki_R_other", 0.497, "uM", "Temme 2018, second-hand", "C", note="another set, drawn as the second reading"),
    Parameter("fu_S", 0.65, "fraction", UNBOUND, "C", note="the label's binding of 43 to 45% gives 0.55 to 0.57"),
    Parameter("fu_R", 0.71, "fraction", UNBOUND, "C"),
    Parameter("fu_NK", 0.65, "fraction", "that of S-ketamine", "E", note="not read for norketamine; a small part of the sum"),
    Parameter("Kp_uu", 0.6, "ratio", "Moaddel 2023: cerebrospinal fluid over plasma 0.4, over the unbound fraction", "C"),
    Parameter("Kp_uu_high", 1.0, "ratio", "upper end of the range to be tried", "E", note="drawn as the third reading"),
)
VALUE = {symbol: parameter.value for symbol, parameter in by_symbol(TABLE).items()}


class Receptor:
    """Plasma drives it, at equilibrium."""

    key: str = "receptor"
    drivers: tuple[Driver, ...] = tuple(
        Driver(analyte, "arterial") for analyte in ("s_ketamine", "r_ketamine", "s_norketamine", "r_norketamine")
    )
    scales: tuple[Scale, ...] = (
        Scale(
            "nmda_occupancy",
            "NMDA receptor occupancy",
            "fraction",
            "exploratory",
            "An index from rat binding at equilibrium: it compares plans, it does not describe a patient.",
        ),
    )
    table: tuple[Parameter, ...] = TABLE
    sheet: Sheet = Sheet(
        effect_id="pd_nmda_occupancy",
        name="NMDA receptor occupancy, Ebert 1997",
        citation="Ebert B et al. Norketamine, the main metabolite of ketamine, is a non-competitive NMDA receptor antagonist. "
        "Eur J Pharmacol 1997;333:99-104",
        doi="",
        population="rat cortex in a dish",
        studied="binding at equilibrium",
        structure="X / (1 + X), X the sum of unbound concentration over affinity of both ketamines and both norketamines.",
        against=(
            "Another set of affinities puts R-ketamine almost level with S-ketamine; the band holds both sets.",
            "Binding in the cord was four times weaker than in cortex; the drug is trapped in the channel, which equilibrium leaves out.",
        ),
    )

    def lags_per_min(self, n: int, seed: int | None) -> tuple[Array | None, ...]:
        return (None, None, None, None)

    def responses(self, levels_ng_per_ml: Sequence[Array], seed: int | None) -> Mapping[str, tuple[Array, ...]]:
        """Fractions between 0 and 1: as published, with the other affinities, with the highest passage into the brain."""
        s, r = (level / KETAMINE_G_PER_MOL.value for level in levels_ng_per_ml[:2])
        s_nk, r_nk = (level / NORKETAMINE_G_PER_MOL.value for level in levels_ng_per_ml[2:])
        metabolites = VALUE["fu_NK"] * (s_nk / VALUE["Ki_SNK"] + r_nk / VALUE["Ki_RNK"])
        sums = [
            VALUE["fu_S"] * s / VALUE[ki_s] + VALUE["fu_R"] * r / VALUE[ki_r] + metabolites
            for ki_s, ki_r in (("Ki_S", "Ki_R"), ("Ki_S_other", "Ki_R_other"))
        ]
        drives = (VALUE["Kp_uu"] * sums[0], VALUE["Kp_uu"] * sums[1], VALUE["Kp_uu_high"] * sums[0])
        return {"nmda_occupancy": tuple(np.asarray(drive / (1.0 + drive)) for drive in drives)}


RECEPTOR = Receptor()
