"""One order: as it was written, its versions, its signatures, the forecast beside it, and what can be done with it."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from winddown.domain.refusals import Refusal
from winddown.record.models import Order, Session, Snapshot
from winddown.services import orders, permissions, rescue
from winddown.services.foresight import foresee
from winddown.web.access import StaffRequest, read_chart
from winddown.web.orders.foreseen import shown
from winddown.web.orders.words import BASES, DRUG_FORMS, order_status, status_words
from winddown.web.patients.base import head_of
from winddown.web.people.shell import desk, show
from winddown.web.screening.beside import medicines_beside


def order_of(ref: UUID) -> Order:
    """The order of this practice, or 404."""
    rows = Order.objects.select_related("patient", "course__patient__merged_into", "course__protocol", "by").prefetch_related(
        "signatures__by"
    )
    order: Order = get_object_or_404(rows, ref=ref)
    return order


def family_of(order: Order) -> list[Order]:
    """Every version of this order, oldest first. One query: the versions of one course are few."""
    rows = Order.objects.filter(course=order.course).select_related("by").prefetch_related("signatures__by").order_by("id")
    by_base = {row.supersedes_id: row for row in rows if row.supersedes_id}
    first, by_id = order, {row.pk: row for row in rows}
    while first.supersedes_id:
        first = by_id[first.supersedes_id]
    found = [by_id[first.pk]]
    while found[-1].pk in by_base:
        found.append(by_base[found[-1].pk])
    return found


def newest_of(order: Order) -> Order:
    return family_of(order)[-1]


@desk("chart.read")
def order_page(request: StaffRequest, ref: UUID) -> HttpResponse:
    """Everything together, the same for the one who signs first and the one who signs second."""
    order = order_of(ref)
    read_chart(request, order.patient, f"order {order.ref}")
    family = family_of(order)
    place = next(n for n, row in enumerate(family) if row.pk == order.pk)
    replaced = place < len(family) - 1
    standing = order_status(order, replaced)
    mine = any(signature.by_id == request.staff.pk for signature in order.signatures.all())
    before = family[place - 1] if place else None
    context = head_of(request, order.patient) | {
        "order": order,
        "standing": standing,
        **medicines_beside(order.course, now=request.now),
        "facts": facts(order),
        "phases": order.figures["phases"],
        "figures": order.figures,
        "findings": [_finding(line) for line in order.findings],
        "as_needed": rescue.lines_of(order),
        "left_out": order.draft.get("left_out", []),
        "signatures": order.signatures.all(),
        "family": family if len(family) > 1 else [],
        "newest": family[-1] if replaced else None,
        "sides": versions_side_by_side(before, order) if before else [],
        "before": before,
        "sessions": [
            {"row": row, "status": status_words(row.status)}
            for row in Session.objects.filter(order=order).select_related("chair", "location")
        ],
        "may_sign": permissions.may(request.staff, "order.sign") and not standing.signed and not replaced and not mine,
        "signed_by_me": mine,
        "may_change": permissions.may(request.staff, "order.write") and not replaced,
        "may_plan": permissions.may(request.staff, "session.plan") and standing.signed and not replaced,
    }
    return show(request, "orders/order.html", context | _forecast(order, request))


def _finding(line: dict[str, Any]) -> dict[str, Any]:
    heads = {"ask": _("Asked for a reason"), "two_signatures": _("Two signatures")}
    return {
        **line,
        "level": "watch",
        "shape": "person" if line["severity"] == "two_signatures" else "watch",
        "head": heads.get(line["severity"]),
    }


def _forecast(order: Order, request: StaffRequest) -> dict[str, Any]:
    """Signed: the forecast as it was shown then. Not signed: as the model sees it now."""
    stay = orders.supervision_of(order.course.protocol).recovery.minimum_stay_min.value
    kept = Snapshot.objects.filter(order=order, moment="sign").order_by("id").first()
    minutes = float(order.figures["total_minutes"])
    if kept is not None:
        return {"forecast": shown(kept.content, minutes, stay), "no_forecast": kept.content.get("no_forecast", ""), "kept_at": kept.at}
    try:
        return {
            "forecast": shown(
                foresee(orders.checked(order), order.patient, now=request.now, icd10=order.course.icd10).as_data(), minutes, stay
            )
        }
    except Refusal as why:
        return {"forecast": None, "no_forecast": str(why)}


def facts(order: Order) -> list[tuple[str, str]]:
    """The order in lines of words and numbers, each number with its unit."""
    request, figures = order.draft["request"], order.figures
    height = f"{request['height_cm']} cm" if request.get("height_cm") else _("not given")
    return [
        (_("Drug"), str(DRUG_FORMS.get(figures["drug_form"], figures["drug_form"]))),
        (_("Route"), figures["route"]),
        (_("Session"), f"{request['session_number']}, {figures['step']}"),
        (_("Weight"), f"{request['weight_kg']} kg"),
        (_("Height"), height),
        (_("Dosed by"), f"{BASES.get(figures['basis'], figures['basis'])}, {figures['dosing_weight_kg']} kg"),
        (_("Bag"), f"{request['bag_mg']} mg {_('in')} {request['bag_ml']} mL, {figures['concentration_mg_per_ml']} mg/mL"),
        (_("Total"), f"{figures['total_mg']} mg, {figures['total_mg_per_kg']} mg/kg, {figures['total_ml']} mL"),
        (_("Duration"), f"{figures['total_minutes']} min"),
    ]


def versions_side_by_side(old: Order, new: Order) -> list[dict[str, Any]]:
    """Two versions line by line, with those that differ marked."""
    left, right = dict(_lines(old)), dict(_lines(new))
    return [
        {"label": label, "old": left.get(label, ""), "new": right.get(label, ""), "differs": left.get(label, "") != right.get(label, "")}
        for label in dict.fromkeys([*left, *right])
    ]


def _lines(order: Order) -> list[tuple[str, str]]:
    phases = [
        (
            f"{_('Part')} {n}: {phase['name']}",
            f"{phase['rate_ml_per_h']} mL/h, {phase['rate_mg_per_kg_per_h']} mg/kg/h, {phase['minutes']} min",
        )
        for n, phase in enumerate(order.figures["phases"], start=1)
    ]
    lines = [(f"{_('As needed')}: {line.drug}", line.sentence) for line in rescue.lines_of(order)]
    return [*facts(order), *phases, *lines]


@desk("order.sign")
@require_POST
def order_sign(request: StaffRequest, ref: UUID) -> HttpResponse:
    """This version as it stands on the page. The name and the time are the signature."""
    order = order_of(ref)
    orders.sign(order, by=request.staff, now=request.now)
    done = orders.is_signed(order)
    words = _("Signed. A visit can be planned.") if done else _("Signed once. Another prescriber signs on the same page.")
    messages.success(request, words)
    return redirect("order_page", ref=order.ref)
