"""Stopping messages without signing in, by the word that each of them carries. Looking changes nothing: programs look at links too."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import translation
from django.views.decorators.csrf import csrf_exempt

from winddown.record.models import Message
from winddown.record.scope import at_practice
from winddown.services import clock, contacts, messages
from winddown.web.access import public
from winddown.web.secret_address import gone, sealed


@csrf_exempt
@public
def stop(request: HttpRequest, token: str) -> HttpResponse:
    """Ask, and with POST do it: a mail program's own button posts too. `again` allows messages once more. No address is shown."""
    found = messages.read_stop(token)
    if found is None:
        return gone(request)
    practice_id, ref = found
    with at_practice(practice_id):
        message = Message.objects.select_related("patient", "practice").filter(ref=ref).first()
        if message is None:
            return gone(request)
        if request.method == "POST":
            messages.stop(message, now=clock.now(), again=request.POST.get("again") == "yes")
        context = {"practice_name": message.practice.name, "stopped": contacts.is_stopped(message.address)}
        with translation.override(message.language):
            return sealed(render(request, "stopping/stop.html", context))
