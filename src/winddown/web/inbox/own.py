"""A patient's own pages as the staff see them: who can open them, where they are signed in, the matters written about."""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid4

from django import forms
from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as __
from django.utils.translation import gettext_lazy as _

from winddown.domain.refusals import Refusal
from winddown.record.models import OwnAccess, Patient
from winddown.services import contacts, own_access, own_sign_in, permissions, threads
from winddown.web.access import StaffRequest, key_of, read_chart
from winddown.web.me.talk import ABOUT
from winddown.web.patients.base import head_of, open_patient, patient_of
from winddown.web.people.shell import HouseForm, carried_out, desk, posted, show


class InviteForm(HouseForm):
    email = forms.EmailField(label=_("Email address"), max_length=254)
    language = forms.ChoiceField(label=_("Language"), choices=())

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["language"].choices = settings.PATIENT_LANGUAGES  # type: ignore[attr-defined]


@desk("link.send")
def own(request: StaffRequest, ref: UUID) -> HttpResponse:
    """Invite, sign out, close. What was written is listed for those who read it."""
    patient = patient_of(ref)
    read_chart(request, patient, "own pages")
    form = InviteForm(posted(request), initial=_known(patient))
    if carried_out(form, lambda: _invite(request, ref, form)):
        messages.success(request, __("The invitation is on its way."))
        return redirect("own_pages", ref=patient.ref)
    return show(request, "inbox/own.html", _context(request, patient) | {"form": form}, status=422 if form.is_bound else 200)


@desk("thread.answer")
def write(request: StaffRequest, ref: UUID) -> HttpResponse:
    """The clinic writes first."""
    patient, refusal = open_patient(ref), None
    if request.method == "POST":
        try:
            words, about = request.POST.get("words", ""), request.POST.get("about", "")
            note = threads.open_to(patient, words, about=about, by=request.staff, now=request.now, key=key_of(request))
            return redirect("thread", thread=note.thread.ref)
        except Refusal as why:
            refusal = why
    read_chart(request, patient, "write to patient")
    context = {
        "topics": [{"key": key, "words": words, "chosen": request.POST.get("about") == key} for key, words in ABOUT.items()],
        "typed": request.POST.get("words", ""),
        "refusal": refusal,
        "key": uuid4(),
        "tab": "own",
    }
    return show(request, "inbox/write.html", head_of(request, patient) | context, status=422 if refusal else 200)


@desk("link.send")
def sign_out(request: StaffRequest, ref: UUID, own_access: UUID) -> HttpResponse:
    row = _access(ref, own_access)
    if request.method == "POST":
        _signed_out(row, request)
    return redirect("own_pages", ref=ref)


@desk("link.send")
def end(request: StaffRequest, ref: UUID, own_access: UUID) -> HttpResponse:
    row = _access(ref, own_access)
    if request.method == "POST":
        _ended(row, request)
    return redirect("own_pages", ref=ref)


def _invite(request: StaffRequest, ref: UUID, form: InviteForm) -> None:
    told = form.cleaned_data
    own_access.invite(open_patient(ref), email=told["email"], language=told["language"], by=request.staff, now=request.now)


def _signed_out(row: OwnAccess, request: StaffRequest) -> None:
    own_access.sign_out_everywhere(row, by=request.staff, now=request.now)
    messages.success(request, __("Signed out everywhere."))


def _ended(row: OwnAccess, request: StaffRequest) -> None:
    own_access.end(row, because="by the clinic", by=request.staff, now=request.now)
    messages.success(request, __("Closed."))


def _access(ref: UUID, access: UUID) -> OwnAccess:
    row: OwnAccess = get_object_or_404(OwnAccess.objects.select_related("patient"), ref=access, patient=patient_of(ref))
    return row


def _known(patient: Patient) -> dict[str, str]:
    """The address and language to begin with: those of the sign-in, else those the patient is written to at."""
    standing = own_access.live(patient).filter(who="patient").first()
    if standing is not None:
        return {"email": standing.email, "language": standing.language}
    contact = contacts.of(patient)
    return {"email": contact.email, "language": contact.language} if contact else {"language": "en"}


def _context(request: StaffRequest, patient: Patient) -> dict[str, Any]:
    found = list(own_access.live(patient))
    last, standing = own_sign_in.lately(found, now=request.now)
    rows = [
        {"row": row, "last": last.get(row.pk), "standing": row.pk in standing, "live": own_access.is_live(row, now=request.now)}
        for row in found
    ]
    may_read = permissions.may(request.staff, "thread.see")
    written = threads.of_patient(patient)[:40] if may_read else []
    return head_of(request, patient) | {
        "rows": rows,
        "own": next((each for each in rows if each["row"].who == "patient"), None),
        "helpers": [each for each in rows if each["row"].who == "caregiver"],
        "threads": [{"thread": row, "about": ABOUT[row.about]} for row in written],
        "may_read": may_read,
        "may_write": permissions.may(request.staff, "thread.answer"),
        "tab": "own",
    }
