"""Shapes that several published sets share, kept apart from their figures: a parent drug in two compartments."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from winddown.domain.pharmacology.linear import Array, Drug, Flow, LinearSystem, assemble
from winddown.domain.pharmacology.structures import exchange


def parent_in_two(values: Mapping[str, Array], drug: Drug) -> tuple[LinearSystem, ...]:
    """One drug in V1 and V2, exchanged at Q2, cleared from V1 at CL. values in litres and L/min."""
    flows = (
        *exchange("plasma", "plasma_slow", values["Q2"], values["V1"], values["V2"]),
        Flow("plasma", None, values["CL"] / values["V1"]),
    )
    return (assemble(drug, "plasma", flows, {drug: ("plasma", values["V1"], 1.0)}, int(np.size(values["V1"]))),)
