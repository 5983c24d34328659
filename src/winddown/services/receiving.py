"""Vials come in by an invoice and go back on a document."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from uuid import UUID, uuid4

from django.db import connection, transaction

from winddown.domain.quantities import mg_from_ml
from winddown.domain.refusals import Missing, NotAllowed, OutOfRange
from winddown.record.models import (
    LedgerEntry,
    Location,
    Product,
    Receipt,
    Staff,
    Vial,
)
from winddown.record.scope import current_practice_id
from winddown.services import alerts, ledger, permissions, stock
from winddown.services.announcements import News, announce
from winddown.services.formulary import registration_of, size_of

MOST_VIALS = 200


@transaction.atomic
def receive(
    product: Product,
    *,
    location: Location,
    vials: int,
    lot: str,
    expires_on: date,
    supplier: str,
    supplier_number: str,
    invoice: str,
    by: Staff,
    now: datetime,
    received_at: datetime | None = None,
    serials: Sequence[str] = (),
    key: UUID | None = None,
) -> Receipt:
    """Vials in, each with a number of its own and its line in the ledger. The same key twice is one receipt."""
    permissions.require(by, "ledger.write")
    if key is not None and (known := Receipt.objects.filter(ref=key).first()) is not None:
        return known
    _require_receivable(product, location, vials, lot, invoice, supplier, serials)
    receipt = Receipt(
        ref=key or uuid4(),
        location=location,
        product=product,
        supplier=supplier.strip(),
        supplier_number=supplier_number.strip(),
        invoice=invoice.strip(),
        lot=lot.strip(),
        expires_on=expires_on,
        vials=vials,
        received_at=received_at or now,
        written_at=now,
        by=by,
    )
    receipt.save()
    first = _numbers(vials)
    for place in range(vials):
        vial = Vial(
            number=first + place,
            product=product,
            receipt=receipt,
            serial=serials[place] if place < len(serials) else "",
            lot=receipt.lot,
            expires_on=expires_on,
            location=location,
            left_ml=Decimal(0),
        )
        vial.save()
        ledger.enter(
            "received",
            mg=size_of(product).mg,
            ml=product.ml,
            vial=vial,
            location=location,
            drug=product.drug,
            by=by,
            now=now,
            happened_at=receipt.received_at,
            lot=receipt.lot,
            words=f"{vial.label}, invoice {receipt.invoice}",
            details={
                "invoice": receipt.invoice,
                "supplier": receipt.supplier,
                "supplier_number": receipt.supplier_number,
                "ndc": product.ndc,
            },
        )
    announce(News("ledger", now, body={"ledger": "stock_received"}))
    return receipt


@transaction.atomic
def send_back(vial: Vial, *, document: str, supplier: str, by: Staff, now: datetime, key: UUID | None = None) -> LedgerEntry:
    """A vial goes back to the supplier or to a reverse distributor, on a document."""
    permissions.require(by, "ledger.officer")
    if not document.strip() or not supplier.strip():
        raise Missing(because="A return names its document and who takes it.", way_out="Write both.", code="field_empty", where="document")
    locked = Vial.objects.select_for_update(of=("self",)).select_related("product", "location").get(pk=vial.pk)
    stock.require_here(locked)
    row = ledger.enter(
        "sent_back",
        location=locked.location,
        drug=locked.product.drug,
        mg=mg_from_ml(locked.left_ml, locked.product.mg_per_ml),
        ml=locked.left_ml,
        vial=locked,
        by=by,
        now=now,
        lot=locked.lot,
        words=f"{locked.label} to {supplier.strip()}, {document.strip()}",
        details={"document": document.strip(), "supplier": supplier.strip()},
        key=key,
    )
    stock.settle_state(locked, "sent_back")
    alerts.call_for_stock(locked.location, now=now)
    announce(News("ledger", now, body={"ledger": "vial_gone"}))
    return row


def _require_receivable(
    product: Product, location: Location, vials: int, lot: str, invoice: str, supplier: str, serials: Sequence[str]
) -> None:
    if not 1 <= vials <= MOST_VIALS:
        raise OutOfRange(because=f"{vials} vials: 1 to {MOST_VIALS} at a time.", way_out="Count again.", code="vials_count", where="vials")
    for name, text, words in (("lot", lot, "The lot"), ("invoice", invoice, "The invoice"), ("supplier", supplier, "The supplier")):
        if not text.strip():
            raise Missing(because=f"{words} is empty.", way_out="Copy it from the delivery.", code="field_empty", where=name)
    if len(set(serials)) < len(serials) or Vial.objects.filter(product=product, serial__in=[each for each in serials if each]).exists():
        raise NotAllowed(
            because="A vial with one of these serial numbers was received already.",
            way_out="Scan each vial once.",
            code="serial_twice",
            where="serials",
        )
    registration = registration_of(location)
    if product.schedule and registration is not None and product.schedule not in registration.schedules:
        raise NotAllowed(
            because=f"{location.name} is registered for {', '.join(registration.schedules)}; {product.name} is {product.schedule}.",
            way_out="The officer brings the registration up to date.",
            code="schedule_not_registered",
            where="product",
        )


def _numbers(count: int) -> int:
    """The first of `count` numbers that nobody else gets."""
    with connection.cursor() as cursor:
        cursor.execute(
            """insert into record_vialcounter as counter (practice_id, number) values (%s, %s)
               on conflict (practice_id) do update set number = counter.number + excluded.number returning number""",
            [current_practice_id(), count],
        )
        return int(cursor.fetchone()[0]) - count + 1
