"""A visit from its plan to its end: plan, check in, make ready, hand over, discharge, abandon."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange

from winddown.domain.refusals import Missing, NotAllowed, Refusal
from winddown.record.models import Chair, Order, Session, SessionEvent, Staff
from winddown.services import (
    audit,
    bags,
    booked_chairs,
    discharge,
    gates,
    honesty,
    infusion,
    letters_due,
    orders,
    patients,
    permissions,
    stories,
)
from winddown.services.announcements import News, announce
from winddown.services.screening import of_the_day


@transaction.atomic
def plan(order: Order, chair: Chair, start: datetime, *, minutes: int, by: Staff, now: datetime) -> Session:
    """A visit under a signed order. The database refuses a second plan for the same chair and time, whatever the code does."""
    permissions.require(by, "session.plan")
    if not orders.is_signed(order):
        raise NotAllowed(because="The order is not signed.", way_out="A prescriber signs it first.", code="order_unsigned")
    if Order.objects.filter(supersedes=order).exists():
        raise NotAllowed(because="A newer version of this order exists.", way_out="Plan under the newest version.", code="order_superseded")
    if order.patient.merged_into_id:
        raise NotAllowed(because="This record was merged.", way_out="Open the record it was merged into.", code="patient_merged")
    session = Session(
        patient=order.patient,
        order=order,
        location=chair.location,
        chair=chair,
        planned=DateTimeTZRange(start, start + timedelta(minutes=minutes), "[)"),
        status_at=now,
        created_at=now,
        by=by,
    )
    try:
        with transaction.atomic():
            session.save()
            booked_chairs.take_chair(session)
    except IntegrityError as why:
        raise Refusal(
            because=f"{chair.name} is taken at that time.", way_out="Choose another chair or time.", code="chair_taken", where="chair"
        ) from why
    audit.note("plan session", by=by, now=now, patient=order.patient, subject=str(session.ref))
    announce(News("status", now, session.ref, chair.ref, {"status": "planned"}))
    return session


@transaction.atomic
def seat(session: Session, chair: Chair, *, by: Staff, now: datetime) -> None:
    """Another chair of the same place, before the patient has sat down. The database refuses one that is planned for somebody else."""
    permissions.require(by, "session.check_in")
    if session.status != "planned":
        raise NotAllowed(
            because=f"The session is {session.status.replace('_', ' ')}; its chair stays.",
            way_out="Choose the chair before the check-in.",
            code="seated_already",
        )
    if chair.location_id != session.location_id:
        raise NotAllowed(because=f"{chair.name} is at another place.", way_out="Choose a chair of this place.", code="chair_elsewhere")
    before, session.chair = session.chair, chair
    try:
        with transaction.atomic():
            session.save(update_fields=["chair"])
            booked_chairs.change_chair(session)
    except IntegrityError as why:
        raise Refusal(
            because=f"{chair.name} is planned for another patient at that time.",
            way_out="Choose another chair.",
            code="chair_taken",
            where="chair",
        ) from why
    audit.note("move to another chair", by=by, now=now, patient=session.patient, subject=str(session.ref))
    for place in (before, chair):
        announce(News("status", now, session.ref, place.ref, {"status": session.status}))


@transaction.atomic
def check_in(session: Session, *, by: Staff, now: datetime, key: UUID | None = None) -> SessionEvent:
    """The patient has arrived and sits in the chair. From now on what the chair's devices say is this patient's."""
    permissions.require(by, "session.check_in")
    if session.status not in ("planned",) and (key is None or not SessionEvent.objects.filter(ref=key).exists()):
        raise NotAllowed(because=f"The session is {session.status} already.", way_out="Open its chart.", code="checked_in_already")
    try:
        with transaction.atomic():
            event = stories.write(session, "checked_in", {"chair": session.chair.ref}, by=by, now=now, key=key)
            booked_chairs.arrived_with(session, by=by, now=now)
            return event
    except IntegrityError as why:
        raise Refusal(
            because=f"{session.chair.name} still holds another patient.",
            way_out="Discharge that visit, or move this one.",
            code="chair_occupied",
        ) from why


@transaction.atomic
def weigh(session: Session, weight_kg: str, *, by: Staff, now: datetime, key: UUID | None = None) -> SessionEvent:
    """Weight of the day: a fact of the visit and of the patient. More than the protocol's change from the order stops until accepted."""
    permissions.require(by, "session.chart")
    known = key is not None and SessionEvent.objects.filter(ref=key).exists()
    if not known:
        patients.learn(session.patient, "weight", {"weight_kg": weight_kg}, by=by, observed_at=now, now=now)
    return stories.write(session, "weight_measured", {"weight_kg": weight_kg}, by=by, now=now, key=key)


@transaction.atomic
def accept_weight(session: Session, *, because: str, by: Staff, now: datetime, key: UUID | None = None) -> SessionEvent:
    """A prescriber accepts that today's weight differs from the order's."""
    permissions.require(by, "session.accept_review")
    if not because.strip():
        raise Missing(
            because="Accepting the weight needs a reason.", way_out="Say why the order stands.", code="reason_missing", where="because"
        )
    measured = next((event for event in reversed(stories.standing(session)) if event.kind == "weight_measured"), None)
    if measured is None:
        raise Missing(because="No weight of today.", way_out="Weigh the patient first.", code="weight_missing")
    data = {"weight_kg": measured.text("weight_kg"), "order_weight_kg": gates.weight_of_order(session), "because": because}
    return stories.write(session, "weight_accepted", data, by=by, now=now, key=key)


@transaction.atomic
def read_back_pump(
    session: Session, program: dict[str, Any], *, by: Staff, second: Staff | None, now: datetime, key: UUID | None = None
) -> SessionEvent:
    """Drug, concentration, rate and volume as two people read them from the pump. Kept whatever they are; the gate compares."""
    permissions.require(by, "session.chart")
    if second is None:
        raise Missing(
            because="Reading back the pump takes two people.",
            way_out="A second person confirms with their own PIN.",
            code="second_missing",
            where="second",
        )
    return stories.write(session, "pump_read_back", program, by=by, second=second, now=now, key=key)


@transaction.atomic
def make_ready(session: Session, *, by: Staff, now: datetime, key: UUID | None = None) -> SessionEvent:
    """Every line of the start gate is recorded; the nurse may start the pump."""
    permissions.require(by, "session.chart")
    if key is None or not SessionEvent.objects.filter(ref=key).exists():
        gates.require_ready(session, now=now)
        of_the_day.keep(session, by=by, now=now)
    return stories.write(session, "made_ready", {}, by=by, now=now, key=key)


@transaction.atomic
def name_supervisor(
    session: Session, supervisor: Staff, *, by: Staff, now: datetime, happened_at: datetime | None = None, key: UUID | None = None
) -> SessionEvent:
    """The prescriber on site for this infusion."""
    permissions.require(by, "session.chart")
    if "prescriber" not in supervisor.roles or not supervisor.active:
        raise NotAllowed(because=f"{supervisor.name} is not a prescriber.", way_out="Name a prescriber on site.", code="supervisor_role")
    data = {"staff": supervisor.ref, "name": supervisor.name}
    return stories.write(session, "supervisor_named", data, by=by, now=now, happened_at=happened_at, key=key)


@transaction.atomic
def hand_over(
    session: Session, role: str, to: Staff, *, by: Staff, now: datetime, happened_at: datetime | None = None, key: UUID | None = None
) -> SessionEvent:
    """Every open duty of this chair moves to a named person, who is told by name."""
    permissions.require(by, "session.chart")
    if not to.active or role not in to.roles:
        raise NotAllowed(because=f"{to.name} is no {role}.", way_out="Choose a person who works as one.", code="handover_role", where="to")
    repeated = key is not None and SessionEvent.objects.filter(ref=key).exists()
    data = {"role": role, "from": by.ref, "from_name": by.name, "to": to.ref, "to_name": to.name}
    row = stories.write(session, "handed_over", data, by=by, now=now, happened_at=happened_at, key=key)
    if role == "prescriber" and not repeated:
        name_supervisor(session, to, by=by, now=now, happened_at=happened_at)
    return row


@transaction.atomic
def sign_discharge(
    session: Session, *, by: Staff, now: datetime, reason: str = "", second: Staff | None = None, key: UUID | None = None
) -> SessionEvent:
    """The nurse signs that the criteria are recorded. With open lines it takes a reason and a second name."""
    permissions.require(by, "discharge.sign")
    if key is not None and (known := SessionEvent.objects.filter(ref=key).first()) is not None:
        return known
    open_lines = discharge.open_lines(session, now=now)
    if open_lines:
        if not reason.strip() or second is None:
            raise NotAllowed(
                because=f"{open_lines[0].sentence}{f' ({len(open_lines) - 1} more open)' if len(open_lines) > 1 else ''}",
                way_out=f"{open_lines[0].do} Or override with a reason and a second person.",
                code="discharge_open",
            )
        told = {"reason": reason, "lines": [line.key for line in open_lines]}
        stories.write(session, "gate_overridden", told, by=by, second=second, now=now)
        discharge.keep_shown(session, "override", by=by, now=now)
    infusion.follow_correction(session, by=by, now=now)
    bags.follow_balance(session, by=by, now=now)
    stories.write(session, "discharge_signed", {}, by=by, second=second, now=now)
    discharge.keep_shown(session, "discharge", by=by, now=now)
    honesty.score_clock(session, now=now)
    booked_chairs.release_visit(session)
    event = stories.write(session, "discharged", {}, by=by, now=now, key=key)
    letters_due.look(session.patient, now=now)
    return event


@transaction.atomic
def abandon(session: Session, *, because: str, by: Staff, now: datetime, key: UUID | None = None) -> SessionEvent:
    """The visit ends before an infusion: nothing was given."""
    permissions.require(by, "session.chart")
    if not because.strip():
        raise Missing(because="Abandoning a visit needs a reason.", way_out="Say why.", code="reason_missing", where="because")
    booked_chairs.release_visit(session)
    return stories.write(session, "abandoned", {"because": because}, by=by, now=now, key=key)
