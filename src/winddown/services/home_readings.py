"""Blood pressure, pulse and sleep from home: kept with their source, beside the readings of sessions and never among them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal, InvalidOperation
from uuid import UUID, uuid5

from django.db import transaction
from django.db.models import Q

from winddown.domain.followup import home
from winddown.domain.refusals import OutOfRange, UnknownWord
from winddown.record.models import HomeReading, Link, Patient
from winddown.record.models.home import HOME_SOURCES
from winddown.services import answers, audit, links
from winddown.services.announcements import News, announce

SHOWN = 60


def numbers_of(told: Mapping[str, object]) -> dict[str, Decimal]:
    """The numbers among what was told, by kind. Refuses a kind that is not known and what is no number."""
    found = {}
    for key, raw in told.items():
        if key not in home.KINDS:
            raise UnknownWord("home reading", key, home.KINDS)
        text = str(raw).strip().replace(",", ".")
        if not text:
            continue
        try:
            value = Decimal(text)
        except InvalidOperation:
            value = Decimal("NaN")
        if isinstance(raw, bool) or not value.is_finite() or not 0 <= value < 1000:
            raise OutOfRange(
                because=f"{text!r} is no number from 0 to 999.", way_out="Enter what the device shows.", code="home_number", where=key
            )
        found[key] = value.quantize(Decimal("0.01"))
    return found


@transaction.atomic
def keep(
    link: Link, told: Mapping[str, Decimal], *, measured_at: datetime, source: str, key: UUID, device: str = "", now: datetime
) -> list[HomeReading]:
    """Keep one measurement. The same key twice is one measurement. An odd number is kept and marked.

    refuses  an unknown source or kind, nothing at all, half a blood pressure
    """
    if source not in HOME_SOURCES:
        raise UnknownWord("source of a home reading", source, HOME_SOURCES)
    patient = links.patient_of(link)
    known = list(HomeReading.objects.filter(taken=key))
    if known:
        return known
    odd = home.check(told)
    at, late = answers.moment(measured_at, now)
    rows = [
        HomeReading(
            ref=uuid5(key, kind),
            patient=patient,
            taken=key,
            kind=kind,
            value=value,
            unit=home.KINDS[kind].unit,
            measured_at=at,
            written_at=now,
            source=source,
            device=device.strip()[:60],
            link=link,
            odd="; ".join(part for part in (odd, late) if part)[:200],
        )
        for kind, value in told.items()
    ]
    for row in rows:
        row.save()
    audit.note("write home reading", by=None, now=now, patient=patient, subject=str(key), words=source)
    announce(News("answer", now, body={"patient": str(patient.ref)}))
    return rows


def of(patient: Patient, *, limit: int = SHOWN) -> list[dict[str, object]]:
    """The newest measurements, newest first: when, the numbers by kind, source, what is odd. One query."""
    whose = Q(patient=patient) | Q(patient__merged_into=patient)
    found: dict[UUID, dict[str, object]] = {}
    for row in HomeReading.objects.filter(whose).order_by("-measured_at", "id")[: limit * 3]:
        each = found.setdefault(
            row.taken, {"at": row.measured_at, "source": row.source, "device": row.device, "odd": row.odd, "numbers": {}}
        )
        each["numbers"][row.kind] = row.value  # type: ignore[index]
    return list(found.values())[:limit]


def is_kept(key: UUID) -> bool:
    return HomeReading.objects.filter(taken=key).exists()
