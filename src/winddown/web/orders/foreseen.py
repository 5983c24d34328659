"""What a forecast says, in words a prescriber reads first; the numbers behind them open below."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _

from winddown.web.orders.drawing import forecast_picture

Numbers = Sequence[float | None]


def shown(data: Mapping[str, Any] | None, finish_min: float, stay_min: float) -> dict[str, Any] | None:
    """The forecast as the page shows it; None where there is none, with the page saying why."""
    if data is None or "times_min" not in data:
        return None
    sentences = [_level_words(data), *_effect_words(data), _finish_words(data, finish_min, stay_min)]
    second = data.get("second")
    return {
        "picture": forecast_picture(data, finish_min, " ".join(sentences)),
        "sentences": sentences,
        "model": data["model"]["name"],
        "site": data["model"]["site"],
        "second_words": second["words"] if second else "",
        "second_differs": bool(second and second["differs"]),
        "warnings": data["warnings"],
        "valid": data["valid"],
        "rows": _rows(data),
        "input_hash": data["input_hash"][:12],
        "has_effect_site": bool(data.get("effect_site")),
    }


def _peak(line: Mapping[str, Numbers], times: Sequence[float]) -> tuple[float, float, float, float]:
    """(minute, median, p05, p95) where the median is highest."""
    known = [place for place, value in enumerate(line["median"]) if value is not None]
    top = max(known, key=lambda place: line["median"][place] or 0.0)
    return times[top], line["median"][top] or 0.0, line["p05"][top] or 0.0, line["p95"][top] or 0.0


def _level_words(data: Mapping[str, Any]) -> str:
    minute, middle, low, high = _peak(data["plasma"], data["times_min"])
    return _("Plasma peaks at %(middle)s ng/mL in the middle patient, 9 of 10 between %(low)s and %(high)s, at minute %(minute)s.") % {
        "middle": f"{middle:.0f}",
        "low": f"{low:.0f}",
        "high": f"{high:.0f}",
        "minute": f"{minute:.0f}",
    }


def _effect_words(data: Mapping[str, Any]) -> list[str]:
    found = []
    dissociation, rise = data["effects"].get("dissociation"), data["effects"].get("systolic_rise")
    if dissociation:
        minute, middle, low, high = _peak(dissociation, data["times_min"])
        found.append(
            _("Dissociation peaks near %(middle)s %% of the scale (%(low)s to %(high)s %%) at minute %(minute)s.")
            % {"middle": f"{middle * 100:.0f}", "low": f"{low * 100:.0f}", "high": f"{high * 100:.0f}", "minute": f"{minute:.0f}"}
        )
    if rise:
        minute, middle, low, high = _peak(rise, data["times_min"])
        found.append(
            _("Systolic pressure rises by about %(middle)s mmHg (%(low)s to %(high)s); exploratory, size and direction only.")
            % {"middle": f"{middle:.0f}", "low": f"{low:.0f}", "high": f"{high:.0f}"}
        )
    return found


def _finish_words(data: Mapping[str, Any], finish_min: float, stay_min: float) -> str:
    told = {"end": f"{finish_min:g}", "stay": f"{stay_min:g}"}
    words = _("The infusion ends after %(end)s min; the shortest stay after it is %(stay)s min.") % told
    for name, below in data.get("clock", {}).items():
        if below["median_min"] is not None:
            words += " " + _(
                "Predicted below %(level)s ng/mL (%(name)s) at minute %(minute)s: a predicted level, not a discharge criterion."
            ) % {
                "level": f"{below['threshold_ng_per_ml']:g}",
                "name": _(name),
                "minute": f"{below['median_min']:.0f}",
            }
    return words


def _rows(data: Mapping[str, Any]) -> list[dict[str, str]]:
    """The picture as a table: every fifteen minutes, rounder on long infusions."""
    times = data["times_min"]
    step = 15 if times[-1] <= 240 else 30
    wanted = [place for place, minute in enumerate(times) if minute == 0 or (minute % step == 0 and minute > 0)]
    dissociation, rise = data["effects"].get("dissociation"), data["effects"].get("systolic_rise")
    return [
        {
            "minute": f"{times[place]:.0f}",
            "plasma": _band(data["plasma"], place),
            "dissociation": _band(dissociation, place, 100) if dissociation else "–",
            "rise": _band(rise, place) if rise else "–",
        }
        for place in wanted
    ]


def _band(line: Mapping[str, Numbers], place: int, scale: float = 1.0) -> str:
    values = [line[key][place] for key in ("median", "p05", "p95")]
    if any(value is None for value in values):
        return "–"
    middle, low, high = (f"{(value or 0.0) * scale:.0f}" for value in values)
    return f"{middle} ({low}-{high})"
