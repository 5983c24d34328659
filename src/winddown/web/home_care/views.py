"""One patient's weeks at home: how they are reached, what was asked, what is missing, what was sent. No scores stand here."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages as notes
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from winddown.domain.instruments.instrument import said
from winddown.domain.messages.kinds import KINDS
from winddown.record.models import Message, Patient
from winddown.services import contacts, diary, diary_standing, forms, links, permissions
from winddown.web.access import StaffRequest, read_chart
from winddown.web.home_care.forms import ContactForm
from winddown.web.patients.base import head_of, open_patient, patient_of
from winddown.web.people.shell import carried_out, desk, posted, show

LEVELS = {"answered": "calm", "part": "calm", "missing": "watch", "open": "unknown", "later": "unknown", "not_asked": "unknown"}
SENT_LEVELS = {"sent": "calm", "failed": "act", "unsure": "watch", "too_late": "watch"}


@desk("message.see")
def page(request: StaffRequest, ref: UUID) -> HttpResponse:
    """What was asked and what came: whether, never what."""
    patient = patient_of(ref)
    read_chart(request, patient, "at home")
    return show(request, "home_care/page.html", head_of(request, patient) | _context(request, patient))


@desk("contact.write")
def contact(request: StaffRequest, ref: UUID) -> HttpResponse:
    """Write down how the patient is reached, pause, or stop."""
    patient = open_patient(ref)
    read_chart(request, patient, "contact")
    row = contacts.of(patient)
    initial = {name: getattr(row, name) for name in ContactForm.base_fields} if row else _fresh(patient)
    form = ContactForm(posted(request), initial=initial | {"because": ""})
    if form.is_bound and carried_out(form, lambda: _write(request, patient, form)):
        notes.success(request, _("Kept."))
        return redirect("patient_at_home", ref=patient.ref)
    context = {"form": form, "tab": "at_home", "row": row}
    return show(request, "home_care/contact.html", head_of(request, patient) | context, status=422 if form.is_bound else 200)


@desk("link.send")
@require_POST
def new_link(request: StaffRequest, ref: UUID) -> HttpResponse:
    """A new diary link to hand over; older ones open nothing any more."""
    import segno  # slow import

    patient = open_patient(ref)
    read_chart(request, patient, "diary link")
    link = diary.renew(patient, by=request.staff, now=request.now)
    address = request.build_absolute_uri(links.path_of(link))
    code = segno.make(address, micro=False, error="m").svg_inline(scale=6, border=2, dark="#000", light="#fff", omitsize=True)
    context = {"address": address, "code": code, "row": link, "tab": "at_home"}
    return show(request, "home_care/link.html", head_of(request, patient) | context)


def _fresh(patient: Patient) -> dict[str, Any]:
    return {"zone": contacts.home_zone(patient), "hour": contacts.DEFAULT_HOUR, "channel": "sms", "language": "en"}


def _write(request: StaffRequest, patient: Patient, form: ContactForm) -> None:
    contacts.write(patient, form.wishes(), by=request.staff, now=request.now, because=form.cleaned_data["because"])


def _context(request: StaffRequest, patient: Patient) -> dict[str, Any]:
    spoken = get_language() or "en"
    rows = diary_standing.rows(patient, now=request.now)
    contact = contacts.of(patient)
    stopped = contact is not None and (contact.stopped or any(contacts.is_stopped(each) for each in (contact.email, contact.phone) if each))
    home = forms.home_of(patient)
    return {
        "contact": contact,
        "stopped": stopped,
        "paused": bool(contact and contact.paused_until and contact.paused_until > home.day_of(request.now)),
        "home": home,
        "rows": [{"words": said(row.form_set.words, spoken), "row": row, "cells": [_cell(cell) for cell in row.cells]} for row in rows],
        "sent": [_sent(message, spoken) for message in diary_standing.sent(patient)],
        "may_write": permissions.may(request.staff, "contact.write") and patient.merged_into is None,
        "may_send": permissions.may(request.staff, "link.send") and patient.merged_into is None,
        "tab": "at_home",
    }


def _cell(cell: diary_standing.Cell) -> dict[str, Any]:
    words = {
        "answered": _("answered"),
        "part": _("answered in part"),
        "missing": _("missing"),
        "open": _("open now"),
        "later": _("to come"),
        "not_asked": _("not asked: too soon after the last answer"),
    }
    return {
        "day": cell.slot.day,
        "state": cell.state,
        "words": words[cell.state],
        "level": LEVELS[cell.state],
        "number": cell.slot.after_days,
    }


def _sent(message: Message, spoken: str) -> dict[str, Any]:
    """One message as staff see it: what, where to, when, what became of it. The address is shown in part."""
    states = {
        "waiting": _("waits"),
        "leaving": _("leaving"),
        "sent": _("handed over"),
        "unsure": _("not known whether it left"),
        "failed": _("not sent"),
        "cancelled": _("taken back"),
        "too_late": _("not sent: too late to be true"),
    }
    acts = list(message.acts.all())
    return {
        "what": said(KINDS[message.kind].what, spoken) if message.kind in KINDS else message.kind,
        "to": message.to_name or "",
        "address": masked(message.address),
        "at": acts[-1].at if acts and message.state != "waiting" else message.next_at,
        "state": states[message.state],
        "level": SENT_LEVELS.get(message.state, "unknown"),
        "why": acts[-1].words if acts and message.state in ("failed", "unsure", "cancelled", "waiting") else "",
    }


def masked(address: str) -> str:
    """Enough to know it again: `s…@example.org`, `…0100`."""
    name, at, place = address.partition("@")
    return f"{name[:1]}…@{place}" if at else f"…{address[-4:]}"
