"""What `winddown predict` writes besides its table: CSV, a picture, one patient's own lines, a plan that holds a level."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from winddown.domain.refusals import Missing, UnknownWord

if TYPE_CHECKING:
    from winddown.domain.pharmacology.band import Forecast, Line
    from winddown.domain.pharmacology.individual import Posterior
    from winddown.domain.pharmacology.target import Bounds, Goal, Plan

VALUES = ("median", "p05", "p25", "p75", "p95")
COLUMNS = ("minute", "line", "unit", "rating", *VALUES, "in_range", "made_by", "guesses", "calibrated_on")
CALIBRATED_ON = "simulated patients only"
OWN = "this patient: "
CALIBRATED = (
    "Scores and pressures narrow the lines that they are read from; the level and dissociation as a fraction of perception hardly. "
    "This patient's lines are calibrated on simulated patients only."
)


def lines_of(predicted: Forecast, own: dict[str, Line] | None = None) -> Iterator[tuple[str, Line]]:
    yield from predicted.analytes.items()
    if predicted.effect_site is not None:
        yield "effect_site", predicted.effect_site
    yield from predicted.effects.items()
    for name, line in (own or {}).items():
        yield f"{OWN}{name}", line


def as_csv(predicted: Forecast, own: dict[str, Line] | None = None) -> str:
    """One row for each line and minute with all that must travel with a number; an unknown value is empty."""
    from winddown.domain.pharmacology.provenance import origin  # slow import

    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(COLUMNS)
    for name, line in lines_of(predicted, own):
        band, made = line.as_data(), origin(predicted.model_id, name.removeprefix(OWN))
        for place, minute in enumerate(predicted.times_min.tolist()):
            values = ("" if band[key][place] is None else band[key][place] for key in VALUES)
            holds = "yes" if minute <= predicted.valid_until_min else "no"
            told = (holds, made.made_by, " ".join(made.guesses), CALIBRATED_ON)
            writer.writerow((f"{minute:g}", name, line.unit, line.rating, *values, *told))
    return text.getvalue()


def learned_words(posterior: Posterior) -> list[str]:
    """What taught, what did not, what does not fit: one sentence each."""
    words = [f"Learned from {len(posterior.lessons)} observation(s)."]
    for lesson in posterior.lessons:
        if not lesson.fits:
            seen = lesson.observation
            expected = f" {lesson.low:.0f} to {lesson.high:.0f} expected;" if lesson.low is not None and lesson.high is not None else ""
            words.append(f"{seen.kind} {seen.value:g} at minute {seen.at_min:g} does not fit:{expected} it pulls little.")
    for each in posterior.left_out:
        because = f"after {each.drug.name}" if each.drug else each.code.replace("_", " ")
        words.append(f"{each.observation.kind} at minute {each.observation.at_min:g} did not teach: {because}.")
    return [*words, CALIBRATED]


def goal_of(text: str) -> Goal:
    """ "150ng/mL:40min", or "effect_site 150ng/mL:40min".

    refuses  Missing for what is not written like this; UnknownWord for another unit or signal
    """
    from winddown.domain.pharmacology.target import SIGNALS, Goal  # slow import
    from winddown.domain.quantities import parse_decimal, parse_minutes  # slow import

    signal, _, rest = text.strip().rpartition(" ")
    level, colon, minutes = rest.partition(":")
    number = level.rstrip("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ/ ")
    if not colon or not number:
        raise Missing(
            because=f"The target {text!r} has no level or no time.",
            way_out='Write "150ng/mL:40min".',
            code="target_unreadable",
            where="target",
        )
    unit = level[len(number) :].strip()
    if unit != "ng/mL":
        raise UnknownWord("unit of a level", unit, ("ng/mL",))
    if signal and signal not in SIGNALS:
        raise UnknownWord("signal", signal, SIGNALS)
    return Goal(float(parse_decimal(number, where="target")), float(parse_minutes(minutes, where="target")), signal or "plasma")


def bounds_of(cap: str, step: str, most: str | None, weight_kg: float) -> Bounds:
    """The cap and the pump's step as rates, the bag as a mass. refuses what the units refuse."""
    from winddown.domain.pharmacology.regimen import rate_mg_per_min  # slow import
    from winddown.domain.pharmacology.structures import HOURS_TO_MINUTES  # slow import
    from winddown.domain.pharmacology.target import Bounds  # slow import
    from winddown.domain.quantities import parse_quantity  # slow import

    units = ("mg/kg/h", "mcg/kg/min", "mg/h", "mg/min")
    per_h = [rate_mg_per_min(parse_quantity(text, allowed=units, where="cap"), weight_kg) * HOURS_TO_MINUTES for text in (cap, step)]
    total = float(parse_quantity(most, allowed=("mg",), where="at_most").value) if most else None
    return Bounds(per_h[0], per_h[1], total)


def plan_words(plan: Plan) -> list[str]:
    """The plan, or the limit that stands in the way."""
    goal = plan.goal
    asked = f"{goal.level_ng_per_ml:g} ng/mL ({goal.signal.replace('_', ' ')}) for {goal.minutes:g} min"
    words = []
    if plan.found and plan.line is not None:
        steps = ", then ".join(f"{rate:g} mg/h for {minutes:g} min" for minutes, rate in plan.steps)
        words.append(f"{asked}: {steps}; {plan.total_mg:.1f} mg in all, reached at minute {plan.reached_min:g}.")
    else:
        words.append(f"{asked}: no plan inside the limits.")
    for each in plan.binding:
        told = each.numbers
        words.append(
            {
                "rate_cap": f"The cap of {told.get('mg_per_h', 0):g} mg/h binds.",
                "pump_step": f"The pump's step of {told.get('mg_per_h', 0):g} mg/h is too coarse for it.",
                "total_cap": f"It needs {told.get('needed_mg', 0):.1f} mg, the limit is {told.get('most_mg', 0):g} mg.",
                "chance": f"{told.get('share', 0):.0%} of courses pass {told.get('above', 0):g}; limit {told.get('most', 0):.0%}.",
            }[each.code]
        )
    if plan.highest is not None:
        words.append(f"Inside them the middle patient holds about {plan.highest:.0f} ng/mL.")
    return [*words, "Nothing is ordered. A level is no measure of relief: it did not go with response."]


def picture(predicted: Forecast, own: dict[str, Line] | None, title: str) -> str:
    """An SVG of every line with its 5 to 95% band, one panel each."""
    import vl_convert  # slow import

    from winddown.domain.pharmacology.provenance import guess_words  # slow import

    rows: list[dict[str, Any]] = []
    names: list[str] = []
    for name, line in lines_of(predicted, own):
        label = f"{name.replace('_', '-')}, {line.unit} ({line.rating})"
        names.append(label)
        data = line.as_data()
        for place, minute in enumerate(predicted.times_min.tolist()):
            if data["median"][place] is not None:
                rows.append({"line": label, "min": minute, **{key: data[key][place] for key in ("median", "p05", "p95", "p25", "p75")}})
    about = [
        *predicted.warnings,
        *filter(None, [guess_words(predicted.model_id, (*predicted.analytes, *predicted.effects))]),
        predicted.as_data()["coverage"],
    ]
    about += [CALIBRATED] if own else []
    x = {"field": "min", "type": "quantitative", "title": "minutes from the first drop"}
    band = {"type": "quantitative", "title": None}
    spec = {
        "$schema": "https://vega.github.io/schema/vega-lite/v5.json",
        "title": {"text": title, "subtitle": about, "anchor": "start"},
        "data": {"values": rows},
        "facet": {"field": "line", "type": "nominal", "title": None, "sort": names},
        "columns": 2,
        "resolve": {"scale": {"y": "independent"}},
        "spec": {
            "width": 320,
            "height": 150,
            "layer": [
                {"mark": {"type": "area", "opacity": 0.18}, "encoding": {"x": x, "y": {"field": "p05", **band}, "y2": {"field": "p95"}}},
                {"mark": {"type": "area", "opacity": 0.25}, "encoding": {"x": x, "y": {"field": "p25", **band}, "y2": {"field": "p75"}}},
                {"mark": {"type": "line", "point": len(predicted.times_min) < 13}, "encoding": {"x": x, "y": {"field": "median", **band}}},
            ],
        },
    }
    svg: str = vl_convert.vegalite_to_svg(json.dumps(spec))
    return svg
