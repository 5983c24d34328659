"""Making a bag, checking it, hanging it, wasting the rest, and whether the drug adds up."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as __

from winddown.domain.dosing.bag import VIAL_STRENGTHS, Preparation
from winddown.domain.dosing.finding import Finding
from winddown.domain.quantities import display, format_decimal, mg_from_ml
from winddown.domain.refusals import NotAllowed, Refusal
from winddown.domain.sessions.story import latest
from winddown.record.models import Bag, LedgerEntry, Session, Vial
from winddown.services import bags, formulary, ledger, orders, permissions, stock, witnesses
from winddown.web import access
from winddown.web.access import StaffRequest
from winddown.web.gates import entry, room
from winddown.web.gates.room import Act
from winddown.web.gates.rows import BEFORE
from winddown.web.gates.start_acts import hang
from winddown.web.sessions.room import bedside, note_reading
from winddown.web.sessions.sight import Sight

FILLINGS: Mapping[str, Any] = {
    "withdraw": __("Take the drug's volume out of the bag first"),
    "add": __("Add to the full bag"),
    "make_up": __("Make up to a measured final volume"),
}
PRIMED: Mapping[str, Any] = {"drug": __("with the drug"), "diluent": __("with diluent")}
MEASURES: Mapping[str, Any] = {
    "syringe": __("drawn into a syringe"),
    "cylinder": __("in a measuring cylinder"),
    "scale": __("weighed"),
    "estimate": __("judged by eye"),
}
NEEDED: Mapping[str, Any] = {
    "vial_mg_per_ml": __("the vial's strength"),
    "total_mg": __("the drug in mg"),
    "diluent_ml": __("the printed volume"),
    "overfill_ml": __("the overfill (0 if the maker declares none)"),
    "filling": __("how it is filled"),
}
NUMBERS = ("vial_mg_per_ml", "total_mg", "diluent_ml", "overfill_ml")


@bedside("chart.read")
def bag_page(request: StaffRequest, session: Session) -> HttpResponse:
    """The bag's whole life on one page; each form is one act."""
    if request.method == "POST":
        return room.refused_in_place(request, session, lambda: _acted(request, session))
    access.read_chart(request, session.patient, "bag")
    sight = Sight.of(session, request.now)
    return room.show(request, sight, "gates/bag.html", _context(request, sight))


@bedside("bag.prepare")
def preview(request: StaffRequest, session: Session) -> HttpResponse:
    """The bag worked out from what is typed so far. Nothing is written, and no PIN is asked."""
    note_reading(request, session)
    try:
        entered = _entered(session, request.GET, request.now)
    except Refusal as refusal:
        return render(request, "gates/parts/bag_preview.html", {"refusal": refusal})
    waits = [str(words) for name, words in NEEDED.items() if not entered.get(name, "").strip()]
    if waits:
        return render(request, "gates/parts/bag_preview.html", {"waits": ", ".join(waits)})
    context: dict[str, Any] = {}
    try:
        preparation, findings = bags.work_out(session, entered)
        context |= {"bag": _told(preparation), "findings": _with_reasons(findings, request.GET), "differs": _differs(session, preparation)}
    except Refusal as refusal:
        context = {"refusal": refusal}
    return render(request, "gates/parts/bag_preview.html", context)


def _acted(request: StaffRequest, session: Session) -> HttpResponse:
    act = room.carry_out(request, session, ACTS)
    messages.success(request, str(SAID[act]))
    response = redirect("ledger_ask", ref=access.key_of(request)) if act == "ask" else redirect("gates_bag", ref=session.ref)
    if room.is_part(request):
        return HttpResponse(status=204, headers={"HX-Redirect": response.url})
    return response


def _make(request: StaffRequest, session: Session) -> object:
    """The form's key becomes the bag's reference: a second tap makes no second bag."""
    fields = request.POST
    known = _entered(session, fields, request.now)
    entered = {name: known.get(name, "").strip() for name in (*NUMBERS, "line_volume_ml")}
    entered |= {
        "filling": entry.choice(fields, "filling", _("The way of filling"), FILLINGS),
        "primed_with": entry.choice(fields, "primed_with", _("What the line is primed with"), PRIMED),
    }
    entry.choice(known, "vial_mg_per_ml", _("The vial's strength"), [f"{each.value:g}" for each in VIAL_STRENGTHS])
    waste = entry.number(fields, "vial_rest_ml", _("The rest of the vial")) if fields.get("vial_rest_ml", "").strip() else Decimal(0)
    return bags.make(
        session,
        entered,
        by=request.staff,
        second=request.second,
        now=request.now,
        reasons=_reasons(fields),
        lot=fields.get("lot", "").strip()[:60],
        waste_mg=mg_from_ml(waste, Decimal(entered["vial_mg_per_ml"])),
        vials=_named(session, fields, request.now),
        key=access.key_of(request),
    )


def _waste(request: StaffRequest, session: Session) -> object:
    if session.status in ("running", "held"):
        raise NotAllowed(
            because=_("The infusion is not over: the bag still hangs."), way_out=_("Complete or stop it first."), code="bag_in_use"
        )
    bag, key = _bag(request, session), access.key_of(request)
    rest = bags.rest_of(bag)
    if rest is not None and rest.ref != key:
        raise NotAllowed(
            because=_("The rest of this bag is in the ledger already: %(ml)s mL, line %(number)s.")
            % {"ml": format_decimal(rest.ml), "number": rest.number},
            way_out=_("If that line is wrong, the controlled-drug officer corrects it with a new one."),
            code="rest_wasted",
        )
    volume = entry.number(request.POST, "volume_ml", _("The rest of the bag"))
    if volume > bag.volume_ml:
        raise Refusal(
            because=_("%(ml)s mL is more than the bag held, %(most)s mL.")
            % {"ml": format_decimal(volume), "most": format_decimal(bag.volume_ml)},
            way_out=_("Measure again."),
            code="rest_above_bag",
            where="volume_ml",
        )
    read_by = entry.choice(request.POST, "read_by", _("The way of measuring"), MEASURES)
    words = request.POST.get("words", "").strip()[:200]
    return bags.waste_rest(bag, volume, read_by=read_by, by=request.staff, witness=request.second, now=request.now, words=words, key=key)


def _ask(request: StaffRequest, session: Session) -> object:
    """The same waste, witnessed on the colleague's own phone: it waits there, and nothing is in the ledger before they sign."""
    if session.status in ("running", "held"):
        raise NotAllowed(
            because=_("The infusion is not over: the bag still hangs."), way_out=_("Complete or stop it first."), code="bag_in_use"
        )
    named = request.POST.get("witness", "")
    return witnesses.ask_to_waste_rest(
        _bag(request, session),
        entry.number(request.POST, "volume_ml", _("The rest of the bag")),
        read_by=entry.choice(request.POST, "read_by", _("The way of measuring"), MEASURES),
        witness=next((one for one in room.people_here() if str(one.ref) == named), None),
        by=request.staff,
        now=request.now,
        words=request.POST.get("words", "").strip()[:200],
        key=access.key_of(request),
    )


def _entered(session: Session, fields: Any, now: datetime) -> dict[str, str]:
    """What was typed, with the strength of the vials that were named in place of any other."""
    entered = {name: fields.get(name, "") for name in fields}
    vials = _named(session, fields, now)
    return entered | ({"vial_mg_per_ml": format_decimal(vials[0].product.mg_per_ml)} if vials else {})


def _named(session: Session, fields: Any, now: datetime) -> list[Vial]:
    """The vials in hand: tapped on the page, scanned, or typed by number; in that order, each once."""
    words = [*fields.getlist("vials"), *fields.get("vial_scan", "").replace(",", " ").split()]
    found = [stock.find(word, location=session.location, today=now.date()) for word in words if word.strip()]
    return list({vial.pk: vial for vial in found}.values())


ACTS: Mapping[str, Act] = {"ask": Act(_ask), "make": Act(_make), "hang": Act(hang, ("bag_hung",)), "waste": Act(_waste)}
SAID: Mapping[str, Any] = {
    "ask": __("Your colleague is asked. Pour away only when they look."),
    "make": __("The bag is in the ledger. Print its label and stick it on before it leaves the table."),
    "hang": __("The bag hangs."),
    "waste": __("The waste is in the ledger, with its witness."),
}


def _bag(request: StaffRequest, session: Session) -> Bag:
    ref = entry.reference(request.POST, "bag", _("The bag"))
    found: Bag | None = Bag.objects.select_related("session__location").filter(ref=ref, session=session).first()
    if found is None:
        raise NotAllowed(
            because=_("This bag was not made for this visit."), way_out=_("Open the visit on its label."), code="bag_of_another"
        )
    return found


def _reasons(fields: Mapping[str, str]) -> dict[str, str]:
    return {name.removeprefix("reason_"): fields[name].strip() for name in fields if name.startswith("reason_") and fields[name].strip()}


def _with_reasons(findings: Sequence[Finding], fields: Mapping[str, str]) -> list[dict[str, Any]]:
    return [{"finding": each, "name": f"reason_{each.code}", "reason": fields.get(f"reason_{each.code}", "")} for each in findings]


def _told(preparation: Preparation) -> dict[str, Any]:
    return {
        "draw_ml": display(preparation.draw_ml, 2),
        "final_ml": display(preparation.final_ml, 1),
        "concentration": display(preparation.concentration_mg_per_ml, 3),
        "steps": preparation.steps,
    }


def _differs(session: Session, preparation: Preparation) -> str:
    """The start gate holds the bag's real strength against the order's: say so before the bag is made."""
    ordered = orders.facts(session.order).concentration_mg_per_ml
    if preparation.concentration_mg_per_ml == ordered:
        return ""
    return _(
        "The order is for %(ordered)s mg/mL: with this bag the start gate stops. Make it so, or have the order written for this bag."
    ) % {"ordered": display(ordered, 3)}


def _context(request: StaffRequest, sight: Sight) -> dict[str, Any]:
    session, draft = sight.session, sight.draft
    hung, entries = latest(sight.story, "bag_hung"), ledger.of_session(session)
    return {
        "made": _made(session, hung.text("bag") if hung else "", entries, request.now),
        "order": {"total_mg": format_decimal(draft.request.bag_mg), "diluent_ml": format_decimal(draft.request.bag_ml)},
        "drug": orders.DRUGS[draft.request.drug_form],
        "vials": [f"{each.value:g}" for each in VIAL_STRENGTHS],
        "shelf": _shelf(session, orders.DRUGS[draft.request.drug_form], request.now),
        "kept": formulary.keeps(session.location, orders.DRUGS[draft.request.drug_form]),
        "named": request.GET.get("vial", ""),
        "fillings": list(FILLINGS.items()),
        "primed": list(PRIMED.items()),
        "measures": list(MEASURES.items()),
        "seconds": room.second_people(room.people_here(), request.staff),
        "before": session.status in BEFORE,
        "over": session.status in ("stopped", "recovering", "discharged", "abandoned"),
        "may_make": permissions.may(request.staff, "bag.prepare"),
        "balance": bags.balance_of(session, now=request.now),
        "entries": entries,
    }


def _shelf(session: Session, drug: str, now: datetime) -> list[Vial]:
    """The vials of the drug that may be drawn from, those that are open or nearest first."""
    usable = [vial for vial in stock.vials_here(session.location) if vial.product.drug == drug and vial.expires_on >= now.date()]
    return sorted(usable, key=lambda vial: (vial.state != "open", vial.place == "vault", vial.expires_on, vial.number))[:24]


def _made(session: Session, hung: str, entries: Sequence[LedgerEntry], now: datetime) -> list[dict[str, Any]]:
    """Each bag of the visit with what became of it."""
    rests: dict[int | None, LedgerEntry] = {
        line.bag_id: line for line in entries if line.kind == "wasted" and line.words.startswith(bags.REST_MEASURED_BY)
    }
    rows = Bag.objects.filter(session=session).select_related("prepared_by", "checked_by").order_by("-id")
    return [{"bag": bag, "hung": str(bag.ref) == hung, "rest": rests.get(bag.pk), "expired": bag.use_by <= now} for bag in rows]
