"""Devices and the chairs they are bound to; readings that belong to nobody yet, and the nurse who says whose they are."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db import IntegrityError, transaction
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from django.db.models import QuerySet

from winddown.domain.refusals import Missing, NotAllowed, Refusal, UnknownWord
from winddown.record.models import Chair, Device, DeviceBinding, Location, Reading, ReadingAttachment, Session, Staff
from winddown.services import audit, permissions
from winddown.services.announcements import News, announce

KINDS = ("monitor", "pump", "phantom")


@transaction.atomic
def enroll(*, key: str, kind: str, location: Location, words: str, by: Staff, now: datetime, silent_after_s: int = 15) -> Device:
    """A device we will listen to, known by the identifier it sends."""
    permissions.require(by, "device.manage")
    if kind not in KINDS:
        raise UnknownWord("device kind", kind, KINDS)
    if Device.objects.filter(key=key).exists():
        raise Refusal(
            because=f"A device {key!r} is on file already.", way_out="Bind that one to the chair.", code="device_exists", where="key"
        )
    device = Device(key=key.strip(), kind=kind, location=location, words=words, silent_after_s=silent_after_s)
    device.save()
    audit.note("enroll device", by=by, now=now, subject=key)
    return device


@transaction.atomic
def bind(device: Device, chair: Chair, *, by: Staff, now: datetime) -> DeviceBinding:
    """From now on this device speaks for this chair. An earlier binding ends now; nothing already charted moves."""
    permissions.require(by, "device.manage")
    release(device, by=by, now=now)
    binding = DeviceBinding(device=device, chair=chair, span=DateTimeTZRange(now, None, "[)"), by=by)
    try:
        with transaction.atomic():
            binding.save()
    except IntegrityError as why:
        raise Refusal(
            because=f"{device.key} is bound to another chair at this moment.", way_out="Release it there first.", code="device_bound"
        ) from why
    audit.note("bind device", by=by, now=now, subject=device.key, words=f"chair {chair.ref}")
    announce(News("status", now, None, chair.ref, {"device": device.key}))
    return binding


@transaction.atomic
def release(device: Device, *, by: Staff, now: datetime) -> None:
    """End the device's present binding, if there is one."""
    permissions.require(by, "device.manage")
    for binding in DeviceBinding.objects.filter(device=device, span__endswith__isnull=True).select_for_update():
        if binding.span.lower >= now:
            continue
        binding.span = DateTimeTZRange(binding.span.lower, now, "[)")
        binding.save(update_fields=["span"])
        audit.note("release device", by=by, now=now, subject=device.key)


def bound_now(chairs: Sequence[Chair] | QuerySet[Chair]) -> dict[int, list[Device]]:
    """The devices bound at this moment, by chair id."""
    found: dict[int, list[Device]] = {}
    for binding in DeviceBinding.objects.filter(chair__in=chairs, span__endswith__isnull=True).select_related("device"):
        found.setdefault(binding.chair_id, []).append(binding.device)
    return found


def orphans(*, limit: int = 200) -> QuerySet[Reading]:
    """Readings that no session holds and nobody has judged, newest first."""
    waiting = Reading.objects.filter(session__isnull=True, attachment__isnull=True).exclude(device__kind="phantom")
    return waiting.select_related("device", "chair").order_by("-received_at")[:limit]


@transaction.atomic
def attach(readings: Sequence[Reading], session: Session | None, *, because: str, by: Staff, now: datetime) -> int:
    """A nurse's word on whose readings these are; `session` None means nobody's. Never a guess by the program."""
    permissions.require(by, "orphan.attach")
    if not because.strip():
        raise Missing(
            because="A reason is needed.", way_out="Say how you know whose readings these are.", code="reason_missing", where="because"
        )
    judged = set(ReadingAttachment.objects.filter(reading__in=readings).values_list("reading_id", flat=True))
    if judged or any(reading.session_id for reading in readings):
        raise NotAllowed(because="Some of these readings have an owner already.", way_out="Reload the list.", code="reading_owned")
    for reading in readings:
        ReadingAttachment(reading=reading, session=session, because=because, at=now, by=by).save()
    patient = session.patient if session else None
    audit.note(
        "attach readings", by=by, now=now, patient=patient, subject=str(session.ref) if session else "nobody", words=f"{len(readings)}"
    )
    if session:
        announce(News("event", now, session.ref, session.chair.ref, {}))
    return len(readings)
