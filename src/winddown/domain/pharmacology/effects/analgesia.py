"""Acute relief of experimental pain: Olofsen et al., Anesthesiology 2012;117:353 (12 healthy men). Ketamine relieves, norketamine opposes.

The abstract gives two numbers, not a curve: 3.8 cm less pain at 100 ng/mL of S-ketamine and 1.5 cm more at 50 ng/mL of S-norketamine. The
straight lines through them are ours. Not a forecast of a patient's chronic pain.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from winddown.domain.pharmacology.effects.effect import LN_2, Driver, Scale, Sheet
from winddown.domain.pharmacology.linear import Array
from winddown.domain.pharmacology.model import Parameter, by_symbol

SOURCE = "Olofsen 2012, Anesthesiology 117:353"

TABLE = (
    Parameter("relief_per_ketamine", 0.038, "cm per ng/mL", SOURCE, "E", note="3.8 cm at 100 ng/mL, taken as a straight line"),
    Parameter("pain_per_norketamine", 0.03, "cm per ng/mL", SOURCE, "E", note="1.5 cm at 50 ng/mL, taken as a straight line"),
    Parameter("half_life", 6.1, "min", SOURCE, "A", note="mean over end points, 0 to 11.8; 11.8 for pain itself"),
    Parameter("half_life_of_pain", 11.8, "min", SOURCE, "A", note="used as the slower of two readings"),
    Parameter("scale_length", 10.0, "cm", "visual analog scale", "A", note="no more pain can go than a scale holds"),
)
VALUE = {symbol: parameter.value for symbol, parameter in by_symbol(TABLE).items()}


class Analgesia:
    """Two effect sites with one speed, added with opposite signs; never below zero relief, never beyond the scale."""

    key: str = "analgesia"
    drivers: tuple[Driver, ...] = (Driver("s_ketamine", "arterial"), Driver("s_norketamine", "arterial"))
    scales: tuple[Scale, ...] = (
        Scale(
            "analgesia",
            "Acute relief of experimental pain",
            "cm of 10",
            "exploratory",
            "Heat and electrical pain of 12 healthy men during a 2 h infusion, not a patient's own pain; its authors ask for confirmation.",
        ),
    )
    table: tuple[Parameter, ...] = TABLE
    sheet: Sheet = Sheet(
        effect_id="pd_acute_analgesia_olofsen2012",
        name="Acute relief of experimental pain, Olofsen 2012",
        citation="Olofsen E et al. Estimation of the contribution of norketamine. Anesthesiology 2012;117:353",
        doi="",
        population="12 healthy men",
        studied="20 mg/h of S-ketamine for 2 h with and without rifampicin, arterial blood",
        structure="Relief = 0.038 * ketamine at its site - 0.03 * norketamine at its site, in cm of a 10 cm scale, from 0 to 10.",
        against=(
            "The sign of norketamine's part differs between papers: none, against, and for relief.",
            "Beyond 20 mg/h the straight lines are drawn further than they were seen.",
            "No spread between people was read: the band shows the spread of levels alone.",
        ),
    )

    def lags_per_min(self, n: int, seed: int | None) -> tuple[Array | None, ...]:
        """Half of the virtual patients at each published speed; the typical one at the mean."""
        half_life = np.full(n, VALUE["half_life"])
        if seed is not None:
            half_life[1::2] = VALUE["half_life_of_pain"]
        return (LN_2 / half_life, LN_2 / half_life)

    def responses(self, levels_ng_per_ml: Sequence[Array], seed: int | None) -> Mapping[str, tuple[Array, ...]]:
        """Centimeters of relief."""
        ketamine, norketamine = levels_ng_per_ml
        relief = VALUE["relief_per_ketamine"] * ketamine - VALUE["pain_per_norketamine"] * norketamine
        return {"analgesia": (np.clip(relief, 0.0, VALUE["scale_length"]),)}


ANALGESIA = Analgesia()
