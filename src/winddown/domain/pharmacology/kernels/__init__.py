"""The arithmetic that is compiled: for populations, batch fits and bands. Loaded only where the work repays it, never on a cold path.

eight       eight numbers side by side
storing     results written past the caches
steps       rate changes and times to runs of equal steps
propagators what a step does to each patient's state
courses     many virtual patients along time, or one in microseconds
scattered   the same at few times that lie apart
counts      values to bins
level_fits  the most probable deviations of many persons, from drug levels
slow_effect the integral behind an effect of weeks
"""

from __future__ import annotations

from winddown.domain.pharmacology.kernels.counts import reached, tally, tally_columns
from winddown.domain.pharmacology.kernels.courses import fill
from winddown.domain.pharmacology.kernels.level_fits import fit_many
from winddown.domain.pharmacology.kernels.propagators import LANEWISE
from winddown.domain.pharmacology.kernels.scattered import fill_scattered
from winddown.domain.pharmacology.kernels.slow_effect import levels_at_nodes, turnover
from winddown.domain.pharmacology.kernels.steps import plan

__all__ = ["LANEWISE", "fill", "fill_scattered", "fit_many", "levels_at_nodes", "plan", "reached", "tally", "tally_columns", "turnover"]
