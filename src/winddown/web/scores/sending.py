"""Sending forms by a link, and seeing what came back."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms as fields
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.views.decorators.http import require_POST

from winddown.domain.instruments import INSTRUMENTS, sets
from winddown.domain.instruments.instrument import Instrument, said
from winddown.record.models import Link, Patient
from winddown.services import forms as form_service
from winddown.services import instruments, links, permissions
from winddown.web.access import StaffRequest, read_chart
from winddown.web.patients.base import head_of, open_patient, patient_of
from winddown.web.people.shell import HouseForm, carried_out, desk, posted, show
from winddown.web.square_code import square_code

LINKS_SHOWN = 20


class SendForm(HouseForm):
    """What to send, and in which language its page begins."""

    subject = fields.ChoiceField(label=lazy("Forms"), widget=fields.RadioSelect)
    language = fields.ChoiceField(label=lazy("Language"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        spoken = get_language() or "en"
        asked = [(form_service.subject_of_set(key), said(each.words, spoken)) for key, each in sets.SETS.items()]
        asked += [(form_service.subject_of_instruments([key]), said(form.name, spoken)) for key, form in _banks().items()]
        self.fields["subject"].choices = [(form_service.DUE, _("What the course asks for now")), *asked]  # type: ignore[attr-defined]
        self.fields["language"].choices = instruments.languages_offered()  # type: ignore[attr-defined]


@desk("link.send")
def forms(request: StaffRequest, ref: UUID) -> HttpResponse:
    """What is due, what was sent and what came back; one tap sends a set."""
    patient = patient_of(ref)
    read_chart(request, patient, "forms")
    form = SendForm(posted(request), initial={"language": get_language(), "subject": form_service.DUE})
    if form.is_bound and carried_out(form, lambda: _send(request, open_patient(ref), form)):
        return redirect("patient_form_link", ref=patient.ref, link=form.link.ref)  # type: ignore[attr-defined]
    context = {
        "form": form,
        "sets": _sets(form),
        "due": _due(request, patient),
        "sent": _sent(request, patient),
        "instruments": _enterable() if permissions.may(request.staff, "answer.write") else [],
        "tab": "forms",
    }
    return show(request, "scores/forms.html", head_of(request, patient) | context, status=422 if form.is_bound else 200)


@desk("link.send")
def link(request: StaffRequest, ref: UUID, link: UUID) -> HttpResponse:
    """One link to hand over: a square code for the patient's camera, and the address to copy."""
    patient = patient_of(ref)
    row = link_of(patient, link)
    read_chart(request, patient, "forms link")
    address = request.build_absolute_uri(links.path_of(row))
    code = square_code(address)
    is_open = links.is_open(row, now=request.now)
    context = {
        "row": row,
        "address": address,
        "code": code if is_open else "",
        "is_open": is_open,
        "words": subject_words(row),
        "tab": "forms",
    }
    return show(request, "scores/link.html", head_of(request, patient) | context)


@desk("link.send")
@require_POST
def revoke(request: StaffRequest, ref: UUID, link: UUID) -> HttpResponse:
    patient = patient_of(ref)
    links.revoke(link_of(patient, link), by=request.staff, now=request.now)
    messages.success(request, _("The link is taken back. It opens nothing anymore."))
    return redirect("patient_forms", ref=patient.ref)


def link_of(patient: Patient, ref: UUID) -> Link:
    """A forms link of this patient, or 404."""
    found: Link = get_object_or_404(Link.objects.select_related("by"), ref=ref, patient=patient, purpose="forms")
    return found


def subject_words(row: Link) -> str:
    """What a link asks for, in words."""
    kind, _colon, named = row.subject.partition(":")
    spoken = get_language() or "en"
    if kind == "set" and named in sets.SETS:
        return said(sets.SETS[named].words, spoken)
    if kind == "ask":
        forms = instruments.everything()
        return ", ".join(said(forms[key].name, spoken) for key in named.split(",") if key in forms)
    return _("What the course asks for now")


def _send(request: StaffRequest, patient: Patient, form: SendForm) -> None:
    told = form.cleaned_data
    form.link = form_service.send(  # type: ignore[attr-defined]
        patient=patient, subject=told["subject"], language=told["language"], by=request.staff, now=request.now
    )


def _sets(form: SendForm) -> list[dict[str, Any]]:
    """The choices with what is in them and how long they take."""
    spoken = get_language() or "en"
    chosen = form["subject"].value()
    due = {
        "value": form_service.DUE,
        "words": _("What the course asks for now"),
        "names": _("by the schedule of the course, on the day it is opened"),
    }
    rows = [due] + [
        {
            "value": form_service.subject_of_set(key),
            "words": said(each.words, spoken),
            "names": ", ".join(said(INSTRUMENTS[name].name, spoken) for name in each.instruments),
            "minutes": each.minutes,
        }
        for key, each in sets.SETS.items()
    ]
    few = _("adaptive: few questions for each person")
    for key, bank in _banks().items():
        rows.append({"value": form_service.subject_of_instruments([key]), "words": said(bank.name, spoken), "names": few})
    return [row | {"chosen": row["value"] == chosen} for row in rows]


def _banks() -> dict[str, Instrument]:
    return {key: form for key, form in instruments.everything().items() if key not in INSTRUMENTS}


def _due(request: StaffRequest, patient: Patient) -> list[dict[str, Any]]:
    spoken = get_language() or "en"
    return [
        {"words": said(slot.form_set.words, spoken), "since": slot.opens_at, "until": slot.closes_at}
        for slot in form_service.due(patient, now=request.now)
    ]


def _sent(request: StaffRequest, patient: Patient) -> list[dict[str, Any]]:
    """The newest links with what was answered through each: which forms, not what was said."""
    spoken, known = get_language() or "en", instruments.everything()
    rows = Link.objects.filter(patient=patient, purpose="forms").select_related("by").prefetch_related("answers")
    found = []
    for row in rows.order_by("-made_at", "-id")[:LINKS_SHOWN]:
        given = sorted(row.answers.all(), key=lambda answer: answer.pk)
        found.append(
            {
                "row": row,
                "words": subject_words(row),
                "is_open": links.is_open(row, now=request.now),
                "given": [{"name": said(known[answer.instrument].name, spoken), "answer": answer} for answer in given],
            }
        )
    return found


def _enterable() -> list[dict[str, Any]]:
    spoken = get_language() or "en"
    return [{"key": key, "name": said(form.name, spoken)} for key, form in INSTRUMENTS.items()]
