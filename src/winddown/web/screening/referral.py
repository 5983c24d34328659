"""The referral: one record that follows the patient into the chart."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as __

from winddown.domain.instruments.budapest import CATEGORIES, SIGNS, SYMPTOMS
from winddown.domain.screening.budapest import budapest
from winddown.domain.screening.codes import COMMON, excluded_together
from winddown.record.models import Patient, Referral
from winddown.services.screening import history
from winddown.web.access import StaffRequest, key_of, read_chart
from winddown.web.patients.base import open_patient, patient_of
from winddown.web.people.shell import HouseForm, carried_out, desk, posted
from winddown.web.screening.base import sheet, today

CRITERIA = {
    "continuing_pain": __("Continuing pain out of proportion to what caused it"),
    "no_better_diagnosis": __("No other diagnosis explains it better"),
    "symptom_sensory": __("Told: pain from touch or more pain than expected"),
    "symptom_vasomotor": __("Told: skin warmer, colder or of another color than the other side"),
    "symptom_sudomotor": __("Told: swelling or sweating that differs"),
    "symptom_motor": __("Told: less movement, weakness, tremor, or changed hair, nails or skin"),
    "sign_sensory": __("Seen: more pain to pinprick, or pain from light touch or movement"),
    "sign_vasomotor": __("Seen: skin more than 1 °C apart, or of another color"),
    "sign_sudomotor": __("Seen: swelling or sweating that differs"),
    "sign_motor": __("Seen: less movement, weakness, tremor, or changed hair, nails or skin"),
}


class ReferralForm(HouseForm):
    """What a referral letter says."""

    diagnosis = forms.CharField(label=__("Diagnosis in words"), max_length=200)
    codes = forms.CharField(
        label=__("ICD-10 codes"),
        max_length=80,
        required=False,
        help_text=__("The main one first, separated by spaces. For example G90.511."),
    )
    pain_since = forms.CharField(label=__("Pain since"), max_length=60, required=False)
    question = forms.CharField(
        label=__("What the letter asks for"), max_length=500, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )
    referrer = forms.CharField(label=__("Referring doctor"), max_length=120, required=False)
    npi = forms.CharField(
        label=__("National provider number (NPI)"), max_length=14, required=False, help_text=__("Ten digits; the last one is checked.")
    )
    referrer_contact = forms.CharField(label=__("Practice, phone, fax"), max_length=200, required=False)
    received_on = forms.DateField(label=__("Received on"), widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}))
    examiner = forms.CharField(label=__("Who examined for CRPS"), max_length=120, required=False)
    examined_on = forms.DateField(
        label=__("Examined on"), required=False, widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["codes"].widget.attrs["list"] = "icd10-codes"


@desk("screening.write")
def referral(request: StaffRequest, ref: UUID) -> HttpResponse:
    """The newest referral, open for a correction that becomes a newer row."""
    patient = open_patient(ref) if request.method == "POST" else patient_of(ref)
    read_chart(request, patient, "referral")
    held = history.newest_referral(patient)
    form = ReferralForm(posted(request), initial=_initial(held, today(request)))
    if form.is_bound and carried_out(form, lambda: _refer(request, patient, form)):
        messages.success(request, _("The referral is kept."))
        return redirect("screening", ref=patient.ref)
    ticked = {name: bool(request.POST.get(name)) for name in CRITERIA} if form.is_bound else (held.budapest if held else {})
    context = {
        "form": form,
        "held": held,
        "codes": COMMON.items(),
        "criteria": [{"key": key, "words": words, "on": bool(ticked.get(key))} for key, words in CRITERIA.items()],
        "groups": CATEGORIES,
        "budapest": budapest(held.budapest) if held and held.budapest else None,
        "excludes": excluded_together([held.icd10, *held.more_codes]) if held else "",
        "older": Referral.objects.filter(patient=patient).select_related("by").order_by("-written_at")[1:6],
    }
    return sheet(request, patient, "screening/referral.html", context, status=422 if form.is_bound else 200)


def _initial(held: Referral | None, day: date) -> dict[str, Any]:
    if held is None:
        return {"received_on": day}
    names = ("diagnosis", "pain_since", "question", "referrer", "npi", "referrer_contact", "received_on")
    told = {name: getattr(held, name) for name in names}
    codes = " ".join(filter(None, [held.icd10, *held.more_codes]))
    return told | {"codes": codes, "examiner": held.budapest.get("examiner", ""), "examined_on": held.budapest.get("examined_on") or None}


def _refer(request: StaffRequest, patient: Patient, form: ReferralForm) -> None:
    told = dict(form.cleaned_data)
    examiner, examined_on = told.pop("examiner"), told.pop("examined_on")
    ticked: dict[str, Any] = {name: bool(request.POST.get(name)) for name in (*SYMPTOMS, *SIGNS, "continuing_pain", "no_better_diagnosis")}
    if any(ticked.values()) or examiner:
        told["budapest"] = ticked | {"examiner": examiner, "examined_on": examined_on.isoformat() if examined_on else ""}
    history.refer(patient, told, by=request.staff, now=request.now, key=key_of(request))
