"""Waste, breakage and destruction before authenticated eyes: asked on one screen, signed on another, entered when the last has signed."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid4

from django.db import transaction

from winddown.domain.controlled.movements import movement_of
from winddown.domain.dosing import balance
from winddown.domain.quantities import mg_from_ml
from winddown.domain.refusals import Missing, NotAllowed, OutOfRange
from winddown.domain.words import uncut
from winddown.record.models import Bag, LedgerEntry, Location, Staff, Vial, WitnessAsk, WitnessSignature
from winddown.services import audit, bags, ledger, permissions, stock
from winddown.services.announcements import News, announce

WASTE_LIVES = timedelta(minutes=15)
OTHERS_LIVE = timedelta(hours=12)
ENDS = {"broken": "broken", "destroyed": "destroyed", "wasted": "empty"}


@transaction.atomic
def ask_to_waste_rest(
    bag: Bag, volume_ml: Decimal, *, read_by: str, witness: Staff | None, by: Staff, now: datetime, words: str = "", key: UUID | None = None
) -> WitnessAsk:
    """The rest of a bag, measured, waits for its witness. Poured away only when they have seen it."""
    permissions.require(by, "ledger.write")
    if (known := _known(key)) is not None:
        return known
    _require_may_witness(witness, by)
    part = balance.measured("wasted", volume_ml, bag.concentration_mg_per_ml, read_by=read_by)
    if volume_ml > bag.volume_ml:
        raise OutOfRange(
            because=f"{volume_ml:f} mL is more than the bag held, {bag.volume_ml:f} mL.",
            way_out="Measure again.",
            code="rest_above_bag",
            where="volume_ml",
        )
    if bags.rest_of(bag) is not None:
        raise NotAllowed(
            because="The rest of this bag is in the ledger already.",
            way_out="If that line is wrong, the controlled-drug officer corrects it.",
            code="rest_wasted",
        )
    return _asked(
        WitnessAsk(
            ref=key or uuid4(),
            kind="wasted",
            location=bag.session.location,
            drug=bag.drug,
            mg=part.mg,
            ml=volume_ml,
            session=bag.session,
            bag=bag,
            witness=witness,
            words=uncut(words, 200),
            details={"read_by": read_by},
            asked_at=now,
            expires_at=now + WASTE_LIVES,
            by=by,
        )
    )


@transaction.atomic
def ask_about_vial(
    vial: Vial,
    kind: str,
    *,
    ml: Decimal | None = None,
    witness: Staff | None = None,
    by: Staff,
    now: datetime,
    words: str,
    details: Mapping[str, Any] | None = None,
    key: UUID | None = None,
) -> WitnessAsk:
    """The rest of a vial to waste, a vial that broke, a vial to destroy. What is said stands at once; the line follows the signatures."""
    permissions.require(by, "ledger.officer" if kind == "destroyed" else "ledger.write")
    if (known := _known(key)) is not None:
        return known
    _require_may_witness(witness, by)
    stock.require_here(vial)
    movement_of(kind)
    if not words.strip():
        raise Missing(because="How it happened is not said.", way_out="Say it in a sentence.", code="field_empty", where="words")
    volume = vial.left_ml if ml is None else ml
    if not 0 < volume <= vial.left_ml:
        raise OutOfRange(
            because=f"{vial.label} holds {vial.left_ml:f} mL, not {volume:f} mL.",
            way_out="Measure again.",
            code="vial_holds_less",
            where="ml",
        )
    return _asked(
        WitnessAsk(
            ref=key or uuid4(),
            kind=kind,
            location=vial.location,
            drug=vial.product.drug,
            mg=mg_from_ml(volume, vial.product.mg_per_ml),
            ml=volume,
            vial=vial,
            witness=witness,
            words=uncut(words, 300),
            details=dict(details or {}),
            asked_at=now,
            expires_at=now + (WASTE_LIVES if kind == "wasted" else OTHERS_LIVE),
            by=by,
        )
    )


@transaction.atomic
def sign(ask: WitnessAsk, *, witness: Staff, own_device: bool, now: datetime, agrees: bool = True, words: str = "") -> WitnessAsk:
    """One witness's answer. The last signature that is needed enters the line, in this transaction or not at all."""
    locked = WitnessAsk.objects.select_for_update().get(pk=ask.pk)
    permissions.require(witness, "second.person")
    if WitnessSignature.objects.filter(ask=locked, by=witness).exists():
        return locked
    _require_open(locked, now)
    if witness.pk == locked.by_id:
        raise NotAllowed(because="The witness must be someone else.", way_out="Ask a colleague.", code="witness_is_author")
    WitnessSignature(ask=locked, by=witness, agrees=agrees, at=now, own_device=own_device, words=uncut(words, 300)).save()
    audit.note("witness" if agrees else "decline to witness", by=witness, now=now, subject=str(locked.ref))
    if not agrees:
        return _settled(locked, "declined", now)
    signed = [row.by for row in WitnessSignature.objects.filter(ask=locked, agrees=True).select_related("by").order_by("id")]
    if len(signed) < movement_of(locked.kind).witnesses:
        announce(News("ledger", now, body={"ledger": "witness", "ask": str(locked.ref)}))
        return locked
    locked.entry = _entered(locked, signed, now)
    return _settled(locked, "signed", now)


@transaction.atomic
def withdraw(ask: WitnessAsk, *, by: Staff, now: datetime) -> WitnessAsk:
    """The person who asked takes it back: nothing was poured away."""
    locked = WitnessAsk.objects.select_for_update().get(pk=ask.pk)
    if locked.by_id != by.pk:
        raise NotAllowed(because="Only the person who asked takes it back.", way_out="Decline it instead.", code="not_the_asker")
    return locked if locked.status != "asked" else _settled(locked, "withdrawn", now)


def waiting(staff: Staff, *, now: datetime) -> list[WitnessAsk]:
    """What waits for this person's eyes: asked of them or of anyone, by somebody else, and not signed by them yet."""
    rows = WitnessAsk.objects.filter(status="asked", expires_at__gt=now).exclude(by=staff)
    rows = rows.exclude(pk__in=WitnessSignature.objects.filter(by=staff).values("ask_id"))
    found = rows.select_related("by", "witness", "location", "session__patient", "session__chair", "vial").order_by("asked_at")
    return [ask for ask in found if ask.witness_id in (None, staff.pk) or movement_of(ask.kind).witnesses > 1]


def lapsed(ask: WitnessAsk, now: datetime) -> bool:
    return bool(ask.status == "asked" and ask.expires_at <= now)


def _entered(ask: WitnessAsk, signed: list[Staff], now: datetime) -> LedgerEntry:
    """The line, with everybody's name on it. A bag's rest brings the dose up to date first, and the balance is drawn at once."""
    if ask.bag is not None:
        return bags.waste_rest(
            ask.bag, ask.ml, read_by=ask.details["read_by"], by=ask.by, witness=signed[0], now=now, words=ask.words, key=ask.ref
        )
    vial = Vial.objects.select_for_update(of=("self",)).select_related("product", "location").get(pk=ask.vial_id)
    stock.require_here(vial)
    where: dict[str, Any] = {"location": ask.location, "drug": ask.drug, "vial": vial, "lot": vial.lot, "by": ask.by, "now": now}
    where |= {"happened_at": ask.asked_at, "witness": signed[0], "details": ask.details, "key": ask.ref, "mg": ask.mg, "ml": ask.ml}
    if ask.kind == "wasted":
        stock.draw(ask.ml, [vial], by=ask.by, now=now, session=None, witness=signed[0], words="rest", happened_at=ask.asked_at)
        row = ledger.enter(ask.kind, words=f"rest of {vial.label}. {ask.words}", **where)
    else:
        row = ledger.enter(ask.kind, words=ask.words, second_witness=signed[1], **where)
    vial.refresh_from_db(fields=["left_ml", "state"])
    if vial.left_ml == 0:
        stock.settle_state(vial, ENDS[ask.kind])
    return row


def _asked(ask: WitnessAsk) -> WitnessAsk:
    ask.save()
    audit.note(f"ask for a witness: {ask.kind}", by=ask.by, now=ask.asked_at, subject=str(ask.ref))
    announce(News("ledger", ask.asked_at, body={"ledger": "witness", "ask": str(ask.ref)}))
    return ask


def _settled(ask: WitnessAsk, status: str, now: datetime) -> WitnessAsk:
    ask.status, ask.settled_at = status, now
    ask.save(update_fields=["status", "settled_at", "entry"])
    announce(News("ledger", now, body={"ledger": "witness", "ask": str(ask.ref), "status": status}))
    return ask


def _known(key: UUID | None) -> WitnessAsk | None:
    found: WitnessAsk | None = WitnessAsk.objects.filter(ref=key).first() if key is not None else None
    return found


def _require_may_witness(witness: Staff | None, by: Staff) -> None:
    if witness is None:
        return
    if witness.pk == by.pk:
        raise NotAllowed(because="The witness must be someone else.", way_out="Ask a colleague.", code="witness_is_author", where="witness")
    permissions.require(witness, "second.person")


def _require_open(ask: WitnessAsk, now: datetime) -> None:
    if ask.status != "asked":
        raise NotAllowed(because=f"This was {ask.status} already.", way_out="Nothing more is needed.", code="ask_settled")
    if ask.expires_at <= now:
        raise NotAllowed(
            because=f"This was asked at {ask.asked_at:%H:%M} UTC and waited too long.",
            way_out="The person who asked asks again, with you beside them.",
            code="ask_expired",
        )


def asked_at(location: Location, *, now: datetime) -> list[WitnessAsk]:
    """What is open at a location, whoever it waits for."""
    return list(WitnessAsk.objects.filter(location=location, status="asked", expires_at__gt=now).select_related("by", "witness", "vial"))
