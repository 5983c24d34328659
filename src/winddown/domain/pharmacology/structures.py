"""The compartment shapes that the published models share. Shapes only: no figure from medicine lives here."""

from __future__ import annotations

import itertools
from collections.abc import Mapping
from typing import TypeVar, cast

from winddown.domain.pharmacology.linear import Array, Flow
from winddown.domain.quantities import MINUTES_PER_HOUR

HOURS_TO_MINUTES = float(MINUTES_PER_HOUR)
STANDARD_WEIGHT_KG = 70.0


Weight = TypeVar("Weight", float, Array)


def allometric_flow(weight_kg: Weight) -> Weight:
    """(weight / 70 kg) ^ 0.75: how clearances and flows scale with size, by theory. For one weight or for many side by side."""
    return cast("Weight", (weight_kg / STANDARD_WEIGHT_KG) ** 0.75)


def allometric_volume(weight_kg: Weight) -> Weight:
    """(weight / 70 kg) ^ 1."""
    return cast("Weight", weight_kg / STANDARD_WEIGHT_KG)


def exchange(central: str, peripheral: str, flow: Array, central_volume: Array, peripheral_volume: Array) -> tuple[Flow, Flow]:
    """Drug going back and forth between two compartments at `flow` L/min."""
    return Flow(central, peripheral, flow / central_volume), Flow(peripheral, central, flow / peripheral_volume)


def three_compartments(values: Mapping[str, Array], name: str = "plasma") -> tuple[Flow, ...]:
    """Exchange of V1 with V2 and V3. Elimination is the caller's, because it may feed a metabolite."""
    return (
        *exchange(name, f"{name}_fast", values["Q2"], values["V1"], values["V2"]),
        *exchange(name, f"{name}_slow", values["Q3"], values["V1"], values["V3"]),
    )


def transit(source: str, per_min: Array, mean_time_min: Array, target: str, fraction: Array, steps: int = 2) -> tuple[Flow, ...]:
    """Elimination from `source` that passes `steps` equal transit compartments, of which `fraction` reaches `target`."""
    names = [f"to_{target}_{step + 1}" for step in range(steps)]
    speed = steps / mean_time_min
    chain = [Flow(here, there, speed) for here, there in itertools.pairwise(names)]
    return (Flow(source, names[0], per_min), *chain, Flow(names[-1], target, speed, fraction))
