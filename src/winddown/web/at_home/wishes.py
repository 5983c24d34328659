"""When and how the patient wants to be asked: hour, way of writing, language, a pause, an end. By the diary's own link."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from winddown.domain.refusals import Refusal
from winddown.services import contacts, diary, forms
from winddown.web.by_link import LinkRequest, by_link, is_caregivers, show

WEEK = timedelta(days=7)


@by_link("diary")
def page(request: LinkRequest) -> HttpResponse:
    """Addresses are never shown: whoever holds the phone sees what was chosen and not where it goes."""
    if is_caregivers(request):
        raise Http404
    row = contacts.of(request.patient)
    if row is None:
        return show(request, "at_home/wishes.html", {"none": True, "given_name": ""})
    wishes = contacts.wishes_of(row)
    if request.method != "POST":
        return show(request, "at_home/wishes.html", _context(request, wishes) | {"kept": "kept" in request.GET})
    try:
        diary.wishes_changed(request.link, _told(request, wishes), now=request.now)
    except Refusal as refusal:
        return show(request, "at_home/wishes.html", _context(request, wishes) | {"refusal": refusal}, status=422)
    return redirect(f"/p/{request.token}/diary/wishes/?kept=1")


def _told(request: LinkRequest, wishes: contacts.Wishes) -> contacts.Wishes:
    today = forms.home_of(request.patient).day_of(request.now)
    hour = request.POST.get("hour", "")
    pause = request.POST.get("pause") == "week"
    return replace(
        wishes,
        hour=int(hour) if hour.isdecimal() else wishes.hour,
        channel=request.POST.get("channel", wishes.channel),
        language=request.POST.get("language", wishes.language),
        stopped=request.POST.get("stopped") == "yes",
        paused_until=today + WEEK if pause else None,
    )


def _context(request: LinkRequest, wishes: contacts.Wishes) -> dict[str, Any]:
    hours = [{"value": hour, "words": f"{hour}:00", "chosen": hour == wishes.hour} for hour in range(6, 24)]
    ways = (("email", _("Email"), wishes.email), ("sms", _("Text message"), wishes.phone))
    channels = [{"value": key, "words": words, "chosen": key == wishes.channel} for key, words, address in ways if address]
    return {"wishes": wishes, "hours": hours, "channels": channels, "given_name": ""}
