"""A stocked shelf, made through the services as a clinic makes it."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal

from winddown.domain.controlled.movements import Line
from winddown.services import formulary, ledger, receiving

KETAMINE_50 = {
    "drug": "ketamine",
    "schedule": "III",
    "name": "Ketamine 50 mg/mL, 10 mL",
    "ndc": "42023-114-10",
    "mg_per_ml": Decimal(50),
    "ml": Decimal(10),
}
KETAMINE_100 = {**KETAMINE_50, "name": "Ketamine 100 mg/mL, 5 mL", "ndc": "42023-115-10", "mg_per_ml": Decimal(100), "ml": Decimal(5)}
MIDAZOLAM = {
    "drug": "midazolam",
    "schedule": "IV",
    "name": "Midazolam 1 mg/mL, 2 mL",
    "ndc": "0409-2305-17",
    "mg_per_ml": Decimal(1),
    "ml": Decimal(2),
}


def registered(house, location=None, *, now: datetime, number: str = "FX0000000"):
    return formulary.register(
        location or house.location,
        registrant="Fictional Clinic",
        dea_number=number,
        state_license="FICT-1",
        schedules=["III", "IV"],
        expires_on=now.date() + timedelta(days=400),
        field_office="Fictional Field Office, 555-0190",
        by=house.drug_officer,
        now=now,
    )


def product(house, told=None, *, now: datetime):
    from winddown.record.models import Product

    told = told or KETAMINE_50
    return Product.objects.filter(ndc=told["ndc"]).first() or formulary.list_product(**told, by=house.drug_officer, now=now)


def received(house, vials: int = 3, told=None, *, now: datetime, location=None, by=None, **more):
    """Vials on the shelf, in the order of their numbers."""
    entered = {
        "lot": "FICT-LOT",
        "expires_on": now.date() + timedelta(days=300),
        "supplier": "Fictional Wholesale",
        "supplier_number": "RF0000000",
    }
    receipt = receiving.receive(
        product(house, told, now=now),
        location=location or house.location,
        vials=vials,
        invoice="INV-1",
        by=by or house.nurse,
        now=now,
        **(entered | more),
    )
    return list(receipt.contents.select_related("product", "location").order_by("number"))


def lines_of(location) -> list[Line]:
    """The ledger of one place as the domain reads it."""
    told = []
    for row in ledger.lines_of(location).select_related("superseded_by"):
        vial = str(row.vial.ref) if row.vial else ""
        told.append(Line(row.number, row.kind, row.drug, row.mg, row.ml, vial, superseded=hasattr(row, "superseded_by")))
    return told


def samples(house, session, now: datetime) -> dict:
    """A vial, and one of everything that can happen to it, by the names that addresses use."""
    from winddown.services import cases, counts, people, transfers, witnesses

    registered(house, now=now)
    vials = received(house, 3, now=now)
    other = people.open_location(name="Elsewhere", time_zone="America/New_York", now=now)
    registered(house, other, now=now)
    note = {"by": house.nurse, "now": now}
    given = ledger.enter("given", location=house.location, drug="ketamine", mg=Decimal(1), ml=Decimal(1), session=session, **note)
    return {
        "vials.ref": vials[0].ref,
        "product": vials[0].product.ref,
        "line": given.ref,
        "asks.ref": witnesses.ask_about_vial(vials[1], "broken", words="it fell", **note).ref,
        "counts.ref": counts.begin(house.location, kind="shift", **note).ref,
        "cases.ref": cases.tell(location=house.location, drug="ketamine", words="a broken seal", since=now, **note).ref,
        "transfers.ref": transfers.send(vials[2:], source=house.location, target=other, invoice="INV-2", **note).ref,
    }
