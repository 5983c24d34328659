"""What the pages of this room share: the patient, the time zone of the place, and one run of the rules."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any
from uuid import uuid4

from django.http import HttpResponse
from django.utils import timezone

from winddown.domain.refusals import Refusal
from winddown.record.models import Patient
from winddown.services.screening import gather, runs
from winddown.web.access import StaffRequest
from winddown.web.patients.base import head_of
from winddown.web.people.shell import show
from winddown.web.screening.words import TRACKS


def track_asked(request: StaffRequest, patient: Patient) -> str:
    """The track that the address asks for, else that of the newest course."""
    asked = request.POST.get("track") or request.GET.get("track") or ""
    return asked if asked in TRACKS else gather.track_of(patient)


def today(request: StaffRequest) -> date:
    return timezone.localdate(request.now)


def run_now(request: StaffRequest, patient: Patient, track: str) -> runs.Run:
    return runs.look(patient, now=request.now, zone=timezone.get_current_timezone(), track=track)


def sheet(
    request: StaffRequest, patient: Patient, template: str, context: Mapping[str, Any], *, refusal: Refusal | None = None, status: int = 0
) -> HttpResponse:
    """A page about one patient. A refusal stands on it in its own words, with all that was typed."""
    told = (
        head_of(request, patient) | {"refusal": refusal, "key": request.POST.get("key") or uuid4(), "typed": request.POST} | dict(context)
    )
    return show(request, template, told, status=status or (422 if refusal else 200))
