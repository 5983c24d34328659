"""The patient's own answers over time, each with its drawing and one sentence in plain words. Never a verdict on the treatment."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from winddown.domain.instruments.instrument import Instrument, said
from winddown.domain.outcomes.definition import PAIN
from winddown.domain.suicide_safety.follow import SCREENERS
from winddown.web.own_door import OwnRequest, own_page, show
from winddown.web.relief.own import own_curve
from winddown.web.scores.sight import SPANS, Baseline, Line, Sight

FIRST = ("peg",)


@own_page(reads="results")
def results(request: OwnRequest) -> HttpResponse:
    span = request.GET.get("days", "90")
    span = span if span in SPANS else "90"
    sight = Sight(request.patient, now=request.now, language=get_language() or "en")
    keys = [key for key in sight.forms if key in sight.answers and key != PAIN.instrument and _is_drawn(sight.forms[key], key)]
    keys.sort(key=lambda key: (FIRST.index(key) if key in FIRST else len(FIRST), key))
    cards = [_card(sight, key, SPANS[span]) for key in keys]
    words = {"30": _("30 days"), "90": _("90 days"), "365": _("1 year"), "all": _("all")}
    spans = [{"key": key, "words": words[key], "chosen": key == span} for key in SPANS]
    pain = own_curve(request.patient, now=request.now)
    return show(request, "me/results.html", pain | {"cards": cards, "spans": spans, "tab": "results"})


def _is_drawn(form: Instrument, key: str) -> bool:
    return form.high > form.low and key not in SCREENERS


def _card(sight: Sight, key: str, days: int | None) -> dict[str, Any]:
    form, lines = sight.forms[key], sight.lines(key)
    return {
        "form": form,
        "name": said(form.name, sight.language),
        "sentence": sentence(form, lines[0], sight.baseline(key)),
        "drawing": sight.drawing(key, days=days),
        "number": len(lines),
        "missed": len(sight.missed(key)),
        "newest": lines[0],
    }


def sentence(form: Instrument, newest: Line, baseline: Baseline | None) -> str:
    """What the newest number is, beside the first ones. It names no cause and promises nothing."""
    if not newest.score:
        return _("The newest answers gave no number.")
    told = {"now": newest.score, "high": f"{form.high:g}"}
    if baseline is None or newest.moved is None:
        return _("The newest number is %(now)s, on a scale up to %(high)s.") % told
    told["before"] = f"{baseline.value:g}"
    words = {
        "better": _("The newest number is %(now)s of %(high)s. It was %(before)s at the start: that is better for this scale."),
        "worse": _(
            "The newest number is %(now)s of %(high)s. It was %(before)s at the start: that is worse for this scale. Tell us how you are."
        ),
        "same": _("The newest number is %(now)s of %(high)s, as it was at the start."),
        "different": _("The newest number is %(now)s of %(high)s. It was %(before)s at the start."),
    }
    if newest.moved.way in ("better", "worse") and newest.moved.important is False:
        return _("The newest number is %(now)s of %(high)s. It was %(before)s at the start: too small a change to tell.") % told
    return words[newest.moved.way] % told
