"""Every effect of one order's plan, each with its picture, its rating and what must be read beside it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from winddown.domain.pharmacology import library, models
from winddown.domain.pharmacology.band import Line
from winddown.domain.pharmacology.effects import EVERY
from winddown.domain.pharmacology.effects.weeks import NoCurve, Outside
from winddown.domain.pharmacology.evidence.panels import Panel, of_effect
from winddown.domain.pharmacology.linear import Array
from winddown.services import orders
from winddown.services.effects_ahead import EffectsAhead, effects_ahead
from winddown.web.access import StaffRequest, read_chart
from winddown.web.library import drawing
from winddown.web.library.words import ANALYTES, AXES, LINES, RATINGS, SITES, UNITS
from winddown.web.orders.order_page import order_of
from winddown.web.patients.base import head_of
from winddown.web.people.shell import desk, show

SHEETS = {scale.key: effect.sheet.effect_id for effect in EVERY for scale in effect.scales}


@desk("chart.read")
@require_GET
def order_effects(request: StaffRequest, ref: UUID) -> HttpResponse:
    """For the typical patient of this weight, age and sex: to look at before signing, never to choose a dose by."""
    order = order_of(ref)
    read_chart(request, order.patient, f"effects of order {order.ref}")
    on_mood_track = order.course.protocol.data.get("track") == "mood"
    ahead = effects_ahead(orders.checked(order), order.patient, on_mood_track=on_mood_track, now=request.now)
    context = {"order": order, "levels": _levels(ahead), "effects": _effects(ahead), "ahead": ahead, "weeks": _weeks(ahead)}
    return show(request, "library/order_effects.html", head_of(request, order.patient) | context)


def _levels(ahead: EffectsAhead) -> list[dict[str, Any]]:
    site = str(SITES[models.get(models.DEFAULT).card.sites[0]])
    return [
        {"picture": _drawn(ahead.minutes, line, str(ANALYTES[name]).capitalize(), site, ahead.weight_kg), "rating": RATINGS[line.rating]}
        for name, line in ahead.foretold.levels.items()
    ]


def _effects(ahead: EffectsAhead) -> list[dict[str, Any]]:
    return [
        {
            "picture": _drawn(ahead.minutes, line, str(LINES[key]), str(UNITS.get(line.unit, line.unit)), ahead.weight_kg),
            "rating": RATINGS[line.rating],
            "words": line.words,
            "id": SHEETS[key],
            "name": library.EFFECTS[SHEETS[key]].sheet.name,
        }
        for key, line in ahead.foretold.lines.items()
    ]


def _weeks(ahead: EffectsAhead) -> dict[str, Any] | None:
    if ahead.mood is None:
        return None
    if isinstance(ahead.mood, NoCurve):
        return {"because": _not_studied(ahead.mood.because), "words": ahead.mood.sentence}
    line = ahead.mood.lines["mood_gain"]
    picture = _drawn(ahead.mood.days, line, str(LINES["mood_gain"]), str(UNITS[line.unit]), ahead.weight_kg, across=_("days"))
    return {"picture": picture, "words": ahead.mood.words, "rating": RATINGS[ahead.mood.rating]}


def _not_studied(outside: Outside) -> str:
    """The first thing about this plan that the published course of mood did not study."""
    values = {name: f"{value:.3g}" for name, value in outside.values.items()}
    words = {
        "indication": _("The course of mood was measured in depressed patients."),
        "drug": _("The course of mood was measured after racemic infusions; this is S-ketamine."),
        "length": _("The infusion takes %(minutes)s min; one of %(studied)s min was studied."),
        "dose": _("A dose of %(dose)s mg/kg is outside %(low)s to %(high)s mg/kg, as studied."),
    }
    return words[outside.key] % values


def _drawn(at: Array, line: Line, title: str, under: str, weight_kg: float, *, across: str = "min") -> SafeString:
    panel = of_effect(at, line, weight_kg, across=across, axis="minutes" if across == "min" else "days")
    panel = replace(panel, unit=str(AXES.get(panel.unit, panel.unit)))
    return mark_safe(drawing.picture(panel, title, under, f"{title}. {_spoken(panel)}"))


def _spoken(panel: Panel) -> str:
    top = int(panel.typical.argmax())
    return _("Typical course: highest at %(level)s %(unit)s, %(at)s %(across)s; nine of ten between %(low)s and %(high)s there.") % {
        "level": f"{panel.typical[top]:.3g}",
        "unit": panel.unit,
        "at": f"{panel.minutes[top]:.0f}",
        "across": panel.across,
        "low": f"{panel.low[top]:.3g}",
        "high": f"{panel.high[top]:.3g}",
    }
