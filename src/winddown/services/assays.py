"""What a laboratory found in a sample of what was in a bag, a vial or a syringe."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from uuid import UUID, uuid4

from django.db import transaction

from winddown.record.models import Assay, Location, Session, Staff, Vial
from winddown.services import audit, cases, permissions

APART_PERCENT = Decimal(10)


@transaction.atomic
def record(
    location: Location,
    *,
    sample: str,
    laboratory: str,
    sampled_at: datetime,
    expected_mg_per_ml: Decimal,
    found_mg_per_ml: Decimal,
    by: Staff,
    now: datetime,
    words: str = "",
    session: Session | None = None,
    vial: Vial | None = None,
    key: UUID | None = None,
) -> Assay:
    """A result as it came. One that is more than a tenth off what was expected opens a case."""
    permissions.require(by, "ledger.officer")
    known: Assay | None = Assay.objects.filter(ref=key).first() if key is not None else None
    if known is not None:
        return known
    row = Assay(
        ref=key or uuid4(),
        location=location,
        session=session,
        vial=vial,
        sample=sample,
        laboratory=laboratory,
        sampled_at=sampled_at,
        expected_mg_per_ml=expected_mg_per_ml,
        found_mg_per_ml=found_mg_per_ml,
        words=words,
        written_at=now,
        by=by,
    )
    row.save()
    audit.note("record assay", by=by, now=now, subject=str(row.ref))
    if abs(found_mg_per_ml - expected_mg_per_ml) * 100 > expected_mg_per_ml * APART_PERCENT:
        cases.open_case(
            "told",
            location=location,
            drug="ketamine",
            difference_mg=Decimal(0),
            allowed_mg=Decimal(0),
            since=min(cases.since_last_agreement(location, now), sampled_at),
            words=f"Assay of {sample}: {found_mg_per_ml:f} mg/mL found, {expected_mg_per_ml:f} mg/mL expected",
            by=by,
            now=now,
        )
    return row
