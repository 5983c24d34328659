"""The inspector's packet: every line of a period with all its digest covers, who and what in words, the sums, and one signature."""

from __future__ import annotations

import csv
import hashlib
import io
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from importlib import resources
from typing import Any
from zoneinfo import ZoneInfo

from django.db import transaction
from django.db.models import F

from winddown.domain.controlled import chain
from winddown.domain.controlled.movements import Line, accounts, movement_of
from winddown.record.models import Assay, Case, LedgerEntry, Location, Packet, Receipt, Staff, StockCount, Transfer
from winddown.services import audit, formulary, ledger, permissions, signing

CHECKER = "check_packet.py"
CASE_FIELDS = (
    "number", "kind", "drug", "difference_mg", "allowed_mg", "words", "opened_at", "status", "outcome", "discovered_at", "closed_at",
)  # fmt: skip
READABLE = (
    "number", "written_at", "happened_at", "kind", "drug", "mg", "ml", "vial", "lot", "patient", "by", "witness", "second_witness",
    "supersedes", "superseded_by", "words", "hash",
)  # fmt: skip
PROVES = (
    "The signature proves that this packet was made by the installation whose key has this fingerprint and was not changed since. "
    "The chain proves that no line between the first and the last was changed, taken out or put in after it was written, as long as "
    "one of its hashes is known from elsewhere. Neither proves that what was written is true, nor what was in a syringe."
)


@dataclass(frozen=True)
class Contents:
    """What a packet says, before it is printed and zipped."""

    location: Location
    first_day: date
    last_day: date
    rows: tuple[LedgerEntry, ...]
    problems: tuple[str, ...]
    clock_steps: tuple[int, ...]
    sums: Mapping[str, Sequence[tuple[str, Decimal]]]
    files: Mapping[str, bytes]


@transaction.atomic
def gather(location: Location, *, first_day: date, last_day: date, by: Staff, now: datetime) -> Contents:
    """Everything of a period at one location, days of that place, both included."""
    permissions.require(by, "ledger.packet")
    zone = ZoneInfo(location.time_zone)
    since = datetime.combine(first_day, time(), tzinfo=zone)
    until = datetime.combine(last_day + timedelta(days=1), time(), tzinfo=zone)
    every = list(ledger.lines_of(location).select_related("superseded_by", "session__patient").annotate(drug_code=F("vial__product__ndc")))
    inside = [row for row in every if since <= row.written_at < until]
    rows = _unbroken(every, inside)
    links = list(ledger.links(rows))
    before = next((row for row in every if rows and row.number == rows[0].number - 1), None)
    problems = chain.breaks(links, after=before.hash if before else chain.GENESIS, first=rows[0].number) if links else []
    files = {
        "ledger.csv": _csv(rows),
        "chain.json": _chain(location, rows, before.hash if before else chain.GENESIS),
        "papers.json": _papers(location, since, until),
        CHECKER: checker(),
    }
    return Contents(location, first_day, last_day, tuple(rows), tuple(problems), tuple(chain.clock_steps(links)), _sums(every, rows), files)


def seal(contents: Contents, files: Mapping[str, bytes], *, by: Staff, now: datetime) -> dict[str, bytes]:
    """The files with their manifest and its signature, and the fact that this packet left the house."""
    manifest = json.dumps(
        {
            "what": "Winddown controlled-drug ledger packet",
            "location": contents.location.name,
            "first_day": contents.first_day.isoformat(),
            "last_day": contents.last_day.isoformat(),
            "lines": len(contents.rows),
            "made_at": now.astimezone(UTC).isoformat(timespec="seconds"),
            "made_by": by.name,
            "proves": PROVES,
            "public_key": signing.public_key().hex(),
            "fingerprint": signing.fingerprint(),
            "sha256": {name: hashlib.sha256(content).hexdigest() for name, content in sorted(files.items())},
        },
        ensure_ascii=False,
        indent=1,
    ).encode()
    Packet(
        location=contents.location,
        first_day=contents.first_day,
        last_day=contents.last_day,
        lines=len(contents.rows),
        head_hash=contents.rows[-1].hash if contents.rows else "",
        manifest_sha256=hashlib.sha256(manifest).hexdigest(),
        key_fingerprint=signing.fingerprint(),
        made_at=now,
        by=by,
    ).save()
    audit.note("make packet", by=by, now=now, subject=f"{contents.first_day} to {contents.last_day}")
    return {**files, "MANIFEST.json": manifest, "MANIFEST.sig": signing.sign(manifest).hex().encode()}


def checker() -> bytes:
    """The stand-alone checker, which needs a Python and nothing else."""
    return resources.files("winddown.services").joinpath(CHECKER).read_bytes()


def _unbroken(every: Sequence[LedgerEntry], inside: Sequence[LedgerEntry]) -> list[LedgerEntry]:
    """From the first to the last number of the period without a hole: a clock that was set back cannot hide a line."""
    if not inside:
        return []
    first, last = min(row.number for row in inside), max(row.number for row in inside)
    return [row for row in every if first <= row.number <= last]


def _sums(every: Sequence[LedgerEntry], rows: Sequence[LedgerEntry]) -> dict[str, list[tuple[str, Decimal]]]:
    """For each drug: what was there before, what came and went by kind, and what is expected after; mg, stock and in use together."""
    first = rows[0].number if rows else 1
    last = rows[-1].number if rows else 0
    told = {}
    for drug in sorted({row.drug for row in every}):
        mine = [_line(row, last) for row in every if row.drug == drug and row.number <= last]
        opening = _held(line for line in mine if line.number < first)
        kinds: dict[str, Decimal] = {}
        for line in mine:
            if line.number >= first and not line.superseded and line.kind != "moved":
                kinds[line.kind] = kinds.get(line.kind, Decimal(0)) + line.mg
        told[drug] = [("opening", opening), *((kind, kinds[kind]) for kind in sorted(kinds)), ("expected", _held(mine))]
    return told


def _held(lines: Any) -> Decimal:
    held = accounts(lines)
    return held.get("stock", Decimal(0)) + held.get("use", Decimal(0))


def _line(row: LedgerEntry, last: int) -> Line:
    newer = getattr(row, "superseded_by", None)
    return Line(row.number, row.kind, row.drug, row.mg, row.ml, superseded=newer is not None and newer.number <= last)


def _csv(rows: Sequence[LedgerEntry]) -> bytes:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow([*READABLE, "ndc"])
    for row in rows:
        writer.writerow([*(_safe(each) for each in _readable(row)), getattr(row, "drug_code", "") or ""])
    return text.getvalue().encode("utf-8-sig")


def _readable(row: LedgerEntry) -> list[str]:
    newer = getattr(row, "superseded_by", None)
    patient = f"{row.session.patient.record_number} {row.session.patient.name}" if row.session else ""
    people = [row.by.name, row.witness.name if row.witness else "", row.second_witness.name if row.second_witness else ""]
    at = [row.written_at.astimezone(UTC).isoformat(timespec="seconds"), row.happened_at.astimezone(UTC).isoformat(timespec="seconds")]
    links = [str(row.supersedes.number) if row.supersedes else "", str(newer.number) if newer else ""]
    what = [movement_of(row.kind).words, row.drug, f"{row.mg:.3f}", f"{row.ml:.3f}", row.vial.label if row.vial else "", row.lot]
    return [str(row.number), *at, *what, patient, *people, *links, row.words, row.hash]


def _safe(text: str) -> str:
    """What a spreadsheet would run as a formula is kept as text."""
    return f"'{text}" if text[:1] in ("=", "+", "-", "@", "\t") else text


def _chain(location: Location, rows: Sequence[LedgerEntry], after: str) -> bytes:
    lines = [{**ledger.told(row), "hash": row.hash} for row in rows]
    told = {
        "location": str(location.ref),
        "after": after,
        "first": rows[0].number if rows else 1,
        "order": {str(form): list(order) for form, order in chain.ORDER.items()},
        "lines": lines,
    }
    return json.dumps(told, ensure_ascii=False, indent=0).encode()


def _papers(location: Location, since: datetime, until: datetime) -> bytes:
    """Registration, receipts, transfers, counts, cases and assays of the period."""
    held = formulary.registration_of(location)
    span = (since, until)
    told = {
        "registration": _plain(held, "registrant", "dea_number", "state_license", "schedules", "expires_on") if held else None,
        "receipts": [_receipt(row) for row in Receipt.objects.filter(location=location, received_at__range=span).select_related("product")],
        "transfers": [
            _plain(row, "invoice", "status", "sent_at", "arrived_at", "missing") | {"from": row.source.name, "to": row.target.name}
            for row in Transfer.objects.filter(sent_at__range=span).select_related("source", "target").order_by("id")
            if location.pk in (row.source_id, row.target_id)
        ],
        "counts": [
            _count(row)
            for row in StockCount.objects.filter(location=location, closed_at__range=span).select_related("by", "second").order_by("id")
        ],
        "cases": [_plain(row, *CASE_FIELDS) for row in Case.objects.filter(location=location, opened_at__range=span).order_by("number")],
        "assays": [
            _plain(row, "sample", "laboratory", "sampled_at", "expected_mg_per_ml", "found_mg_per_ml", "words")
            for row in Assay.objects.filter(location=location, sampled_at__range=span).order_by("id")
        ],
    }
    return json.dumps(told, ensure_ascii=False, indent=1).encode()


def _receipt(row: Receipt) -> dict[str, Any]:
    told = _plain(row, "supplier", "supplier_number", "invoice", "lot", "expires_on", "vials", "received_at")
    return told | {"product": row.product.name, "ndc": row.product.ndc}


def _count(row: StockCount) -> dict[str, Any]:
    told = _plain(row, "kind", "business", "status", "opened_at", "closed_at", "compared", "head_number", "head_hash")
    return told | {"by": row.by.name, "second": row.second.name if row.second else ""}


def _plain(row: Any, *names: str) -> dict[str, Any]:
    return {name: _text(getattr(row, name)) for name in names}


def _text(value: Any) -> Any:
    if isinstance(value, (datetime, date)):
        return value.isoformat()
    return str(value) if isinstance(value, Decimal) else value
