"""Linear compartment systems: what moves where and how fast, for many virtual patients at once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

Array = NDArray[np.float64]
Drug = Literal["s_ketamine", "r_ketamine", "ketamine"]

NG_PER_ML_PER_MG_PER_L = 1000.0


@dataclass(frozen=True)
class Flow:
    """Drug leaving one compartment, first order. `into` None is out of the body; of what leaves, `fraction` arrives."""

    out_of: str
    into: str | None
    per_min: ArrayLike
    fraction: ArrayLike = 1.0


@dataclass(frozen=True)
class Output:
    """A concentration read from one state: state (mg) times `ng_per_ml_per_mg` (n,)."""

    state: str
    ng_per_ml_per_mg: Array


@dataclass(frozen=True)
class LinearSystem:
    """x' = rates @ x + u(t) at `entry`, for n virtual patients.

    drug     what enters: the share of the dose that this system receives
    states   d names; amounts in mg of the drug that entered (parent equivalents)
    rates    (n, d, d) per minute; off the diagonal never negative, so no state can be driven below zero
    entry    the state that the pump feeds
    outputs  analyte name -> how to read its concentration in ng/mL
    """

    drug: Drug
    states: tuple[str, ...]
    rates: Array
    entry: str
    outputs: Mapping[str, Output]

    @property
    def patients(self) -> int:
        return int(self.rates.shape[0])

    def index(self, state: str) -> int:
        return self.states.index(state)

    @cached_property
    def arrows(self) -> bytes:
        """(d, d) which state feeds which in any patient; systems of one shape have the same."""
        return bytes((self.rates != 0.0).any(axis=0).tobytes())

    @cached_property
    def readings(self) -> tuple[NDArray[np.int64], Array]:
        """The outputs as the kernels take them: the state of each, and (outputs, n) ng/mL per mg."""
        places = np.asarray([self.index(output.state) for output in self.outputs.values()], dtype=np.int64)
        return places, np.array([output.ng_per_ml_per_mg for output in self.outputs.values()])


def assemble(
    drug: Drug, entry: str, flows: Sequence[Flow], outputs: Mapping[str, tuple[str, ArrayLike, ArrayLike]], patients: int
) -> LinearSystem:
    """Put flows together.

    outputs  analyte -> (state, volume in litres, mass of the analyte per mass of parent)
    """
    states = tuple(dict.fromkeys([entry, *(name for flow in flows for name in (flow.out_of, flow.into) if name is not None)]))
    rates = np.zeros((patients, len(states), len(states)))
    for flow in flows:
        source = states.index(flow.out_of)
        per_min = np.broadcast_to(np.asarray(flow.per_min, dtype=np.float64), (patients,))
        rates[:, source, source] -= per_min
        if flow.into is not None:
            rates[:, states.index(flow.into), source] += per_min * np.asarray(flow.fraction, dtype=np.float64)
    return LinearSystem(drug, states, rates, entry, {name: _output(patients, *reading) for name, reading in outputs.items()})


def _output(patients: int, state: str, volume_l: ArrayLike, mass_ratio: ArrayLike) -> Output:
    scale = NG_PER_ML_PER_MG_PER_L * np.asarray(mass_ratio, dtype=np.float64) / np.asarray(volume_l, dtype=np.float64)
    return Output(state, np.broadcast_to(scale, (patients,)).copy())


def with_follower(system: LinearSystem, name: str, analyte: str, per_min: ArrayLike) -> LinearSystem:
    """Add a state that follows an output with a lag and takes no drug from it: an effect site, or a slow memory.

    The state is kept in the driver's own milligrams, so that its output has the driver's scale: E' = per_min (driver - E).
    """
    driver = system.outputs[analyte]
    patients, size = system.patients, len(system.states)
    speed = np.broadcast_to(np.asarray(per_min, dtype=np.float64), (patients,))
    rates = np.zeros((patients, size + 1, size + 1))
    rates[:, :size, :size] = system.rates
    rates[:, size, system.index(driver.state)] = speed
    rates[:, size, size] = -speed
    outputs = {**system.outputs, name: Output(name, driver.ng_per_ml_per_mg)}
    return replace(system, states=(*system.states, name), rates=rates, outputs=outputs)


def with_integral(system: LinearSystem, name: str, analyte: str) -> LinearSystem:
    """Add the area under an output: a state that collects it and never empties. Its output is in ng/mL times minutes."""
    driver = system.outputs[analyte]
    size = len(system.states)
    rates = np.zeros((system.patients, size + 1, size + 1))
    rates[:, :size, :size] = system.rates
    rates[:, size, system.index(driver.state)] = 1.0
    outputs = {**system.outputs, name: Output(name, driver.ng_per_ml_per_mg)}
    return replace(system, states=(*system.states, name), rates=rates, outputs=outputs)


def cut(system: LinearSystem, some: slice) -> LinearSystem:
    """Some of the patients."""
    outputs = {name: Output(output.state, output.ng_per_ml_per_mg[some]) for name, output in system.outputs.items()}
    return replace(system, rates=system.rates[some], outputs=outputs)


def dosed(system: LinearSystem, factor: Array) -> LinearSystem:
    """The same system where each patient gets `factor` (n,) times the dose: every output is that many times as high."""
    outputs = {name: Output(output.state, output.ng_per_ml_per_mg * factor) for name, output in system.outputs.items()}
    return replace(system, outputs=outputs)


def pruned(system: LinearSystem, analytes: Sequence[str]) -> LinearSystem:
    """The same system without the states that none of these outputs can feel: less work, same numbers."""
    needed = {system.index(system.outputs[name].state) for name in analytes}
    feeds = np.any(system.rates != 0.0, axis=0)
    while True:
        upstream = {int(j) for i in needed for j in np.flatnonzero(feeds[i])} | needed
        if upstream == needed:
            break
        needed = upstream
    keep = sorted(needed | {system.index(system.entry)})
    states = tuple(system.states[i] for i in keep)
    return replace(
        system,
        states=states,
        rates=np.ascontiguousarray(system.rates[:, keep][:, :, keep]),
        outputs={name: system.outputs[name] for name in analytes},
    )
