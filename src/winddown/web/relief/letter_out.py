"""A letter opened by who it was sent to: a link, a code that the clinic said by telephone, once. The page names no patient."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt

from winddown.record.scope import at_practice
from winddown.services import clock, letters
from winddown.web.access import public
from winddown.web.secret_address import sealed


@csrf_exempt
@public
def open_letter(request: HttpRequest, token: str) -> HttpResponse:
    """Looking changes nothing, for programs look at links too; the right code opens it, and then never again."""
    found = letters.read_token(token)
    if found is None:
        return sealed(render(request, "relief/letter_gone.html", status=404))
    practice_id, ref = found
    with at_practice(practice_id):
        now = clock.now()
        pdf = letters.open_once(ref, request.POST.get("code", ""), now=now) if request.method == "POST" else None
        if pdf is not None:
            response = HttpResponse(pdf, content_type="application/pdf")
            response["Content-Disposition"] = 'attachment; filename="letter.pdf"'
            return sealed(response)
        sent = letters.waiting(ref, now=now)
        if sent is None:
            return sealed(render(request, "relief/letter_gone.html", status=404))
        wrong = _("That is not the code. Please check it with the clinic.") if request.method == "POST" else ""
        context = {"practice_name": sent.practice.name, "until": sent.expires_at, "wrong": wrong, "left": letters.MOST_TRIES - sent.tries}
        return sealed(render(request, "relief/letter_open.html", context, status=422 if wrong else 200))
