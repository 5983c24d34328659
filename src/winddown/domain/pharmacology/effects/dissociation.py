"""Dissociation as a fraction of the scale of external perception: Olofsen et al., Anesthesiology 2022;136 (17 healthy men).

S-ketamine drives it, R-ketamine does not; racemate and S-ketamine gave the same parameters. The steepness was not readable: the
course is drawn at the shallowest (which fades slowest), and the band spans from there to the steepest of a later re-analysis.
"""

from __future__ import annotations

import math
from collections.abc import Mapping

import numpy as np

from winddown.domain.pharmacology.effects.effect import LN_2, Driver, Scale, Sheet
from winddown.domain.pharmacology.linear import Array
from winddown.domain.pharmacology.model import Limit, Parameter, by_symbol
from winddown.domain.pharmacology.models.common import KETAMINE_G_PER_MOL
from winddown.domain.pharmacology.spread import stratified_normals

SOURCE = "10.1097/ALN.0000000000004176"
DAHAN_2024 = "10.1021/acsptsci.4c00133"
TWO_SIDED_95 = 2 * 1.959964

TABLE = (
    Parameter("C50", 0.51, "nmol/mL", SOURCE, "A"),
    Parameter("C50_low", 0.38, "nmol/mL", SOURCE, "A", note="lower end of the 95% interval"),
    Parameter("C50_high", 0.66, "nmol/mL", SOURCE, "A", note="upper end of the 95% interval"),
    Parameter("half_life", 8.3, "min", SOURCE, "A"),
    Parameter("half_life_low", 5.1, "min", SOURCE, "A", note="lower end of the 95% interval"),
    Parameter("half_life_high", 13.0, "min", SOURCE, "A", note="upper end of the 95% interval"),
    Parameter("gamma", 1.0, "1", SOURCE, "E", note="not read; the shallowest of the range to be tried"),
    Parameter("gamma_steep", 2.4, "1", DAHAN_2024, "C", note="the steepest of the range to be tried"),
)
VALUE = {symbol: parameter.value for symbol, parameter in by_symbol(TABLE).items()}


class Dissociation:
    """The one effect of Olofsen 2022; see the module."""

    key: str = "dissociation"
    driver: Driver = Driver("s_ketamine", "arterial")
    scales: tuple[Scale, ...] = (
        Scale(
            "dissociation",
            "Dissociation",
            "fraction of scale",
            "moderate",
            "External perception in 17 healthy men; exploratory as a forecast of CADSS. Opioids, sedatives and tolerance are not in it.",
        ),
    )
    table: tuple[Parameter, ...] = TABLE
    sheet: Sheet = Sheet(
        effect_id="pd_dissociation_olofsen2022",
        name="Dissociation (external perception), Olofsen 2022",
        citation="Olofsen E et al. Ketamine psychedelic and antinociceptive effects are connected. Anesthesiology 2022;136",
        doi=SOURCE,
        population="17 healthy men",
        studied="racemic ketamine and S-ketamine, S-ketamine up to 1.2 nmol/mL, arterial blood",
        structure="An effect site behind arterial S-ketamine, then level^gamma / (C50^gamma + level^gamma). R-ketamine adds nothing.",
        against=(
            "The steepness gamma was not read: drawn at the shallowest, the band reaches to the steepest of a later analysis.",
            "A later analysis gives R-ketamine a part, and nitroprusside lowered symptoms after racemate only (Jonkman 2018).",
            "No model from level to CADSS was found; opioids, sedatives and tolerance are not in it.",
        ),
        studied_level=Limit("S-ketamine", 0, 1.2 * KETAMINE_G_PER_MOL.value, "ng/mL", "1.2 nmol/mL, Olofsen 2022"),
    )

    def lag_per_min(self, n: int, seed: int | None) -> Array:
        spread = math.log(VALUE["half_life_high"] / VALUE["half_life_low"]) / TWO_SIDED_95
        half_life = VALUE["half_life"] * np.exp(spread * self._normals(n, seed)[:, 0])
        return np.asarray(LN_2 / half_life)

    def responses(self, level_ng_per_ml: Array, seed: int | None) -> Mapping[str, tuple[Array, ...]]:
        """Fractions between 0 and 1: at the shallowest steepness, then at the steepest."""
        spread = math.log(VALUE["C50_high"] / VALUE["C50_low"]) / TWO_SIDED_95
        half_nmol = VALUE["C50"] * np.exp(spread * self._normals(level_ng_per_ml.shape[0], seed)[:, 1])
        ratio = level_ng_per_ml / (KETAMINE_G_PER_MOL.value * half_nmol[:, np.newaxis])
        return {"dissociation": tuple(_sigmoid(ratio, VALUE[name]) for name in ("gamma", "gamma_steep"))}

    def _normals(self, n: int, seed: int | None) -> Array:
        """(n, 2): the interval of the population figures stands in for the spread between patients, which was not read."""
        return np.zeros((n, 2)) if seed is None else stratified_normals(n, 2, seed, self.key)


def _sigmoid(ratio: Array, gamma: float) -> Array:
    powered = ratio if gamma == 1.0 else ratio**gamma
    return np.asarray(powered / (1.0 + powered))


DISSOCIATION = Dissociation()
