"""The pump's course as the nurse and the pump tell it: start, rate, bolus, hold, resume, stop, flush.

Winddown never commands a pump. A verb here records what was done, or is about to be done, by a person at the pump. A request is checked
against the order and may be refused; a fact is kept and, where it is outside the limits, alarmed.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import transaction

from winddown.domain.dosing import limits
from winddown.domain.dosing.finding import Finding, worst
from winddown.domain.refusals import Missing, NotAllowed, Refusal
from winddown.domain.sessions.advice import advice
from winddown.domain.sessions.story import effective, latest
from winddown.record.models import Device, Session, SessionEvent, Staff
from winddown.record.queries.stories import events_of
from winddown.services import alarms, forewarning, gates, ledger, orders, permissions, picture, snapshots, stories
from winddown.services.announcements import announce

RATE_KEY = "pump_rate"
RESUMED_FASTER = "resumed_faster"


@transaction.atomic
def start(
    session: Session,
    rate_ml_per_h: Decimal,
    *,
    by: Staff,
    now: datetime,
    happened_at: datetime | None = None,
    key: UUID | None = None,
    as_fact: bool = False,
) -> SessionEvent:
    """The pump was started at this rate. Refused while a line of the start gate is open, naming the first.

    as_fact   the pump runs already: kept whatever is open, judged, and alarmed where it is outside the limits
    """
    permissions.require(by, "session.chart")
    if not as_fact and (key is None or not SessionEvent.objects.filter(ref=key).exists()):
        gates.require_start(session, now=now)
        _require(session, rate_ml_per_h, now, reasons={})
    row = stories.write(session, "started", {"rate_ml_per_h": rate_ml_per_h}, by=by, now=now, happened_at=happened_at, key=key)
    if as_fact:
        _told_of(session, findings_for(session, rate_ml_per_h, now), now)
    _shown("start", session, by, now)
    return row


@transaction.atomic
def change_rate(
    session: Session,
    rate_ml_per_h: Decimal,
    *,
    because: str,
    by: Staff,
    now: datetime,
    happened_at: datetime | None = None,
    key: UUID | None = None,
    reasons: Mapping[str, str] | None = None,
    as_fact: bool = False,
) -> SessionEvent:
    """A new rate. As a request it is checked first; `as_fact`: the pump runs so already, which is kept and alarmed."""
    permissions.require(by, "session.chart")
    repeated = key is not None and SessionEvent.objects.filter(ref=key).exists()
    if not as_fact and not repeated:
        if session.status not in ("running", "held"):
            raise NotAllowed(
                because=f"The session is {session.status.replace('_', ' ')}; there is no running rate to change.",
                way_out="If the pump runs all the same, record it as a fact.",
                code="not_running",
            )
        _require(session, rate_ml_per_h, now, reasons=reasons or {})
    data = {"rate_ml_per_h": rate_ml_per_h, "because": because, "reasons": dict(reasons or {})}
    row = stories.write(session, "rate_changed", data, by=by, now=now, happened_at=happened_at, key=key)
    _told_of(session, findings_for(session, rate_ml_per_h, now), now)
    follow_correction(session, by=by, now=now)
    _shown("rate_change", session, by, now)
    return row


@transaction.atomic
def pump_reported(session: Session, said: Mapping[str, Any], *, device: Device, happened_at: datetime, now: datetime) -> SessionEvent:
    """A fact from the pump: kept, compared with the order, alarmed where it is outside."""
    row = stories.write(session, "rate_reported", said, by=None, device=device, now=now, happened_at=happened_at)
    rate = said.get("rate_ml_per_h")
    if isinstance(rate, Decimal) and rate > 0:
        _told_of(session, findings_for(session, rate, now), now)
    elif "raw" in said:
        alarms.raise_for_place(
            key=RATE_KEY,
            severity="medium",
            session=session,
            chair=session.chair,
            location=session.location,
            now=now,
            words=f"The pump sent a rate that cannot be read: {said['raw']}. The dose is unknown from here on.",
            next_step="Read the pump's display and enter its rate in mL/h.",
        )
    return row


@transaction.atomic
def hold(
    session: Session, because: str, *, by: Staff, now: datetime, happened_at: datetime | None = None, key: UUID | None = None
) -> SessionEvent:
    """The pump is paused. The third hold is the protocol's advice to stop; the nurse decides."""
    permissions.require(by, "session.chart")
    _reason(because, "A hold")
    row = stories.write(session, "held", {"because": because}, by=by, now=now, happened_at=happened_at, key=key)
    follow_advice(session, now=now)
    return row


@transaction.atomic
def resume(
    session: Session,
    rate_ml_per_h: Decimal,
    *,
    by: Staff,
    now: datetime,
    happened_at: datetime | None = None,
    key: UUID | None = None,
    as_fact: bool = False,
) -> SessionEvent:
    """Running again, at the rate before the hold or less; a higher one is a rate change of its own. `as_fact`: it runs so already."""
    permissions.require(by, "session.chart")
    if not as_fact and (key is None or not SessionEvent.objects.filter(ref=key).exists()):
        if session.status != "held":
            raise NotAllowed(because="The session is not held.", way_out="Record a rate change instead.", code="not_held")
        before = picture.dose_of(session, now=now).rate_before_hold_ml_per_h
        if before is not None and rate_ml_per_h > before:
            raise Refusal(
                because=f"Resuming at {rate_ml_per_h} mL/h is above the {before} mL/h before the hold.",
                way_out=f"Resume at {before} mL/h or less, then change the rate.",
                code="resume_above",
                where="rate_ml_per_h",
            )
    row = stories.write(session, "resumed", {"rate_ml_per_h": rate_ml_per_h}, by=by, now=now, happened_at=happened_at, key=key)
    if as_fact:
        _told_of(session, findings_for(session, rate_ml_per_h, now), now)
    follow_advice(session, now=now)
    _shown("rate_change", session, by, now)
    return row


@transaction.atomic
def finish(
    session: Session,
    kind: str,
    *,
    because: str = "",
    by: Staff,
    now: datetime,
    happened_at: datetime | None = None,
    key: UUID | None = None,
) -> SessionEvent:
    """`infusion_completed`, or `stopped` with the reason. The dose given goes into the ledger in the same transaction; recovery begins."""
    permissions.require(by, "session.chart")
    if kind == "stopped":
        _reason(because, "A stop")
    repeated = key is not None and SessionEvent.objects.filter(ref=key).exists()
    row = stories.write(session, kind, {"because": because} if because else {}, by=by, now=now, happened_at=happened_at, key=key)
    if not repeated:
        enter_given(session, by=by, now=now, happened_at=row.happened_at)
        _shown("rate_change", session, by, now)
    return row


def follow_advice(session: Session, *, now: datetime) -> None:
    """What the protocol's stop rules say of the story, as alarms that clear when the story no longer asks for it. The nurse decides."""
    supervision = orders.supervision_of(session.order.course.protocol)
    said = {each.key: each for each in advice(supervision, stories.standing(session), at=now)}
    for rule in dict.fromkeys([*(rule.key for rule in supervision.stop_rules), RESUMED_FASTER]):
        told = said.get(rule)
        if told is None:
            alarms.clear_for_place(key=f"rule_{rule}", now=now, words="no longer so", session=session, location=session.location)
            continue
        alarms.raise_for_place(
            key=f"rule_{rule}",
            severity="high" if told.tier == "stop" else "medium",
            session=session,
            chair=session.chair,
            location=session.location,
            now=now,
            words=told.because,
            next_step=told.do,
        )


def enter_given(session: Session, *, by: Staff, now: datetime, happened_at: datetime) -> None:
    """The ledger's `given` line from the integral of the rates. A later correction of the story enters a line that supersedes it."""
    dose = picture.dose_of(session, now=max(now, happened_at))
    if dose.bag is None or dose.programmed_mg <= 0:
        return
    before = next((line for line in ledger.of_session(session) if line.kind == "given" and line.bag_id == dose.bag.pk), None)
    if before is not None and before.mg == dose.programmed_mg.quantize(before.mg):
        return
    ledger.enter(
        "given",
        location=session.location,
        drug=dose.bag.drug,
        mg=dose.programmed_mg,
        ml=dose.programmed_ml,
        by=by,
        now=now,
        happened_at=happened_at,
        session=session,
        bag=dose.bag,
        supersedes=before,
        words="programmed dose: the integral of the rates",
    )


def follow_correction(session: Session, *, by: Staff, now: datetime) -> None:
    """After the story changed: if the dose was entered in the ledger already, a line that supersedes it says the new one."""
    if any(line.kind == "given" and line.bag_id for line in ledger.of_session(session)):
        enter_given(session, by=by, now=now, happened_at=now)


@transaction.atomic
def bolus(
    session: Session,
    volume_ml: Decimal,
    over_s: Decimal,
    *,
    by: Staff,
    now: datetime,
    happened_at: datetime | None = None,
    key: UUID | None = None,
    reasons: Mapping[str, str] | None = None,
    as_fact: bool = False,
) -> SessionEvent:
    """A bolus from the bag. As a request it is checked against the order's limits first; `as_fact`: it was given so."""
    permissions.require(by, "session.chart")
    if not as_fact and not (key is not None and SessionEvent.objects.filter(ref=key).exists()):
        _allow(limits.check_bolus(volume_ml, orders.checked(session.order)), reasons or {}, where="volume_ml")
    data = {"volume_ml": volume_ml, "over_s": over_s, **({"reasons": dict(reasons)} if reasons else {})}
    row = stories.write(session, "bolus_given", data, by=by, now=now, happened_at=happened_at, key=key)
    follow_correction(session, by=by, now=now)
    return row


@transaction.atomic
def flush(
    session: Session,
    volume_ml: Decimal,
    over_s: Decimal,
    *,
    by: Staff,
    now: datetime,
    happened_at: datetime | None = None,
    key: UUID | None = None,
) -> SessionEvent:
    """What was in the line reaches the patient now: a flush after the stop is a bolus of it."""
    permissions.require(by, "session.chart")
    return stories.write(
        session, "line_flushed", {"volume_ml": volume_ml, "over_s": over_s}, by=by, now=now, happened_at=happened_at, key=key
    )


def findings_for(session: Session, rate_ml_per_h: Decimal, now: datetime) -> tuple[Finding, ...]:
    """What the order's limits say of this rate at this moment."""
    started = latest(effective(events_of(session)), "started")
    begin = started.happened_at if started else now
    return tuple(limits.check_rate_change(orders.checked(session.order), rate_ml_per_h, now, started_at=begin))


def _require(session: Session, rate_ml_per_h: Decimal, now: datetime, *, reasons: Mapping[str, str]) -> None:
    _allow(findings_for(session, rate_ml_per_h, now), reasons, where="rate_ml_per_h")


def _allow(findings: Sequence[Finding], reasons: Mapping[str, str], *, where: str) -> None:
    """A hard limit stops a request; a soft one needs a reason."""
    for finding in findings:
        if finding.severity != "ask":
            raise Refusal(because=finding.sentence, way_out=finding.way_out, code=finding.code, where=where)
        if not str(reasons.get(finding.code, "")).strip():
            raise Missing(
                because=finding.sentence,
                way_out=f"{finding.way_out} Or give the reason.",
                code=finding.code,
                where=f"reason_{finding.code}",
            )


def _told_of(session: Session, findings: tuple[Finding, ...], now: datetime) -> None:
    """A rate that runs outside the limits is alarmed; one inside them clears that alarm."""
    gravest = worst(findings)
    if gravest in ("stop", "two_signatures"):
        told = next(finding for finding in findings if finding.severity == gravest)
        alarms.raise_for_place(
            key=RATE_KEY,
            severity="high",
            session=session,
            chair=session.chair,
            location=session.location,
            now=now,
            words=told.sentence,
            next_step=told.way_out,
        )
    else:
        alarms.clear_for_place(
            key=RATE_KEY, now=now, words="the rate is inside the order's limits", session=session, location=session.location
        )


def _shown(moment: str, session: Session, by: Staff | None, now: datetime) -> None:
    forecast = picture.forecast_of(session, now=now)
    if forecast is not None:
        snapshots.keep(moment, forecast, by=by, now=now, session=session, order=session.order)
    if told := forewarning.judge(session, now=now):
        announce(*told)


def _reason(because: str, what: str) -> None:
    if not because.strip():
        raise Missing(because=f"{what} needs a reason.", way_out="Say why, in a word or two.", code="reason_missing", where="because")
