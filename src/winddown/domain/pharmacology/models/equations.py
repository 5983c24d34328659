"""A model's own equations, written out from what is run: one line for each compartment of a 70 kg adult, amounts in mg, time in minutes."""

from __future__ import annotations

import numpy as np

from winddown.domain.pharmacology.linear import LinearSystem
from winddown.domain.pharmacology.model import Model, Patient

EXAMPLE = Patient(70.0)


def equations(model: Model, patient: Patient = EXAMPLE) -> tuple[str, ...]:
    """Lines such as "d plasma / dt = dose - 0.441 plasma + 0.0623 plasma_fast"; then how each level is read from an amount."""
    lines: list[str] = []
    for system in model.parameters(patient).systems:
        lines += _of_system(system, several=len(model.parameters(patient).systems) > 1)
    return tuple(lines)


def _of_system(system: LinearSystem, *, several: bool) -> list[str]:
    mark = f"{system.drug.split('_')[0]}_" if several else ""
    lines = []
    for row, state in enumerate(system.states):
        terms = [] if state != system.entry else ["dose"]
        order = [row, *(column for column in range(len(system.states)) if column != row)]
        terms += [_term(float(system.rates[0, row, column]), mark + system.states[column]) for column in order]
        lines.append(f"d {mark}{state} / dt = {_joined([term for term in terms if term])}")
    for name, output in system.outputs.items():
        lines.append(f"{name} (ng/mL) = {float(output.ng_per_ml_per_mg[0]):.4g} {mark}{output.state}")
    return lines


def _term(rate: float, name: str) -> str:
    return "" if np.isclose(rate, 0.0, atol=1e-15) else f"{rate:+.4g} {name}"


def _joined(terms: list[str]) -> str:
    """Signs with space around them; a leading plus is left out."""
    text = " ".join(f"{term[0]} {term[1:]}" if term[0] in "+-" else term for term in terms)
    return text.removeprefix("+ ") or "0"
