"""The order for one session: from the protocol's version, the weight and the bag to what the pump is set to, step by step.

What was entered is kept (`request.OrderRequest`); the figures are worked out again from it whenever the order is read.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Literal

from winddown.domain.dosing.protocol import Basis, Protocol, Step, decimal_of
from winddown.domain.dosing.request import ENTERED_UNITS, OrderRequest
from winddown.domain.dosing.weights import Weights, chosen_basis, weights
from winddown.domain.quantities import (
    Quantity,
    concentration_mg_per_ml,
    display,
    format_decimal,
    mcg_per_kg_per_min,
    mg_from_mg_per_kg,
    mg_over,
    mg_per_h,
    mg_per_h_from_mg_per_kg_per_h,
    mg_per_h_over,
    mg_per_kg,
    mg_per_kg_per_h,
    mg_per_kg_per_h_from_mcg_per_kg_per_min,
    ml_over,
    ml_per_h,
    round_rate_down_ml_per_h,
)
from winddown.domain.refusals import OutOfRange, UnknownWord

Bound = Literal["dose", "cap_mg_per_h", "cap_mg_per_kg_per_h", "cap_total_mg", "entered"]

# A strength such as 100 mg in 94 mL has no end in decimals; its last digits must not lift a capped rate above its cap.
_NOISE = Decimal("1e-24")


@dataclass(frozen=True)
class DraftPhase:
    """One stretch as the pump will run it: everything re-derived from the rate rounded down to 0.1 mL/h.

    asked_mg_per_h   before rounding
    bound            what set it: the dose, a cap, or the prescriber's own entry
    because          the same in words with the numbers
    """

    name: str
    minutes: Decimal
    rate_ml_per_h: Decimal
    rate_mg_per_h: Decimal
    rate_mg_per_kg_per_h: Decimal
    rate_mcg_per_kg_per_min: Decimal
    dose_mg: Decimal
    dose_mg_per_kg: Decimal
    volume_ml: Decimal
    asked_mg_per_h: Decimal
    bound: Bound
    because: str

    def in_unit(self, unit: str) -> Decimal:
        """This stretch's number in one of the units an order may be entered in."""
        return {
            "mg/kg": self.dose_mg_per_kg,
            "mg": self.dose_mg,
            "mg/kg/h": self.rate_mg_per_kg_per_h,
            "mg/h": self.rate_mg_per_h,
            "mcg/kg/min": self.rate_mcg_per_kg_per_min,
            "mL/h": self.rate_ml_per_h,
        }[unit]


@dataclass(frozen=True)
class OrderDraft:
    """The order worked out. Nothing here is judged; `limits.check` does that."""

    request: OrderRequest
    protocol: Protocol
    step: Step
    weights: Weights
    basis: Basis
    dosing_weight_kg: Decimal
    concentration_mg_per_ml: Decimal
    phases: tuple[DraftPhase, ...]

    @property
    def total_mg(self) -> Decimal:
        return sum((phase.dose_mg for phase in self.phases), Decimal(0))

    @property
    def total_ml(self) -> Decimal:
        return sum((phase.volume_ml for phase in self.phases), Decimal(0))

    @property
    def total_minutes(self) -> Decimal:
        return sum((phase.minutes for phase in self.phases), Decimal(0))

    @property
    def total_mg_per_kg(self) -> Decimal:
        return mg_per_kg(self.total_mg, self.dosing_weight_kg)

    def phase_at(self, minute: Decimal) -> DraftPhase:
        """The stretch planned at a minute of the infusion; the last one after the planned end."""
        end = Decimal(0)
        for phase in self.phases:
            end += phase.minutes
            if minute < end:
                return phase
        return self.phases[-1]

    def figures(self) -> dict[str, Any]:
        """The numbers as shown: mg, mL, mg/h, mg/kg/h and the total side by side, each with its unit in the key."""
        return {
            "protocol": self.protocol.key,
            "protocol_version": self.protocol.version,
            "step": self.step.name,
            "drug_form": self.request.drug_form,
            "route": self.request.route,
            "basis": self.basis,
            "dosing_weight_kg": display(self.dosing_weight_kg, 1),
            "concentration_mg_per_ml": display(self.concentration_mg_per_ml, 3),
            "total_mg": display(self.total_mg, 2),
            "total_mg_per_kg": display(self.total_mg_per_kg, 3),
            "total_ml": display(self.total_ml, 2),
            "total_minutes": format_decimal(self.total_minutes),
            "phases": [_phase_figures(phase) for phase in self.phases],
        }


def _phase_figures(phase: DraftPhase) -> dict[str, str]:
    return {
        "name": phase.name,
        "minutes": format_decimal(phase.minutes),
        "rate_ml_per_h": format_decimal(phase.rate_ml_per_h),
        "rate_mg_per_h": display(phase.rate_mg_per_h, 2),
        "rate_mg_per_kg_per_h": display(phase.rate_mg_per_kg_per_h, 3),
        "rate_mcg_per_kg_per_min": display(phase.rate_mcg_per_kg_per_min, 2),
        "dose_mg": display(phase.dose_mg, 2),
        "volume_ml": display(phase.volume_ml, 2),
        "bound": phase.bound,
        "because": phase.because,
    }


def draft_order(request: OrderRequest, protocol: Protocol) -> OrderDraft:
    """Work an order out.

    refuses   Missing where the weight to dose by must be chosen, OutOfRange for an implausible weight, an empty bag or a rate the
              pump cannot run; too much or too little is no refusal here but a finding of `limits.check`, so that it can be shown
    """
    found = weights(request.weight_kg, request.height_cm, request.sex)
    basis = chosen_basis(
        request.basis, found, bases=protocol.dosing.weight_bases, choose_from_bmi=decimal_of(protocol.dosing.choose_basis_from_bmi)
    )
    weight = found.by(basis)
    strength = concentration_mg_per_ml(request.bag_mg, request.bag_ml)
    step = protocol.dosing.step_for(request.session_number)
    asked = _entered_rates(request, weight, strength) if request.phases else _protocol_rates(protocol, step, weight)
    phases = tuple(_drafted(each, weight, strength) for each in asked)
    return OrderDraft(request, protocol, step, found, basis, weight, strength, phases)


@dataclass(frozen=True)
class _Asked:
    name: str
    minutes: Decimal
    mg_per_h: Decimal
    bound: Bound
    because: str


def _entered_rates(request: OrderRequest, weight: Decimal, strength: Decimal) -> list[_Asked]:
    asked = []
    for number, phase in enumerate(request.phases, start=1):
        rate = _mg_per_h(phase.amount, phase.minutes, weight, strength)
        asked.append(_Asked(f"Part {number}", phase.minutes, rate, "entered", f"{phase.amount} was entered by the prescriber."))
    return asked


def _mg_per_h(amount: Quantity, minutes: Decimal, weight: Decimal, strength: Decimal) -> Decimal:
    if amount.unit == "mg/kg":
        return mg_per_h_over(mg_from_mg_per_kg(amount.value, weight), minutes)
    if amount.unit == "mg":
        return mg_per_h_over(amount.value, minutes)
    if amount.unit == "mg/kg/h":
        return mg_per_h_from_mg_per_kg_per_h(amount.value, weight)
    if amount.unit == "mcg/kg/min":
        return mg_per_h_from_mg_per_kg_per_h(mg_per_kg_per_h_from_mcg_per_kg_per_min(amount.value), weight)
    if amount.unit == "mL/h":
        return mg_per_h(amount.value, strength)
    if amount.unit == "mg/h":
        return amount.value
    raise UnknownWord("unit of an ordered amount", amount.unit, ENTERED_UNITS)


def _protocol_rates(protocol: Protocol, step: Step, weight: Decimal) -> list[_Asked]:
    """The full dose, its caps, then the step's fraction of what the caps left."""
    full = []
    for phase in protocol.dosing.phases:
        minutes = decimal_of(phase.minutes)
        amount = Quantity(decimal_of(phase.amount), phase.amount.unit)
        rate = _mg_per_h(amount, minutes, weight, Decimal(1))
        full.append(_capped(_Asked(phase.name, minutes, rate, "dose", _dose_words(amount, weight, rate)), protocol, weight))
    full = _within_total(full, protocol)
    fraction = decimal_of(step.fraction)
    if fraction == 100:
        return full
    words = f" {step.name}: {format_decimal(fraction)} % of it."
    return [_Asked(each.name, each.minutes, each.mg_per_h * fraction / 100, each.bound, each.because + words) for each in full]


def _dose_words(amount: Quantity, weight: Decimal, rate: Decimal) -> str:
    kilograms = f" at {display(weight, 1)} kg" if "kg" in amount.unit else ""
    return f"The dose binds: {amount}{kilograms} is {display(rate, 2)} mg/h."


def _capped(asked: _Asked, protocol: Protocol, weight: Decimal) -> _Asked:
    caps = protocol.dosing.caps
    bounds: list[tuple[Decimal, Bound, str]] = []
    if caps.mg_per_h is not None:
        bounds.append((decimal_of(caps.mg_per_h), "cap_mg_per_h", f"{format_decimal(decimal_of(caps.mg_per_h))} mg/h"))
    if caps.mg_per_kg_per_h is not None:
        cap = decimal_of(caps.mg_per_kg_per_h)
        words = f"{format_decimal(cap)} mg/kg/h at {display(weight, 1)} kg, {display(cap * weight, 2)} mg/h"
        bounds.append((cap * weight, "cap_mg_per_kg_per_h", words))
    lowest = min(bounds, default=None, key=lambda bound: bound[0])
    if lowest is None or lowest[0] >= asked.mg_per_h:
        return asked
    because = f"The cap binds: {lowest[2]}; the dose alone would be {display(asked.mg_per_h, 2)} mg/h."
    return _Asked(asked.name, asked.minutes, lowest[0], lowest[1], because)


def _within_total(full: list[_Asked], protocol: Protocol) -> list[_Asked]:
    cap = protocol.dosing.caps.total_mg
    total = sum((mg_over(each.mg_per_h, each.minutes) for each in full), Decimal(0))
    if cap is None or total <= decimal_of(cap):
        return full
    share = decimal_of(cap) / total
    because = f"The cap binds: {format_decimal(decimal_of(cap))} mg in all; the dose alone would be {display(total, 1)} mg."
    return [_Asked(each.name, each.minutes, each.mg_per_h * share, "cap_total_mg", because) for each in full]


def _drafted(asked: _Asked, weight: Decimal, strength: Decimal) -> DraftPhase:
    if asked.minutes <= 0:
        raise OutOfRange(because=f"{asked.name} lasts {format_decimal(asked.minutes)} min.", way_out="Give its minutes.", where="minutes")
    rate = round_rate_down_ml_per_h(ml_per_h(asked.mg_per_h, strength))
    per_hour = _without_noise(mg_per_h(rate, strength))
    dose = mg_over(per_hour, asked.minutes)
    return DraftPhase(
        name=asked.name,
        minutes=asked.minutes,
        rate_ml_per_h=rate,
        rate_mg_per_h=per_hour,
        rate_mg_per_kg_per_h=mg_per_kg_per_h(per_hour, weight),
        rate_mcg_per_kg_per_min=mcg_per_kg_per_min(per_hour, weight),
        dose_mg=dose,
        dose_mg_per_kg=mg_per_kg(dose, weight),
        volume_ml=ml_over(rate, asked.minutes),
        asked_mg_per_h=asked.mg_per_h,
        bound=asked.bound,
        because=asked.because,
    )


def _without_noise(value: Decimal) -> Decimal:
    """Rounded at `_NOISE`, written without trailing zeros."""
    plain = value.quantize(_NOISE).normalize()
    return plain.quantize(Decimal(1)) if plain == plain.to_integral_value() else plain
