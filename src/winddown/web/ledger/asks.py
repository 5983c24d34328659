"""Waste with two devices: the asker's screen waits, the witness's own phone signs."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from winddown.domain.controlled.movements import movement_of
from winddown.record.models import WitnessAsk
from winddown.services import permissions, witnesses
from winddown.web.access import StaffRequest
from winddown.web.ledger import here
from winddown.web.ledger.words import ASK_STATUS_WORDS, ASK_WORDS
from winddown.web.people.shell import desk
from winddown.web.square_code import square_code

WITH = ("by", "witness", "location", "session__chair", "session__patient", "bag", "vial__product", "entry")


@desk("ledger.see")
def ask_page(request: StaffRequest, ref: UUID) -> HttpResponse:
    """The same address on both screens: for the asker it waits and shows a code to scan, for a colleague it asks for one PIN."""
    ask = _ask(ref)
    code = square_code(request.build_absolute_uri(request.path))
    return here.show(request, "ledger/ask.html", _context(request, ask) | {"code": code}, place=ask.location)


@desk("ledger.see", background=True)
def ask_part(request: StaffRequest, ref: UUID) -> HttpResponse:
    """Where it stands, for a page that follows the news."""
    ask = _ask(ref)
    return here.show(request, "ledger/parts/ask_status.html", _context(request, ask), place=ask.location)


@desk("ledger.see")
@require_POST
def ask_sign(request: StaffRequest, ref: UUID) -> HttpResponse:
    """One tap and the PIN: on the witness's own screen with their own, on the asker's with `second`."""
    ask = _ask(ref)
    agrees = request.POST.get("agrees", "yes") == "yes"
    words = request.POST.get("words", "")
    if request.second is not None:
        witnesses.sign(ask, witness=request.second, own_device=False, now=request.now, agrees=agrees, words=words)
    else:
        if (answer := here.unsigned(request)) is not None:
            return answer
        witnesses.sign(ask, witness=request.staff, own_device=True, now=request.now, agrees=agrees, words=words)
    messages.success(request, _("Your answer is kept.") if agrees else _("You declined. Nothing is in the ledger."))
    return redirect("ledger_ask", ref=ask.ref)


@desk("ledger.write")
@require_POST
def ask_withdraw(request: StaffRequest, ref: UUID) -> HttpResponse:
    witnesses.withdraw(_ask(ref), by=request.staff, now=request.now)
    return redirect("ledger_ask", ref=ref)


def _ask(ref: UUID) -> WitnessAsk:
    found: WitnessAsk = get_object_or_404(WitnessAsk.objects.select_related(*WITH), ref=ref)
    return found


def _context(request: StaffRequest, ask: WitnessAsk) -> dict[str, Any]:
    signatures = list(ask.signatures.select_related("by").order_by("id"))
    status = "lapsed" if witnesses.lapsed(ask, request.now) else ask.status
    mine = ask.by_id == request.staff.pk
    answered = any(row.by_id == request.staff.pk for row in signatures)
    return {
        "ask": ask,
        "title": ASK_WORDS[ask.kind],
        "status": status,
        "status_words": ASK_STATUS_WORDS[status],
        "signatures": signatures,
        "needed": movement_of(ask.kind).witnesses,
        "mine": mine,
        "may_sign": status == "asked" and not mine and not answered and permissions.may(request.staff, "second.person"),
        "colleagues": here.colleagues(request) if mine and status == "asked" else [],
    }
