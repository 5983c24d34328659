"""What an order would do before anything is given: the forecast a prescriber sees and signs beside the numbers, and the rates that
would hold a level. For the typical patient, and for this one where an earlier visit taught."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any, cast

from winddown.domain.days import age_on
from winddown.domain.dosing.order import OrderDraft
from winddown.domain.dosing.plan import planned_line
from winddown.domain.dosing.protocol import Protocol, Tiers
from winddown.domain.pharmacology import models
from winddown.domain.pharmacology.chart import AFTER_END, ChartForecast, chart_forecast
from winddown.domain.pharmacology.effects.relief import RELIEF, outside_the_study
from winddown.domain.pharmacology.effects.relief import course as relief_course
from winddown.domain.pharmacology.effects.weeks import NO_VALIDATED_PREDICTION, NoCurve
from winddown.domain.pharmacology.individual import Seen, learn
from winddown.domain.pharmacology.model import Form, Sex
from winddown.domain.pharmacology.model import Patient as Body
from winddown.domain.pharmacology.regimen import Schedule, Segment
from winddown.domain.pharmacology.target import Bounds, Goal, Plan, hold
from winddown.domain.quantities import span_of_minutes
from winddown.domain.refusals import Missing
from winddown.domain.screening.codes import CRPS_I
from winddown.record.models import Patient
from winddown.services import learning

PUMP_STEP_ML_PER_H = Decimal("0.1")
VENOUS_S = "pk_s_fanta2015_otto2021"


@dataclass(frozen=True)
class Foreseen:
    """The forecast of one order from its first minute on. The line is left out: the plan shows the dose, not the tubing."""

    forecast: ChartForecast
    start_at: datetime
    finish_min: float
    weeks: dict[str, Any]

    def as_data(self) -> dict[str, Any]:
        """Plain data for keeping what was shown."""
        return {
            **self.forecast.as_data(),
            "inputs_hash": self.forecast.input_hash,
            "start_at": self.start_at.isoformat(),
            "weeks": self.weeks,
            "finish_at": (self.start_at + timedelta(minutes=self.finish_min)).isoformat(),
        }


def body_of(patient: Patient, weight_kg: Decimal, day: date) -> Body:
    """Weight as ordered, age and sex: what the models ask for."""
    return Body(weight_kg=float(weight_kg), age_years=float(age_on(patient.birth_date, day)), sex=cast(Sex, patient.sex))


def foresee(draft: OrderDraft, patient: Patient, *, now: datetime, icd10: str = "") -> Foreseen:
    """The order carried out to the letter. Refuses what the model refuses. icd10: of the course; says whether relief may be drawn."""
    given = planned_line(draft, start_at=now, line_volume_ml=Decimal(0), primed_with="drug").for_model()
    segments = tuple(Segment(start, stop, rate) for start, stop, rate in given.segments if stop > start)
    finish_min = span_of_minutes(draft.total_minutes).total_seconds() / 60
    horizon = finish_min + AFTER_END.total_seconds() / 60
    body = body_of(patient, draft.request.weight_kg, now.date())
    schedule = Schedule(draft.request.drug_form, segments, given.certain_until_min)
    prior = learning.prior_of(patient, at=now)
    drawn = chart_forecast(body, schedule, 0.0, horizon, seen=Seen(prior=prior) if prior else None)
    return Foreseen(drawn, given.start_at, finish_min, weeks_of(body, schedule, icd10))


def weeks_of(body: Body, schedule: Schedule, icd10: str) -> dict[str, Any]:
    """Relief over days 1 to 28: a curve inside the studied regimen only; elsewhere the reason and the sentence."""
    because = outside_the_study(body, schedule, "crps_1" if icd10.upper().startswith(CRPS_I) else "other_pain")
    if because is not None:
        return NoCurve(RELIEF.sheet.effect_id, because, NO_VALIDATED_PREDICTION).as_data()
    return relief_course(models.get(VENOUS_S), body, schedule, indication="crps_1", until_day=28.0).as_data()


@dataclass(frozen=True)
class Aim:
    """A plan that holds a level under a protocol's caps, with its rates as the pump is set.

    rows    (mL/h, minutes); personal says whether an earlier visit of this patient taught the level
    """

    plan: Plan
    rows: tuple[tuple[Decimal, Decimal], ...]
    cap_mg_per_h: float
    personal: bool


def aim(
    protocol: Protocol,
    patient: Patient,
    goal: Goal,
    *,
    weight_kg: Decimal,
    form: Form,
    session_number: int,
    bag_mg: Decimal,
    bag_ml: Decimal,
    now: datetime,
) -> Aim:
    """Which rates would hold this level in this patient? Nothing is ordered and nothing is written.

    The cap is the protocol's: its caps and the ceiling that one signature may order. refuses what the goal and the bounds refuse
    """
    if bag_mg <= 0 or bag_ml <= 0:
        raise Missing(
            because="The bag's milligrams and volume are needed: the pump counts in mL/h.",
            way_out="Enter the bag.",
            code="bag_missing",
            where="bag_mg",
        )
    concentration = bag_mg / bag_ml
    cap = cap_mg_per_h(protocol, session_number, float(weight_kg))
    bounds = Bounds(cap, float(PUMP_STEP_ML_PER_H * concentration), _most_mg(protocol, float(bag_mg)))
    prior = learning.prior_of(patient, at=now)
    body = body_of(patient, weight_kg, now.date())
    posterior = learn(models.get(models.DEFAULT), body, Schedule(form), (), prior=prior)
    plan = hold(posterior, form, goal, bounds)
    step = PUMP_STEP_ML_PER_H
    rows = tuple(((Decimal(repr(rate)) / concentration).quantize(step), Decimal(f"{minutes:g}")) for minutes, rate in plan.steps)
    return Aim(plan, rows, cap, prior is not None)


def cap_mg_per_h(protocol: Protocol, session_number: int, weight_kg: float) -> float:
    """The highest rate that one signature may order at this session. refuses Missing for a protocol without any."""
    dosing = protocol.dosing
    step = dosing.step_for(session_number)
    tiers = dosing.limits_for(step)
    per_kg, per_h = tiers.get("rate_mg_per_kg_per_h"), tiers.get("rate_mg_per_h")
    caps = [
        dosing.caps.mg_per_h.value if dosing.caps.mg_per_h else None,
        dosing.caps.mg_per_kg_per_h.value * weight_kg if dosing.caps.mg_per_kg_per_h else None,
        *(_ceiling(each, times) for each, times in ((per_kg, weight_kg), (per_h, 1.0)) if each is not None),
    ]
    known = [each for each in caps if each is not None]
    if not known:
        raise Missing(
            because=f"{protocol.name} has no cap on the rate.", way_out="Ask the director to sign one.", code="no_cap", where="rate"
        )
    return min(known)


def _ceiling(tiers: Tiers, times: float) -> float | None:
    figure = tiers.two_signatures or tiers.stop
    return figure.value * times if figure else None


def _most_mg(protocol: Protocol, bag_mg: float) -> float:
    caps = protocol.dosing.caps
    return min(bag_mg, caps.total_mg.value) if caps.total_mg else bag_mg
