"""How near a level is to that at which people woke from ketamine anesthesia: Idvall et al., Br J Anaesth 1979;51:1167 (31 patients).

They opened their eyes at 642 (SD 214) ng/mL of racemic ketamine, with nitrous oxide. The line is the share of such people who would still
have slept at this level. It is a distance from a danger, not a forecast of drowsiness.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from statistics import NormalDist

import numpy as np

from winddown.domain.pharmacology.effects.effect import Driver, Scale, Sheet
from winddown.domain.pharmacology.linear import Array
from winddown.domain.pharmacology.model import Parameter, by_symbol

SOURCE = "10.1093/bja/51.12.1167"

TABLE = (
    Parameter("waking_level", 642.0, "ng/mL ketamine", SOURCE, "A", note="2.7 umol/L"),
    Parameter("waking_level_sd", 214.0, "ng/mL ketamine", SOURCE, "A", note="0.9 umol/L"),
    Parameter("surgical_plateau", 2211.0, "ng/mL ketamine", SOURCE, "A", note="9.3 (0.8) umol/L; shown for scale"),
)
VALUE = {symbol: parameter.value for symbol, parameter in by_symbol(TABLE).items()}
POINTS = np.linspace(-9.0, 9.0, 3601)
SHARES = np.asarray([NormalDist().cdf(float(point)) for point in POINTS])


class Sedation:
    """Plasma itself drives it: no lag was read."""

    key: str = "sedation"
    drivers: tuple[Driver, ...] = (Driver("ketamine", "arterial"),)
    scales: tuple[Scale, ...] = (
        Scale(
            "still_asleep",
            "Share of anesthetized people not yet awake at this level",
            "fraction of people",
            "exploratory",
            "A distance from anesthesia, with nitrous oxide in the study. Sedatives and opioids bring sleep at far lower levels: watch the "
            "patient, breathing and carbon dioxide.",
        ),
    )
    table: tuple[Parameter, ...] = TABLE
    sheet: Sheet = Sheet(
        effect_id="pd_sedation_idvall1979",
        name="Sedation thresholds, Idvall 1979",
        citation="Idvall J et al. Ketamine infusions: pharmacokinetics and clinical effects. Br J Anaesth 1979;51:1167",
        doi=SOURCE,
        population="31 surgical patients with nitrous oxide",
        studied="2 mg/kg racemic ketamine, then 41 ug/kg/min; level at waking and at the surgical plateau",
        structure="The normal distribution of the waking level: the share of people whose waking level lies below the patient's level.",
        against=(
            "Where the blood was drawn was not read; compared with arterial plasma, the higher of the two while the pump runs.",
            "People fell asleep and woke under an anesthetic, not from a sub-anesthetic dose; nothing else sedating is in it.",
        ),
        forms=("racemic",),
    )

    def lags_per_min(self, n: int, seed: int | None) -> tuple[Array | None, ...]:
        return (None,)

    def responses(self, levels_ng_per_ml: Sequence[Array], seed: int | None) -> Mapping[str, tuple[Array, ...]]:
        """A fraction between 0 and 1."""
        away = (levels_ng_per_ml[0] - VALUE["waking_level"]) / VALUE["waking_level_sd"]
        none = VALUE["waking_level"] / VALUE["waking_level_sd"]
        shares = np.interp(away, POINTS, SHARES) - float(np.interp(-none, POINTS, SHARES))
        return {"still_asleep": (np.clip(shares, 0.0, 1.0),)}


SEDATION = Sedation()
