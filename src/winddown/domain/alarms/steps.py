"""Which step of a condition the newest readings reach, and whether they are back inside it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from winddown.domain.alarms.condition import BASELINE_KINDS, Baseline, Condition, Severity, Step, Tier
from winddown.domain.alarms.window import Sample
from winddown.domain.vitals.kinds import KINDS

RECHECK = "Recheck now; a second reading beyond the limit, or none in time, makes it a notice."


@dataclass(frozen=True)
class Reached:
    """A step that is reached, in the words and numbers that reached it."""

    tier: Tier
    severity: Severity
    because: str
    do: str
    kind: str
    value: float | None
    limit: float | None
    observed_at: datetime | None


def reached(condition: Condition, kind: str, samples: Sequence[Sample], baseline: Baseline, at: datetime) -> Reached | None:
    """The gravest step that this kind's newest readings reach at `at`.

    samples  of one kind, oldest first, not empty
    A reading that nothing contradicts counts as lasting: if a probe goes silent after a low value, time still passes.
    """
    for step in reversed(condition.steps):
        found = (
            _rising(condition, step, kind, samples, baseline)
            if condition.side == "rising"
            else _beyond(condition, step, kind, samples, baseline, at)
        )
        if found:
            return found
    return None


def newest_is_clear(condition: Condition, step: Step, kind: str, samples: Sequence[Sample], baseline: Baseline) -> bool:
    """The newest readings lie inside the step's limit by the margin, for as long as the condition asks."""
    if condition.side == "rising":
        return not _rise_reaches(step, kind, samples, baseline)
    limit, _ = limit_for(step, condition.side, kind, baseline)
    inside = limit - condition.clear_margin.value if condition.side == "above" else limit + condition.clear_margin.value
    newest, since = samples[-1], None
    for sample in reversed(samples):
        if _is_beyond(condition.side, sample.value, inside, step.inclusive and condition.clear_margin.value == 0):
            break
        since = sample.at
    else:
        return True
    return since is not None and (newest.at - since).total_seconds() >= condition.clear_after_s.value


def limit_for(step: Step, side: str, kind: str, baseline: Baseline) -> tuple[float, str]:
    """The limit that this patient reaches first, and how it came about in words."""
    absolute, own = step.limit.value, baseline.of(kind) if kind in BASELINE_KINDS else None
    if own is None:
        return absolute, f"limit {absolute:g}"
    sign = 1 if side == "above" else -1
    candidates = [(absolute, f"limit {absolute:g}")]
    if step.baseline_percent:
        part = step.baseline_percent.value
        limit = round(own * (1 + sign * part / 100), 1)
        candidates.append((limit, f"limit {limit:g} ({sign * part:+g} % of this patient's {own:g})"))
    if step.baseline_change:
        change = sign * step.baseline_change.value
        candidates.append((own + change, f"limit {own + change:g} ({change:+g} from this patient's {own:g})"))
    return min(candidates) if side == "above" else max(candidates)


def is_beyond_mildest(condition: Condition, kind: str, value: float, baseline: Baseline) -> bool:
    """The bare number lies beyond the condition's mildest limit, whatever its duration."""
    if condition.side == "rising":
        return False
    step = condition.steps[0]
    limit, _ = limit_for(step, condition.side, kind, baseline)
    return _is_beyond(condition.side, value, limit, step.inclusive)


def _beyond(condition: Condition, step: Step, kind: str, samples: Sequence[Sample], baseline: Baseline, at: datetime) -> Reached | None:
    limit, limit_words = limit_for(step, condition.side, kind, baseline)
    newest = samples[-1]
    if not _is_beyond(condition.side, newest.value, limit, step.inclusive):
        return None
    run = _run(condition, step, samples, limit)
    lasted_s = (at - run[-1].at).total_seconds()
    lasting_s = step.lasting_s.value if step.lasting_s else 0.0
    if lasted_s < lasting_s:
        return None
    words = f"{condition.words} {show(kind, newest.value)}, {limit_words}"
    if lasting_s:
        words += f", for {lasted_s:.0f} s"
    if step.confirm_within_s and len(run) < 2 and lasted_s < step.confirm_within_s.value:
        return Reached("recheck", "low", f"{words}, first reading", RECHECK, kind, newest.value, limit, newest.at)
    if step.confirm_within_s and len(run) < 2:
        words += f", not rechecked within {step.confirm_within_s.value:.0f} s"
    elif step.confirm_within_s:
        words = f"{condition.words} {run[1].value:g} then {show(kind, newest.value)}, {limit_words}"
    return Reached(step.tier, step.severity, words, step.do, kind, newest.value, limit, newest.at)


def _run(condition: Condition, step: Step, samples: Sequence[Sample], limit: float) -> list[Sample]:
    """The unbroken run of readings beyond the limit, newest first, no longer than the step needs to know."""
    enough_s = step.lasting_s.value if step.lasting_s else 0.0
    run: list[Sample] = []
    for sample in reversed(samples):
        if not _is_beyond(condition.side, sample.value, limit, step.inclusive):
            break
        run.append(sample)
        if len(run) > 1 and (run[0].at - sample.at).total_seconds() >= enough_s:
            break
    return run


def _rising(condition: Condition, step: Step, kind: str, samples: Sequence[Sample], baseline: Baseline) -> Reached | None:
    if not _rise_reaches(step, kind, samples, baseline):
        return None
    newest, before = samples[-1], _before(kind, samples, baseline)
    words = f"{condition.words} {before:g} to {newest.value:g}, a rise of {step.limit.value:g} or more is told"
    return Reached(step.tier, step.severity, words, step.do, kind, newest.value, step.limit.value, newest.at)


def _rise_reaches(step: Step, kind: str, samples: Sequence[Sample], baseline: Baseline) -> bool:
    before = _before(kind, samples, baseline)
    return before is not None and samples[-1].value - before >= step.limit.value


def _before(kind: str, samples: Sequence[Sample], baseline: Baseline) -> float | None:
    if len(samples) > 1:
        return samples[-2].value
    return baseline.of(kind) if kind in BASELINE_KINDS else None


def _is_beyond(side: str, value: float, limit: float, inclusive: bool) -> bool:
    if value == limit:
        return inclusive
    return value > limit if side == "above" else value < limit


def show(kind: str, value: float) -> str:
    """The value with its unit, and with the decimal that tells it from its limit: '7.6 /min', never '8 /min, limit 8'."""
    found = KINDS.get(kind)
    if found is None:
        return f"{value:g}"
    decimals = found.decimals if float(value).is_integer() else max(found.decimals, 1)
    return f"{value:.{decimals}f} {found.symbol}".rstrip()
