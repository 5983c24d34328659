"""The suicide screener entered by a person of the staff: six answers and a recency; the licensed words are read from the clinic's copy."""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid4

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as __

from winddown.domain.instruments.instrument import said
from winddown.domain.suicide_safety.follow import SCREENER, SCREENER_SINCE_CONTACT
from winddown.record.models import Answer, Patient
from winddown.record.queries.tasks import open_about
from winddown.services import answers, instruments
from winddown.web.access import StaffRequest, key_of, read_chart
from winddown.web.board.here import at_place
from winddown.web.patients.base import head_of, open_patient
from winddown.web.people.shell import HouseForm, carried_out, posted, show
from winddown.web.tasks import present

WINDOWS = [(SCREENER, __("past month")), (SCREENER_SINCE_CONTACT, __("since the last contact"))]
YES_NO = [("1", __("Yes")), ("0", __("No")), ("", __("Not answered"))]
TOPICS = {
    "1": __("Question 1: wish"),
    "2": __("Question 2: thoughts"),
    "3": __("Question 3: method"),
    "4": __("Question 4: intent"),
    "5": __("Question 5: plan"),
    "6": __("Question 6: behavior"),
    "6_recent": __("Question 6: within the past three months"),
}


class ScreenerForm(HouseForm):
    """What was answered. An empty answer is kept as not answered, and counts as high where it should have been asked."""

    window = forms.ChoiceField(label=__("Asked about"), choices=WINDOWS, widget=forms.RadioSelect, initial=SCREENER)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        form, language = instruments.form_for(SCREENER, get_language() or "en")
        texts = {item.key: said(item.words, language) for item in form.items}
        for key, topic in TOPICS.items():
            self.fields[f"q{key}"] = forms.ChoiceField(
                label=texts.get(key) or topic,
                choices=YES_NO,
                widget=forms.RadioSelect(attrs={"class": "form-check-input"}),
                required=False,
                initial="",
            )

    def items(self) -> dict[str, str]:
        told = {key: self.cleaned_data[f"q{key}"] for key in TOPICS}
        if self.cleaned_data["window"] == SCREENER_SINCE_CONTACT:
            del told["6_recent"]
        return {key: value for key, value in told.items() if value}


@at_place("answer.write")
def screener(request: StaffRequest, ref: UUID) -> HttpResponse:
    """Enter a screener; what it means is said at once, and its task is open before the page comes back."""
    patient, form = open_patient(ref), ScreenerForm(posted(request))
    if form.is_bound and carried_out(form, lambda: _submit(request, patient, form)):
        messages.warning(request, _("Kept. What it opened stands below."))
        return redirect("suicide_screener", ref=patient.ref)
    read_chart(request, patient, "suicide screener")
    form_here, _language = instruments.form_for(SCREENER, get_language() or "en")
    context = {
        "form": form,
        "tab": "screener",
        "key": uuid4(),
        "has_text": form_here.has_text,
        "rows": [present.row(task, request.staff, request.now) for task in open_about(patient)],
        "last": Answer.objects.filter(patient=patient, instrument__in=[SCREENER, SCREENER_SINCE_CONTACT]).order_by("-answered_at").first(),
    }
    return show(request, "tasks/screener.html", head_of(request, patient) | context, status=422 if form.is_bound else 200)


def _submit(request: StaffRequest, patient: Patient, form: ScreenerForm) -> Answer:
    instrument = form.cleaned_data["window"]
    return answers.submit(
        patient=patient,
        instrument=instrument,
        version=instruments.form_of(instrument).version,
        items=form.items(),
        language=(get_language() or "en")[:10],
        answered_at=request.now,
        source="staff",
        by=request.staff,
        key=key_of(request),
        now=request.now,
    )
