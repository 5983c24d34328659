"""Vials with a place: who finds, moves and draws, and what is left in each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Q

from winddown.domain.controlled import gs1
from winddown.domain.controlled.products import overfill_of
from winddown.domain.days import in_words
from winddown.domain.quantities import display, mg_from_ml
from winddown.domain.refusals import Missing, NotAllowed, UnknownWord
from winddown.record.models import (
    Bag,
    Chair,
    LedgerEntry,
    Location,
    Product,
    Session,
    Staff,
    Vial,
)
from winddown.services import alerts, ledger, permissions
from winddown.services.announcements import News, announce
from winddown.services.formulary import product_of, size_of

PLACES = ("vault", "room", "chair")
HERE = ("sealed", "open")


@dataclass(frozen=True)
class Draw:
    """What to take from one vial: from the label's volume, and from the maker's overfill."""

    vial: Vial
    ml: Decimal
    overfill_ml: Decimal

    @property
    def mg(self) -> Decimal:
        return mg_from_ml(self.ml, self.vial.product.mg_per_ml)


def vials_here(location: Location) -> list[Vial]:
    """Every vial with drug in it at a location, the first to expire first."""
    rows = Vial.objects.filter(location=location, state__in=HERE).exclude(place="road").select_related("product", "chair")
    return list(rows.order_by("product__drug", "product_id", "expires_on", "number"))


def find(text: str, *, location: Location, today: date) -> Vial:
    """The vial somebody means: its number (V12), or the code on it where the maker gave it a serial number."""
    wanted = text.strip()
    rows = Vial.objects.select_related("product", "location", "chair")
    found: Vial | None = None
    if wanted.upper().removeprefix("V").isdigit() and len(wanted) < 9:
        found = rows.filter(number=int(wanted.upper().removeprefix("V"))).first()
    else:
        scan = gs1.read(wanted, today=today)
        if scan.serial:
            found = rows.filter(product=product_of(scan), serial=scan.serial).first()
    if found is None or found.location_id != location.pk:
        raise Missing(
            because=f"No vial {wanted!r} is at {location.name}.",
            way_out="Type the number written on the vial, as V12.",
            code="vial_unknown",
            where="vial",
        )
    return found


@transaction.atomic
def move(vial: Vial, *, place: str, chair: Chair | None, by: Staff, now: datetime, key: UUID | None = None) -> LedgerEntry:
    """Carry a vial to another place of this location: vault, preparation room, a chair."""
    permissions.require(by, "ledger.write")
    if place not in PLACES:
        raise UnknownWord("place", place, PLACES)
    if place == "chair" and (chair is None or chair.location_id != vial.location_id):
        raise Missing(
            because="To which chair is not said.", way_out="Choose a chair of this location.", code="chair_missing", where="chair"
        )
    locked = Vial.objects.select_for_update(of=("self",)).select_related("product", "location", "chair").get(pk=vial.pk)
    require_here(locked)
    row = ledger.enter(
        "moved",
        location=locked.location,
        drug=locked.product.drug,
        mg=mg_from_ml(locked.left_ml, locked.product.mg_per_ml),
        ml=locked.left_ml,
        vial=locked,
        by=by,
        now=now,
        lot=locked.lot,
        words=f"{locked.label} to {chair.name if place == 'chair' and chair else place}",
        details={"from": place_words(locked), "to": chair.name if place == "chair" and chair else place},
        key=key,
    )
    locked.place, locked.chair = place, chair if place == "chair" else None
    locked.save(update_fields=["place", "chair"])
    vial.place, vial.chair = locked.place, locked.chair
    _told(now, "vial_moved")
    return row


def place_words(vial: Vial) -> str:
    return vial.chair.name if vial.place == "chair" and vial.chair else vial.place


def split(wanted_ml: Decimal, vials: Sequence[Vial], *, at: date) -> list[Draw]:
    """How a draw falls on the vials in hand, in the order they were named; the last one may give up its overfill.

    refuses  two strengths in one draw, an expired vial, a vial that is elsewhere, more than they hold
    """
    if not vials:
        raise Missing(because="The vial is not named.", way_out="Scan it, or type its number.", code="vial_missing", where="vial")
    for vial in vials:
        require_here(vial)
        if vial.expires_on < at:
            raise NotAllowed(
                because=f"{vial.label} expired on {in_words(vial.expires_on)}.",
                way_out="Take another vial; this one goes back or is destroyed.",
                code="vial_expired",
                where="vial",
            )
    if len({vial.product.mg_per_ml for vial in vials}) > 1:
        raise NotAllowed(
            because="The vials have different strengths.", way_out="Draw from vials of one strength.", code="vials_differ", where="vial"
        )
    draws, left = [], wanted_ml
    for vial in vials[:-1]:
        ml = min(left, vial.left_ml)
        draws.append(Draw(vial, ml, Decimal(0)))
        left -= ml
    last = vials[-1]
    draws.append(Draw(last, left, overfill_of(left, last.left_ml, size_of(last.product))))
    return [draw for draw in draws if draw.ml > 0]


@transaction.atomic
def draw(
    wanted_ml: Decimal,
    vials: Sequence[Vial],
    *,
    by: Staff,
    now: datetime,
    session: Session | None,
    bag: Bag | None = None,
    witness: Staff | None = None,
    words: str = "",
    happened_at: datetime | None = None,
    details: Mapping[str, Any] | None = None,
) -> list[LedgerEntry]:
    """Take drug out of named vials, a line for each; what came from the maker's overfill is entered first and said."""
    permissions.require(by, "ledger.write")
    locked = {row.pk: row for row in Vial.objects.select_for_update().filter(pk__in=[vial.pk for vial in vials]).order_by("pk")}
    fresh = [_fresh(vial, locked[vial.pk]) for vial in vials]
    lines = []
    about = {"session": session, "bag": bag, "witness": witness, "words": words, "happened_at": happened_at, "details": details}
    for each in split(wanted_ml, fresh, at=now.date()):
        lines += _drawn(each, by=by, now=now, **about)  # type: ignore[arg-type]
    for location in {vial.location for vial in fresh}:
        alerts.call_for_stock(location, now=now)
    _told(now, "vial_drawn")
    return lines


def _drawn(
    each: Draw,
    *,
    by: Staff,
    now: datetime,
    session: Session | None,
    bag: Bag | None,
    witness: Staff | None,
    words: str,
    happened_at: datetime | None,
    details: Mapping[str, Any] | None,
) -> list[LedgerEntry]:
    vial, lines = each.vial, []
    where = {"location": vial.location, "drug": vial.product.drug, "vial": vial, "lot": vial.lot, "by": by, "now": now}
    if each.overfill_ml > 0:
        beyond = f"{vial.label} held {display(each.overfill_ml, 2)} mL more than its label"
        mg = mg_from_ml(each.overfill_ml, vial.product.mg_per_ml)
        lines.append(ledger.enter("overfill", mg=mg, ml=each.overfill_ml, words=beyond, happened_at=happened_at, **where))  # type: ignore[arg-type]
    lines.append(
        ledger.enter(
            "drawn",
            mg=each.mg,
            ml=each.ml,
            session=session,
            bag=bag,
            witness=witness,
            words=f"{words} from {vial.label}".strip(),
            details=details,
            happened_at=happened_at,
            **where,  # type: ignore[arg-type]
        )
    )
    vial.state = "empty" if vial.left_ml == 0 else "open"
    vial.save(update_fields=["state"])
    return lines


def require_here(vial: Vial) -> None:
    """A vial that is empty, broken, gone or on the road cannot be used."""
    if vial.state not in HERE or vial.place == "road":
        raise NotAllowed(
            because=f"{vial.label} is {'on the road' if vial.place == 'road' else vial.state.replace('_', ' ')}.",
            way_out="Take another vial.",
            code="vial_gone",
            where="vial",
        )


def lines_of_vial(vial: Vial) -> list[LedgerEntry]:
    """Everything the ledger says of one vial, in order."""
    rows = LedgerEntry.objects.filter(vial=vial).select_related(
        "by", "witness", "second_witness", "session__patient", "location", "superseded_by"
    )
    return list(rows.order_by("id"))


@transaction.atomic
def settle_state(vial: Vial, state: str) -> None:
    """A vial leaves the shelf for good."""
    vial.state = state
    vial.save(update_fields=["state"])


def _fresh(vial: Vial, locked: Vial) -> Vial:
    """The row as it is now that nobody else can change it, with the product and place that were read before."""
    locked.product, locked.location = vial.product, vial.location
    return locked


def charted_without_a_vial(location: Location, *, since: datetime) -> list[LedgerEntry]:
    """Doses of a stocked drug that were given and of which no draw is entered yet: somebody names the vial."""
    given = LedgerEntry.objects.filter(
        location=location, kind="given", bag__isnull=True, vial__isnull=True, superseded_by__isnull=True, happened_at__gte=since
    )
    drawn = set(
        LedgerEntry.objects.filter(location=location, kind="drawn", details__has_key="for_line").values_list("details__for_line", flat=True)
    )
    kept = set(Product.objects.values_list("drug", flat=True))
    rows = given.filter(Q(drug__in=kept)).select_related("session__patient", "by").order_by("-number")
    return [row for row in rows if str(row.ref) not in drawn]


def _told(now: datetime, what: str) -> None:
    announce(News("ledger", now, body={"ledger": what}))
