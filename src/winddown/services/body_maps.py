"""Where it hurts, marked on a map by the patient or by staff, and kept as regions."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID, uuid4

from django.db import transaction

from winddown.domain.refusals import Missing, Refusal, UnknownWord
from winddown.domain.sensory.body import in_order, region_of
from winddown.domain.words import uncut
from winddown.record.models import BodyMap, Patient, Staff
from winddown.services import audit, permissions

SOURCES = ("patient", "caregiver", "staff")


@transaction.atomic
def mark(
    patient: Patient,
    regions: Iterable[str],
    *,
    now: datetime,
    by: Staff | None = None,
    source: str = "staff",
    worst: str = "",
    words: str = "",
    nothing_hurts: bool = False,
    marked_at: datetime | None = None,
    supersedes: BodyMap | None = None,
    key: UUID | None = None,
) -> BodyMap:
    """Keep one map. The same key twice is one map.

    by              who wrote it at the clinic; None when the patient or a caregiver sent it through a link, whose door is theirs
    nothing_hurts   said in so many words; an empty map without it is refused, because it may be a map that was not filled in
    """
    if by is not None:
        permissions.require(by, "body.mark")
    if source not in SOURCES:
        raise UnknownWord("source", source, SOURCES)
    known: BodyMap | None = BodyMap.objects.filter(ref=key).first() if key else None
    if known is not None:
        return _the_same(known, patient)
    marked = in_order(regions)
    if not marked and not nothing_hurts:
        raise Missing(
            because="No region is marked.", way_out="Mark where it hurts, or say that nothing hurts.", code="map_empty", where="regions"
        )
    made = BodyMap(
        ref=key or uuid4(),
        patient=patient,
        regions=list(marked),
        worst=region_of(worst).key if worst and worst in marked else "",
        words=uncut(words, 300),
        source=source,
        marked_at=marked_at or now,
        written_at=now,
        by=by,
        supersedes=supersedes,
    )
    made.save()
    audit.note("write body map", by=by, now=now, patient=patient, subject=str(made.ref))
    return made


def _the_same(known: BodyMap, patient: Patient) -> BodyMap:
    if known.patient_id != patient.pk:
        raise Refusal(because="This key was used for another map.", way_out="Reload the page and enter it again.", code="key_reused")
    return known


def maps_of(patient: Patient) -> list[BodyMap]:
    """The maps that stand, newest first, those under a record merged into this one too. One query."""
    family = [patient.pk, *patient.merged_from.values_list("pk", flat=True)]
    rows = list(BodyMap.objects.filter(patient__in=family).select_related("by").order_by("-marked_at", "-id"))
    gone = {row.supersedes_id for row in rows if row.supersedes_id}
    return [row for row in rows if row.pk not in gone]
