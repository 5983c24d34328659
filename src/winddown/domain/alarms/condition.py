"""What an alarm is made of: conditions with steps that worsen, silences, and one patient's baseline. All numbers come from the protocol."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Literal

from winddown.domain.figures import Figure
from winddown.domain.refusals import OutOfRange

Tier = Literal["recheck", "notify", "hold", "stop"]
Severity = Literal["low", "medium", "high"]
Side = Literal["above", "below", "rising"]

TIERS: tuple[Tier, ...] = ("recheck", "notify", "hold", "stop")
RANK: dict[str, int] = {tier: place for place, tier in enumerate(TIERS)}

SECOND_DISPLAY = "Second display: watch the patient and the monitor."


@dataclass(frozen=True)
class Baseline:
    """This patient before the start. None where it was not taken; then only the absolute limits hold."""

    systolic: float | None = None
    diastolic: float | None = None
    heart_rate: float | None = None
    pulse_rate: float | None = None
    respiratory_rate: float | None = None
    spo2: float | None = None
    etco2: float | None = None
    moaas: float | None = None
    cadss6: float | None = None
    pain: float | None = None
    nausea: float | None = None

    def of(self, kind: str) -> float | None:
        return getattr(self, kind, None)


BASELINE_KINDS = frozenset(each.name for each in fields(Baseline))


@dataclass(frozen=True)
class Step:
    """One tier of a condition: when it is reached, and what the protocol says to do next.

    limit             the absolute limit; `inclusive` says whether the limit itself counts
    baseline_percent  the limit may also be this much beyond the patient's own baseline, whichever is reached first
    baseline_change   the same as a difference in the kind's unit
    lasting_s         how long the newest readings must stay beyond it; 0 is at once
    confirm_within_s  a first reading beyond asks for another; the second one, or none within this time, makes the step
    do                the protocol's words for the nurse; never a drug
    """

    tier: Tier
    severity: Severity
    limit: Figure
    do: str
    inclusive: bool = True
    baseline_percent: Figure | None = None
    baseline_change: Figure | None = None
    lasting_s: Figure | None = None
    confirm_within_s: Figure | None = None


@dataclass(frozen=True)
class Condition:
    """One thing that can be wrong, watched on one or more kinds, in steps from mild to grave.

    clear_margin   how far back inside the limit a value must come before the alarm clears (hysteresis)
    clear_after_s  how long it must stay there
    """

    key: str
    words: str
    kinds: tuple[str, ...]
    side: Side
    steps: tuple[Step, ...]
    clear_margin: Figure
    clear_after_s: Figure

    def __post_init__(self) -> None:
        ranks = [RANK[step.tier] for step in self.steps]
        if not ranks or ranks != sorted(set(ranks)):
            raise OutOfRange(f"Condition {self.key} needs steps from mild to grave, each tier once.", code="steps_out_of_order")
        limits = [step.limit.value for step in self.steps]
        if self.side != "rising" and limits != sorted(limits, reverse=self.side == "below"):
            raise OutOfRange(f"Condition {self.key}: a graver step must lie further out, got {limits}.", code="limits_out_of_order")


@dataclass(frozen=True)
class SilenceStep:
    """How long without a usable reading, and what to do then."""

    tier: Tier
    severity: Severity
    after_s: Figure
    do: str


@dataclass(frozen=True)
class Silence:
    """No usable reading of any of these kinds: the one alarm that no arrival can raise."""

    key: str
    words: str
    kinds: tuple[str, ...]
    steps: tuple[SilenceStep, ...]


@dataclass(frozen=True)
class CuffOverdue:
    """The next cuff pressure is late by the protocol: at this many intervals after the last."""

    intervals: Figure
    severity: Severity
    do: str


NOTICE_OFF = Figure(0, "%", "0 is off; the predicted pressure is exploratory", "derived")


@dataclass(frozen=True)
class ForecastNotice:
    """A forecast may add a notice this far ahead. It never delays or suppresses an alarm.

    share_percent  how many of the predicted courses must reach the hold limit; 0 turns the notice off
    """

    ahead_min: Figure
    do: str
    share_percent: Figure = NOTICE_OFF


@dataclass(frozen=True)
class Limits:
    """The `alarms` block of a protocol.

    unanswered_after_s   an alarm of high or medium severity that nobody acknowledged by then goes to the supervisor too
    slow_feed_factor     a device that sends seldom is silent after this many of its own intervals
    reading_horizon_min  an older reading raises nothing; what is missing is told by silence
    """

    conditions: tuple[Condition, ...]
    silences: tuple[Silence, ...]
    cuff_overdue: CuffOverdue
    forecast: ForecastNotice
    unanswered_after_s: Figure
    slow_feed_factor: Figure
    reading_horizon_min: Figure
