"""Who a record is about: corrected identity, two records of one person, a session charted on the wrong patient, consent."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _

from winddown.record.models import Patient, Session
from winddown.services import patients
from winddown.web.access import StaffRequest, read_chart
from winddown.web.patients import merging
from winddown.web.patients.base import head_of, kept, open_patient, patient_of
from winddown.web.patients.forms import ConsentForm, IdentityForm, OtherRecordForm, WithdrawalForm
from winddown.web.people.shell import HouseForm, carried_out, desk, posted, show

IDENTITY = ("family_name", "given_name", "birth_date", "sex")


@desk("patient.write")
def identity_correct(request: StaffRequest, ref: UUID) -> HttpResponse:
    patient = open_patient(ref)
    form = IdentityForm(posted(request), initial={name: getattr(patient, name) for name in IDENTITY})
    if form.is_bound and carried_out(
        form, lambda: patients.correct_identity(patient, by=request.staff, now=request.now, **form.cleaned_data)
    ):
        return kept(request, patient)
    return _page(request, patient, "patients/identity.html", form)


@desk("consent.record")
def consent_new(request: StaffRequest, ref: UUID) -> HttpResponse:
    patient, form = open_patient(ref), ConsentForm(posted(request))
    if form.is_bound and carried_out(form, lambda: patients.sign_consent(patient, by=request.staff, now=request.now, **form.cleaned_data)):
        return kept(request, patient)
    return _page(request, patient, "patients/consent.html", form)


@desk("consent.record")
def consent_withdraw(request: StaffRequest, ref: UUID) -> HttpResponse:
    patient, form = open_patient(ref), WithdrawalForm(posted(request))
    if form.is_bound and carried_out(
        form, lambda: patients.withdraw_consent(patient, by=request.staff, now=request.now, **form.cleaned_data)
    ):
        return kept(request, patient)
    return _page(request, patient, "patients/withdraw.html", form)


@desk("patient.merge")
def merge(request: StaffRequest, ref: UUID) -> HttpResponse:
    """First the record number of the one that stays, then both side by side, then the reason."""
    duplicate = open_patient(ref)
    form = OtherRecordForm(posted(request), but=duplicate, initial={"to": request.GET.get("to", "")})
    if form.is_bound and carried_out(form, lambda: _merge(request, duplicate, form)):
        messages.success(request, _("The two records are one now."))
        return redirect("patient_page", ref=form.cleaned_data["to"].ref)
    stays = _found(request.GET.get("to", "")) or (form.cleaned_data.get("to") if form.is_bound else None)
    sides = [merging.side(duplicate), merging.side(stays)] if stays else []
    if stays:
        read_chart(request, stays, "merge")
    return _page(request, duplicate, "patients/merge.html", form, stays=stays, sides=sides)


@desk("session.move")
def session_move(request: StaffRequest, ref: UUID, session: UUID) -> HttpResponse:
    patient = patient_of(ref)
    row = get_object_or_404(Session.objects.select_related("chair", "location"), ref=session, patient=patient)
    form = OtherRecordForm(posted(request), but=patient)
    if form.is_bound and carried_out(form, lambda: _move(request, row, form)):
        messages.success(request, _("The session moved. Both charts say so."))
        return redirect("patient_page", ref=form.cleaned_data["to"].ref)
    return _page(request, patient, "patients/move.html", form, session=row)


def _merge(request: StaffRequest, duplicate: Patient, form: HouseForm) -> None:
    patients.merge(duplicate, form.cleaned_data["to"], because=form.cleaned_data["because"], by=request.staff, now=request.now)


def _move(request: StaffRequest, session: Session, form: HouseForm) -> None:
    patients.move_session(session, form.cleaned_data["to"], because=form.cleaned_data["because"], by=request.staff, now=request.now)


def _found(number: str) -> Patient | None:
    return Patient.objects.filter(record_number__iexact=number.strip(), merged_into__isnull=True).first() if number else None


def _page(request: StaffRequest, patient: Patient, template: str, form: HouseForm, **context: Any) -> HttpResponse:
    read_chart(request, patient, template.removeprefix("patients/").removesuffix(".html"))
    return show(request, template, head_of(request, patient) | {"form": form} | context, status=422 if form.is_bound else 200)
