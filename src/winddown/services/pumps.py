"""What a pump or a monitor says of itself: rates as facts, its own alarms as marks. We listen; we never command."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from winddown.domain.quantities import display
from winddown.domain.sessions.story import Event, latest
from winddown.domain.wire.hl7v2.alarm import DeviceAlarm
from winddown.domain.wire.hl7v2.message import Message
from winddown.domain.wire.hl7v2.pump import PumpReport
from winddown.record.models import Device, DeviceBinding, Occupancy, Session
from winddown.services import alarms, infusion, picture, stories

# A pump that names no drug is believed to run what hangs at the chair it was bound to by a person; one that names another drug is not.
OUR_DRUGS = ("ketamine", "esketamine", "")
MOVED_KEY = "dose_moved_late"


def take_in(device: Device, message: Message, received_at: datetime, *, now: datetime) -> None:
    """Write what concerns a session into its story. A report that belongs to no session stays among the raw messages."""
    report, alarm = message.pump_report, message.device_alarm
    if report is not None:
        _rate(device, report, report.happened_at or received_at, now)
    elif alarm is not None and message.kind == "alarm":
        _alarm(device, alarm, alarm.happened_at or received_at, now)


def session_of(device: Device, at: datetime) -> Session | None:
    """The session that held this device's chair at that time; None rather than a guess."""
    binding = DeviceBinding.objects.filter(device=device, span__contains=at).first()
    if binding is None:
        return None
    seat = (
        Occupancy.objects.filter(chair_id=binding.chair_id, span__contains=at)
        .select_related("session__location", "session__chair", "session__order__course__protocol")
        .first()
    )
    return seat.session if seat else None


def _rate(device: Device, report: PumpReport, at: datetime, now: datetime) -> None:
    session = session_of(device, at)
    if session is None:
        return
    said = _said(report)
    if report.drug_key not in OUR_DRUGS:
        stories.write(session, "pump_reported", said | {"drug": report.drug}, by=None, device=device, now=now, happened_at=at)
        return
    if _same_as_before(stories.standing(session), said, at):
        return
    before = picture.dose_of(session, now=now)
    infusion.pump_reported(session, said, device=device, happened_at=at, now=now)
    _told_of_a_dose_that_moved(session, before, picture.dose_of(session, now=now), at, now)


def _told_of_a_dose_that_moved(session: Session, before: picture.Dose, after: picture.Dose, at: datetime, now: datetime) -> None:
    """Once an infusion has ended its dose is read, signed and entered: a late word of the pump that changes it must be seen by somebody."""
    if before.ended_at is None or before.programmed_mg == after.programmed_mg:
        return
    alarms.raise_for_place(
        key=MOVED_KEY,
        severity="medium",
        session=session,
        chair=session.chair,
        location=session.location,
        now=now,
        words=f"A message of the pump, {(now - at) / timedelta(minutes=1):.0f} min late, changes the dose given from "
        f"{display(before.programmed_mg, 1)} to {display(after.programmed_mg, 1)} mg.",
        next_step="Compare with the pump's own log. The ledger follows with the waste, the signature or the next correction.",
    )
    alarms.clear_for_place(key=MOVED_KEY, now=now, words="told", session=session, location=session.location)


def _said(report: PumpReport) -> dict[str, Any]:
    """The rate in mL/h when the pump gave one we can read; otherwise what it sent, raw."""
    said: dict[str, Any] = {"event": report.event}
    rate = Decimal(0) if report.infusing is False else report.rate_ml_per_h
    if rate is not None:
        said["rate_ml_per_h"] = rate
    if report.unconverted and rate is None:
        said["raw"] = ", ".join(f"{each.value} {each.unit}" for each in report.unconverted)
    if report.concentration_mg_per_ml is not None:
        said["concentration_mg_per_ml"] = report.concentration_mg_per_ml
    if report.infused_ml is not None:
        said["infused_ml"] = report.infused_ml
    return said


def _same_as_before(events: tuple[Event, ...], said: dict[str, Any], at: datetime) -> bool:
    """A periodic status that repeats what the pump said last is no new fact."""
    before = latest(events, "rate_reported", at=at)
    if before is None or "raw" in said or "raw" in before.data:
        return False
    return before.number("rate_ml_per_h") == said.get("rate_ml_per_h")


def _alarm(device: Device, alarm: DeviceAlarm, at: datetime, now: datetime) -> None:
    session = session_of(device, at)
    if session is None:
        return
    words = {"condition": alarm.condition or alarm.text, "phase": alarm.phase, "state": alarm.state, "priority": alarm.priority}
    stories.write(session, "device_alarm_reported", words, by=None, device=device, now=now, happened_at=at)
