"""The drawing of the printed record: the lanes of the screen's chart on paper, from the same data, in tones that print in gray."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from winddown.web.papers.svg import Drawing

WIDTH, LEFT, RIGHT = 560.0, 78.0, 4.0
INK, SOFT, GRID, DOSE, BAND, MIDDLE = "#1c262e", "#5b6770", "#d9dcdf", "#9db8c1", "#e3e9ec", "#c3d0d6"
ACT, WATCH = "#7a1418", "#5c3a00"
MINUTE_MS = 60_000
BEFORE_MS, AFTER_MS = 15 * MINUTE_MS, 5 * MINUTE_MS
LONGEST_MS = 9 * 60 * MINUTE_MS
GAP, MARKS = 5.0, 11.0
SCORES = (
    ("moaas", "MOAA/S"),
    ("rass", "RASS"),
    ("cadss6", "CADSS-6"),
    ("nausea", "Nausea"),
    ("pain", "Pain"),
    ("distress", "Distress"),
    ("perception", "Perception"),
)


@dataclass(frozen=True)
class Axis:
    """The time axis: milliseconds to points."""

    start: int
    stop: int

    def x(self, at: float) -> float:
        return LEFT + (at - self.start) / max(1, self.stop - self.start) * (WIDTH - LEFT - RIGHT)

    def holds(self, at: float) -> bool:
        return self.start <= at <= self.stop


@dataclass(frozen=True)
class Lane:
    """One lane: where it stands, and the scale of its values."""

    top: float
    height: float
    low: float
    high: float

    @property
    def bottom(self) -> float:
        return self.top + self.height

    def y(self, value: float) -> float:
        share = (value - self.low) / ((self.high - self.low) or 1)
        return self.bottom - min(1.0, max(0.0, share)) * self.height


def record_drawing(data: Mapping[str, Any], zone: ZoneInfo, numbers: Mapping[str, int]) -> str:
    """The chart's data as SVG.

    data     what `web.sessions.chart.chart_data` gives
    numbers  the number under which a mark or alarm stands in the lists below the drawing, by id
    """
    axis = _axis(data)
    scored = [(key, name) for key, name in SCORES if any(one["scale"] == key for one in data["scores"])]
    heights = [40.0, 62.0, 52.0, 30.0, 26.0, 22.0, 9.0 * max(1, len(scored)), MARKS, MARKS]
    drawing = Drawing(WIDTH, sum(heights) + GAP * len(heights) + 16)
    tops = [4 + sum(heights[:place]) + GAP * place for place in range(len(heights) + 1)]
    _time_lines(drawing, axis, zone, data, tops[-1])
    _dose(drawing, axis, tops[0], heights[0], data["dose"])
    _concentration(drawing, axis, tops[1], heights[1], data["forecast"])
    _pressure(drawing, axis, tops[2], heights[2], data)
    pulse = "heart_rate" if data["readings"].get("heart_rate") else "pulse_rate"
    _trend(drawing, axis, Lane(tops[3], heights[3], 40, 140), "Pulse", "/min", data, pulse)
    _trend(drawing, axis, Lane(tops[4], heights[4], 84, 100), "SpO₂", "%", data, "spo2")
    _trend(drawing, axis, Lane(tops[5], heights[5], 4, 28), "Breaths", "/min", data, "respiratory_rate")
    _scores(drawing, axis, tops[6], scored, data["scores"])
    marks = [(one["at"], one["id"]) for one in data["marks"]]
    _row_of_marks(drawing, axis, tops[7], "Marks", marks, numbers, alarm=False)
    alarms = [(one["raised_at"], one["id"]) for one in data["alarms"]]
    _row_of_marks(drawing, axis, tops[8], "Alarms", alarms, numbers, alarm=True)
    return drawing.text()


def _axis(data: Mapping[str, Any]) -> Axis:
    """From shortly before the first mark of the pump to shortly after the last thing that happened."""
    session = data["session"]
    times = [one["at"] for one in (*data["marks"], *data["scores"])]
    times += [point[0] for points in data["readings"].values() for point in (points[:1] + points[-1:])]
    first = session["started_at"] or min(times, default=data["now"])
    last = max([*times, *(segment["to"] for segment in data["dose"]["segments"] if not segment["open"]), first + 30 * MINUTE_MS])
    end = max(last, session["finish_at"] or 0) if session["status"] in ("running", "held") else last
    start = first - BEFORE_MS
    return Axis(start, min(end + AFTER_MS, start + LONGEST_MS))


def _time_lines(drawing: Drawing, axis: Axis, zone: ZoneInfo, data: Mapping[str, Any], bottom: float) -> None:
    span_min = (axis.stop - axis.start) / MINUTE_MS
    step = next(each for each in (5, 10, 15, 30, 60, 120) if span_min / each <= 16)
    began = data["session"]["started_at"]
    at = -(-axis.start // (step * MINUTE_MS)) * step * MINUTE_MS
    while at <= axis.stop:
        x = axis.x(at)
        drawing.line(x, 2, x, bottom - GAP, stroke=GRID, stroke_width=0.5)
        drawing.words(x, bottom + 3, f"{datetime.fromtimestamp(at / 1000, tz=zone):%H:%M}", size=6, anchor="middle", fill=INK)
        if began:
            drawing.words(x, bottom + 10, f"{(at - began) / MINUTE_MS:+.0f} min", size=5, anchor="middle", fill=SOFT)
        at += step * MINUTE_MS
    if began and axis.holds(began):
        drawing.line(axis.x(began), 2, axis.x(began), bottom - GAP, stroke=INK, stroke_width=0.6, stroke_dasharray="1.5 1.5")


def _frame(drawing: Drawing, lane: Lane, title: str, unit: str, ticks: Iterable[float]) -> None:
    drawing.words(0, lane.top + 6, title, size=6.5, bold=True)
    drawing.words(0, lane.top + 13, unit, size=5.5, fill=SOFT)
    drawing.line(LEFT, lane.bottom, WIDTH - RIGHT, lane.bottom, stroke=SOFT, stroke_width=0.5)
    for tick in ticks:
        drawing.line(LEFT, lane.y(tick), WIDTH - RIGHT, lane.y(tick), stroke=GRID, stroke_width=0.4)
        drawing.words(LEFT - 3, lane.y(tick) + 2, f"{tick:g}", size=5.5, anchor="end", fill=SOFT)


def _dose(drawing: Drawing, axis: Axis, top: float, height: float, dose: Mapping[str, Any]) -> None:
    segments = dose["segments"]
    most = max([segment["mg_per_h"] or 0 for segment in segments if segment["kind"] != "bolus"], default=0)
    lane = Lane(top, height, 0, _round_up(most * 1.1 or 1))
    _frame(drawing, lane, "Dose", "mg/h", (lane.high,))
    told = (f"pumped {dose['pumped_mg']} mg", f"{dose['mg_per_kg']} mg/kg", f"reached {dose['reached_mg']} mg")
    for place, words in enumerate(told):
        drawing.words(0, top + 21 + 7 * place, words, size=5.5)
    for segment in segments:
        _segment(drawing, axis, lane, segment)


def _segment(drawing: Drawing, axis: Axis, lane: Lane, segment: Mapping[str, Any]) -> None:
    x = axis.x(segment["from"])
    width = axis.x(min(segment["to"], axis.stop)) - x
    rate = segment["mg_per_h"]
    if segment["kind"] == "bolus":
        drawing.line(x, lane.top, x, lane.bottom, stroke=INK, stroke_width=1.2)
    elif rate is None:
        drawing.rect(x, lane.top, width, lane.height, fill="url(#hatch)")
        drawing.words(x + 1, lane.top + 7, "rate not known", size=5.5)
    elif segment["kind"] == "running" and rate > 0:
        drawing.rect(x, lane.y(rate), width, lane.bottom - lane.y(rate), fill=DOSE, stroke=INK, stroke_width=0.4)
        if width > 34:
            drawing.words(x + 2, lane.y(rate) + 7, f"{segment['ml_per_h']:g} mL/h", size=5.5, fill=INK)
    else:
        drawing.rect(x, lane.bottom - 8, width, 8, fill="url(#hatch)")
        drawing.words(x + 1, lane.bottom - 10, "held", size=5.5)


def _concentration(drawing: Drawing, axis: Axis, top: float, height: float, forecast: Mapping[str, Any] | None) -> None:
    if forecast is None:
        _frame(drawing, Lane(top, height, 0, 1), "Concentration", "ng/mL", ())
        drawing.words(LEFT + 4, top + height / 2, "no forecast: the model has too little to go on", size=6, fill=SOFT)
        return
    xs = {place: axis.x(at) for place, at in enumerate(forecast["times"]) if axis.holds(at)}
    plasma = forecast["plasma"]
    lane = Lane(top, height, 0, _round_up(max([plasma["p95"][place] or 0 for place in xs], default=0) or 1))
    _frame(drawing, lane, "Concentration", "ng/mL, predicted", (lane.high / 2, lane.high))
    for low, high, tone in (("p05", "p95", BAND), ("p25", "p75", MIDDLE)):
        known = [place for place in xs if plasma[low][place] is not None and plasma[high][place] is not None]
        drawing.area([(xs[p], lane.y(plasma[high][p])) for p in known], [(xs[p], lane.y(plasma[low][p])) for p in known], fill=tone)
    _curves(drawing, lane, xs, forecast)
    for one in forecast["thresholds"]:
        if one["ng_per_ml"] < lane.high:
            _level(drawing, lane, one["ng_per_ml"], SOFT, "2 1.5")
    for place, words in enumerate(("thin: plasma, band 50 and 90 %", "thick: effect site", "dotted: norketamine", "dashed: second model")):
        drawing.words(0, top + 22 + 7 * place, words, size=4.8, fill=SOFT)
    drawing.words(WIDTH - RIGHT - 2, top + 6, f"{forecast['model']['name']}; {forecast['model']['words']}", size=5, anchor="end", fill=SOFT)


def _curves(drawing: Drawing, lane: Lane, xs: Mapping[int, float], forecast: Mapping[str, Any]) -> None:
    """Told apart by width and dashes, not by color."""
    effect, other, second = forecast["effect_site"], forecast["norketamine"], forecast["second"]
    drawing.path(_points(forecast["plasma"]["p50"], xs, lane), stroke=INK, stroke_width=0.6)
    if effect:
        drawing.path(_points(effect["p50"], xs, lane), stroke=INK, stroke_width=1.6)
    if other:
        drawing.path(_points(other["p50"], xs, lane), stroke=INK, stroke_width=1, stroke_dasharray="0.5 2", stroke_linecap="round")
    if second:
        drawing.path(_points(second["plasma_p50"], xs, lane), stroke=SOFT, stroke_width=0.7, stroke_dasharray="4 2")


def _level(drawing: Drawing, lane: Lane, value: float, tone: str, dashes: str) -> None:
    drawing.line(LEFT, lane.y(value), WIDTH - RIGHT, lane.y(value), stroke=tone, stroke_width=0.5, stroke_dasharray=dashes)


def _pressure(drawing: Drawing, axis: Axis, top: float, height: float, data: Mapping[str, Any]) -> None:
    high, low = data["readings"].get("systolic", []), data["readings"].get("diastolic", [])
    values = [point[1] for point in (*high, *low) if point[1] is not None]
    lane = Lane(top, height, min([50, *values]) - 5, max([170, *values]) + 5)
    _frame(drawing, lane, "Pressure", "mmHg", (60, 100, 140, 180) if lane.high > 180 else (60, 100, 140))
    baseline = data["baseline"].get("systolic")
    limits = data["limits"].get("systolic", {})
    for value, words in ((baseline, "baseline"), (limits.get("relative_high"), "own limit")):
        if value:
            _level(drawing, lane, value, SOFT, "3 2")
            drawing.words(WIDTH - RIGHT - 1, lane.y(value) - 1.5, f"{words} {value:.0f}", size=4.8, anchor="end", fill=SOFT)
    lows = {point[0]: point for point in low}
    for at, value, label, source, *_words in _thinned(high, axis):
        pair = lows.get(at)
        bottom = pair[1] if pair and pair[1] is not None else None
        _bar(drawing, axis.x(at), lane, value, bottom, sure=label in ("accepted", "late"), hand=source == "hand")


def _bar(drawing: Drawing, x: float, lane: Lane, high: float, low: float | None, *, sure: bool, hand: bool) -> None:
    tone = INK if sure else "#9aa2a9"
    if low is not None:
        drawing.line(x, lane.y(high), x, lane.y(low), stroke=tone, stroke_width=0.9)
        drawing.line(x - 2, lane.y(low), x + 2, lane.y(low), stroke=tone, stroke_width=0.9)
    drawing.line(x - 2, lane.y(high), x + 2, lane.y(high), stroke=tone, stroke_width=0.9)
    if hand:
        drawing.circle(x, lane.y(high) - 2.5, 1.1, fill="#fff", stroke=tone, stroke_width=0.5)


def _trend(drawing: Drawing, axis: Axis, lane: Lane, title: str, unit: str, data: Mapping[str, Any], kind: str) -> None:
    points = data["readings"].get(kind, [])
    values = [point[1] for point in points if point[1] is not None and point[2] in ("accepted", "late")]
    wide = Lane(lane.top, lane.height, min([lane.low, *values]), max([lane.high, *values]))
    _frame(drawing, wide, title, unit, (wide.low, wide.high))
    limits = data["limits"].get(kind, {})
    for end in ("low", "high"):
        value = limits.get(end)
        if value is not None and wide.low < value < wide.high:
            _level(drawing, wide, value, WATCH, "3 2")
    sure = [point for point in points if point[2] in ("accepted", "late") and point[1] is not None and axis.holds(point[0])]
    drawing.path(_joined(sure, axis, wide), stroke=INK, stroke_width=0.7)
    if len(sure) < 120:
        for at, value, _label, source, *_words in sure:
            drawing.circle(axis.x(at), wide.y(value), 1.3, fill="#fff" if source == "hand" else INK, stroke=INK, stroke_width=0.6)


def _joined(points: Sequence[Sequence[Any]], axis: Axis, lane: Lane) -> list[tuple[float, float] | None]:
    """A line that keeps the lowest and the highest of each point's width, and breaks after ten minutes without a value."""
    found: list[tuple[float, float] | None] = []
    bucket: list[float] = []
    column, last = None, None
    for at, value, *_rest in points:
        here = round(axis.x(at))
        if column is not None and here != column:
            found += [(column, lane.y(each)) for each in dict.fromkeys((min(bucket), max(bucket)))]
            bucket = []
            if last is not None and at - last > 10 * MINUTE_MS:
                found.append(None)
        column, last = here, at
        bucket.append(value)
    if column is not None:
        found += [(column, lane.y(each)) for each in dict.fromkeys((min(bucket), max(bucket)))]
    return found


def _scores(drawing: Drawing, axis: Axis, top: float, scored: Sequence[tuple[str, str]], scores: Sequence[Mapping[str, Any]]) -> None:
    if not scored:
        drawing.words(0, top + 6, "Scores", size=6.5, bold=True)
        drawing.words(LEFT + 4, top + 6, "none taken", size=6, fill=SOFT)
    for place, (key, name) in enumerate(scored):
        y = top + 9 * place
        drawing.words(0, y + 6.5, name, size=6.5, bold=True)
        drawing.line(LEFT, y + 8.7, WIDTH - RIGHT, y + 8.7, stroke=GRID, stroke_width=0.4)
        for one in scores:
            if one["scale"] == key and one["value"] is not None and axis.holds(one["at"]):
                _cell(drawing, axis.x(one["at"]), y, one)


def _cell(drawing: Drawing, x: float, y: float, one: Mapping[str, Any]) -> None:
    """The heavier the frame, the graver: calm thin, watch thick, act filled."""
    act, watch = one["level"] == "act", one["level"] == "watch"
    drawing.rect(x - 4.5, y + 0.5, 9, 7.6, fill=INK if act else "#fff", stroke=INK, stroke_width=1.1 if watch else 0.4)
    drawing.words(x, y + 6.4, f"{one['value']:g}", size=5.8, anchor="middle", bold=act or watch, fill="#fff" if act else INK)


def _row_of_marks(
    drawing: Drawing, axis: Axis, top: float, title: str, marks: Iterable[tuple[int, str]], numbers: Mapping[str, int], *, alarm: bool
) -> None:
    """A tick for each, and the number of its line below where there is room for it: round for a mark, square for an alarm."""
    drawing.words(0, top + 7, title, size=6.5, bold=True)
    drawing.line(LEFT, top + MARKS, WIDTH - RIGHT, top + MARKS, stroke=SOFT, stroke_width=0.5)
    last = -99.0
    for at, name in sorted(marks):
        if name not in numbers or not axis.holds(at):
            continue
        x = axis.x(at)
        drawing.line(x, top + MARKS - 2, x, top + MARKS, stroke=INK, stroke_width=0.7)
        if x - last < 8:
            continue
        last = x
        if alarm:
            drawing.rect(x - 3.5, top + 1, 7, 7, fill="#fff", stroke=ACT, stroke_width=0.8)
        else:
            drawing.circle(x, top + 4.5, 4, fill="#fff", stroke=INK, stroke_width=0.5)
        drawing.words(x, top + 6.4, str(numbers[name]), size=5, anchor="middle", bold=alarm)


def _points(values: Sequence[float | None], xs: Mapping[int, float], lane: Lane) -> list[tuple[float, float] | None]:
    return [None if values[place] is None else (x, lane.y(values[place] or 0.0)) for place, x in xs.items()]


def _thinned(points: Sequence[Sequence[Any]], axis: Axis) -> list[Sequence[Any]]:
    """At most one bar for each point of width, the highest of them."""
    best: dict[int, Sequence[Any]] = {}
    for point in points:
        if point[1] is None or not axis.holds(point[0]):
            continue
        column = round(axis.x(point[0]) / 3)
        if column not in best or point[1] > best[column][1]:
            best[column] = point
    return list(best.values())


def _round_up(value: float) -> float:
    for step in (1, 2, 5, 10, 20, 50, 60, 80, 100, 150, 200, 250, 300, 400, 500, 600, 800, 1000, 1500, 2000, 3000, 5000):
        if value <= step:
            return float(step)
    return value
