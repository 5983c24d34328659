"""The first page after signing in: the next visit, what is to answer, what the clinic wrote."""

from __future__ import annotations

from django.http import HttpResponse

from winddown.services import forms as form_service
from winddown.services import own_visits, threads
from winddown.web.own_door import OwnRequest, own_page, show


@own_page(reads="home", caregiver="any")
def home(request: OwnRequest) -> HttpResponse:
    may = request.own.may if request.own.who == "caregiver" else ("visits", "diary")
    context = {
        "next": own_visits.coming(request.patient, now=request.now)[:1] if "visits" in may else [],
        "sees_visits": "visits" in may,
        "due": form_service.due(request.patient, now=request.now) if "diary" in may else (),
        "answers_diary": "diary" in may,
        "unread": _unread(request),
        "now": request.now,
        "tab": "home",
    }
    return show(request, "me/home.html", context)


def _unread(request: OwnRequest) -> int:
    if request.own.who == "caregiver":
        return 0
    return threads.of_patient(request.patient).filter(unread_by_patient=True).count()
