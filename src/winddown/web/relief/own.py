"""The patient's own curve with one plain sentence: on a page behind a link, and wherever the template is included."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from winddown.domain.outcomes.definition import PAIN
from winddown.record.models import Patient
from winddown.services import forms, relief
from winddown.services.relief import Forecast
from winddown.web.by_link import LinkRequest, by_link, show
from winddown.web.relief.drawing import drawn
from winddown.web.relief.present import day, likely_faded

LATELY = 7


@by_link("relief")
def own_page(request: LinkRequest) -> HttpResponse:
    return show(request, "relief/own.html", own_curve(request.patient, now=request.now))


def own_curve(patient: Patient, *, now: Any) -> dict[str, Any]:
    """What `relief/own_curve.html` asks for. The drawing holds answers and infusions only; the sentence says what they came to."""
    found = relief.forecast(patient, now=now)
    language = get_language() or "en"
    ended = [each.ended_at for each in found.given if each.ended_at]
    missed = forms.missed_evenings(patient, PAIN.instrument, ended, now=found.at)
    drawing, fan = drawn(found, missed=missed, language=language, ahead=False)
    return {"own_drawing": drawing if found.scores else None, "own_fan": fan, "own_sentence": sentence(found)}


def sentence(found: Forecast) -> str:
    """One plain sentence, and one more where something is expected. It says nothing of a cause and promises nothing."""
    newest = found.episodes[-1] if found.episodes else None
    if not found.scores:
        return _("There are no answers yet. Each evening you answer is drawn here.")
    if newest is None or newest.baseline is None:
        return _("These are your own answers, from 0 (no pain) to 10.")
    since = [score.value for score in found.scores if score.at > newest.began_at][-LATELY:]
    if not since:
        return _("Before your infusion your pain was about %(before)s.") % {"before": _number(newest.baseline.value)}
    told = {"before": _number(newest.baseline.value), "lately": _number(sum(since) / len(since)), "n": len(since)}
    own = _("Before treatment your pain was about %(before)s; over your last %(n)s answers it was about %(lately)s.") % told
    if len(since) == 1:
        own = _("Before treatment your pain was about %(before)s; in your last answer it was %(lately)s.") % told
    fade = found.ahead.fade if found.ahead is not None and found.ahead.known == "known" and not likely_faded(found) else None
    if fade is None:
        return own
    span = {"a": day(found.moment(fade.half[0])), "b": day(found.moment(fade.half[1]))}
    return f"{own} " + _("Relief like yours may fade between %(a)s and %(b)s; nobody can know exactly.") % span


def _number(value: float) -> str:
    return f"{value:.1f}".rstrip("0").rstrip(".")
