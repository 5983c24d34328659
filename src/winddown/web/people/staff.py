"""Staff: who works here, in which roles, with which credentials."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from winddown.record.models import Credential, Staff
from winddown.services import people
from winddown.web.access import StaffRequest
from winddown.web.people.forms import CredentialForm, NewStaffForm, PasswordForm, StaffForm
from winddown.web.people.shell import carried_out, desk, posted, show
from winddown.web.people.words import CREDENTIALS, role_words, roles_explained

SOON = timedelta(days=30)


@dataclass(frozen=True)
class CredentialLine:
    """The newest of one kind, and how it stands today."""

    words: Any
    expires_on: date
    level: str

    @classmethod
    def of(cls, credential: Credential, today: date) -> CredentialLine:
        level = "act" if credential.expires_on < today else "watch" if credential.expires_on < today + SOON else "calm"
        return cls(CREDENTIALS.get(credential.kind, credential.kind), credential.expires_on, level)


def credential_lines(staff: Sequence[Staff], *, today: date) -> dict[int, list[CredentialLine]]:
    """The newest credential of each kind for each person. One query for all."""
    newest: dict[tuple[int, str], Credential] = {}
    for credential in Credential.objects.filter(staff__in=staff).order_by("expires_on", "id"):
        newest[credential.staff_id, credential.kind] = credential
    lines: dict[int, list[CredentialLine]] = {person.pk: [] for person in staff}
    for (staff_id, _kind), credential in sorted(newest.items()):
        lines[staff_id].append(CredentialLine.of(credential, today))
    return lines


@desk("staff.manage")
def staff_list(request: StaffRequest) -> HttpResponse:
    everyone = list(Staff.objects.select_related("account", "home").order_by("-active", "name"))
    credentials = credential_lines(everyone, today=localdate(request.now))
    rows = [{"person": person, "roles": role_words(person.roles), "credentials": credentials[person.pk]} for person in everyone]
    return show(request, "people/staff_list.html", {"rows": rows})


@desk("staff.manage")
def staff_new(request: StaffRequest) -> HttpResponse:
    form = NewStaffForm(posted(request))
    if form.is_bound and carried_out(
        form, lambda: people.employ(**form.cleaned_data, practice=request.staff.practice, by=request.staff, now=request.now)
    ):
        messages.success(request, _("The account is open. Hand the password over in person."))
        return redirect("people_staff")
    return show(request, "people/staff_new.html", {"form": form}, status=422 if form.is_bound else 200)


@desk("staff.manage")
def staff_page(request: StaffRequest, ref: UUID) -> HttpResponse:
    person = _person(ref)
    form = StaffForm(request.POST) if request.method == "POST" else StaffForm.of(person)
    if form.is_bound and carried_out(form, lambda: people.describe(person, **form.cleaned_data, by=request.staff, now=request.now)):
        return _kept(request, person)
    return _staff_page(request, person, form=form)


@desk("staff.manage")
@require_POST
def staff_credential(request: StaffRequest, ref: UUID) -> HttpResponse:
    person, form = _person(ref), CredentialForm(request.POST)
    if carried_out(form, lambda: people.record_credential(person, **form.cleaned_data, by=request.staff, now=request.now)):
        return _kept(request, person)
    return _staff_page(request, person, credential_form=form)


@desk("staff.manage")
@require_POST
def staff_password(request: StaffRequest, ref: UUID) -> HttpResponse:
    person, form = _person(ref), PasswordForm(request.POST)
    if carried_out(form, lambda: people.replace_password(person, form.cleaned_data["password"], by=request.staff, now=request.now)):
        return _kept(request, person)
    return _staff_page(request, person, password_form=form)


@desk("staff.manage")
@require_POST
def staff_active(request: StaffRequest, ref: UUID) -> HttpResponse:
    person = _person(ref)
    people.set_active(person, request.POST.get("active") == "yes", by=request.staff, now=request.now)
    return _kept(request, person)


@desk("own.account")
def roles(request: StaffRequest) -> HttpResponse:
    return show(request, "people/roles.html", {"roles": roles_explained()})


def _person(ref: UUID) -> Staff:
    person: Staff = get_object_or_404(Staff.objects.select_related("account", "home"), ref=ref)
    return person


def _kept(request: StaffRequest, person: Staff) -> HttpResponse:
    messages.success(request, _("Kept."))
    return redirect("people_staff_page", ref=person.ref)


def _staff_page(request: StaffRequest, person: Staff, **forms: Any) -> HttpResponse:
    person = _person(person.ref)
    blank = {"form": StaffForm.of(person), "credential_form": CredentialForm(), "password_form": PasswordForm()}
    context = {"person": person, "credentials": credential_lines([person], today=localdate(request.now))[person.pk]}
    refused = any(form.is_bound for form in forms.values())
    return show(request, "people/staff_page.html", blank | forms | context, status=422 if refused else 200)
