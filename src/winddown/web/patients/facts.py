"""Learning a fact about a patient, replacing a wrong one, and taking one off the list."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _

from winddown.domain.refusals import NotAllowed
from winddown.record.models import Patient, PatientFact
from winddown.services import patients, permissions
from winddown.web.access import StaffRequest, key_of, read_chart
from winddown.web.patients.base import head_of, kept, open_patient
from winddown.web.patients.forms import FACT_FORMS, BecauseForm, FactForm
from winddown.web.patients.words import KINDS, fact_words
from winddown.web.people.shell import carried_out, desk, posted, show

OF_THE_DESK = frozenset({"phone"})


@desk("patient.write")
def fact_new(request: StaffRequest, ref: UUID, kind: str) -> HttpResponse:
    patient, form_class = open_patient(ref), _form_class(request, kind)
    form = form_class(posted(request), now=request.now)
    if form.is_bound and carried_out(form, lambda: _learn(request, patient, kind, form)):
        return kept(request, patient)
    return _form_page(request, patient, form, form.title)


@desk("patient.write")
def fact_correct(request: StaffRequest, ref: UUID, fact: UUID) -> HttpResponse:
    """The new fact replaces the wrong one; both stay in the history."""
    patient = open_patient(ref)
    wrong = _live_fact(patient, fact)
    form_class, initial = _form_class(request, wrong.kind), wrong.data | {"observed_at": wrong.observed_at}
    form = form_class(posted(request), now=request.now, initial=initial)
    if form.is_bound and carried_out(form, lambda: _learn(request, patient, wrong.kind, form, supersedes=wrong)):
        return kept(request, patient)
    return _form_page(request, patient, form, form.title, replaced=fact_words(wrong.kind, wrong.data))


@desk("patient.write")
def fact_end(request: StaffRequest, ref: UUID, fact: UUID) -> HttpResponse:
    """A medicine no longer taken, an allergy that was none: a note with the reason takes it off the list."""
    patient = open_patient(ref)
    over = _live_fact(patient, fact)
    _form_class(request, over.kind)
    form = BecauseForm(posted(request))
    if form.is_bound and carried_out(form, lambda: _end(request, patient, over, form.cleaned_data["because"])):
        return kept(request, patient)
    return _form_page(request, patient, form, _("Take off the list"), replaced=fact_words(over.kind, over.data))


def _learn(request: StaffRequest, patient: Patient, kind: str, form: FactForm, *, supersedes: PatientFact | None = None) -> None:
    at = form.cleaned_data["observed_at"]
    patients.learn(
        patient, kind, form.learned(), by=request.staff, observed_at=at, now=request.now, supersedes=supersedes, key=key_of(request)
    )


def _end(request: StaffRequest, patient: Patient, over: PatientFact, because: str) -> None:
    data = {"words": because, "ended": over.kind}
    patients.learn(patient, "note", data, by=request.staff, observed_at=request.now, now=request.now, supersedes=over)


def _live_fact(patient: Patient, ref: UUID) -> PatientFact:
    fact: PatientFact = get_object_or_404(PatientFact.objects, patient=patient, ref=ref)
    if PatientFact.objects.filter(supersedes=fact).exists():
        raise NotAllowed(because="This fact was replaced already.", way_out="Reload the patient's page.", code="fact_replaced")
    return fact


def _form_class(request: StaffRequest, kind: str) -> type[FactForm]:
    if kind not in FACT_FORMS:
        raise Http404
    if kind not in OF_THE_DESK:
        permissions.require(request.staff, "chart.read")
    return FACT_FORMS[kind]


def _form_page(request: StaffRequest, patient: Patient, form: Any, title: Any, *, replaced: str = "") -> HttpResponse:
    read_chart(request, patient, "fact form")
    context = head_of(request, patient) | {"form": form, "title": title, "replaced": replaced, "kinds": KINDS}
    return show(request, "patients/fact.html", context, status=422 if form.is_bound else 200)
