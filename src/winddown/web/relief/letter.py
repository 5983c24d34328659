"""The letter after a series: doses, what became of pain, mood and function, unwanted effects, and the plan in the writer's own words."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db.models import Q
from django.http import HttpResponse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from winddown.domain.instruments import instrument_of
from winddown.domain.instruments.instrument import said as words_of
from winddown.domain.outcomes.definition import DEFINITIONS, Definition
from winddown.domain.outcomes.episodes import Episode
from winddown.domain.pharmacology.effects.weeks import NO_VALIDATED_PREDICTION
from winddown.domain.quantities import display
from winddown.domain.refusals import Missing
from winddown.record.models import Patient, Referral
from winddown.record.queries.episodes import Treated, treated
from winddown.services import audit, last_time, relief
from winddown.services.last_time import LastTime
from winddown.services.relief import Forecast
from winddown.web.access import StaffRequest, read_chart
from winddown.web.papers.press import print_pdf
from winddown.web.patients.base import patient_of
from winddown.web.people.shell import desk, place_of
from winddown.web.relief import present
from winddown.web.sessions.last_time import reactions_words

ROWS, PLAN_LETTERS = 8, 900


def offered(patient: Patient, found: Forecast) -> dict[str, str] | None:
    """What the form of the letter is filled with; None before the first infusion."""
    if not found.episodes:
        return None
    return {"to": ", ".join(_recipients(patient)[:1]), "plan": _plan(found)}


def _plan(found: Forecast) -> str:
    proposal = present.proposal_words(found)
    return proposal["words"] if proposal else ""


def _recipients(patient: Patient) -> list[str]:
    """The newest referrer, with what reaches them."""
    row = Referral.objects.filter(Q(patient=patient) | Q(patient__merged_into=patient)).exclude(referrer="").order_by("-id").first()
    return [part for part in (row.referrer, row.referrer_contact) if part] if row else []


@desk("chart.read")
@require_POST
def letter_pdf(request: StaffRequest, ref: UUID) -> HttpResponse:
    """One page as PDF. What was printed leaves a line; the letter itself is not sent by the program."""
    patient = patient_of(ref)
    read_chart(request, patient, "letter after a series")
    found = relief.forecast(patient, now=request.now)
    if not found.episodes:
        raise Missing(
            because="There is no infusion to write about.", way_out="The letter can be made after the first infusion.", code="no_series"
        )
    data = _letter(request, patient, found, plan=request.POST.get("plan", "")[:PLAN_LETTERS].strip())
    audit.note("print letter after a series", by=request.staff, now=request.now, patient=patient)
    response = HttpResponse(print_pdf("series_letter", data, at=request.now), content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="letter-{patient.record_number}.pdf"'
    response["Cache-Control"] = "no-store"
    return response


def _letter(request: StaffRequest, patient: Patient, found: Forecast, *, plan: str) -> dict[str, Any]:
    newest = found.episodes[-1]
    infusions = [each for each in last_time.all_of(patient, now=request.now) if newest.began_at <= each.at <= newest.until]
    place = place_of(request)
    return {
        "about": _about(request, place.name if place else ""),
        "text": _text(request),
        "day": present.day(request.now),
        "to": [*_recipients(patient), _("and to the treating mental-health clinician")],
        "patient": {
            "name": patient.name,
            "born": _("born %(day)s") % {"day": date_format(patient.birth_date, "j M Y")},
            "number": patient.record_number,
        },
        "doses": _doses(newest, infusions),
        "response": [_measure(each, patient, found) for each in DEFINITIONS.values()],
        "events": _events(infusions),
        "plan": plan or _("To be agreed with the patient."),
    }


def _about(request: StaffRequest, place: str) -> dict[str, str]:
    return {
        "title": _("Letter after a series"),
        "language": "en",
        "practice": request.staff.practice.name,
        "location": place,
        "printed": _("Printed %(at)s by %(who)s") % {"at": present.day(request.now), "who": request.staff.name},
        "advises": _("Winddown advises and records; it never commands a pump."),
        "page": _("Page"),
        "of": _("of"),
        "continues": _("continued"),
    }


def _text(request: StaffRequest) -> dict[str, Any]:
    return {
        "title": _("After a series of ketamine infusions"),
        "to": _("To:"),
        "about": _("About"),
        "doses": _("Doses"),
        "columns": [_("Day"), _("Given"), _("Fastest rate"), _("Unwanted effects")],
        "response": _("Response"),
        "measures": [_("Measure"), _("Before"), _("Newest"), _("What became of it")],
        "missing": _("A missing answer is missing: it is never taken as zero or as the last one. Dates lie between two answers."),
        "events": _("Unwanted effects"),
        "plan": _("Plan"),
        "signed": request.staff.name,
        "limits": _(NO_VALIDATED_PREDICTION),
    }


def _doses(episode: Episode, infusions: Sequence[LastTime]) -> dict[str, Any]:
    number = len(infusions)
    total = sum((each.mg for each in infusions), start=Decimal(0))
    told = {"n": number, "mg": display(total, 1), "a": present.day(episode.began_at), "b": present.day(episode.since)}
    summary = (
        ngettext("%(n)s infusion on %(a)s, %(mg)s mg in all.", "%(n)s infusions from %(a)s to %(b)s, %(mg)s mg in all.", number) % told
    )
    left = max(0, number - ROWS)
    more = (
        ngettext("%(n)s earlier infusion is not listed.", "%(n)s earlier infusions are not listed.", left) % {"n": left} if left > 0 else ""
    )
    return {"summary": summary, "rows": [_dose(each) for each in infusions[-ROWS:]], "more": more if left else ""}


def _dose(each: LastTime) -> list[str]:
    given = f"{display(each.mg, 1)} mg" if each.certain else _("at least %(mg)s mg") % {"mg": display(each.mg, 1)}
    rate = f"{display(each.highest_mg_per_h, 1)} mg/h" if each.highest_mg_per_h is not None else "–"
    return [date_format(each.day, "j M Y"), given, rate, reactions_words(each)]


def _events(infusions: Sequence[LastTime]) -> list[str]:
    counted: dict[str, list[int]] = {}
    for each in infusions:
        for one in each.reactions:
            counted.setdefault(one.words, []).append(one.grade)
    if not counted:
        return [_("None was written down at the infusions.")]
    return [
        _("%(words)s: %(n)s times, worst grade %(grade)s") % {"words": _(words), "n": len(grades), "grade": max(grades)}
        for words, grades in counted.items()
    ]


def _measure(definition: Definition, patient: Patient, found: Forecast) -> list[str]:
    """One line of the table: before, newest, and what became of it by the written definition."""
    name = words_of(instrument_of(definition.instrument).name, "en")
    course = _course(definition, patient)
    episodes = course.episodes(definition, at=found.at) if course else ()
    if not course or not episodes:
        return [name, "–", "–", _("not asked")]
    newest = episodes[-1]
    since = [score.value for score in course.scores if score.at > newest.began_at]
    before = f"{newest.baseline.value:.1f}".rstrip("0").rstrip(".") if newest.baseline else "–"
    told = present.response_words(newest)
    if newest.response == "yes":
        told = f"{told}; {present.end_words(newest)}"
    return [name, before, f"{since[-1]:g}" if since else "–", told]


def _course(definition: Definition, patient: Patient) -> Treated | None:
    found = treated(definition, patient)
    return found[-1] if found else None
