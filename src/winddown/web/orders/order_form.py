"""Writing an order: the form, the look at it while it is typed, and a newer version of one that is there."""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid4

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from winddown.domain.dosing.protocol import Protocol
from winddown.domain.dosing.request import ENTERED_UNITS
from winddown.domain.refusals import NotAllowed, Refusal, Stale
from winddown.record.models import Course, Order
from winddown.services import orders, patients, rescue
from winddown.web.access import StaffRequest, key_of, read_chart
from winddown.web.orders.aiming import Aimed, aimed, put_into
from winddown.web.orders.assess import allergy_lines, assess, finding_lines, phase_rows, weight_choice
from winddown.web.orders.courses import course_of
from winddown.web.orders.entry import FIRST_BAG, Entry, fresh, from_order, typed
from winddown.web.orders.order_page import newest_of, order_of, versions_side_by_side
from winddown.web.orders.words import DRUG_FORMS
from winddown.web.patients.base import head_of
from winddown.web.people.shell import desk, show
from winddown.web.screening.beside import medicines_beside


@desk("order.write")
def order_new(request: StaffRequest, ref: UUID) -> HttpResponse:
    course = course_of(ref)
    return _write(request, course, None)


@desk("order.write")
def order_change(request: StaffRequest, ref: UUID) -> HttpResponse:
    """A newer version. When somebody wrote one meanwhile, both are shown and everything typed is still there."""
    order = order_of(ref)
    return _write(request, order.course, order)


@desk("order.write")
@require_POST
def order_preview(request: StaffRequest, ref: UUID) -> HttpResponse:
    """The order worked out, judged and foreseen, with nothing written: what changes while the prescriber types."""
    course = course_of(ref)
    entry = _typed(request, course)
    return render(request, "orders/preview.html", _look(request, course, entry) | {"swapped": True})


def _write(request: StaffRequest, course: Course, based_on: Order | None) -> HttpResponse:
    read_chart(request, course.patient, f"write order {course.ref}")
    if request.method != "POST":
        return _page(request, course, based_on, _opened(course, based_on))
    entry = _typed(request, course)
    if request.POST.get("do") != "keep":
        asked = aimed(request.POST, course, entry, now=request.now)
        if request.POST.get("do") == "use_aim" and asked.found is not None:
            put_into(entry, asked.found)
        return _page(request, course, based_on, entry, asked=asked)
    try:
        order = _keep(request, course, based_on, entry)
    except Stale as refusal:
        return _page(request, course, based_on, entry, refusal=refusal, status=409)
    except Refusal as refusal:
        if isinstance(refusal, NotAllowed) and refusal.code == "not_permitted":
            raise
        return _page(request, course, based_on, entry, refusal=refusal, status=422)
    return redirect("order_page", ref=order.ref)


def _keep(request: StaffRequest, course: Course, based_on: Order | None, entry: Entry) -> Order:
    return orders.write(
        course,
        entry.request_data(course.patient),
        by=request.staff,
        now=request.now,
        reasons=entry.reasons,
        as_needed=entry.as_needed(),
        left_out=entry.left_out(),
        supersedes=based_on,
        key=key_of(request),
    )


def _typed(request: StaffRequest, course: Course) -> Entry:
    return typed(request.POST, Protocol.from_data(course.protocol.data), orders.supervision_of(course.protocol).rescue)


def _opened(course: Course, based_on: Order | None) -> Entry:
    """The form as it opens. An as-needed line that the allergies name is not ticked."""
    protocol, rescue_set = Protocol.from_data(course.protocol.data), orders.supervision_of(course.protocol).rescue
    if based_on is not None:
        return from_order(based_on, protocol, rescue_set)
    before = [row.draft["request"] for row in Order.objects.filter(course=course).only("draft", "practice").order_by("id")]
    number = max((request["session_number"] for request in before), default=0) + 1
    bag = (before[-1]["bag_mg"], before[-1]["bag_ml"]) if before else FIRST_BAG
    return fresh(protocol, rescue_set, patients.card(course.patient), number, bag)


def _look(request: StaffRequest, course: Course, entry: Entry) -> dict[str, Any]:
    """All that follows from the entry."""
    protocol, card = Protocol.from_data(course.protocol.data), patients.card(course.patient)
    allergies = allergy_lines(entry, card, now=request.now)
    if request.method != "POST":
        for line in entry.lines:
            line.use = line.use and line.key not in allergies
    seen = assess(course, entry, now=request.now)
    return {
        "course": course,
        "entry": entry,
        "seen": seen,
        "draft": seen.draft,
        "phases": phase_rows(seen.draft) if seen.draft else [],
        "figures": seen.draft.figures() if seen.draft else {},
        "findings": finding_lines(seen.findings, entry.reasons),
        "weight_choice": weight_choice(entry, protocol, course.patient.sex),
        "allergies": allergies,
        "blocked": seen.stops or any(line.use and line.key in allergies for line in entry.lines),
    }


def _page(
    request: StaffRequest,
    course: Course,
    based_on: Order | None,
    entry: Entry,
    *,
    refusal: Refusal | None = None,
    status: int = 200,
    asked: Aimed | None = None,
) -> HttpResponse:
    head = head_of(request, course.patient)
    newest = newest_of(based_on) if based_on else None
    stale = newest if newest is not None and based_on is not None and newest.pk != based_on.pk else None
    context = head | _look(request, course, entry) | (asked or aimed(request.POST, course, entry, now=request.now)).as_context()
    context |= {
        "where": _where(refusal or context["seen"].refusal),
        "based_on": based_on,
        "stale": stale,
        "sides": versions_side_by_side(based_on, stale) if based_on and stale else [],
        "refusal": refusal,
        "key": uuid4() if isinstance(refusal, Stale) else request.POST.get("key") or uuid4(),
        "units": ENTERED_UNITS,
        "line_units": rescue.DOSE_UNITS,
        "drug_forms": DRUG_FORMS.items(),
        **medicines_beside(course, now=request.now),
    }
    return show(request, "orders/order_form.html", context, status=status)


def _where(refusal: Refusal | None) -> str:
    return refusal.where if refusal else ""
