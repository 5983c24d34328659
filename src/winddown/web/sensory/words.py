"""The words of a pinprick test: forms, measures, what to do, and results as they are read."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as __

from winddown.domain.sensory.repeatability import Spread
from winddown.domain.sensory.score import Measure, Result

FORM_WORDS: Mapping[str, Any] = {
    "bedside": __("Bedside test"),
    "full": __("Full test"),
    "pinprick": __("Pinpricks only"),
}
FORM_HINTS: Mapping[str, Any] = {
    "bedside": __("Seven pinpricks twice on each site, soft touch, wind-up, area. About 12 minutes."),
    "full": __("The whole mechanical battery with thresholds: the one that published norms belong to. About 50 minutes."),
    "pinprick": __("Seven pinpricks once on each site. About 4 minutes."),
}
SITE_WORDS: Mapping[str, Any] = {"control": __("Control site"), "affected": __("Affected site")}
MEASURE_WORDS: Mapping[Measure, Any] = {
    "mps": __("Pinprick sensitivity"),
    "wur": __("Wind-up ratio"),
    "dma": __("Pain at soft touch"),
    "mpt": __("Pinprick threshold"),
    "area": __("Area of pinprick hyperalgesia"),
    "brush_area": __("Area of brush allodynia"),
}
MEASURE_HINTS: Mapping[Measure, Any] = {
    "mps": __("geometric mean of the ratings, 0 to 100"),
    "wur": __("ten pinpricks against one"),
    "dma": __("geometric mean of the ratings, 0 to 100; any pain is abnormal"),
    "mpt": __("force that begins to feel sharp"),
    "area": __("eight lines around the site"),
    "brush_area": __("eight lines around the site"),
}
UNIT_WORDS = {"mN": "mN", "cm2": "cm²", "rating": "", "1": ""}
STATUS_WORDS: Mapping[str, Any] = {
    "running": __("not finished"),
    "paused": __("paused"),
    "finished": __("finished"),
    "stopped": __("stopped early"),
}
SOURCE_WORDS: Mapping[str, Any] = {"patient": __("the patient"), "caregiver": __("a caregiver"), "staff": __("staff")}
STOP_REASONS: tuple[Any, ...] = (__("too painful"), __("the patient is tired"), __("no time"), __("another reason"))
SKIP_REASONS: tuple[Any, ...] = (
    __("skin is broken here"),
    __("the patient moved"),
    __("touched wrongly"),
    __("the patient does not want it"),
)
BOUNDS: Mapping[str, Any] = {"at least": __("at least"), "at most": __("at most")}


def result_words(found: Result) -> str:
    """A result as it is read: its number with unit and bound, or the reason why there is none."""
    if found.value is None:
        return reason_words(found)
    unit = UNIT_WORDS[found.unit]
    return " ".join(part for part in (str(BOUNDS.get(found.bound, "")), number(found.value), unit) if part)


def reason_words(found: Result) -> str:
    if found.unit == "mN" and found.n:
        return _("%(n)s of %(of)s turning points.") % {"n": found.n, "of": found.of}
    if found.unit == "cm2" and found.n:
        return _("Not computed: %(n)s of %(of)s lines measured.") % {"n": found.n, "of": found.of}
    return _(found.why)


def count_words(found: Result) -> str:
    """How many answers it rests on, said only when some are missing."""
    return "" if found.complete or found.value is None else _("%(n)s of %(of)s answers") % {"n": found.n, "of": found.of}


def number(value: float) -> str:
    """Three figures at most: 43.6, 8.1, 0.45, 128."""
    if value >= 100:
        return f"{value:.0f}"
    return f"{value:.1f}" if value >= 1 or value == 0 else f"{value:.2f}"


def of_ten(rating: float) -> str:
    """A rating of 0 to 100 as people say it, of ten."""
    return f"{rating / 10:.1f}".removesuffix(".0")


def spread_words(found: Spread) -> str:
    """What 95 of 100 repeated pairs stay within."""
    if found.as_log:
        return _("a factor of %(limit)s") % {"limit": f"{found.limit:.2f}"}
    return f"± {number(found.limit)} cm²"
