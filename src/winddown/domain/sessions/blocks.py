"""The shapes of a protocol's six supervision blocks."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Literal

from winddown.domain.alarms.condition import Limits, Tier
from winddown.domain.figures import Figure
from winddown.domain.refusals import UnknownWord

Track = Literal["pain", "mood"]
TRACKS: tuple[Track, ...] = ("pain", "mood")


@dataclass(frozen=True)
class StartLimit:
    """What one baseline number must be for a start.

    review_*  a prescriber looks and accepts with a reason; bedside_above the prescriber comes to the chair; stop_* no start today
    """

    kind: str
    words: str
    review_above: Figure | None = None
    bedside_above: Figure | None = None
    stop_above: Figure | None = None
    review_below: Figure | None = None
    stop_below: Figure | None = None


@dataclass(frozen=True)
class StartGate:
    """The `start_gate` block. Fasting is judged against the planned start, not the check-in.

    weight_age_h  how old a weight may be that was taken before midnight; without it only a weight of the same day counts
    """

    weight_change_percent: Figure
    fasting_clear_h: Figure
    fasting_light_h: Figure
    fasting_heavy_h: Figure
    baseline_age_min: Figure
    pulse_match_per_min: Figure
    baseline: tuple[StartLimit, ...]
    moaas_required: Figure
    cadss6_review_above: Figure
    roles: tuple[str, ...]
    weight_age_h: Figure | None = None


@dataclass(frozen=True)
class Observations:
    """The `observations` block: how often a set is taken, what is in it, and when a missing one is late."""

    early_interval_min: Figure
    early_for_min: Figure
    interval_min: Figure
    held_interval_min: Figure
    recovery_interval_min: Figure
    scores_interval_min: Figure
    amber_after_min: Figure
    red_after_min: Figure
    bag_warning_min: Figure
    set_items: tuple[str, ...]
    scores: tuple[str, ...]
    continuous: tuple[str, ...]

    def old_after(self, *, recovering: bool) -> timedelta:
        """From when a number that is taken by interval is old: when the next one would be red."""
        interval = self.recovery_interval_min if recovering else self.interval_min
        return timedelta(minutes=interval.value + self.red_after_min.value)


@dataclass(frozen=True)
class StopRule:
    """A reason to hold or stop that comes from the story and not from one number."""

    key: str
    words: str
    tier: Tier
    do: str
    after: Figure | None = None


@dataclass(frozen=True)
class Rescue:
    """A placeholder in the clinic's rescue order set. `order_line` is filled by the clinic; no dose is shipped."""

    key: str
    words: str
    used_for: str
    order_line: str = ""


@dataclass(frozen=True)
class Recovery:
    """The `recovery` block."""

    minimum_stay_min: Figure
    stay_after_drug_min: Mapping[str, Figure]
    aldrete_variant: str
    aldrete_minimum: Figure
    padss_variant: str
    padss_minimum: Figure
    moaas_required: Figure
    cadss6_above_baseline: Figure
    pain_above_baseline: Figure
    orthostatic_systolic_fall: Figure
    orthostatic_diastolic_fall: Figure
    observations_age_min: Figure
    suicide_follow_up: bool


@dataclass(frozen=True)
class Supervision:
    """All six blocks, read and checked."""

    start_gate: StartGate
    observations: Observations
    alarms: Limits
    stop_rules: tuple[StopRule, ...]
    rescue: tuple[Rescue, ...]
    recovery: Recovery

    def stop_rule(self, key: str) -> StopRule:
        for rule in self.stop_rules:
            if rule.key == key:
                return rule
        raise UnknownWord("stop rule", key, [rule.key for rule in self.stop_rules])
