"""The fictional shelf: registrations, products, a delivery at each place, one count that agrees and one vial that nobody can find."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from winddown.domain.controlled.counting import Shelf
from winddown.record.models import Location, Product, Staff, Vial
from winddown.services import counts, formulary, receiving, stock, transfers

_LABELS = (
    ("ketamine", "III", "Ketamine 50 mg/mL, 10 mL", "42023-114-10", "50", "10"),
    ("ketamine", "III", "Ketamine 100 mg/mL, 5 mL", "42023-115-10", "100", "5"),
    ("midazolam", "IV", "Midazolam 1 mg/mL, 2 mL", "0409-2305-17", "1", "2"),
)
PRODUCTS: tuple[dict[str, Any], ...] = tuple(
    {"drug": drug, "schedule": schedule, "name": name, "ndc": ndc, "mg_per_ml": Decimal(strength), "ml": Decimal(size)}
    for drug, schedule, name, ndc, strength, size in _LABELS
)
DELIVERED = (8, 3, 6)


def stock_the_shelves(places: list[Location], *, nurse: Staff, second: Staff, at: datetime) -> None:
    """Once: everything that a first delivery needs, at every place."""
    if Product.objects.exists():
        return
    officer = Staff.objects.get(account__email="officer@lakeshore.test")
    products = [formulary.list_product(**told, by=officer, now=at) for told in PRODUCTS]
    for number, place in enumerate(places):
        formulary.register(
            place,
            registrant="Lakeshore Infusion (fictional)",
            dea_number=f"FX000000{number}",
            state_license=f"FICT-{number}",
            schedules=["III", "IV"],
            expires_on=(at + timedelta(days=85 if number else 400)).date(),
            field_office="Fictional Field Office, 555-0190",
            by=officer,
            now=at,
        )
        for product, vials in zip(products, DELIVERED, strict=True):
            _deliver(place, product, vials, nurse, at, at.date() + timedelta(days=300))
        formulary.set_par(place, products[1], 4, by=officer, now=at)
        _count(place, products, short=None, nurse=nurse, second=second, at=at + timedelta(hours=2))
    _deliver(places[0], products[0], 1, nurse, at, at.date() + timedelta(days=55))
    sent = stock.vials_here(places[0])[:2]
    if len(places) > 1:
        transfers.send(sent, source=places[0], target=places[1], invoice="LAKE-T-7", by=nurse, now=at + timedelta(days=28))
    _count(places[0], products, short=products[1], nurse=nurse, second=second, at=at + timedelta(days=29))


def vial_for(place: Location, drug: str, mg_per_ml: Decimal) -> list[Vial]:
    """The vial a nurse would reach for: an opened one first."""
    rows = [vial for vial in stock.vials_here(place) if vial.product.drug == drug and vial.product.mg_per_ml == mg_per_ml]
    return sorted(rows, key=lambda vial: (vial.state != "open", vial.number))[:1]


def _deliver(place: Location, product: Product, vials: int, nurse: Staff, at: datetime, expires_on: Any) -> None:
    receiving.receive(
        product,
        location=place,
        vials=vials,
        lot="DEMO-LOT",
        expires_on=expires_on,
        supplier="Invented Wholesale",
        supplier_number="RF0000000",
        invoice="DEMO-1",
        by=nurse,
        now=at,
    )


def _count(place: Location, products: list[Product], *, short: Product | None, nurse: Staff, second: Staff, at: datetime) -> None:
    """Two people count; of `short` they find one vial fewer."""
    begun, expected = counts.begin(place, kind="shift", by=nurse, now=at), counts.expected_at(place)
    found = []
    for product in products:
        held = expected.get(product.pk, Shelf(0, 0, Decimal(0)))
        found.append(counts.Found(product, Shelf(held.sealed - (product == short), held.opened, held.opened_ml)))
    counts.close(begun, found, by=nurse, second=second, now=at + timedelta(seconds=52))
