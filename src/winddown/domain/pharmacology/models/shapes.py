"""Shapes that several published sets share, kept apart from their figures: scaling with weight, two and three compartments."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np

from winddown.domain.pharmacology.linear import Array, Drug, Flow, LinearSystem, assemble
from winddown.domain.pharmacology.model import Parameter, Patient, by_symbol
from winddown.domain.pharmacology.structures import HOURS_TO_MINUTES, allometric_flow, allometric_volume, exchange, three_compartments

Typical = Callable[[Patient], Mapping[str, float]]


def by_theory(table: tuple[Parameter, ...]) -> Typical:
    """Litres and L/min of one patient from a table of L and L/h per 70 kg: flows with the power 0.75, volumes in proportion."""
    values = {symbol: parameter.value for symbol, parameter in by_symbol(table).items()}

    def typical(patient: Patient) -> dict[str, float]:
        flow, volume = allometric_flow(patient.weight_kg) / HOURS_TO_MINUTES, allometric_volume(patient.weight_kg)
        return {symbol: value * (volume if symbol.startswith("V") else flow) for symbol, value in values.items()}

    return typical


def parent_in_two(values: Mapping[str, Array], drug: Drug) -> tuple[LinearSystem, ...]:
    """One drug in V1 and V2, exchanged at Q2, cleared from V1 at CL. values in litres and L/min."""
    flows = (
        *exchange("plasma", "plasma_slow", values["Q2"], values["V1"], values["V2"]),
        Flow("plasma", None, values["CL"] / values["V1"]),
    )
    return (assemble(drug, "plasma", flows, {drug: ("plasma", values["V1"], 1.0)}, int(np.size(values["V1"]))),)


def parent_in_three(values: Mapping[str, Array], drug: Drug) -> tuple[LinearSystem, ...]:
    """One drug in V1, V2 and V3, cleared from V1 at CL. values in litres and L/min."""
    flows = (*three_compartments(values), Flow("plasma", None, values["CL"] / values["V1"]))
    return (assemble(drug, "plasma", flows, {drug: ("plasma", values["V1"], 1.0)}, int(np.size(values["V1"]))),)
