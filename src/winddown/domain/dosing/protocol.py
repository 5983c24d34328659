"""The dosing half of a protocol: how much, how fast, in which steps, within which limits. Versioned data, read and checked as a whole."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import pairwise
from typing import Any, Literal

from winddown.domain.booking.series_rules import BLOCK as SERIES
from winddown.domain.figures import Figure
from winddown.domain.followup.schedule import BLOCK as FOLLOW_UP
from winddown.domain.refusals import Missing, OutOfRange, UnknownWord
from winddown.domain.sessions import plain
from winddown.domain.sessions.supervision import BLOCKS

DrugForm = Literal["racemic", "esketamine"]
Track = Literal["pain", "mood"]
Basis = Literal["actual", "ideal", "adjusted"]
DRUG_FORMS: tuple[DrugForm, ...] = ("racemic", "esketamine")

DOSE_UNITS = ("mg/kg", "mg")
RATE_UNITS = ("mg/kg/h", "mg/h", "mcg/kg/min")

LIMITED: dict[str, str] = {
    "rate_mg_per_kg_per_h": "mg/kg/h",
    "rate_mg_per_h": "mg/h",
    "total_mg_per_kg": "mg/kg",
    "total_mg": "mg",
    "bolus_mg_per_kg": "mg/kg",
    "minutes": "min",
}


def decimal_of(figure: Figure) -> Decimal:
    """A figure's number as it was written, not as a binary fraction."""
    return Decimal(str(figure.value))


def _in(figure: Figure | None, *units: str) -> None:
    if figure is not None and figure.unit not in units:
        raise UnknownWord("unit of a dosing figure", figure.unit, units)


def _above_zero(figure: Figure, name: str) -> None:
    if figure.value <= 0:
        raise OutOfRange(because=f"{name} is {figure.value:g} {figure.unit}; it must be above zero.", code="not_above_zero")


@dataclass(frozen=True)
class Phase:
    """One stretch of a session at full dose: an amount (a dose over the stretch, or a rate) and its minutes."""

    name: str
    amount: Figure
    minutes: Figure

    def __post_init__(self) -> None:
        _in(self.amount, *DOSE_UNITS, *RATE_UNITS)
        _in(self.minutes, "min")
        _above_zero(self.amount, self.name)
        _above_zero(self.minutes, self.name)


@dataclass(frozen=True)
class Tiers:
    """Limits of one number. Below low_stop or above stop a request does not go on; low_ask and ask want a reason;

    above two_signatures, the protocol's ceiling, two prescribers sign up to the absolute limit `stop`.
    """

    low_stop: Figure | None = None
    low_ask: Figure | None = None
    ask: Figure | None = None
    two_signatures: Figure | None = None
    stop: Figure | None = None

    def __post_init__(self) -> None:
        given = [each.value for each in self.figures() if each is not None]
        if any(lower > higher for lower, higher in pairwise(given)):
            raise OutOfRange(
                because=f"The limits {given} are not in rising order.",
                way_out="Order them: low stop, low ask, ask, two signatures, stop.",
                code="tiers_out_of_order",
            )

    def figures(self) -> tuple[Figure | None, ...]:
        return (self.low_stop, self.low_ask, self.ask, self.two_signatures, self.stop)


def _check_limits(limits: Mapping[str, Tiers]) -> None:
    for name, tiers in limits.items():
        if name not in LIMITED:
            raise UnknownWord("limit", name, LIMITED)
        for figure in tiers.figures():
            _in(figure, LIMITED[name])


@dataclass(frozen=True)
class Step:
    """How the full dose is approached over a series: from session `from_session` on, `fraction` of it.

    limits   those that win over the protocol's at this step
    """

    name: str
    from_session: int
    fraction: Figure
    limits: Mapping[str, Tiers] = field(default_factory=dict)

    def __post_init__(self) -> None:
        _in(self.fraction, "%")
        _above_zero(self.fraction, self.name)
        _check_limits(self.limits)


@dataclass(frozen=True)
class Caps:
    """What the full dose never passes, whatever the weight."""

    mg_per_h: Figure | None = None
    mg_per_kg_per_h: Figure | None = None
    total_mg: Figure | None = None

    def __post_init__(self) -> None:
        _in(self.mg_per_h, "mg/h")
        _in(self.mg_per_kg_per_h, "mg/kg/h")
        _in(self.total_mg, "mg")


@dataclass(frozen=True)
class Ratio:
    """Entered over ordered: outside ask_below..ask_above wants a reason, outside stop_below..stop_above does not go on."""

    ask_below: Figure
    ask_above: Figure
    stop_below: Figure
    stop_above: Figure

    def __post_init__(self) -> None:
        values = [each.value for each in (self.stop_below, self.ask_below, self.ask_above, self.stop_above)]
        if values != sorted(values) or not values[1] <= 1 <= values[2]:
            raise OutOfRange(because=f"The ratios {values} are not in rising order around 1.", code="ratio_out_of_order")


@dataclass(frozen=True)
class Concentrations:
    """The strengths a bag may have. `apart_percent`: how far a real strength may lie from a listed one (overfill) before it asks."""

    listed: tuple[Figure, ...]
    minimum: Figure
    maximum: Figure
    apart_percent: Figure

    def __post_init__(self) -> None:
        for figure in (*self.listed, self.minimum, self.maximum):
            _in(figure, "mg/mL")
        if not self.listed:
            raise Missing("A protocol needs at least one concentration.", code="no_concentration")


@dataclass(frozen=True)
class AsNeeded:
    """A drug that may be given beside the infusion. Without a dose it is a placeholder that the prescriber completes."""

    key: str
    drug: str
    route: str
    used_for: str
    dose: Figure | None = None
    maximum_doses: Figure | None = None
    interval_min: Figure | None = None
    allergy_words: tuple[str, ...] = ()


@dataclass(frozen=True)
class Dosing:
    """The `dosing` block."""

    phases: tuple[Phase, ...]
    steps: tuple[Step, ...]
    sessions: Figure
    caps: Caps
    limits: Mapping[str, Tiers]
    ratio: Ratio
    concentrations: Concentrations
    weight_bases: tuple[Basis, ...]
    choose_basis_from_bmi: Figure
    use_by_h: Figure
    as_needed: tuple[AsNeeded, ...] = ()

    def __post_init__(self) -> None:
        if not self.phases or not self.steps:
            raise Missing("A protocol needs at least one phase and one step.", code="no_phase_or_step")
        starts = [step.from_session for step in self.steps]
        if starts[0] != 1 or starts != sorted(set(starts)):
            raise OutOfRange(because=f"Steps start at sessions {starts}; they must rise from session 1.", code="steps_out_of_order")
        _check_limits(self.limits)

    def step_for(self, session_number: int) -> Step:
        """The step in force at a session of the series. Refuses a session below 1."""
        if session_number < 1:
            raise OutOfRange(
                because=f"Session {session_number} is not a session of a series.", way_out="Count from 1.", where="session_number"
            )
        return next(step for step in reversed(self.steps) if step.from_session <= session_number)

    def limits_for(self, step: Step) -> dict[str, Tiers]:
        return {**self.limits, **step.limits}


@dataclass(frozen=True)
class Protocol:
    """A protocol as dosing sees it. The supervision blocks belong to another reader."""

    key: str
    name: str
    version: int
    indication: str
    drug_form: DrugForm
    track: Track
    dosing: Dosing

    @classmethod
    def from_data(cls, data: Mapping[str, Any]) -> Protocol:
        """Read the versioned data of a protocol, supervision blocks and series left aside.

        refuses   unknown keys and words, missing keys, wrong units and limits out of order, each by name
        """
        return plain.read(cls, {key: item for key, item in data.items() if key not in (*BLOCKS, SERIES, FOLLOW_UP)}, where="protocol")

    def as_data(self) -> dict[str, Any]:
        """The same as plain data, without the supervision blocks."""
        data: dict[str, Any] = plain.write(self)
        return data
