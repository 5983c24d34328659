"""What a forecast says, in words a prescriber reads first; the numbers behind them open below."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _

from winddown.web.library.present import guesses_of
from winddown.web.orders.drawing import forecast_picture

Numbers = Sequence[float | None]
APART = 0.25  # a smaller difference is not worth a sentence


def shown(data: Mapping[str, Any] | None, finish_min: float, stay_min: float) -> dict[str, Any] | None:
    """The forecast as the page shows it; None where there is none, with the page saying why."""
    if data is None or "times_min" not in data:
        return None
    own = data.get("personal")
    sentences = [_level_words(data), *_effect_words(data), *_own_words(data, own), _finish_words(data, finish_min, stay_min)]
    second = data.get("second")
    return {
        "picture": forecast_picture(data, finish_min, " ".join(sentences)),
        "sentences": sentences,
        "model": data["model"]["name"],
        "model_id": data["model"]["id"],
        "guesses": guesses_of(data["model"]["id"]),
        "site": data["model"]["site"],
        "second_words": second["words"] if second else "",
        "second_differs": bool(second and second["differs"]),
        "warnings": data["warnings"],
        "valid": data["valid"],
        "rows": _rows(data),
        "input_hash": data["input_hash"][:12],
        "has_effect_site": bool(data.get("effect_site")),
        "has_norketamine": "p95" in (data.get("norketamine") or {}),
        "own": own,
        "compared": _compared(data, own),
        "weeks": _weeks(data.get("weeks")),
    }


def _own_words(data: Mapping[str, Any], own: Mapping[str, Any] | None) -> list[str]:
    """Where this patient is expected to differ from the typical one, by a quarter or more."""
    if own is None:
        return []
    days = own["learned"].get("days_since_last_visit")
    since = _("By an earlier visit,") if days is None else _("By the visit %(days)s days ago,") % {"days": f"{days:.0f}"}
    found = []
    for key, more, less in (
        ("dissociation", _("this patient dissociates more than typical."), _("this patient dissociates less than typical.")),
        ("systolic_rise", _("this patient's pressure rises more than typical."), _("this patient's pressure rises less than typical.")),
    ):
        line, mine = data["effects"].get(key), own["lines"].get(key)
        if line and mine:
            ratio = _peak(mine, data["times_min"])[1] / max(_peak(line, data["times_min"])[1], 1e-9)
            found += [f"{since} {more}"] if ratio >= 1 + APART else [f"{since} {less}"] if ratio <= 1 / (1 + APART) else []
    return found or [f"{since} {_('this patient is expected much like the typical one.')}"]


def _compared(data: Mapping[str, Any], own: Mapping[str, Any] | None) -> list[dict[str, str]]:
    """The highest of each line and when plasma falls, for the typical patient and, where an earlier visit taught, for this one."""
    mine = own["lines"] if own else {}
    analyte = data["model"]["analyte"]
    rows = [
        (_("Plasma, highest, ng/mL"), data["plasma"], mine.get(analyte), 1.0, ""),
        (_("S-norketamine, highest, ng/mL"), data.get("norketamine"), mine.get("s_norketamine"), 1.0, ""),
        (_("Dissociation, highest, % of scale"), data["effects"].get("dissociation"), mine.get("dissociation"), 100.0, ""),
        (_("Systolic rise, highest, mmHg"), data["effects"].get("systolic_rise"), mine.get("systolic_rise"), 1.0, _("exploratory")),
    ]
    times = data["times_min"]
    found = [
        {"what": words, "rating": rating, "typical": _highest(line, times, by), "own": _highest(his, times, by) if his else ""}
        for words, line, his, by, rating in rows
        if line and "p95" in line
    ]
    for name, below in data.get("clock", {}).items():
        his = own["clock"].get(name) if own else None
        words = _("Below %(level)s ng/mL, minute (nine of ten)") % {"level": f"{below['threshold_ng_per_ml']:g}"}
        found.append(
            {"what": words, "rating": _("not a discharge criterion"), "typical": _fallen(below), "own": _fallen(his) if his else ""}
        )
    return found


def _highest(line: Mapping[str, Numbers], times: Sequence[float], by: float) -> str:
    _minute, middle, low, high = _peak(line, times)
    return f"{middle * by:.0f} ({low * by:.0f}–{high * by:.0f})"


def _fallen(below: Mapping[str, Any]) -> str:
    if below["median_min"] is None:
        return _("not within the time shown")
    nine = below["ninety_percent_min"]
    return f"{below['median_min']:.0f} ({nine:.0f})" if nine is not None else f"{below['median_min']:.0f} (–)"


def _weeks(told: Mapping[str, Any] | None) -> dict[str, Any] | None:
    """Pain over days 1 to 28: a curve in words inside the studied regimen, elsewhere the reason and the sentence."""
    if told is None:
        return None
    if not told.get("curve"):
        words = _("No validated prediction for this protocol; 23 %% of placebo patients also responded.") % {}
        return {"curve": False, "because": _not_studied(told), "words": words}
    line = told["curve"]["relief_of_a_responder"]
    days = [1, 7, 14, 28]
    places = [min(range(len(told["days"])), key=lambda place: abs(told["days"][place] - day)) for day in days]
    cells = [{"day": day, "band": _band(line, place, 100)} for day, place in zip(days, places, strict=True)]
    return {"curve": True, "cells": cells, "words": told["words"]}


def _not_studied(told: Mapping[str, Any]) -> str:
    """The first thing about this plan that the published course over weeks did not study."""
    values = {name: f"{value:.3g}" for name, value in told.get("values", {}).items()}
    words = {
        "indication": _("The published course was measured in CRPS type 1 only."),
        "drug": _("The published course was measured after S-ketamine; this is racemic ketamine."),
        "length": _("The infusion takes %(hours)s h; %(low)s to %(high)s h was studied."),
        "pause": _("The infusion has a pause; one continuous infusion was studied."),
        "rate": _("A rate of %(rate)s mg/h per 70 kg is outside %(low)s to %(high)s, as studied."),
    }
    return words[told["because"]] % values if told["because"] in words else str(told["because"])


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
    other = data.get("norketamine")
    return [
        {
            "minute": f"{times[place]:.0f}",
            "plasma": _band(data["plasma"], place),
            "norketamine": _band(other, place) if other and "p95" in other else "–",
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
