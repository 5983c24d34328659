"""For the page after sending: whether a person has acknowledged what a patient's answer set off."""

from __future__ import annotations

from django.http import HttpResponse, JsonResponse
from django.utils import timezone
from django.utils.translation import gettext as _

from winddown.services import suicide_safety
from winddown.web.by_link import LinkRequest, by_link


@by_link("forms", "diary", "home")
def told(request: LinkRequest) -> HttpResponse:
    """Whether a task is open for this patient, and whether a person has acknowledged it. Never that all is well."""
    found = suicide_safety.told(request.patient)
    return JsonResponse({"open": found.open, "acknowledged": found.acknowledged_at is not None, "words": words_of(found)})


@by_link("forms", "diary", "home")
def early_sign(request: LinkRequest) -> HttpResponse:
    """The phone tells of a red answer when it is tapped, before the form is sent."""
    instrument, _dot, item = request.POST.get("question", "").rpartition(".")
    value = request.POST.get("value", "")
    told = value.isdigit() and suicide_safety.early_sign(
        request.patient, instrument, item, float(value), language=request.spoken, now=request.now
    )
    return JsonResponse({"open": bool(told)})


def words_of(found: suicide_safety.Told) -> str:
    if not found.open:
        return ""
    if found.acknowledged_at is None:
        return _("Nobody at the clinic has acknowledged your answer yet.")
    at = timezone.localtime(found.acknowledged_at).strftime("%H:%M")
    return _("A person at the clinic saw your answer at %(at)s. If you cannot wait for their call, use the numbers above.") % {"at": at}
