"""The page of one patient, and the history of what was learned."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpResponse

from winddown.record.models import Consent, Course, Order, Patient, Session, SessionMove
from winddown.services import permissions
from winddown.web.access import StaffRequest, read_chart
from winddown.web.patients.base import head_of, patient_of
from winddown.web.patients.chart import FactLine, lines_of, live_by_kind, weight_spark
from winddown.web.patients.words import STATUS
from winddown.web.people.shell import desk, exists, show

NOBODY = UUID(int=0)


@desk("patient.list")
def patient_page(request: StaffRequest, ref: UUID) -> HttpResponse:
    """The whole page for those who read charts; identity, phone, consent and visits for the front desk."""
    patient = patient_of(ref)
    clinical = permissions.may(request.staff, "chart.read")
    read_chart(request, patient, "patient page" if clinical else "desk page")
    lines = [line for line in lines_of(patient) if clinical or line.kind in ("identity", "phone")]
    context = head_of(request, patient) | {"tab": "page"} | _desk_part(request, patient, lines)
    return show(request, "patients/page.html", context | (_clinical_part(patient, lines) if clinical else {}))


@desk("chart.read")
def patient_history(request: StaffRequest, ref: UUID) -> HttpResponse:
    patient = patient_of(ref)
    read_chart(request, patient, "history")
    return show(request, "patients/history.html", head_of(request, patient) | {"lines": lines_of(patient)})


def _desk_part(request: StaffRequest, patient: Patient, lines: list[FactLine]) -> dict[str, Any]:
    family = [patient.pk, *patient.merged_from.values_list("pk", flat=True)]
    sessions = Session.objects.filter(patient__in=family).select_related("chair", "location", "patient").order_by("-planned", "-id")
    moves = SessionMove.objects.select_related("session", "from_patient", "to_patient", "by").order_by("-at")
    return {
        "phones": live_by_kind(lines)["phone"],
        "consents": Consent.objects.filter(patient__in=family).select_related("by", "patient").order_by("-written_at", "-id"),
        "newest_course": Course.objects.filter(patient__in=family).order_by("-opened_at", "-id").first(),
        "sessions": [{"row": row, "status": STATUS.get(row.status, row.status), "owner": row.patient.ref} for row in sessions],
        "moved_here": list(moves.filter(to_patient=patient)),
        "moved_away": list(moves.filter(from_patient=patient)),
        "merged_from": patient.merged_from.order_by("record_number"),
        "links": {room: exists(f"/{room}/{NOBODY}/") for room in ("orders", "sessions")},
    }


def _clinical_part(patient: Patient, lines: list[FactLine]) -> dict[str, Any]:
    live = live_by_kind(lines)
    family = [patient.pk, *patient.merged_from.values_list("pk", flat=True)]
    orders = Order.objects.filter(patient__in=family).select_related("by").prefetch_related("signatures").order_by("-written_at")
    return {
        "live": live,
        "weight": live["weight"][0] if live["weight"] else None,
        "height": live["height"][0] if live["height"] else None,
        "spark": weight_spark(live["weight"]),
        "newest_fact": lines[0] if lines else None,
        "courses": Course.objects.filter(patient__in=family).select_related("protocol", "by").order_by("-opened_at"),
        "orders": orders,
    }
