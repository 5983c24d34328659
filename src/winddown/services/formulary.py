"""Which controlled drugs a place may keep: its registration, the products on the list, the least it should have of each."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal

from django.db import transaction

from winddown.domain.controlled import gs1
from winddown.domain.controlled.products import VialSize, ndc_digits, read_ndc, schedule_for
from winddown.domain.refusals import Missing, Refusal
from winddown.record.models import (
    Location,
    ParLevel,
    Product,
    Registration,
    Staff,
    Vial,
)
from winddown.services import audit, permissions


def size_of(product: Product) -> VialSize:
    return VialSize(product.mg_per_ml, product.ml)


@transaction.atomic
def register(
    location: Location,
    *,
    registrant: str,
    dea_number: str,
    state_license: str,
    schedules: Sequence[str],
    expires_on: date,
    field_office: str,
    by: Staff,
    now: datetime,
) -> Registration:
    """The registration under which a location keeps controlled drugs from now on."""
    permissions.require(by, "ledger.officer")
    row = Registration(
        location=location,
        registrant=registrant,
        dea_number=dea_number,
        state_license=state_license,
        schedules=list(schedules),
        expires_on=expires_on,
        field_office=field_office,
        written_at=now,
        by=by,
    )
    row.save()
    audit.note("register location", by=by, now=now, subject=str(location.ref))
    return row


def registration_of(location: Location) -> Registration | None:
    found: Registration | None = Registration.objects.filter(location=location).order_by("-id").first()
    return found


@transaction.atomic
def list_product(
    *,
    drug: str,
    schedule: str,
    name: str,
    ndc: str,
    mg_per_ml: Decimal,
    ml: Decimal,
    by: Staff,
    now: datetime,
    maker: str = "",
    gtin: str = "",
) -> Product:
    """A product that may be received. Its code is its identity; another strength is another product."""
    permissions.require(by, "ledger.officer")
    code = read_ndc(ndc)
    if gtin and not (len(gtin) == 14 and gtin.isdigit() and gs1.check_digit_holds(gtin)):
        raise Refusal(because=f"{gtin!r} is no GTIN of 14 digits.", way_out="Scan the vial's code.", code="gtin_unreadable", where="gtin")
    VialSize(mg_per_ml, ml)
    if Product.objects.filter(ndc=code).exists():
        raise Refusal(
            because=f"{code} is on the list already.", way_out="Use the product that is there.", code="product_exists", where="ndc"
        )
    row = Product(
        drug=drug,
        schedule=schedule_for(drug, schedule),
        name=name.strip(),
        maker=maker.strip(),
        ndc=code,
        gtin=gtin,
        mg_per_ml=mg_per_ml,
        ml=ml,
        written_at=now,
        by=by,
    )
    row.save()
    audit.note("list product", by=by, now=now, subject=code)
    return row


@transaction.atomic
def set_par(location: Location, product: Product, least: int, *, by: Staff, now: datetime) -> ParLevel:
    """How many sealed vials this shelf should never fall below."""
    permissions.require(by, "ledger.officer")
    row = ParLevel(location=location, product=product, least=least, written_at=now, by=by)
    row.save()
    audit.note("set par level", by=by, now=now, subject=f"{product.ndc}: {least}")
    return row


def product_of(scan: gs1.Scan) -> Product:
    """The product that a code names. A code that names none stops: the strength is never guessed."""
    for product in Product.objects.filter(active=True):
        if scan.gtin and (product.gtin == scan.gtin or scan.ndc_digits in ndc_digits(product.ndc)):
            return product
    raise Missing(
        because=f"No product on the list has the code {scan.gtin or 'of this scan'}.",
        way_out="The officer lists it first, with strength and size read off the label.",
        code="product_unknown",
        where="scan",
    )


def keeps(location: Location, drug: str) -> bool:
    """Whether this location keeps numbered vials of a drug: then a draw names the vial it came from."""
    return Vial.objects.filter(location=location, product__drug=drug).exists()
