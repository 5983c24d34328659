"""The dose so far and what the model makes of it: worked out from the story each time, never kept as truth.

The model is fed with what reached the patient, line volume and priming fluid taken off, and with the plan from here on.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

import numpy as np

from winddown.domain.days import age_on
from winddown.domain.dosing.accounting import pump_course
from winddown.domain.dosing.course import PumpCourse
from winddown.domain.dosing.hung import HungBag
from winddown.domain.dosing.line import LineCourse, line_course
from winddown.domain.dosing.order import OrderDraft
from winddown.domain.pharmacology import models
from winddown.domain.pharmacology.chart import AFTER_END, ChartForecast, chart_forecast
from winddown.domain.pharmacology.model import Patient as Body
from winddown.domain.pharmacology.regimen import Schedule, Segment
from winddown.domain.quantities import decimal_from_exact
from winddown.domain.sessions.story import Event, effective, latest
from winddown.record.models import Bag, Session
from winddown.record.queries.stories import events_of
from winddown.services import learning, orders

AHEAD_PREFIX = "planned-"


@dataclass(frozen=True)
class Dose:
    """The dose of one session at one instant.

    certain   False: a rate could not be read and the sums are floors, or drug went beside the vein and less reached the patient
    """

    course: PumpCourse
    line: LineCourse | None
    programmed_mg: Decimal
    programmed_ml: Decimal
    reached_mg: Decimal
    certain: bool
    rate_ml_per_h: Decimal | None
    rate_before_hold_ml_per_h: Decimal | None
    hung: HungBag | None
    bag: Bag | None
    started_at: datetime | None
    ended_at: datetime | None


@dataclass(frozen=True)
class Ahead:
    """What is planned from now on: invented events that stand for it, and when it ends."""

    events: tuple[Event, ...]
    finish_at: datetime | None


def dose_of(session: Session, *, now: datetime, events: Sequence[Event] | None = None) -> Dose:
    """Programmed, reached and running at `now`, exact, from the events that stand."""
    story = effective(events if events is not None else events_of(session))
    course = pump_course(story)
    line = line_course(course, story, until=now) if course.segments else None
    told = course.programmed(now)
    segment = course.segment_at(now)
    running = [each for each in course.segments if each.kind == "running" and each.start <= now]
    started = latest(story, "started")
    ended = latest(story, "stopped", "infusion_completed")
    hung = course.bag_at(now) or (course.bags[-1] if course.bags else None)
    rate = segment.rate_ml_per_h if segment and segment.rate_ml_per_h is not None else None
    before = running[-1].rate_ml_per_h if running else None
    return Dose(
        course=course,
        line=line,
        programmed_mg=decimal_from_exact(told.mg, 3),
        programmed_ml=decimal_from_exact(told.ml, 3),
        reached_mg=decimal_from_exact(line.reached_mg(now), 3) if line else Decimal(0),
        certain=told.certain and beside_the_vein(story) is None,
        rate_ml_per_h=decimal_from_exact(rate, 1) if rate is not None else None,
        rate_before_hold_ml_per_h=decimal_from_exact(before, 1) if before is not None else None,
        hung=hung,
        bag=Bag.objects.filter(session=session, ref=_uuid(hung.key)).first() if hung else None,
        started_at=started.happened_at if started else None,
        ended_at=ended.happened_at if ended and (not started or ended.happened_at >= started.happened_at) else None,
    )


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


def beside(session: Session, at: datetime, *, events: Sequence[Event] | None = None) -> dict[str, Any]:
    """The dose and the predicted levels at one moment, in words of an event's data: what an adverse event is laid beside.

    A number that is not known is None: before the first drop, or from where the pump's rate could not be read.
    """
    story = tuple(event for event in effective(events if events is not None else events_of(session)) if event.happened_at <= at)
    dose = dose_of(session, now=at, events=story)
    told: dict[str, Any] = {"dose_mg": dose.programmed_mg, "reached_mg": dose.reached_mg, "rate_ml_per_h": dose.rate_ml_per_h}
    found = forecast(session, orders.checked(session.order), story, dose, now=at) if dose.started_at else None
    if found is None:
        return told
    drawn, start_at, _ = found
    place = int(np.searchsorted(drawn.times_min, (at - start_at).total_seconds() / 60 - 1e-6))
    lines = {"plasma_ng_per_ml": drawn.plasma, "effect_site_ng_per_ml": drawn.effect_site}
    levels = {name: _level(line.band.p50[place]) for name, line in lines.items() if line is not None}
    return told | levels | {"model": drawn.model_id, "inputs_hash": drawn.input_hash}


def _level(value: float) -> str | None:
    return f"{value:.1f}" if np.isfinite(value) else None


def ahead(draft: OrderDraft, dose: Dose, status: str, *, now: datetime, rate_ml_per_h: Decimal | None = None) -> Ahead:
    """The rest of the plan: the rate that runs (or the one asked about), the order's later steps, and the end at the ordered total."""
    if status in ("held", "stopped", "recovering", "discharged", "abandoned") and rate_ml_per_h is None:
        return Ahead((), dose.ended_at)
    real = dose.hung.concentration_mg_per_ml if dose.hung else None
    if dose.hung is not None and not real:
        return Ahead((), None)
    concentration = decimal_from_exact(real, 6) if real else draft.concentration_mg_per_ml
    begin = dose.started_at or now
    steps = _steps(draft, begin, now, rate_ml_per_h if rate_ml_per_h is not None else dose.rate_ml_per_h, fresh=dose.started_at is None)
    return _until_total(steps, draft.total_mg - dose.programmed_mg, concentration, now, fresh=dose.started_at is None, asked=rate_ml_per_h)


def _steps(draft: OrderDraft, begin: datetime, now: datetime, rate: Decimal | None, *, fresh: bool) -> list[tuple[datetime, Decimal]]:
    """(from, rate) from now on: the present rate, then each later step of the order at its planned minute."""
    found = [] if fresh or rate is None else [(now, rate)]
    at = begin
    for phase in draft.phases:
        if fresh or at > now:
            found.append((at, phase.rate_ml_per_h))
        at += timedelta(minutes=float(phase.minutes))
    return found


def _until_total(
    steps: list[tuple[datetime, Decimal]], left_mg: Decimal, concentration: Decimal, now: datetime, *, fresh: bool, asked: Decimal | None
) -> Ahead:
    events: list[Event] = []
    for place, (at, rate) in enumerate(steps):
        kind = "started" if fresh and place == 0 else "rate_changed"
        if fresh or place > 0 or asked is not None:
            events.append(_planned(f"{place}", kind, at, now, {"rate_ml_per_h": format(rate, "f")}))
        if rate <= 0:
            continue
        hours = float(left_mg / (rate * concentration))
        following = steps[place + 1][0] if place + 1 < len(steps) else None
        end = at + timedelta(hours=max(hours, 0.0))
        if following is None or end <= following:
            return Ahead((*events, _planned("end", "infusion_completed", end, now, {})), end)
        left_mg -= Decimal(str((following - at).total_seconds() / 3600)) * rate * concentration
    return Ahead(tuple(events), None)


def _planned(name: str, kind: str, at: datetime, now: datetime, data: dict[str, Any]) -> Event:
    return Event(f"{AHEAD_PREFIX}{name}", 10**12 + (10 if name == "end" else int(name)), kind, at, now, "plan", data)


def forecast(
    session: Session,
    draft: OrderDraft,
    story: Sequence[Event],
    dose: Dose,
    *,
    now: datetime,
    rate_ml_per_h: Decimal | None = None,
    model_id: str | None = None,
    after_end: timedelta = AFTER_END,
    typical_alone: bool = False,
) -> tuple[ChartForecast, datetime, Ahead] | None:
    """The chart's forecast with the instant of its minute 0; None before there is anything to predict.

    typical_alone  neither the second opinion nor this patient's own lines: they cost half of it, and the typical lines are the same
    """
    plan = ahead(draft, dose, session.status, now=now, rate_ml_per_h=rate_ml_per_h)
    told = effective([*story, *plan.events, *_planned_bag(draft, dose, now)])
    course = pump_course(told)
    if not course.segments:
        return None
    last = max(plan.finish_at or now, dose.ended_at or now, now)
    line = line_course(course, told, until=last + after_end)
    given = line.for_model()
    horizon = (last + after_end - given.start_at).total_seconds() / 60
    schedule = Schedule(
        draft.request.drug_form,
        tuple(Segment(start, stop, rate) for start, stop, rate in given.segments if stop > start),
        _certain_until(given.certain_until_min, beside_the_vein(story), given.start_at, horizon),
    )
    minute = max(0.0, (now - given.start_at).total_seconds() / 60)
    body, chosen = body_of(session, draft), model_id or models.DEFAULT
    if typical_alone:
        drawn = chart_forecast(body, schedule, min(minute, horizon), horizon, model_id=chosen, second_model_id=None)
        return drawn, given.start_at, plan
    seen = learning.seen_of(session, story, given.start_at, now=now)
    taught = None if seen.empty else learning.posterior(chosen, body, schedule, seen)
    shown = None if seen.empty else seen
    drawn = chart_forecast(body, schedule, min(minute, horizon), horizon, model_id=chosen, posterior=taught, seen=shown)
    return drawn, given.start_at, plan


def beside_the_vein(story: Sequence[Event]) -> datetime | None:
    """When extravasation was first seen: from then on nobody knows how much reached the patient."""
    return next((event.happened_at for event in story if event.kind == "extravasation_seen"), None)


def _certain_until(read_until_min: float | None, seen_at: datetime | None, start_at: datetime, horizon_min: float) -> float | None:
    """Beyond this minute no level is drawn; None when all is known up to the horizon."""
    seen_min = max(0.0, (seen_at - start_at).total_seconds() / 60) if seen_at else None
    known = [minute for minute in (read_until_min, seen_min) if minute is not None and minute < horizon_min]
    return min(known, default=None)


def _planned_bag(draft: OrderDraft, dose: Dose, now: datetime) -> list[Event]:
    """Before a bag hangs, the ordered one stands for it, without a line: the plan shows the dose, not the tubing."""
    if dose.hung is not None:
        return []
    data = {
        "bag": "planned",
        "total_mg": format(draft.request.bag_mg, "f"),
        "volume_ml": format(draft.request.bag_ml, "f"),
        "concentration_mg_per_ml": format(draft.concentration_mg_per_ml, "f"),
        "line_volume_ml": "0",
        "primed_with": "drug",
        "use_by": (now + timedelta(days=1)).isoformat(),
    }
    return [Event(f"{AHEAD_PREFIX}bag", 10**12 - 1, "bag_hung", now - timedelta(seconds=1), now, "plan", data)]


def body_of(session: Session, draft: OrderDraft) -> Body:
    """Weight as dosed, age and sex: what the models ask for."""
    patient = session.patient
    day = session.planned.lower.date()
    age = age_on(patient.birth_date, day)
    return Body(weight_kg=float(draft.request.weight_kg), age_years=float(age), sex="female" if patient.sex == "female" else "male")


def forecast_of(session: Session, *, now: datetime) -> dict[str, Any] | None:
    """The forecast as plain data, for keeping what was shown."""
    story = effective(events_of(session))
    draft = orders.checked(session.order)
    found = forecast(session, draft, story, dose_of(session, now=now, events=story), now=now)
    if found is None:
        return None
    drawn, start_at, plan = found
    return {
        **drawn.as_data(),
        "inputs_hash": drawn.input_hash,
        "start_at": start_at.isoformat(),
        "finish_at": plan.finish_at.isoformat() if plan.finish_at else None,
    }
