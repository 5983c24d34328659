"""The peers' work as a system of ours."""

from __future__ import annotations

import numpy as np
import workloads as work

from winddown.domain.pharmacology.compartments import Input
from winddown.domain.pharmacology.linear import LinearSystem, Output


def shape(n: int, asked: tuple[np.ndarray, np.ndarray, np.ndarray]) -> tuple[LinearSystem, Input, np.ndarray]:
    """n patients of the work, with amounts as outputs."""
    edges, given, times = asked
    one = np.ones(n)
    outputs = {name: Output(name, one) for name in ("plasma", "metabolite", "site")}
    return LinearSystem("ketamine", work.STATES, work.rates(work.patients(n)), "plasma", outputs), Input(tuple(edges), tuple(given)), times
