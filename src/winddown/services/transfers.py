"""Vials from one registrant to another: signed out at one end, signed in at the other, and a case for each that did not arrive."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from uuid import UUID, uuid4

from django.db import transaction

from winddown.domain.quantities import mg_from_ml
from winddown.domain.refusals import Missing, NotAllowed
from winddown.record.models import Location, Staff, Transfer, TransferVial, Vial
from winddown.services import alerts, audit, cases, formulary, ledger, permissions
from winddown.services.announcements import News, announce


@transaction.atomic
def send(
    vials: Sequence[Vial], *, source: Location, target: Location, invoice: str, by: Staff, now: datetime, key: UUID | None = None
) -> Transfer:
    """Sealed vials leave, with the invoice that travels with them. The sender signed with their own PIN."""
    permissions.require(by, "ledger.write")
    if key is not None and (known := Transfer.objects.filter(ref=key).first()) is not None:
        return known
    _require_sendable(vials, source, target, invoice)
    row = Transfer(ref=key or uuid4(), source=source, target=target, invoice=invoice.strip(), sent_at=now, sent_by=by)
    row.save()
    for vial in Vial.objects.select_for_update().filter(pk__in=[vial.pk for vial in vials]).order_by("pk"):
        _require_sealed_here(vial, source)
        TransferVial(transfer=row, vial=vial).save()
        _line("sent", vial, source, row, by, now)
        vial.place, vial.chair = "road", None
        vial.save(update_fields=["place", "chair"])
    alerts.call_for_stock(source, now=now)
    audit.note("send vials", by=by, now=now, subject=str(row.ref))
    announce(News("ledger", now, body={"ledger": "transfer"}))
    return row


@transaction.atomic
def arrive(transfer: Transfer, arrived: Sequence[Vial], *, by: Staff, now: datetime) -> Transfer:
    """What came out of the box at the other end. A vial that did not arrive stays on the road and opens a case."""
    permissions.require(by, "ledger.write")
    locked = Transfer.objects.select_for_update(of=("self",)).select_related("source", "target").get(pk=transfer.pk)
    if locked.status != "on_the_way":
        return locked
    if locked.sent_by_id == by.pk:
        raise NotAllowed(
            because="The same person cannot sign at both ends.", way_out="A colleague at the other location signs.", code="same_hand"
        )
    sent = [each.vial for each in TransferVial.objects.filter(transfer=locked).select_related("vial__product").order_by("vial_id")]
    came = {vial.pk for vial in arrived}
    for vial in sent:
        if vial.pk not in came:
            continue
        vial.location, vial.place = locked.target, "vault"
        vial.save(update_fields=["location", "place"])
        _line("arrived", vial, locked.target, locked, by, now)
    missing = [vial for vial in sent if vial.pk not in came]
    locked.status, locked.missing = ("short", len(missing)) if missing else ("arrived", 0)
    locked.arrived_at, locked.arrived_by = now, by
    locked.save(update_fields=["status", "missing", "arrived_at", "arrived_by"])
    for vial in missing:
        _open_case(locked, vial, by, now)
    audit.note("vials arrived", by=by, now=now, subject=str(locked.ref))
    announce(News("ledger", now, body={"ledger": "transfer"}))
    return locked


def _line(kind: str, vial: Vial, location: Location, transfer: Transfer, by: Staff, now: datetime) -> None:
    other = transfer.target if kind == "sent" else transfer.source
    way = "to" if kind == "sent" else "from"
    ledger.enter(
        kind,
        location=location,
        drug=vial.product.drug,
        mg=mg_from_ml(vial.product.ml, vial.product.mg_per_ml),
        ml=vial.product.ml,
        vial=vial,
        by=by,
        now=now,
        lot=vial.lot,
        words=f"{vial.label} {way} {other.name}, invoice {transfer.invoice}",
        details={"transfer": str(transfer.ref), "invoice": transfer.invoice, way: other.name},
    )


def _open_case(transfer: Transfer, vial: Vial, by: Staff, now: datetime) -> None:
    cases.open_case(
        "transfer",
        location=transfer.target,
        drug=vial.product.drug,
        product=vial.product,
        vial=vial,
        transfer=transfer,
        difference_mg=mg_from_ml(vial.product.ml, vial.product.mg_per_ml),
        allowed_mg=Decimal(0),
        since=transfer.sent_at,
        words=f"{vial.label} was sent by {transfer.source.name} and did not arrive",
        by=by,
        now=now,
    )


def _require_sendable(vials: Sequence[Vial], source: Location, target: Location, invoice: str) -> None:
    if not vials:
        raise Missing(because="No vial is chosen.", way_out="Choose the sealed vials that go.", code="no_vials", where="vials")
    if source.pk == target.pk:
        raise NotAllowed(because="That is where they are.", way_out="Choose another location.", code="same_location", where="target")
    if not invoice.strip():
        raise Missing(
            because="A transfer between registrants has an invoice.", way_out="Enter its number.", code="field_empty", where="invoice"
        )
    theirs = formulary.registration_of(target)
    needed = {vial.product.schedule for vial in vials} - {""}
    if theirs is None or not needed <= set(theirs.schedules):
        raise NotAllowed(
            because=f"{target.name} has no registration on file for what is sent.",
            way_out="The officer records its registration first.",
            code="target_not_registered",
            where="target",
        )


def _require_sealed_here(vial: Vial, source: Location) -> None:
    if vial.state != "sealed" or vial.place == "road" or vial.location_id != source.pk:
        raise NotAllowed(
            because=f"{vial.label} is not a sealed vial of {source.name} any more.",
            way_out="Only sealed vials travel; look at the list again.",
            code="vial_gone",
            where="vials",
        )
