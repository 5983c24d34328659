"""What the pages of one patient share: finding the record, the strip at the top, and the way back."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from winddown.domain.refusals import NotAllowed
from winddown.record.models import Patient
from winddown.services import patients, permissions
from winddown.services.screening import runs
from winddown.web.access import StaffRequest
from winddown.web.patients.words import SEX, age_words


def patient_of(ref: UUID) -> Patient:
    """The patient of this practice, or 404."""
    patient: Patient = get_object_or_404(Patient.objects.select_related("merged_into"), ref=ref)
    return patient


def open_patient(ref: UUID) -> Patient:
    patient = patient_of(ref)
    if patient.merged_into is not None:
        raise NotAllowed(
            because=f"Record {patient.record_number} was merged into {patient.merged_into.record_number}.",
            way_out="Write there instead.",
            code="record_merged",
        )
    return patient


def head_of(request: StaffRequest, patient: Patient) -> dict[str, Any]:
    """What the strip at the top of every page of this patient says. Clinical facts only for those who read charts."""
    clinical = permissions.may(request.staff, "chart.read")
    card = patients.card(patient) if clinical else None
    return {
        "patient": patient,
        "age": age_words(patient.birth_date, localdate(request.now)),
        "sex": SEX.get(patient.sex, patient.sex),
        "clinical": clinical,
        "edit": permissions.may(request.staff, "patient.write") and patient.merged_into is None,
        "card": card,
        "allergy_level": _allergy_level(card),
        "consent": patients.consent_on(patient, localdate(request.now)),
        "overrides": runs.standing_overrides(patient) if clinical else [],
    }


def _allergy_level(card: patients.PatientCard | None) -> str:
    if card is None:
        return "unknown"
    if card.allergies:
        return "act"
    return "calm" if card.no_known_allergies else "watch"


def kept(request: StaffRequest, patient: Patient) -> HttpResponse:
    messages.success(request, _("Kept."))
    return redirect("patient_page", ref=patient.ref)
