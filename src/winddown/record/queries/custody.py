"""Who had drug in their hands, and who could have had: the facts a case is judged by."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from winddown.record.models import AuditEntry, Case, LedgerEntry, Staff, StockCount, Transfer, TransferVial, Vial, WitnessAsk

MOST_HANDS = 400
MAY_HANDLE = frozenset({"nurse", "prescriber", "drug_officer"})


@dataclass(frozen=True)
class Hand:
    """One moment at which somebody handled the drug of a case: who, with whom, what."""

    at: datetime
    kind: str
    words: str
    by: Staff
    others: tuple[Staff, ...]
    number: int | None
    mg: Any
    session: str

    def as_data(self) -> dict[str, Any]:
        return dict(self.__dict__)


@dataclass(frozen=True)
class WithAccess:
    """One person and their access in the window: how often the drug passed their hands, how often they saw it done, or were here at all."""

    person: Staff
    handled: int
    witnessed: int
    here: int

    @property
    def only_role(self) -> bool:
        return not (self.handled or self.witnessed or self.here)


def hands(case: Case) -> list[Hand]:
    """Every line, count, transfer and ask about this drug and place inside the window, oldest first. A fixed number of queries."""
    span = (case.since, case.until)
    lines = LedgerEntry.objects.filter(location=case.location, drug=case.drug, happened_at__range=span)
    lines = lines.select_related("by", "witness", "second_witness", "session__patient").order_by("number")[:MOST_HANDS]
    found = [_of_line(line) for line in lines]
    counts = StockCount.objects.filter(location=case.location, closed_at__range=span).select_related("by", "second")
    found += [
        Hand(row.closed_at, "counted", row.status, row.by, (row.second,) if row.second else (), None, None, "")
        for row in counts
        if row.closed_at
    ]
    asks = (
        WitnessAsk.objects.filter(location=case.location, drug=case.drug, asked_at__range=span)
        .exclude(status="signed")
        .select_related("by")
    )
    found += [Hand(row.asked_at, f"asked: {row.kind}", row.words, row.by, (), None, row.mg, "") for row in asks]
    return sorted(found, key=lambda hand: (hand.at, hand.number or 0))


def people_with_access(case: Case, moments: Sequence[Hand]) -> list[WithAccess]:
    """Everybody who handled it, saw it handled, was at work here, or held a role that opens the cupboard. Most access first."""
    handled = Counter(hand.by.pk for hand in moments)
    witnessed = Counter(person.pk for hand in moments for person in hand.others)
    at_work = Counter(
        AuditEntry.objects.filter(at__range=(case.since, case.until), by__isnull=False).order_by().values_list("by_id", flat=True)[:20_000]
    )
    rows = Staff.objects.filter(active=True).order_by("name")
    people = [
        WithAccess(person, handled[person.pk], witnessed[person.pk], at_work[person.pk])
        for person in rows
        if handled[person.pk] or witnessed[person.pk] or (set(person.roles) & MAY_HANDLE and person.home_id in (None, case.location_id))
    ]
    return sorted(people, key=lambda each: (-each.handled, -each.witnessed, -each.here, each.person.name))


def lost_products(case: Case) -> list[dict[str, Any]]:
    """What the form asks of each substance: code, name, strength, size, how much."""
    if case.transfer_id is not None:
        rows: Iterable[Any] = TransferVial.objects.filter(transfer=case.transfer, vial__place="road").select_related("vial__product")
        return [_substance(row.vial.product, row.vial.product.ml) for row in rows]
    if case.product is not None:
        return [_substance(case.product, case.difference_mg / case.product.mg_per_ml)]
    rows = Vial.objects.filter(pk__in=_vials_of(case)).select_related("product")
    products = {vial.product_id: vial.product for vial in rows}
    return [_substance(product, case.difference_mg / product.mg_per_ml) for product in list(products.values())[:1]]


def transfers_of(case: Case) -> list[Transfer]:
    return [case.transfer] if case.transfer is not None else []


def _vials_of(case: Case) -> list[int]:
    rows = (
        LedgerEntry.objects.filter(session=case.session, drug=case.drug, vial__isnull=False)
        if case.session_id
        else LedgerEntry.objects.none()
    )
    return list(rows.values_list("vial_id", flat=True))


def _of_line(line: LedgerEntry) -> Hand:
    others = tuple(person for person in (line.witness, line.second_witness) if person is not None)
    about = line.session.patient.record_number if line.session else ""
    return Hand(line.happened_at, line.kind, line.words, line.by, others, line.number, line.mg, about)


def _substance(product: Any, ml: Any) -> dict[str, Any]:
    return {"product": product, "ml": ml, "mg": ml * product.mg_per_ml}
