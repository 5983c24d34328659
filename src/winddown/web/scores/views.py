"""A patient's scores over time, one instrument closer, and one set of answers item by item."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from winddown.domain.instruments.instrument import Instrument, said
from winddown.record.models import Answer, Patient
from winddown.services import home_readings, instruments
from winddown.web.access import StaffRequest, read_chart
from winddown.web.patients.base import head_of, patient_of
from winddown.web.people.shell import desk, show
from winddown.web.scores.sight import SPANS, Sight, moved_words, source_words, why_not

# Charts with many rows: what is older is reached through the span.
ROWS_SHOWN = 60


@desk("chart.read")
def scores(request: StaffRequest, ref: UUID) -> HttpResponse:
    """Every instrument this patient ever answered: the newest score in words beside its course."""
    patient = patient_of(ref)
    read_chart(request, patient, "scores")
    sight, span = _sight(request, patient), _span(request)
    cards = [_card(sight, key, SPANS[span]) for key in sight.forms if key in sight.answers]
    waiting = [key for key in sight.forms if key not in sight.answers and sight.missed(key)]
    context = {
        "cards": cards,
        "never": [said(sight.forms[key].name, sight.language) for key in waiting],
        "spans": _spans(span),
        "infusions": sight.infusions,
        "home_readings": home_readings.of(patient, limit=10),
    }
    return show(request, "scores/page.html", head_of(request, patient) | {"tab": "scores"} | context)


@desk("chart.read")
def one(request: StaffRequest, ref: UUID, instrument: str) -> HttpResponse:
    patient = patient_of(ref)
    sight, span = _sight(request, patient), _span(request)
    form = sight.forms.get(instrument)
    if form is None:
        raise Http404
    read_chart(request, patient, f"scores {form.key}")
    lines = sight.lines(form.key)
    context = _card(sight, form.key, SPANS[span]) | {
        "rows": [_row(line) for line in lines[:ROWS_SHOWN]],
        "more": max(0, len(lines) - ROWS_SHOWN),
        "missed": sorted(sight.missed(form.key), reverse=True)[:ROWS_SHOWN],
        "spans": _spans(span),
        "about": about(form, sight.language),
        "tab": "scores",
    }
    return show(request, "scores/one.html", head_of(request, patient) | context)


@desk("chart.read")
def answer(request: StaffRequest, ref: UUID, answer: UUID) -> HttpResponse:
    """What was answered, item by item, in the words that were shown."""
    patient = patient_of(ref)
    row = answer_of(patient, answer)
    read_chart(request, patient, f"answer {row.instrument}")
    form, spoken = instruments.form_for(row.instrument, get_language() or "en")
    context = {
        "row": row,
        "form": form,
        "name": said(form.name, spoken),
        "items": item_lines(form, row, spoken),
        "band": band_words(form, row, spoken),
        "why": why_not(row),
        "source": source_words(row),
        "parts": _parts(form, row, spoken),
        "findings": [said(form.findings[key], spoken) for key in row.judged.get("findings", []) if key in form.findings],
        "newer": Answer.objects.filter(supersedes=row).first(),
        "tab": "scores",
    }
    return show(request, "scores/answer.html", head_of(request, patient) | context)


def _parts(form: Instrument, row: Answer, language: str) -> list[dict[str, str]]:
    """Subscores in words, as they were worked out when the answer was written."""
    told = row.judged.get("parts", {})
    return [{"words": said(form.parts[key], language), "value": f"{value:g}"} for key, value in told.items() if key in form.parts]


def answer_of(patient: Patient, ref: UUID) -> Answer:
    """One answer of this patient, or of a record merged into theirs."""
    rows = Answer.objects.select_related("by", "link__access", "supersedes", "patient")
    found: Answer = get_object_or_404(rows, ref=ref)
    if patient.pk not in (found.patient_id, found.patient.merged_into_id):
        raise Http404
    return found


def item_lines(form: Instrument, row: Answer, language: str) -> list[dict[str, Any]]:
    """Each question with its answer; an answer to no question of this version is shown as it came."""
    known = {item.key for item in form.items}
    lines = [
        {"key": item.key, "words": said(item.words, language) or item.key, **_answer_words(item, row.items.get(item.key), language)}
        for item in form.items
        if not item.optional or item.key in row.items
    ]
    lines += [{"key": key, "words": key, "value": str(value), "level": "watch"} for key, value in row.items.items() if key not in known]
    return lines


def _answer_words(item: Any, raw: Any, language: str) -> dict[str, Any]:
    if raw is None or raw == "":
        return {"value": _("not answered"), "level": "unknown"}
    red = item.crisis_from is not None and str(raw).strip() not in ("", "0")
    for choice in item.choices:
        if str(raw).strip() == str(choice.value):
            return {"value": f"{choice.value}: {said(choice.words, language)}", "level": "act" if red else ""}
    return {"value": f"{raw} {item.unit}".strip(), "level": "act" if red else ""}


def band_words(form: Instrument, row: Answer, language: str) -> dict[str, Any] | None:
    band = form.band(None if row.score is None else float(row.score))
    return {"words": said(band.words, language), "level": band.level} if band else None


def about(form: Instrument, language: str) -> dict[str, Any]:
    """What the reader must know to read the curve: range, direction, recall, and each figure with its source and status."""
    change = form.change
    named = (
        (_("important change"), change.important),
        (_("important change in percent"), change.important_percent),
        (_("substantial change"), change.substantial),
        (_("substantial change in percent"), change.substantial_percent),
        (_("change beyond the instrument's error"), change.reliable),
        (_("response, fall from the baseline"), change.response_percent),
        (_("remission below"), change.remission_below),
        (_("remission at most"), change.remission_at_most),
        (_("screens positive from"), form.positive_from),
    )
    return {
        "form": form,
        "recall": said(form.recall, language),
        "figures": [{"words": words, "figure": figure} for words, figure in named if figure is not None],
        "bands": [{"words": said(band.words, language), "figure": band.start} for band in form.bands],
        "direction": {"higher": _("higher is worse"), "lower": _("lower is worse"), "neither": ""}[form.worse],
    }


def _card(sight: Sight, key: str, days: int | None) -> dict[str, Any]:
    form, lines = sight.forms[key], sight.lines(key)
    newest = lines[0] if lines else None
    return {
        "form": form,
        "name": said(form.name, sight.language),
        "newest": newest,
        "change": moved_words(newest.moved) if newest else "",
        "way": newest.moved.way if newest and newest.moved else "",
        "drawing": sight.drawing(key, days=days) if form.high > form.low else None,
        "baseline": sight.baseline(key),
        "number": len(lines),
        "missed_number": len(sight.missed(key)),
    }


def _row(line: Any) -> dict[str, Any]:
    return {"line": line, "change": moved_words(line.moved)}


def _sight(request: StaffRequest, patient: Patient) -> Sight:
    return Sight(patient, now=request.now, language=get_language() or "en")


def _span(request: StaffRequest) -> str:
    wish = request.GET.get("days", "365")
    return wish if wish in SPANS else "365"


def _spans(chosen: str) -> list[dict[str, Any]]:
    words = {"30": _("30 days"), "90": _("90 days"), "365": _("1 year"), "all": _("all")}
    return [{"key": key, "words": words[key], "chosen": key == chosen} for key in SPANS]
