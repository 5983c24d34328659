"""Relief over weeks for those who treat: one question answered first, then the picture, then everything it stands on."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.timezone import localdate
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from winddown.domain.outcomes.definition import PAIN
from winddown.domain.pharmacology.effects.weeks import NO_VALIDATED_PREDICTION
from winddown.record.models import Booking, Patient, VisitType
from winddown.record.models.booking import STANDING
from winddown.services import forms, honesty, links, relief
from winddown.services.relief import Forecast
from winddown.web.access import StaffRequest, read_chart
from winddown.web.patients.base import head_of, open_patient, patient_of
from winddown.web.people.shell import desk, show
from winddown.web.relief import board, present
from winddown.web.relief.drawing import drawn
from winddown.web.relief.own import sentence
from winddown.web.square_code import square_code


@desk("chart.read")
def relief_page(request: StaffRequest, ref: UUID) -> HttpResponse:
    """Scores with infusions, episodes and gaps, the weeks ahead, and when relief is expected to fade."""
    patient = patient_of(ref)
    read_chart(request, patient, "relief")
    found = relief.forecast(patient, now=request.now)
    return show(request, "relief/page.html", head_of(request, patient) | {"tab": "relief"} | _told(patient, found))


def _told(patient: Patient, found: Forecast) -> dict[str, Any]:
    language = get_language() or "en"
    ended = [each.ended_at for each in found.given if each.ended_at]
    missed = forms.missed_evenings(patient, PAIN.instrument, ended, now=found.at)
    drawing, fan = drawn(found, missed=missed, language=language)
    return {
        "said": present.said(found),
        "drawing": drawing if found.scores else None,
        "fan": fan,
        "name": _("Pain, 0 to 10"),
        "weeks": present.weeks(found),
        "episodes": present.episode_rows(found),
        "stands_on": present.stands_on(found),
        "proposal": present.proposal_words(found),
        "booked": _booked(patient, found) if found.proposal is not None else None,
        "unvalidated": _(NO_VALIDATED_PREDICTION),
        "honesty": present.honesty_words(found.held),
        "has_series": bool(found.episodes),
        "own_sentence": sentence(found),
    }


def _booked(patient: Patient, found: Forecast) -> Booking | None:
    """The next visit that stands; with one, nothing is proposed."""
    rows = Booking.objects.filter(patient=patient, status__in=STANDING, span__startswith__gt=found.at).select_related("location")
    booking: Booking | None = rows.order_by("span").first()
    return booking


@desk("booking.write")
@require_POST
def decide(request: StaffRequest, ref: UUID) -> HttpResponse:
    """Somebody looks for a time with this forecast in sight: it is kept as shown, then the calendar opens. Nothing is booked here."""
    patient = open_patient(ref)
    read_chart(request, patient, "relief, to book a review")
    found = relief.forecast(patient, now=request.now)
    relief.keep(patient, found, moment="shown", by=request.staff, now=request.now)
    return redirect(f"{reverse('calendar_book')}?{urlencode(_looking_for(patient, found))}")


def _looking_for(patient: Patient, found: Forecast) -> dict[str, str]:
    """What the booking page opens with: who, the kind of visit and so its length, the place of the newest one, the first day allowed."""
    told = {"patient": str(patient.ref)}
    proposal = found.proposal
    if proposal is None:
        return told
    kinds = VisitType.objects.filter(active=True, public=proposal.kind == "review")
    usual = patient.bookings.filter(visit_type__in=kinds).order_by("-span").values_list("visit_type__key", flat=True).first()
    kind = usual or kinds.values_list("key", flat=True).first()
    visit = patient.sessions.select_related("location").order_by("-planned").first()
    day = localdate(max(proposal.not_before, found.at))
    return told | {"day": day.isoformat()} | ({"kind": kind} if kind else {}) | ({"place": str(visit.location.ref)} if visit else {})


@desk("link.send")
@require_POST
def make_link(request: StaffRequest, ref: UUID) -> HttpResponse:
    """A link to the patient's own curve: a square code, and the address to copy."""
    patient = open_patient(ref)
    read_chart(request, patient, "link to the own curve")
    row = links.make(patient=patient, purpose="relief", subject="own curve", now=request.now, by=request.staff)
    address = request.build_absolute_uri(links.path_of(row))
    context = {"row": row, "address": address, "code": square_code(address), "tab": "relief"}
    return show(request, "relief/link.html", head_of(request, patient) | context)


@desk("protocol.see")
def honesty_page(request: StaffRequest) -> HttpResponse:
    """Each kind of forecast against what happened in this practice."""
    record = relief.honesty()
    boards = [board.relief_board(record.every), board.clock_board(honesty.of_clinic())]
    return show(request, "relief/honesty.html", {"boards": boards, "groups": board.groups(record.parts)})
