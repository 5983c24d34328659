"""The last readings on a card: value, age, source, and how they stand against this patient's own limits."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as __

from winddown.domain.alarms.condition import Baseline, Limits
from winddown.domain.alarms.steps import limit_for
from winddown.domain.sessions.blocks import Supervision
from winddown.domain.vitals.kinds import KINDS
from winddown.record.queries.board import Newest

CONTINUOUS_STALE = timedelta(seconds=60)
SHORT: Mapping[str, Any] = {
    "pressure": __("Pressure"),
    "pulse_rate": __("Pulse"),
    "heart_rate": __("Heart rate"),
    "spo2": "SpO₂",
    "respiratory_rate": __("Breaths"),
    "etco2": "EtCO₂",
}
SOURCES: Mapping[str, Any] = {"monitor": __("monitor"), "hand": __("by hand")}
PARTS: Mapping[str, Any] = {"systolic": __("systolic"), "diastolic": __("diastolic")}
SINGLE = ("spo2", "pulse_rate", "heart_rate", "respiratory_rate", "etco2")


_RANK = {"calm": 0, "watch": 1, "act": 2}
_REMEMBERED = 500


@dataclass(frozen=True)
class Bound:
    """One step of a condition for this patient: its limit, which side of it counts, and how grave that is."""

    above: bool
    limit: float
    inclusive: bool
    level: str

    def is_beyond(self, value: float) -> bool:
        if value == self.limit:
            return self.inclusive
        return value > self.limit if self.above else value < self.limit


class Bounds:
    """This patient's limits by kind, mildest first on each side."""

    def __init__(self, limits: Limits, baseline: Baseline) -> None:
        self._by_kind: dict[str, list[Bound]] = {}
        for condition in limits.conditions:
            for kind in condition.kinds if condition.side != "rising" else ():
                for step in condition.steps:
                    limit, _words = limit_for(step, condition.side, kind, baseline)
                    level = "act" if step.tier in ("hold", "stop") else "watch"
                    self._by_kind.setdefault(kind, []).append(Bound(condition.side == "above", limit, step.inclusive, level))

    def judged(self, kind: str, value: float) -> tuple[str, str]:
        """How one number stands: the gravest step it lies beyond, whatever its duration. The alarms themselves judge duration."""
        beyond = [bound for bound in self._by_kind.get(kind, ()) if bound.is_beyond(value)]
        if not beyond:
            return "calm", ""
        worst = max(beyond, key=lambda bound: _RANK[bound.level])
        return worst.level, (_("above %s") if worst.above else _("below %s")) % f"{worst.limit:g}"

    def mildest(self, kind: str) -> tuple[float | None, float | None]:
        """The mildest low and high limit: where a number crosses one, the page asks the server to judge anew."""
        of_kind = self._by_kind.get(kind, [])
        low = next((bound.limit for bound in of_kind if not bound.above), None)
        return low, next((bound.limit for bound in of_kind if bound.above), None)


_bounds: OrderedDict[tuple[UUID, Baseline], Bounds] = OrderedDict()


def bounds_of(protocol_ref: UUID, limits: Limits, baseline: Baseline) -> Bounds:
    """The limits of a protocol's version at a patient's baseline; both never change, so they are worked out once."""
    key = (protocol_ref, baseline)
    if key not in _bounds:
        _bounds[key] = Bounds(limits, baseline)
        while len(_bounds) > _REMEMBERED:
            _bounds.popitem(last=False)
    return _bounds[key]


def lines(newest: Mapping[str, Newest], bounds: Bounds, supervision: Supervision, status: str) -> list[dict[str, Any]]:
    """Pressure first, then what a monitor sends all the time. A heart rate is drawn only where there is no pulse."""
    slow = supervision.observations.old_after(recovering=status == "recovering")
    found = [_line("pressure", "mmHg", _pressure(newest), bounds, slow)] if "systolic" in newest else []
    for kind in SINGLE:
        if kind in newest and not (kind == "heart_rate" and "pulse_rate" in newest):
            stale = CONTINUOUS_STALE if newest[kind].source == "monitor" else slow
            found.append(_line(kind, KINDS[kind].symbol, [newest[kind]], bounds, stale))
    return found


def _pressure(newest: Mapping[str, Newest]) -> list[Newest]:
    return [newest[kind] for kind in ("systolic", "diastolic") if kind in newest]


def _line(key: str, unit: str, values: Sequence[Newest], bounds: Bounds, stale: timedelta) -> dict[str, Any]:
    judged = [(one, *bounds.judged(one.kind, one.value)) for one in values]
    which, level, words = max(judged, key=lambda each: _RANK[each[1]])
    first = values[0]
    return {
        "key": key,
        "label": SHORT[key],
        "unit": unit,
        "at": first.observed_at.isoformat(),
        "clock": first.observed_at.astimezone(timezone.get_current_timezone()).strftime("%H:%M:%S"),
        "source": SOURCES.get(first.source, first.source),
        "late": first.label == "late",
        "stale_after_s": int(stale.total_seconds()),
        "level": level,
        "level_words": f"{PARTS[which.kind]} {words}" if words and which.kind in PARTS else words,
        "parts": [_part(one, bounds) for one in values],
    }


def _part(one: Newest, bounds: Bounds) -> dict[str, Any]:
    low, high = bounds.mildest(one.kind)
    shown = f"{one.value:.{KINDS[one.kind].decimals}f}"
    return {"kind": one.kind, "value": shown, "low": "" if low is None else f"{low:g}", "high": "" if high is None else f"{high:g}"}


def spark(values: Sequence[float], bounds: Bounds) -> dict[str, Any] | None:
    """The last systolic pressures as points in a 100 by 28 box, with this patient's mildest high limit where it is near."""
    if len(values) < 2:
        return None
    high = bounds.mildest("systolic")[1]
    near = high is not None and max(values) > high - 30
    top = max(*values, high if near and high else 0.0) + 4
    bottom = min(values) - 4
    across, scale = 100 / (len(values) - 1), 28 / (top - bottom)
    points = " ".join(f"{place * across:.1f},{(top - value) * scale:.1f}" for place, value in enumerate(values))
    words = _("Systolic pressure, last %(n)s readings, from %(first)s to %(last)s mmHg") % {
        "n": len(values),
        "first": f"{values[0]:.0f}",
        "last": f"{values[-1]:.0f}",
    }
    return {"points": points, "words": words, "high": f"{(top - high) * scale:.1f}" if near and high else ""}
