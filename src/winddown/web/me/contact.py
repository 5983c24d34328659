"""How the clinic may reach the patient, as the patient wants it: address, way of writing, hour, language, a pause, an end."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from winddown.domain.refusals import Refusal
from winddown.services import contacts
from winddown.web.own_door import OwnRequest, own_page, show

WEEK = timedelta(days=7)
HOURS = range(6, 24)
NAMES = {"en": "English", "es": "Español"}


@own_page(reads="contact")
def contact(request: OwnRequest) -> HttpResponse:
    row = contacts.of(request.patient)
    wishes = contacts.wishes_of(row) if row else contacts.Wishes(email=request.own.email, language=request.own.language or "en")
    refusal = None
    if request.method == "POST":
        wishes = _told(request, wishes)
        try:
            contacts.write(request.patient, wishes, by=None, now=request.now, because="by the patient")
            messages.success(request, _("Kept."))
            return redirect("me_contact")
        except Refusal as why:
            refusal = why
    return show(request, "me/contact.html", _context(wishes) | {"refusal": refusal, "known": row}, status=422 if refusal else 200)


def _told(request: OwnRequest, before: contacts.Wishes) -> contacts.Wishes:
    posted, hour = request.POST, request.POST.get("hour", "")
    pause = request.now.date() + WEEK if posted.get("pause") == "yes" else None
    return replace(
        before,
        email=posted.get("email", "")[:254],
        phone=posted.get("phone", "")[:40],
        channel=posted.get("channel", before.channel),
        hour=int(hour) if hour.isdecimal() else before.hour,
        language=posted.get("language", before.language),
        stopped=posted.get("stopped") == "yes",
        paused_until=before.paused_until if pause and before.paused_until else pause,
    )


def _context(wishes: contacts.Wishes) -> dict[str, Any]:
    return {
        "wishes": wishes,
        "hours": [{"value": hour, "words": f"{hour}:00", "chosen": hour == wishes.hour} for hour in HOURS],
        "languages": [{"value": key, "words": NAMES.get(key, key), "chosen": key == wishes.language} for key in contacts.LANGUAGES],
        "tab": "more",
    }
