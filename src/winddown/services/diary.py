"""The diary at home: the link that opens it, what it asks today, and how the patient wants to be asked."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction

from winddown.domain.followup import schedule
from winddown.domain.followup.schedule import Home
from winddown.record.models import Link, Patient, Staff
from winddown.services import audit, contacts, forms, instruments, links, permissions

NUMBERS = ("pain-nrs", "mood")
NOTE = "diary-note"
ASKED = (*NUMBERS, NOTE)
RENEWED_BEFORE = timedelta(days=5)


@dataclass(frozen=True)
class Today:
    """What the diary asks at this moment. numbers: pain and mood may be given; more: other forms that are due, by name of the set."""

    home: Home
    numbers: bool
    more: tuple[str, ...]


def today(link: Link, *, now: datetime) -> Today:
    """Pain and mood whenever the last ones do not overlap with now, and the forms that the schedule asks for."""
    patient = links.patient_of(link)
    home = forms.home_of(patient)
    given = forms.given_of(patient)
    interval = instruments.form_of(NUMBERS[0]).minimum_interval_days.value
    numbers = not schedule.too_soon(given.get(NUMBERS[0], ()), interval, home, at=now)
    due = forms.due(patient, given=given, home=home, now=now)
    more = dict.fromkeys(slot.form_set.key for slot in due if slot.form_set.key != forms.EVENING)
    return Today(home, numbers, tuple(more))


@transaction.atomic
def link_for(patient: Patient, *, now: datetime, by: Staff | None = None) -> Link:
    """The diary's link of this patient: the one that is open for some days yet, or a new one."""
    whose = patient.merged_into or patient
    rows = Link.objects.filter(patient=whose, purpose="diary", access=None, revoked_at=None, expires_at__gt=now + RENEWED_BEFORE)
    found: Link | None = rows.order_by("-id").first()
    if found is not None:
        return found
    contact = contacts.of(whose)
    return links.make(patient=whose, purpose="diary", now=now, by=by, language=contact.language if contact else "")


@transaction.atomic
def renew(patient: Patient, *, by: Staff, now: datetime) -> Link:
    """A new link, and every older one opens nothing any more: for a phone that was lost or lent."""
    permissions.require(by, "link.send")
    whose = patient.merged_into or patient
    for old in Link.objects.filter(patient=whose, purpose__in=("diary", "home"), revoked_at=None, expires_at__gt=now):
        links.revoke(old, by=by, now=now)
    return link_for(whose, now=now, by=by)


@transaction.atomic
def wishes_changed(link: Link, wishes: contacts.Wishes, *, now: datetime) -> None:
    """The patient says themself when and how to be asked."""
    contacts.write(links.patient_of(link), wishes, by=None, now=now, because="the patient, by the diary's link")
    audit.note("patient changes contact", by=None, now=now, patient=links.patient_of(link), subject=str(link.ref))
