"""Who outside the clinic treats a patient: the referrer and the mental-health clinician, as rows of which the newest stands."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction

from winddown.domain.refusals import Missing, UnknownWord
from winddown.domain.words import uncut
from winddown.record.models import CareContact, Patient, Staff
from winddown.record.models.letters import ROLES
from winddown.services import audit, contacts, letter_recipients, permissions
from winddown.services.screening import history

MOOD_ITEM = "mental_health_clinician"


def of(patient: Patient) -> dict[str, CareContact]:
    """The contact of each role that has one. One query."""
    return letter_recipients.named(patient)


def told(patient: Patient) -> Mapping[str, tuple[str, str]]:
    """(name, phone or whatever reaches them) by role, as the referral and the history say it, for a form that nobody has filled yet."""
    referral = history.newest_referral(patient)
    found = {"referrer": (referral.referrer, referral.referrer_contact) if referral else ("", "")}
    entry = history.newest(patient).get(MOOD_ITEM)
    name, _comma, reach = (
        str(entry.value.get("value", "") if isinstance(entry.value, dict) else entry.value).partition(",") if entry else ("", "", "")
    )
    return found | {"mental_health": (name.strip(), reach.strip())}


@transaction.atomic
def write(patient: Patient, role: str, *, name: str, email: str, phone: str, letters: bool, by: Staff, now: datetime) -> CareContact:
    """Keep who it is. An empty name says that there is nobody. Refuses an unknown role, and an email that cannot be one."""
    permissions.require(by, "contact.write")
    if role not in ROLES:
        raise UnknownWord("role of a contact", role, ROLES)
    plain = uncut(" ".join(name.split()), 120, where="name")
    if not plain and (email.strip() or phone.strip()):
        raise Missing(because="An address without a name.", way_out="Write whose it is.", code="name_missing", where="name")
    row = CareContact(
        patient=patient.merged_into or patient,
        role=role,
        name=plain,
        email=contacts.email_of(email),
        phone=uncut(" ".join(phone.split()), 40, where="phone"),
        letters=letters,
        written_at=now,
        by=by,
    )
    row.save()
    audit.note("write contact outside", by=by, now=now, patient=row.patient, subject=str(row.ref), words=role)
    letter_recipients.settle(row.patient, now=now)
    return row
