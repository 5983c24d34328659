"""A fictional patient with own pages: a sign-in, a sister who may answer for her, and matters written about."""

from __future__ import annotations

from datetime import datetime, timedelta

from winddown.record.models import Booking, OwnAccess, OwnEntry, Patient, Staff
from winddown.services import own_access, threads

MAILBOX = "ada.testerly@patients.lakeshore.test"
HELPER = "sister.testerly@patients.lakeshore.test"
INVITED = timedelta(days=12)


def write(*, nurse: Staff, now: datetime) -> None:
    """Once: later starts find it as it was left."""
    patient = _somebody_with_a_visit()
    if patient is None or OwnAccess.objects.exists():
        return
    access = own_access.invite(patient, email=MAILBOX, language="en", by=nurse, now=now - INVITED)
    own_access.use(OwnEntry.objects.get(access=access), born=patient.birth_date, now=now - INVITED)
    until = (now + timedelta(days=120)).date()
    own_access.permit(access, name="Sister Testerly (fictional)", email=HELPER, may=["visits", "diary"], until=until, now=now)
    first = threads.write(
        access,
        "The evening after the last visit I felt sick for about two hours. It was gone the next morning. Should I do anything?",
        about="symptom",
        now=now - timedelta(days=6),
    )
    threads.answer(
        first.thread,
        "Thank you for telling us; we have written it down for your next visit. If it comes back or does not stop, please call us.",
        seen=1,
        by=nurse,
        now=now - timedelta(days=6) + timedelta(hours=3),
    )
    threads.write(
        access, "May my sister wait in the room with me next time? She drives me home.", about="visit", now=now - timedelta(hours=5)
    )


def entry_path(*, now: datetime) -> str:
    """A fresh one-time link for the welcome page of the demonstration; empty where nobody has own pages."""
    access: OwnAccess | None = OwnAccess.objects.filter(who="patient", ended_at__isnull=True).order_by("id").first()
    if access is None:
        return ""
    entry = OwnEntry(access=access, made_at=now, expires_at=now + timedelta(days=1))
    entry.save()
    return f"/me/in/{own_access.token_of(entry)}/"


def _somebody_with_a_visit() -> Patient | None:
    rows = Booking.objects.filter(status__in=("held", "booked"), patient__isnull=False).select_related("patient").order_by("patient_id")
    booked = rows.first()
    return booked.patient if booked else None
