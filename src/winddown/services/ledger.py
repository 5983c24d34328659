"""The controlled-drug ledger: one chain per location, written in the transaction of the deed it records."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid4

from django.db import connection, transaction

from winddown.domain.controlled import chain
from winddown.domain.controlled.movements import Movement, movement_of
from winddown.domain.refusals import Missing, NotAllowed, OutOfRange
from winddown.domain.words import uncut
from winddown.record.models import Bag, LedgerEntry, Location, Session, Staff, Vial
from winddown.services import audit, permissions

_LOCK = 7_410_002
_THOUSANDTH = Decimal("0.001")
_TOLD_WITH = ("location", "session", "bag", "vial", "by", "witness", "second_witness", "supersedes")


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
    vial: Vial | None = None,
    witness: Staff | None = None,
    second_witness: Staff | None = None,
    lot: str = "",
    words: str = "",
    details: Mapping[str, Any] | None = None,
    supersedes: LedgerEntry | None = None,
    key: UUID | None = None,
) -> LedgerEntry:
    """Append one line and bring the vial's level in line with it. A correction is a new line that supersedes.

    refuses  a waste without another person, a breakage or destruction without two, a level below zero
    """
    permissions.require(by, "ledger.write")
    movement = movement_of(kind)
    _require_witnesses(kind, movement, by, witness, second_witness)
    if key is not None and (known := LedgerEntry.objects.filter(ref=key).first()) is not None:
        return known
    last = _lock_and_last(location)
    row = LedgerEntry(
        form=chain.FORM,
        ref=key or uuid4(),
        location=location,
        number=last.number + 1 if last else 1,
        kind=kind,
        drug=drug,
        mg=mg.quantize(_THOUSANDTH),
        ml=ml.quantize(_THOUSANDTH),
        session=session,
        bag=bag,
        vial=vial,
        lot=lot,
        words=uncut(words, 300),
        details=dict(details or {}),
        happened_at=happened_at or now,
        written_at=now,
        by=by,
        witness=witness,
        second_witness=second_witness,
        supersedes=supersedes,
        previous_hash=last.hash if last else chain.GENESIS,
    )
    row.hash = digest(row)
    row.save()
    _follow_in_the_vial(row, movement)
    audit.note(f"ledger {kind}", by=by, now=now, patient=session.patient if session else None, subject=str(row.ref))
    return row


def told(row: LedgerEntry) -> dict[str, Any]:
    """A line's content by name, as its digest covers it."""
    return {
        "form": row.form,
        "previous_hash": row.previous_hash,
        "ref": str(row.ref),
        "location": str(row.location.ref),
        "number": row.number,
        "kind": row.kind,
        "drug": row.drug,
        "mg": f"{row.mg:.3f}",
        "ml": f"{row.ml:.3f}",
        "session": str(row.session.ref) if row.session else "",
        "bag": str(row.bag.ref) if row.bag else "",
        "vial": str(row.vial.ref) if row.vial else "",
        "lot": row.lot,
        "words": row.words,
        "details": row.details,
        "happened_at": _instant(row.happened_at),
        "written_at": _instant(row.written_at),
        "by": str(row.by.ref),
        "witness": str(row.witness.ref) if row.witness else "",
        "second_witness": str(row.second_witness.ref) if row.second_witness else "",
        "supersedes": str(row.supersedes.ref) if row.supersedes else "",
    }


def digest(row: LedgerEntry) -> str:
    return chain.digest(told(row))


def links(rows: Iterable[LedgerEntry]) -> Iterator[chain.Link]:
    for row in rows:
        yield chain.Link(told(row), row.hash, row.written_at)


def lines_of(location: Location) -> Any:
    """Every line of a location in the order of its numbers, with all that a line names."""
    return LedgerEntry.objects.filter(location=location).select_related(*_TOLD_WITH).order_by("number")


def verify(location: Location) -> list[str]:
    """Every line whose number, link or digest does not follow. Empty when the chain holds."""
    return chain.breaks(links(lines_of(location).iterator(chunk_size=2000)))


def head(location: Location) -> LedgerEntry | None:
    """The last line of a location."""
    found: LedgerEntry | None = LedgerEntry.objects.filter(location=location).order_by("-number").first()
    return found


def of_session(session: Session) -> list[LedgerEntry]:
    """The lines of one session that no later line supersedes, in order."""
    rows = LedgerEntry.objects.filter(session=session, superseded_by__isnull=True)
    return list(rows.select_related("by", "witness", "bag", "vial").order_by("number"))


@transaction.atomic
def correct(
    line: LedgerEntry,
    *,
    mg: Decimal,
    ml: Decimal,
    because: str,
    by: Staff,
    now: datetime,
    witness: Staff | None = None,
    second_witness: Staff | None = None,
    key: UUID | None = None,
) -> LedgerEntry:
    """The line said anew by the officer, with the reason. The wrong line stays; zero says that it never was."""
    permissions.require(by, "ledger.officer")
    if not because.strip():
        raise Missing(because="A correction needs a reason.", way_out="Say what was wrong.", code="reason_missing", where="because")
    if LedgerEntry.objects.filter(supersedes=line).exclude(ref=key).exists():
        raise NotAllowed(
            because=f"Line {line.number} is superseded already.",
            way_out="Correct the newest line.",
            code="line_superseded",
            where="because",
        )
    return enter(
        line.kind,
        location=line.location,
        drug=line.drug,
        mg=mg,
        ml=ml,
        by=by,
        now=now,
        happened_at=line.happened_at,
        session=line.session,
        bag=line.bag,
        vial=line.vial,
        witness=witness,
        second_witness=second_witness,
        lot=line.lot,
        words=f"correction: {because.strip()}. {line.words}",
        details=line.details,
        supersedes=line,
        key=key,
    )


def hold(location: Location) -> None:
    """Nobody else writes in this location's chain until this transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute("select pg_advisory_xact_lock(%s, %s)", [_LOCK, location.pk % 2_000_000_000])


def _lock_and_last(location: Location) -> LedgerEntry | None:
    hold(location)
    return head(location)


def _require_witnesses(kind: str, movement: Movement, by: Staff, witness: Staff | None, second_witness: Staff | None) -> None:
    there = [person for person in (witness, second_witness) if person is not None]
    if len(there) < movement.witnesses:
        needed = "a witness" if movement.witnesses == 1 else "two witnesses"
        raise Missing(
            because=f"A {movement.words.split(' or ')[0]} entry needs {needed}.",
            way_out="Another person confirms with their own PIN.",
            code="witness_missing",
            where="second",
        )
    if len({person.pk for person in (by, *there)}) < len(there) + 1:
        raise NotAllowed(because="The witness must be someone else.", way_out="Ask a colleague.", code="witness_is_author")


def _follow_in_the_vial(row: LedgerEntry, movement: Movement) -> None:
    """The level mirrors the lines. Two people who draw the last of a vial at once wait for each other, and the second is told."""
    if row.vial is None:
        return
    vial = Vial.objects.select_for_update().get(pk=row.vial.pk)
    change = row.ml * ((movement.target == "stock") - (movement.source == "stock"))
    if row.supersedes is not None:
        change -= row.supersedes.ml * ((movement.target == "stock") - (movement.source == "stock"))
    left = vial.left_ml + change
    if left < 0:
        raise OutOfRange(
            because=f"{vial.label} holds {vial.left_ml:f} mL, not {row.ml:f} mL.",
            way_out="Somebody may have drawn from it just now: look at the vial and take another.",
            code="vial_holds_less",
            where="vial",
        )
    vial.left_ml = left
    vial.save(update_fields=["left_ml"])
    row.vial.left_ml = left


def _instant(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="microseconds")
