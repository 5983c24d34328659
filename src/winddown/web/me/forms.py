"""What is to answer now, opened through a link of its own that ends soon; what a caregiver answers through theirs is marked as theirs."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import get_language

from winddown.domain.instruments.instrument import said
from winddown.services import diary, links
from winddown.services import forms as form_service
from winddown.web.own_door import OwnRequest, own_page, show

LASTS = timedelta(hours=12)


@own_page(reads="forms due", caregiver="diary")
def forms(request: OwnRequest) -> HttpResponse:
    language = get_language() or "en"
    due = [{"slot": slot, "name": said(slot.form_set.words, language)} for slot in form_service.due(request.patient, now=request.now)]
    return show(request, "me/forms.html", {"due": due, "tab": "forms"})


@own_page(caregiver="diary")
def open_forms(request: OwnRequest) -> HttpResponse:
    if request.method != "POST" or not form_service.due(request.patient, now=request.now):
        return redirect("me_forms")
    told = {"language": request.spoken, "expires_at": _until(request), "access": request.own}
    link = links.make(patient=request.patient, purpose="forms", subject=form_service.DUE, now=request.now, **told)  # type: ignore[arg-type]
    return redirect(links.path_of(link))


@own_page(caregiver="diary")
def open_diary(request: OwnRequest) -> HttpResponse:
    """The patient's own diary, by the link that reminders carry too. A caregiver gets one of their own: it ends soon, what they answer is
    marked as theirs, and it changes no wishes."""
    if request.method != "POST":
        return redirect("me")
    if request.own.who == "caregiver":
        told = {"language": request.spoken, "expires_at": _until(request), "access": request.own}
        return redirect(links.path_of(links.make(patient=request.patient, purpose="diary", now=request.now, **told)))  # type: ignore[arg-type]
    return redirect(links.path_of(diary.link_for(request.patient, now=request.now)))


def _until(request: OwnRequest) -> datetime:
    return request.now + LASTS if request.own.expires_at is None else min(request.now + LASTS, request.own.expires_at)
