"""Counting what is there, blind, by two people, and what follows from a difference."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid4

from django.db import transaction

from winddown.domain.controlled import notice
from winddown.domain.controlled.counting import Compared, Shelf
from winddown.domain.controlled.movements import MOVEMENTS
from winddown.domain.quantities import parse_decimal
from winddown.domain.refusals import Missing, NotAllowed, OutOfRange, UnknownWord
from winddown.record.models import Case, CaseAct, LedgerEntry, Location, Product, Staff, StockCount, Vial
from winddown.services import audit, cases, ledger, permissions
from winddown.services.announcements import News, announce

KINDS = ("shift", "recount", "biennial")
TOUCH_THE_SHELF = tuple(kind for kind, each in MOVEMENTS.items() if "stock" in (each.source, each.target) and kind != "moved")
BUSINESS = ("open", "close")


@dataclass(frozen=True)
class Found:
    """What two people saw of one product."""

    product: Product
    shelf: Shelf


@transaction.atomic
def begin(location: Location, *, kind: str, by: Staff, now: datetime, business: str = "", key: UUID | None = None) -> StockCount:
    """A count begins. One that was left open by the same person goes on; what is expected is shown to nobody."""
    permissions.require(by, "ledger.write")
    if kind not in KINDS:
        raise UnknownWord("kind of count", kind, KINDS)
    if kind == "biennial" and business not in BUSINESS:
        raise Missing(
            because="An inventory is taken at open or close of business.", way_out="Say which.", code="business_missing", where="business"
        )
    known: StockCount | None = StockCount.objects.filter(ref=key).first() if key is not None else None
    if known is not None:
        return known
    head = ledger.head(location)
    row = StockCount(
        ref=key or uuid4(),
        location=location,
        kind=kind,
        business=business if kind == "biennial" else "",
        opened_at=now,
        opened_number=head.number if head else 0,
        by=by,
    )
    row.save()
    audit.note("begin count", by=by, now=now, subject=str(row.ref))
    return row


def to_count(location: Location) -> list[Product]:
    """Every product on the list, whether or not some is expected here: the page gives nothing away."""
    return list(Product.objects.filter(active=True).exclude(schedule="").order_by("drug", "mg_per_ml", "ml"))


@transaction.atomic
def close(count: StockCount, found: Sequence[Found], *, by: Staff, second: Staff | None, now: datetime) -> StockCount:
    """Both have signed: now it is held against the ledger. A difference opens a case for each product; a line meanwhile overtakes it."""
    permissions.require(by, "ledger.write")
    ledger.hold(count.location)
    locked = StockCount.objects.select_for_update(of=("self",)).select_related("location").get(pk=count.pk)
    if locked.status != "open":
        return locked
    if second is None:
        raise Missing(
            because="A count is signed by two.",
            way_out="The second person chooses their name and PIN.",
            code="second_missing",
            where="second",
        )
    if locked.by_id != by.pk:
        raise NotAllowed(because="Somebody else began this count.", way_out="Begin your own.", code="count_of_another")
    head = ledger.head(locked.location)
    locked.second, locked.closed_at = second, now
    locked.found = {str(each.product.ref): _plain(each.shelf) for each in found}
    locked.head_number, locked.head_hash = (head.number, head.hash) if head else (0, "")
    meanwhile = LedgerEntry.objects.filter(location=locked.location, number__gt=locked.opened_number, kind__in=TOUCH_THE_SHELF)
    if meanwhile.exists():
        locked.status = "overtaken"
    else:
        compared = compare(locked.location, found)
        locked.compared = [_told(product, each) for product, each in compared]
        locked.status = "agrees" if all(each.agrees for _, each in compared) else "differs"
    locked.save(update_fields=["second", "closed_at", "found", "head_number", "head_hash", "compared", "status"])
    audit.note(f"count {locked.status}", by=by, now=now, subject=str(locked.ref))
    _follow(locked, by=by, now=now)
    announce(News("ledger", now, body={"ledger": "count"}))
    return locked


def compare(location: Location, found: Sequence[Found]) -> list[tuple[Product, Compared]]:
    """Counted against expected, product by product; what was not counted was not seen."""
    expected = expected_at(location)
    counted = {each.product.pk: each for each in found}
    products = {each.product.pk: each.product for each in found} | {
        product.pk: product for product in Product.objects.filter(pk__in=[pk for pk in expected if pk not in counted])
    }
    empty = Shelf(0, 0, Decimal(0))
    told = []
    for pk, product in sorted(products.items()):
        seen = counted[pk].shelf if pk in counted else empty
        told.append((product, Compared(product.name, expected.get(pk, empty), seen, product.ml, product.mg_per_ml)))
    return told


def expected_at(location: Location) -> dict[int, Shelf]:
    """What the vials' levels say, by product. The levels mirror the ledger; `winddown verify --ledger` holds them against it."""
    shelves: dict[int, Shelf] = {}
    rows = Vial.objects.filter(location=location, state__in=("sealed", "open")).exclude(place="road").exclude(product__schedule="")
    for product, state, left in rows.values_list("product_id", "state", "left_ml"):
        before = shelves.get(product, Shelf(0, 0, Decimal(0)))
        sealed = state == "sealed"
        shelves[product] = Shelf(before.sealed + sealed, before.opened + (not sealed), before.opened_ml + (0 if sealed else left))
    return shelves


def read_found(entered: Mapping[str, str], products: Sequence[Product]) -> list[Found]:
    """What was typed for each product. An empty field is no zero: somebody has to say that there is none."""
    found = []
    for product in products:
        numbers = {name: entered.get(f"{name}-{product.ref}", "").strip() for name in ("sealed", "opened", "ml")}
        if not numbers["sealed"] or not numbers["opened"]:
            raise Missing(
                because=f"{product.name}: what you counted is not entered.",
                way_out="Enter 0 where there is none.",
                code="count_incomplete",
                where=f"sealed-{product.ref}",
            )
        sealed, opened = (parse_decimal(numbers[name], where=f"{name}-{product.ref}") for name in ("sealed", "opened"))
        ml = parse_decimal(numbers["ml"], where=f"ml-{product.ref}") if numbers["ml"] else Decimal(0)
        if sealed != int(sealed) or opened != int(opened) or min(sealed, opened, ml) < 0:
            raise OutOfRange(
                because=f"{product.name}: vials are whole numbers.", way_out="Count again.", code="not_whole", where=f"sealed-{product.ref}"
            )
        if opened and not numbers["ml"]:
            raise Missing(
                because=f"{product.name}: how much is left in the opened vials is not entered.",
                way_out="Read the level through the glass, all opened ones together.",
                code="level_missing",
                where=f"ml-{product.ref}",
            )
        found.append(Found(product, Shelf(int(sealed), int(opened), ml)))
    return found


def inventory_due(location: Location) -> date | None:
    """When the next full inventory is due; None before the first was taken."""
    last: StockCount | None = (
        StockCount.objects.filter(location=location, kind="biennial", status__in=("agrees", "differs")).order_by("-closed_at").first()
    )
    return notice.inventory_due(last.closed_at.date()) if last is not None and last.closed_at is not None else None


def _follow(count: StockCount, *, by: Staff, now: datetime) -> None:
    """A case for each product that differs; a recount is told to the open case of its product instead of opening another."""
    for row in count.compared:
        product = Product.objects.get(ref=row["ref"])
        known = Case.objects.filter(location=count.location, kind="count", status="open", product=product).first()
        if known is not None:
            CaseAct(case=known, kind="recounted", at=now, by=by, words=row["words"], data={"count": str(count.ref)}).save()
        elif not row["agrees"]:
            _open_case(count, product, row, by=by, now=now)


def _open_case(count: StockCount, product: Product, row: Mapping[str, Any], *, by: Staff, now: datetime) -> None:
    cases.open_case(
        "count",
        location=count.location,
        drug=product.drug,
        product=product,
        difference_mg=-Decimal(row["difference_mg"]),
        allowed_mg=Decimal(row["allowed_ml"]) * product.mg_per_ml,
        since=cases.since_last_agreement(count.location, now),
        words=f"{product.name}: {row['words']}",
        count=count,
        by=by,
        now=now,
    )


def _plain(shelf: Shelf) -> dict[str, Any]:
    return {"sealed": shelf.sealed, "opened": shelf.opened, "opened_ml": str(shelf.opened_ml)}


def _told(product: Product, each: Compared) -> dict[str, Any]:
    return {
        "ref": str(product.ref),
        "product": each.product,
        "expected": _plain(each.expected),
        "counted": _plain(each.counted),
        "difference_mg": str(each.difference_mg),
        "allowed_ml": str(each.allowed_ml),
        "agrees": each.agrees,
        "words": each.words,
    }
