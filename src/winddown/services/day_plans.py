"""A day's chairs and nurses: proposed with each patient's expected length, accepted by a person. Nothing moves by itself."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from math import ceil
from typing import Any

from django.db import transaction
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange

from winddown.domain.booking.day_plan import Day, Nurse, Visit, plan
from winddown.domain.booking.hours import Span, zone_of
from winddown.domain.dosing.order import draft_order
from winddown.domain.dosing.protocol import Protocol
from winddown.domain.dosing.request import OrderRequest
from winddown.domain.pharmacology.personal import BACK
from winddown.domain.refusals import Refusal
from winddown.domain.sessions.supervision import read_supervision
from winddown.record.models import Booking, Chair, DayPlan, Hold, Location, Order, Shift, Staff
from winddown.services import audit, booking, calendar, orders, permissions

STEP_MIN = 15
FARTHEST_STEPS = 6
STEP = timedelta(minutes=STEP_MIN)


@dataclass(frozen=True)
class Expected:
    """How long the recovery of a visit is expected to take, and on what that rests: forecast or typical."""

    recovery_min: int
    basis: str


def expected_recovery(row: Booking, *, now: datetime) -> Expected:
    """From this patient's own forecast where an earlier visit taught it: when nine of ten predicted courses are back at rest, or as far as
    the forecast looks where they are not, never less than the protocol's minimum stay. Otherwise the kind's typical length, and it says
    so."""
    typical = Expected(row.visit_type.recovery_min if row.recovery_min is None else row.recovery_min, "typical")
    from winddown.services import foresight, learning  # slow import

    order = _order(row)
    if order is None or row.patient is None or learning.prior_of(row.patient, at=now) is None:
        return typical
    try:
        protocol = Protocol.from_data(order.course.protocol.data)
        seen = foresight.foresee(draft_order(OrderRequest.from_data(order.draft["request"]), protocol), row.patient, now=now)
        stay = read_supervision(order.course.protocol.data).recovery.minimum_stay_min.value
    except Refusal:
        return typical
    back = seen.forecast.personal.clock.get(BACK) if seen.forecast.personal else None
    if back is None:
        return typical
    minutes = max(float(stay), (back.looked_until_min if back.most_min is None else back.most_min) - seen.finish_min)
    return Expected(int(ceil(minutes / STEP_MIN) * STEP_MIN), "forecast")


@transaction.atomic
def propose(location: Location, day: date, *, by: Staff, now: datetime) -> DayPlan:
    """A proposal for the day, kept with what it rests on. It moves nobody."""
    permissions.require(by, "booking.write")
    spans = calendar.open_spans(location, day, 1, location.closures.filter(ended_at__isnull=True))
    rows = _rows(location, spans)
    row = DayPlan(location=location, day=day, proposed=_proposed(location, spans, rows, now), made_at=now, by=by)
    row.save()
    audit.note("propose day plan", by=by, now=now, subject=str(row.ref))
    return row


@transaction.atomic
def accept(row: DayPlan, keys: Sequence[str], *, by: Staff, now: datetime) -> tuple[int, list[str]]:
    """Carry out these moves; the patients are told as they are moved. Moves that wait for one another find their order.

    returns  how many were carried out, and what could not be: the sentence of each
    """
    permissions.require(by, "booking.write")
    row = DayPlan.objects.select_for_update().select_related("location").get(pk=row.pk)
    done = {each["booking"] for each in row.accepted}
    waiting = [each for each in row.proposed["visits"] if each["booking"] in keys and each["change"] and each["booking"] not in done]
    refused: dict[str, str] = {}
    carried = 0
    for _round in range(len(waiting)):
        before = len(waiting)
        for each in list(waiting):
            try:
                with transaction.atomic():
                    _move(row, each, by=by, now=now)
            except Refusal as why:
                refused[each["booking"]] = why.because
                continue
            waiting.remove(each)
            refused.pop(each["booking"], None)
            carried += 1
            row.accepted = [*row.accepted, {"booking": each["booking"], "at": now.isoformat(), "by": str(by.ref)}]
        if len(waiting) in (0, before):
            break
    row.save(update_fields=["accepted"])
    audit.note("accept day plan", by=by, now=now, subject=str(row.ref))
    return carried, list(refused.values())


def newest(location: Location, day: date) -> DayPlan | None:
    found: DayPlan | None = DayPlan.objects.filter(location=location, day=day).order_by("-id").first()
    return found


def _move(row: DayPlan, each: dict[str, Any], *, by: Staff, now: datetime) -> None:
    found = Booking.objects.get(ref=each["booking"])
    booking.move(
        found,
        row.location,
        datetime.fromisoformat(each["start"]),
        now=now,
        by=by,
        seen=each["version"],
        chair=Chair.objects.get(ref=each["chair"]),
        nurse=Staff.objects.get(ref=each["nurse"]),
        recovery_min=each["recovery_min"],
    )


def _rows(location: Location, spans: Sequence[Span]) -> list[Booking]:
    """What stands on that day and holds a chair."""
    if not spans:
        return []
    window = DateTimeTZRange(spans[0][0], spans[-1][1], "[)")
    rows = Booking.objects.filter(location=location, status__in=("booked", "arrived"), span__overlap=window)
    found = rows.select_related("patient", "visit_type", "location").prefetch_related("holds__chair", "holds__staff")
    return [row for row in found.order_by("span") if _held(row, "chair") and _held(row, "nurse")]


def _held(row: Booking, kind: str) -> Hold | None:
    return next((hold for hold in row.holds.all() if hold.active and hold.kind == kind), None)


def _proposed(location: Location, spans: Sequence[Span], rows: Sequence[Booking], now: datetime) -> dict[str, Any]:
    if not spans:
        return {"visits": [], "left_out": [], "cost": 0, "gap": 0}
    opens = spans[0][0]
    expected = {row.pk: expected_recovery(row, now=now) for row in rows}
    chairs, nurses = _chairs(location, spans), _shifts(location, spans, "nurse")
    visits = [_visit(row, expected[row.pk], opens, now) for row in rows]
    found = plan(visits, _day(location, spans, chairs, nurses))
    by_ref = {str(row.ref): row for row in rows}
    return {
        "visits": [_told(each, by_ref[each.key], expected[by_ref[each.key].pk], opens, location) for each in found.placed],
        "left_out": [{"booking": key, "because": _timed(because, opens, location)} for key, because in found.left_out],
        "cost": found.cost,
        "gap": found.gap,
    }


def _visit(row: Booking, expected: Expected, opens: datetime, now: datetime) -> Visit:
    chair, nurse = _held(row, "chair"), _held(row, "nurse")
    assert chair is not None and nurse is not None and chair.chair is not None and nurse.staff is not None, "rows hold both"
    needs = {need.kind: need for need in calendar.needs_of(row.visit_type, recovery_min=expected.recovery_min)}
    start = (row.span.lower - opens) // STEP
    soonest = max(0, ceil((now - opens) / STEP))
    may_move = row.status == "booked" and row.span.lower > now
    length = ceil((row.visit_type.minutes + expected.recovery_min) / STEP_MIN)
    prescriber = needs.get("prescriber")
    return Visit(
        str(row.ref),
        start,
        length,
        str(chair.chair.ref),
        str(nurse.staff.ref),
        max(start - FARTHEST_STEPS, min(soonest, start)) if may_move else start,
        start + FARTHEST_STEPS if may_move else start,
        prescriber_steps=ceil(prescriber.to_min / STEP_MIN) if prescriber else 0,
        nurse_steps=ceil(needs["nurse"].to_min / STEP_MIN) if "nurse" in needs else 0,
    )


def _day(location: Location, spans: Sequence[Span], chairs: Sequence[Chair], nurses: Sequence[Shift]) -> Day:
    opens, steps = spans[0][0], (spans[-1][1] - spans[0][0]) // STEP
    moments = [opens + STEP * step for step in range(steps)]
    prescribers = _shifts(location, spans, "prescriber")
    return Day(
        steps,
        tuple(str(chair.ref) for chair in chairs),
        tuple(_nurse(each, opens) for each in nurses),
        tuple(sum(each.lanes for each in prescribers if each.span.lower <= at and at + STEP <= each.span.upper) for at in moments),
        frozenset(step for step, at in enumerate(moments) if not any(start <= at and at + STEP <= end for start, end in spans)),
    )


def _nurse(shift: Shift, opens: datetime) -> Nurse:
    return Nurse(str(shift.staff.ref), ceil((shift.span.lower - opens) / STEP), (shift.span.upper - opens) // STEP, shift.lanes)


def _chairs(location: Location, spans: Sequence[Span]) -> list[Chair]:
    """The chairs of the place but those that a visit planned at the chair holds that day."""
    window = DateTimeTZRange(spans[0][0], spans[-1][1], "[)")
    kept = Hold.objects.filter(active=True, session__isnull=False, chair__location=location, span__overlap=window).values_list("chair_id")
    return list(Chair.objects.filter(location=location).exclude(pk__in=kept).order_by("position"))


def _shifts(location: Location, spans: Sequence[Span], role: str) -> list[Shift]:
    window = DateTimeTZRange(spans[0][0], spans[-1][1], "[)")
    rows = Shift.objects.filter(location=location, role=role, ended_at__isnull=True, span__overlap=window).select_related("staff")
    return list(rows.order_by("span", "id"))


def _told(each: Any, row: Booking, expected: Expected, opens: datetime, location: Location) -> dict[str, Any]:
    chair, nurse = _held(row, "chair"), _held(row, "nurse")
    start = opens + STEP * each.start
    longer = expected.recovery_min != (row.visit_type.recovery_min if row.recovery_min is None else row.recovery_min)
    changed = start != row.span.lower or str(chair and chair.chair and chair.chair.ref) != each.chair
    changed = changed or str(nurse and nurse.staff and nurse.staff.ref) != each.nurse or longer
    return {
        "booking": str(row.ref),
        "version": row.version,
        "was": row.span.lower.isoformat(),
        "start": start.isoformat(),
        "end": (start + timedelta(minutes=row.visit_type.minutes + expected.recovery_min)).isoformat(),
        "chair": each.chair,
        "nurse": each.nurse,
        "recovery_min": expected.recovery_min,
        "basis": expected.basis,
        "moved": start != row.span.lower,
        "change": changed,
        "because": _timed(each.because, opens, location),
    }


def _timed(because: str, opens: datetime, location: Location) -> str:
    """The sentence with the time on the wall where the program counts steps."""
    before, at, rest = because.partition("@")
    if not at:
        return because
    number, _space, after = rest.partition(" ")
    local = (opens + STEP * int(number)).astimezone(zone_of(location.time_zone))
    return f"{before}{local:%H:%M} {after}"


def _order(row: Booking) -> Order | None:
    """The newest signed order of this patient's course."""
    if row.patient is None:
        return None
    found = Order.objects.filter(patient=row.patient).select_related("course__protocol", "patient").order_by("-id")
    return next((order for order in found[:5] if orders.is_signed(order)), None)
