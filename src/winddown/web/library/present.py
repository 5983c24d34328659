"""The library as its pages show it: sentences a prescriber reads first, pictures, and the numbers that open below."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache
from typing import Any

from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from winddown.domain.pharmacology import library, models
from winddown.domain.pharmacology.evidence.compare import record_of
from winddown.domain.pharmacology.evidence.effect_panels import EffectPanel, effect_panels
from winddown.domain.pharmacology.evidence.errors import Performance
from winddown.domain.pharmacology.evidence.panels import Panel, panels
from winddown.domain.pharmacology.model import Site, guessed
from winddown.web.library import drawing
from winddown.web.library.words import ALSO, ANALYTES, AXES, FORMS, LABELS, LEVELS, LINES, RATINGS, SITES

HEAVIER_KG = 5.0
KINDS: tuple[tuple[Site, bool], ...] = (("arterial", True), ("venous", True), ("unstated", True), ("arterial", False), ("venous", False))


def shelf() -> dict[str, Any]:
    """The list: models with how far off they are, effects with their rating, and what is refused."""
    told = library.everything()
    for line in told["models"]:
        line["ratings"] = ratings(models.get(line["id"]).card.ratings)
        line["sentences"] = record_sentences(line["id"])
        line["guesses_words"] = guesses_words(line["guesses"])
    for line in told["effects"]:
        line["rating"] = RATINGS[line["founded"]]
    return told


def ratings(found: Any) -> list[dict[str, Any]]:
    return [{"analyte": ANALYTES[name], "words": RATINGS[rating][0], "level": RATINGS[rating][1]} for name, rating in found.items()]


def record_sentences(model_id: str) -> list[dict[str, Any]]:
    """One sentence for each kind of blood in which it was judged, and one where that hangs on a weight nobody read."""
    record, heavier = record_of(model_id), record_of(model_id, HEAVIER_KG)
    found: list[dict[str, Any]] = []
    for site, parents in KINDS:
        told, other = (each.performance(site=site, parents=parents) for each in (record, heavier))
        if told is None or other is None:
            continue
        found.append({"words": _off(told, site, parents), "level": "unknown" if told.reaches_goal else "watch"})
        if told.reaches_goal != other.reaches_goal:
            found.append({"words": _if_heavier(other), "level": "watch"})
    return found or [{"words": _("No measured level on file may judge it."), "level": "watch"}]


def _off(told: Performance, site: Site, parents: bool) -> str:
    values = {
        "site": SITES[site],
        "bias": f"{abs(told.bias_percent):.0f}",
        "error": f"{told.error_percent:.0f}",
        "n": told.observations,
    }
    if parents and told.bias_percent >= 0:
        return _("Ketamine, %(site)s: people had %(bias)s %% more than it says; it is usually off by %(error)s %% (%(n)s means).") % values
    if parents:
        return _("Ketamine, %(site)s: people had %(bias)s %% less than it says; it is usually off by %(error)s %% (%(n)s means).") % values
    if told.bias_percent >= 0:
        return (
            _("Metabolites, %(site)s: people had %(bias)s %% more than it says; it is usually off by %(error)s %% (%(n)s means).") % values
        )
    return _("Metabolites, %(site)s: people had %(bias)s %% less than it says; it is usually off by %(error)s %% (%(n)s means).") % values


def _if_heavier(told: Performance) -> str:
    values = {"kg": f"{HEAVIER_KG:g}", "bias": f"{told.bias_percent:+.0f}", "error": f"{told.error_percent:.0f}"}
    return _("That hangs on weights nobody published: %(kg)s kg more, and it would be %(bias)s %%, off by %(error)s %%.") % values


def guesses_of(model_id: str) -> str:
    """How many figures of a model nobody published, for the line beside a forecast; empty for a model of another version of the house."""
    return guesses_words([each.symbol for each in guessed(models.read(model_id).table)]) if model_id in models.RUNNABLE else ""


def guesses_words(guesses: Sequence[str]) -> str:
    if not guesses:
        return ""
    words = ngettext(
        "%(n)s of its figures is a guess: our own arithmetic or judgement.",
        "%(n)s of its figures are guesses: our own arithmetic or judgement.",
        len(guesses),
    )
    return words % {"n": len(guesses)}


def book(name: str) -> dict[str, Any]:
    """Everything about one model or effect for its page. Refuses what the library refuses."""
    told = library.one(name)
    told["labeled"] = [(LABELS[label], words) for label, words in told["facts"]]
    told["guesses_words"] = guesses_words(told["guesses"])
    for figure in told["figures"]:
        figure["read_words"] = LEVELS[figure["level"]]
        figure["shown"] = f"{figure['value']:g}"
        figure["spread"] = "" if figure["variance"] is None else f"{figure['variance']:.3g}"
    if told["kind"] == "model":
        told["ratings"] = ratings(models.read(name).card.ratings)
        told["compares_venous"] = len(models.read(name).card.sites) > 1
        told["sentences"] = record_sentences(name)
        told["pictures"] = pictures(name, get_language() or "en")
    else:
        told["rating"] = RATINGS[told["founded"]]
        told["pictures"] = effect_pictures(name, get_language() or "en")
        told["warnings"] = list(dict.fromkeys(line["words"] for line in told["lines"]))
    return told


@lru_cache(maxsize=64)
def pictures(model_id: str, language: str) -> tuple[SafeString, ...]:
    """Drawn once for each language: they hang on nothing but the program's own files."""
    return tuple(_picture(panel) for panel in panels(model_id))


@lru_cache(maxsize=64)
def effect_pictures(effect_id: str, language: str) -> tuple[SafeString, ...]:
    """The effect against its level, and over time."""
    return tuple(_effect_picture(each) for each in effect_panels(effect_id))


def _effect_picture(each: EffectPanel) -> SafeString:
    drawn = replace(
        each.panel, unit=str(AXES.get(each.panel.unit, each.panel.unit)), across=str(AXES.get(each.panel.across, each.panel.across))
    )
    title, under = str(LINES[each.line]), _under(each)
    top = int(drawn.typical.argmax())
    told = {
        "level": f"{drawn.typical[top]:.3g}",
        "unit": drawn.unit,
        "at": f"{drawn.minutes[top]:.3g}",
        "across": drawn.across,
        "low": f"{drawn.low[top]:.3g}",
        "high": f"{drawn.high[top]:.3g}",
    }
    words = _("Typical course: highest at %(level)s %(unit)s, %(at)s %(across)s; nine of ten between %(low)s and %(high)s there.") % told
    seen = "".join(
        " " + _("A published value: %(value)s at %(at)s.") % {"value": f"{point.ng_per_ml:.3g}", "at": f"{point.minute:.3g} {drawn.across}"}
        for point in drawn.points
    )
    return mark_safe(drawing.picture(drawn, title, under, f"{title}, {under}. {words}{seen}"))


def _under(each: EffectPanel) -> str:
    """What the axis across means, under the title."""
    if each.panel.axis == "days":
        return _("over %(days)s days, after the plan it was built on") % {"days": f"{each.panel.minutes[-1]:g}"}
    if not each.follows:
        return _("0.5 mg/kg of racemate over 40 min, %(kg)s kg") % {"kg": f"{each.panel.weight_kg:g}"}
    level = _("at a steady level of %(analyte)s") % {"analyte": ANALYTES[each.follows]}
    return f"{level}, {ALSO[each.also]}" if each.also else level


def _picture(panel: Panel) -> SafeString:
    told = {"kg": f"{panel.weight_kg:g}"}
    title = panel.study or _("A standard dose: 0.5 mg/kg over 40 min, %(kg)s kg") % told
    place = f"{ANALYTES[panel.analyte]}, {SITES[panel.site]}"
    under = place if not panel.study else _("%(place)s; given: %(form)s") % {"place": place, "form": FORMS[panel.form]}
    return mark_safe(drawing.picture(panel, title, str(under), f"{title}, {under}. {_spoken(panel)}"))


def _spoken(panel: Panel) -> str:
    """What the picture shows, for a reader who hears it."""
    top = int(panel.typical.argmax())
    words = _("The typical course is highest at %(level)s ng/mL, minute %(minute)s.") % {
        "level": f"{panel.typical[top]:.0f}",
        "minute": f"{panel.minutes[top]:.0f}",
    }
    if panel.points:
        inside = sum(bool(_low_at(panel, point.minute) <= point.ng_per_ml <= _high_at(panel, point.minute)) for point in panel.points)
        words += " " + _("%(inside)s of %(n)s measured means lie in the 5 to 95 %% band.") % {"inside": inside, "n": len(panel.points)}
    return words


def _low_at(panel: Panel, minute: float) -> float:
    return float(panel.low[panel.minutes.searchsorted(minute).clip(0, panel.minutes.size - 1)])


def _high_at(panel: Panel, minute: float) -> float:
    return float(panel.high[panel.minutes.searchsorted(minute).clip(0, panel.minutes.size - 1)])
