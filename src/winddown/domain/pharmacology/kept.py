"""A forecast that was kept can be made again, years later: from its inputs alone, and compared with what was shown.

The inputs name the engine and the version of every model. Where one of them is no longer the same, that is said by name; the kept
curves are then all there is.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from winddown.domain.figures import Figure
from winddown.domain.pharmacology import models
from winddown.domain.pharmacology.chart import ENGINE, ChartForecast, Threshold, chart_forecast, hash_of
from winddown.domain.pharmacology.individual import Seen
from winddown.domain.pharmacology.model import Patient
from winddown.domain.pharmacology.regimen import Schedule, Segment
from winddown.domain.refusals import Missing, NotAllowed

SAME = 2e-3  # of the value; kept numbers are rounded to four decimals
SAME_AT_LEAST = 1.1e-4


@dataclass(frozen=True)
class Agreement:
    """compared: how many numbers; worst: the largest difference as a share of its value; differs: where, in words."""

    compared: int
    worst: float
    differs: tuple[str, ...]


def again(inputs: Mapping[str, Any]) -> ChartForecast:
    """The forecast that these inputs gave.

    refuses  Missing for inputs kept before everything was kept; NotAllowed where engine or model is of another version now
    """
    if "asked" not in inputs:
        raise Missing(
            because="This forecast was kept without all of its inputs.",
            way_out="Its curves are kept; compare those by eye.",
            code="inputs_missing",
        )
    _same_versions(inputs)
    told, asked = inputs["schedule"], inputs["asked"]
    schedule = Schedule(told["form"], tuple(Segment(**each) for each in told["segments"]), told["unknown_from_min"])
    return chart_forecast(
        Patient(**inputs["patient"]),
        schedule,
        asked["now_min"],
        asked["horizon_min"],
        step_min=asked["step_min"],
        model_id=inputs["model"][0],
        second_model_id=asked["second"],
        thresholds=tuple(
            Threshold(name, Figure(level, unit, source, status), signal)
            for name, level, signal, unit, source, status in inputs["thresholds"]
        ),
        n=inputs["patients"],
        seed=inputs["seed"],
        seen=Seen.from_data(inputs["seen"]) if inputs["seen"] else None,
    )


def _same_versions(inputs: Mapping[str, Any]) -> None:
    now = {"engine": ENGINE}
    for each in (inputs["model"], inputs["second"]):
        if each is not None:
            now[each[0]] = models.get(each[0]).card.version
    then = {"engine": inputs["engine"], **{each[0]: each[1] for each in (inputs["model"], inputs["second"]) if each is not None}}
    changed = [f"{name} was version {then[name]!r}, is {now[name]!r}" for name in then if then[name] != now[name]]
    if changed:
        raise NotAllowed(
            because=f"The arithmetic has changed since: {'; '.join(changed)}.",
            way_out="Run the release of that day; its curves are kept beside the inputs.",
            code="another_version",
        )


def compared(kept: Mapping[str, Any]) -> Agreement:
    """What was kept against the same made again. refuses what `again` refuses."""
    made = again(kept["inputs"])
    told = made.as_data()
    differs = [] if hash_of(kept["inputs"]) == kept["input_hash"] else ["the inputs are not those of the kept hash"]
    count, worst = 0, 0.0
    for name in ("plasma", "effect_site", "norketamine", "effects", "second", "personal", "clock"):
        for where, then, now in _pairs(name, kept.get(name), told.get(name)):
            count += 1
            gap = 0.0 if then == now else abs(then - now) / max(abs(then), 1e-9) if None not in (then, now) else float("inf")
            if gap > SAME and (None in (then, now) or abs(then - now) > SAME_AT_LEAST):
                differs.append(f"{where}: {then} kept, {now} now")
            worst = max(worst, gap if None in (then, now) or abs(then - now) > SAME_AT_LEAST else 0.0)
    return Agreement(count, worst, tuple(differs))


def _pairs(where: str, then: Any, now: Any) -> list[tuple[str, Any, Any]]:
    """Every number of two pieces of plain data, side by side; a number that one of them lacks stands beside None."""
    if isinstance(then, Mapping) or isinstance(now, Mapping):
        left, right = then or {}, now or {}
        keys = [key for key in {**left, **right} if key not in ("learned", "inputs")]
        return [pair for key in keys for pair in _pairs(f"{where}.{key}", left.get(key), right.get(key))]
    if isinstance(then, list) or isinstance(now, list):
        left, right = list(then or ()), list(now or ())
        longest = max(len(left), len(right))
        left, right = left + [None] * (longest - len(left)), right + [None] * (longest - len(right))
        return [pair for place in range(longest) for pair in _pairs(f"{where}[{place}]", left[place], right[place])]
    numbers = isinstance(then, int | float) or isinstance(now, int | float)
    return [(where, then, now)] if numbers and not isinstance(then, bool) else []
