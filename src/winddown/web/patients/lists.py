"""The patient list, and a new patient."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from winddown.record.models import Patient
from winddown.services import patients
from winddown.web.access import StaffRequest, key_of, read_chart
from winddown.web.patients import search
from winddown.web.patients.forms import NewPatientForm, likely
from winddown.web.patients.words import STATUS, age_words
from winddown.web.people.shell import carried_out, desk, paged, posted, show


@desk("patient.list")
def patient_list(request: StaffRequest) -> HttpResponse:
    text = request.GET.get("q", "").strip()
    found = search.find(text) if text else search.everyone()
    rows = paged(request, Patient.objects.none() if found is None else found)
    context = {"q": text, "rows": rows, "lines": _lines(list(rows), request), "too_short": found is None}
    return show(request, "patients/list.html", context | {"kept": urlencode({"q": text}) if text else ""})


def _lines(people: list[Patient], request: StaffRequest) -> list[dict[str, Any]]:
    visits, today = search.visits_of(people), localdate(request.now)
    return [{"patient": person, "age": age_words(person.birth_date, today), "visit": _visit(visits.get(person.pk))} for person in people]


def _visit(session: Any) -> dict[str, Any] | None:
    if session is None:
        return None
    return {
        "at": session.planned.lower,
        "status": STATUS.get(session.status, session.status),
        "where": f"{session.location}, {session.chair}",
    }


@desk("patient.write")
def patient_new(request: StaffRequest) -> HttpResponse:
    """A likely duplicate is refused once, with the records it resembles beside the question."""
    form = NewPatientForm(posted(request))
    if form.is_bound and carried_out(form, lambda: _register(request, form)):
        messages.success(request, _("The record is open."))
        return redirect("patient_page", ref=form.patient.ref)  # type: ignore[attr-defined]
    alike = _alike(request, form)
    return show(request, "patients/new.html", {"form": form, "alike": alike}, status=422 if form.is_bound else 200)


def _register(request: StaffRequest, form: NewPatientForm) -> None:
    form.patient = patients.register(**form.cleaned_data, by=request.staff, now=request.now, key=key_of(request))  # type: ignore[attr-defined]


def _alike(request: StaffRequest, form: NewPatientForm) -> list[Patient]:
    if form.refusal is None or form.refusal.code != "likely_duplicate":
        return []
    form.ask_why()
    found = likely(form)
    for person in found:
        read_chart(request, person, "likely duplicate")
    return found
