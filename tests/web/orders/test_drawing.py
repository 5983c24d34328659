"""The picture of a forecast draws what the data say: judged by reading the pixels back."""

from __future__ import annotations

import re
from typing import Any

from winddown.web.orders.drawing import forecast_picture

TIMES = [0.0, 10.0, 20.0, 40.0, 80.0, 160.0]
MEDIAN = [0.0, 120.0, 180.0, 250.0, 60.0, 20.0]


def forecast(**other: Any) -> dict[str, Any]:
    line = {
        "median": MEDIAN,
        **{name: [value * part for value in MEDIAN] for name, part in (("p05", 0.7), ("p25", 0.9), ("p75", 1.1), ("p95", 1.4))},
    }
    effect = {name: [value / 500 for value in values] for name, values in line.items()}
    told = {"times_min": TIMES, "model": {"analyte": "ketamine"}, "plasma": line, "clock": {}, "second": None, "effect_site": None}
    told["effects"] = {"dissociation": effect}
    return told | other


def points(svg: str, name: str) -> list[tuple[float, float]]:
    found = re.search(rf'class="{name}" points="([^"]*)"', svg)[1]
    return [(float(x), float(y)) for x, y in (pair.split(",") for pair in found.split())]


def test_the_line_is_highest_where_the_level_is_and_its_heights_keep_the_proportions():
    drawn = points(forecast_picture(forecast(), 40, "words"), "wd-fc-plasma")
    heights = [drawn[0][1] - y for _x, y in drawn]
    assert max(range(6), key=heights.__getitem__) == 3
    assert [round(height / heights[3], 2) for height in heights] == [0.0, 0.48, 0.72, 1.0, 0.24, 0.08]


def test_minutes_are_spaced_by_the_clock_and_the_end_stands_at_its_minute():
    svg = forecast_picture(forecast(), 40, "words")
    x = [place for place, _y in points(svg, "wd-fc-plasma")]
    assert round((x[4] - x[3]) / (x[3] - x[0]), 2) == 1.0
    assert float(re.search(r'class="wd-fc-end" x1="([^"]+)"', svg)[1]) == x[3]


def test_the_wide_band_holds_the_line_everywhere():
    svg = forecast_picture(forecast(), 40, "words")
    band, line = points(svg, "wd-fc-band wd-fc-wide"), points(svg, "wd-fc-plasma")
    upper, lower = band[:6], list(reversed(band[6:]))
    assert all(high[1] <= y <= low[1] for high, low, (_x, y) in zip(upper, lower, line, strict=True))


def test_where_nothing_is_known_nothing_is_drawn():
    plasma = forecast()["plasma"] | {"median": [*MEDIAN[:4], None, None]}
    assert len(points(forecast_picture(forecast(plasma=plasma), 40, "words"), "wd-fc-plasma")) == 4


def test_a_screen_reader_gets_the_sentence_and_markup_in_it_stays_words():
    assert 'aria-label="9 of 10 &lt; 300"' in forecast_picture(forecast(), 40, "9 of 10 < 300")
