"""What every paper says of itself and of whom it is about: title, practice, patient, when and by whom it was printed."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.http import HttpResponse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from winddown.domain.quantities import display
from winddown.record.models import Session
from winddown.services import audit, orders, patients
from winddown.web.access import StaffRequest
from winddown.web.papers.press import print_pdf
from winddown.web.patients.words import SEX, age_words
from winddown.web.sessions.present import weight_words
from winddown.web.sessions.sight import Sight


def clock(at: datetime | None) -> str:
    """Hours and minutes on the wall of the visit's place."""
    return timezone.localtime(at).strftime("%H:%M") if at else "–"


def day(at: datetime) -> str:
    return date_format(timezone.localtime(at), "j M Y")


def about(request: StaffRequest, title: str, session: Session, *, language: str = "") -> dict[str, Any]:
    """The lines around every paper."""
    printed = f"{day(request.now)} {clock(request.now)} {timezone.localtime(request.now):%Z}"
    return {
        "title": title,
        "language": (language or get_language() or "en").split("-")[0],
        "practice": request.staff.practice.name,
        "location": session.location.name,
        "printed": _("Printed %(at)s by %(who)s") % {"at": printed, "who": request.staff.name},
        "advises": _("Winddown advises and records; it never commands a pump."),
        "page": _("Page"),
        "of": _("of"),
        "continues": _("continued"),
    }


def patient_of(sight: Sight) -> dict[str, str]:
    """Who it is about, as the strip of the screen says it."""
    session, patient = sight.session, sight.session.patient
    card = patients.card(patient)
    return {
        "name": patient.name,
        "born": _("born %(day)s") % {"day": date_format(patient.birth_date, "j M Y")},
        "age": age_words(patient.birth_date, timezone.localdate(session.planned.lower)),
        "sex": str(SEX.get(patient.sex, patient.sex)),
        "number": patient.record_number,
        "weight": weight_words(sight),
        "allergies-label": _("Allergies"),
        "allergies": card.allergy_words,
        "limb-label": _("Affected limb"),
        "limb": card.affected_limb,
        "chair": session.chair.name,
        "day": day(session.planned.lower),
        "protocol": f"{session.order.course.protocol.name}, {_('version')} {session.order.course.protocol.version}",
        "order": order_words(sight),
    }


def order_words(sight: Sight) -> str:
    """The order in one line: what, how much, how long, how fast."""
    draft = sight.draft
    rates = " → ".join(display(phase.rate_ml_per_h, 1) for phase in draft.phases)
    return _("%(drug)s %(mg)s mg (%(kg)s mg/kg) over %(min)s min: %(rates)s mL/h of %(strength)s mg/mL") % {
        "drug": orders.DRUGS[draft.request.drug_form],
        "mg": display(draft.total_mg, 1),
        "kg": display(draft.total_mg_per_kg, 2),
        "min": display(draft.total_minutes, 0),
        "rates": rates,
        "strength": display(draft.concentration_mg_per_ml, 3),
    }


def printed(request: StaffRequest, session: Session, template: str, data: Mapping[str, Any], name: str, *, act: str) -> HttpResponse:
    """The PDF on the screen, and the line in the audit trail that somebody printed it."""
    audit.note(
        f"print {act}",
        by=request.staff,
        now=request.now,
        patient=session.patient,
        subject=str(session.ref),
        address=request.META.get("REMOTE_ADDR") or None,
    )
    response = HttpResponse(print_pdf(template, data, at=request.now), content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="{name}.pdf"'
    response["Cache-Control"] = "no-store"
    return response
