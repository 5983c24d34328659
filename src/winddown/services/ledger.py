"""The controlled-drug ledger: one chain per location, written in the transaction of the deed it records."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from datetime import UTC, datetime
from decimal import Decimal
from uuid import UUID, uuid4

from django.db import connection, transaction

from winddown.domain.refusals import Missing, NotAllowed, UnknownWord
from winddown.record.models import Bag, LedgerEntry, Location, Session, Staff
from winddown.services import audit, permissions

KINDS = ("drawn", "given", "wasted", "returned", "broken")
WITNESSED = ("wasted", "broken")
GENESIS = "0" * 64
_LOCK = 7_410_002
_THOUSANDTH = Decimal("0.001")


@transaction.atomic
def enter(
    kind: str,
    *,
    location: Location,
    drug: str,
    mg: Decimal,
    ml: Decimal,
    by: Staff,
    now: datetime,
    happened_at: datetime | None = None,
    session: Session | None = None,
    bag: Bag | None = None,
    witness: Staff | None = None,
    lot: str = "",
    words: str = "",
    supersedes: LedgerEntry | None = None,
    key: UUID | None = None,
) -> LedgerEntry:
    """Append one line. Waste and breakage need a second authenticated person; a correction is a new line that supersedes."""
    permissions.require(by, "ledger.write")
    if kind not in KINDS:
        raise UnknownWord("ledger entry", kind, KINDS)
    if kind in WITNESSED and witness is None:
        raise Missing(
            because=f"A {kind} entry needs a witness.", way_out="A second person confirms with their own PIN.", code="witness_missing"
        )
    if witness is not None and witness.pk == by.pk:
        raise NotAllowed(because="The witness must be someone else.", way_out="Ask a colleague.", code="witness_is_author")
    last = _lock_and_last(location)
    row = LedgerEntry(
        ref=key or uuid4(),
        location=location,
        number=last.number + 1 if last else 1,
        kind=kind,
        drug=drug,
        mg=mg.quantize(_THOUSANDTH),
        ml=ml.quantize(_THOUSANDTH),
        session=session,
        bag=bag,
        lot=lot,
        words=words[:300],
        happened_at=happened_at or now,
        written_at=now,
        by=by,
        witness=witness,
        supersedes=supersedes,
        previous_hash=last.hash if last else GENESIS,
    )
    row.hash = digest(row)
    row.save()
    audit.note(f"ledger {kind}", by=by, now=now, patient=session.patient if session else None, subject=str(row.ref))
    return row


def digest(row: LedgerEntry) -> str:
    """SHA-256 over the line and the hash before it, in one written-down order."""
    witness = str(row.witness.ref) if row.witness else ""
    told = [
        row.previous_hash,
        str(row.ref),
        str(row.location.ref),
        row.number,
        row.kind,
        row.drug,
        f"{row.mg:.3f}",
        f"{row.ml:.3f}",
        str(row.session.ref) if row.session else "",
        str(row.bag.ref) if row.bag else "",
        row.lot,
        row.words,
        row.happened_at.astimezone(UTC).isoformat(timespec="microseconds"),
        row.written_at.astimezone(UTC).isoformat(timespec="microseconds"),
        str(row.by.ref),
        witness,
        str(row.supersedes.ref) if row.supersedes else "",
    ]
    return hashlib.sha256(json.dumps(told, ensure_ascii=False, separators=(",", ":")).encode()).hexdigest()


def broken_links(rows: Iterable[LedgerEntry]) -> list[str]:
    """Every line whose number, link or digest does not follow from the one before. Empty when the chain holds."""
    problems, previous, number = [], GENESIS, 0
    for row in rows:
        number += 1
        if row.number != number:
            problems.append(f"line {row.number}: expected number {number}")
            number = row.number
        if row.previous_hash != previous:
            problems.append(f"line {row.number}: does not follow the line before it")
        if row.hash != digest(row):
            problems.append(f"line {row.number}: its content was changed after it was written")
        previous = row.hash
    return problems


def verify(location: Location) -> list[str]:
    rows = LedgerEntry.objects.filter(location=location).select_related("location", "session", "bag", "by", "witness", "supersedes")
    return broken_links(rows.order_by("number").iterator(chunk_size=2000))


def of_session(session: Session) -> list[LedgerEntry]:
    """The lines of one session that no later line supersedes, in order."""
    rows = LedgerEntry.objects.filter(session=session, superseded_by__isnull=True)
    return list(rows.select_related("by", "witness", "bag").order_by("number"))


def _lock_and_last(location: Location) -> LedgerEntry | None:
    with connection.cursor() as cursor:
        cursor.execute("select pg_advisory_xact_lock(%s, %s)", [_LOCK, location.pk % 2_000_000_000])
    return LedgerEntry.objects.filter(location=location).order_by("-number").first()
