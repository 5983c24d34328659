"""The address at which the clinic's text service hands over what came in. It proves itself by the secret that signs what we send it."""

from __future__ import annotations

import hashlib
import hmac
import json
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.csrf import csrf_exempt

from winddown.domain.refusals import Refusal
from winddown.record.models import Practice
from winddown.record.scope import at_practice
from winddown.services import clock, texts_in
from winddown.web.access import public

LARGEST = 32_768


@csrf_exempt
@public
def texts(request: HttpRequest, clinic: str) -> HttpResponse:
    """One message as JSON `{"id", "from", "text"}`. 201 with what to answer the writer; 200 for one that came before; 403 unsigned.

    It is stored before it is answered: a service that hears nothing sends it again, with the same id.
    """
    practice = Practice.objects.filter(slug=clinic).first()
    if practice is None or request.method != "POST" or not settings.MESSAGES["sms_secret"]:
        raise Http404
    if not _signed(request):
        return JsonResponse({"refused": "The signature is missing or wrong.", "code": "unsigned"}, status=403)
    told = _told(request)
    if told is None:
        return JsonResponse({"refused": "This is no text message.", "code": "text_body"}, status=422)
    try:
        with at_practice(practice.pk):
            taken = texts_in.take_in(
                provider_id=str(told.get("id", "")), number=str(told.get("from", "")), words=str(told.get("text", "")), now=clock.now()
            )
    except Refusal as refusal:
        return JsonResponse({"refused": refusal.because, "code": refusal.code}, status=422)
    return JsonResponse({"kept": str(taken.text.ref), "reply": taken.reply}, status=201 if taken.reply else 200)


def _signed(request: HttpRequest) -> bool:
    wanted = hmac.new(str(settings.MESSAGES["sms_secret"]).encode(), request.body[: LARGEST + 1], hashlib.sha256).hexdigest()
    return hmac.compare_digest(request.headers.get("X-Winddown-Signature", "").encode(), f"sha256={wanted}".encode())


def _told(request: HttpRequest) -> dict[str, Any] | None:
    try:
        told = json.loads(request.body) if len(request.body) <= LARGEST else None
    except ValueError:
        return None
    return told if isinstance(told, dict) else None
