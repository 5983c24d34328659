"""What an order would do before anything is given: the forecast a prescriber sees and signs beside the numbers."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any, cast

from winddown.domain.dosing.order import OrderDraft
from winddown.domain.dosing.plan import planned_line
from winddown.domain.pharmacology.chart import ChartForecast, chart_forecast
from winddown.domain.pharmacology.model import Patient as Body
from winddown.domain.pharmacology.model import Sex
from winddown.domain.pharmacology.regimen import Schedule, Segment
from winddown.domain.quantities import span_of_minutes
from winddown.record.models import Patient

AFTER_END = timedelta(minutes=120)


@dataclass(frozen=True)
class Foreseen:
    """The forecast of one order from its first minute on. The line is left out: the plan shows the dose, not the tubing."""

    forecast: ChartForecast
    start_at: datetime
    finish_min: float

    def as_data(self) -> dict[str, Any]:
        """Plain data for keeping what was shown."""
        return {
            **self.forecast.as_data(),
            "inputs_hash": self.forecast.input_hash,
            "start_at": self.start_at.isoformat(),
            "finish_at": (self.start_at + timedelta(minutes=self.finish_min)).isoformat(),
        }


def body_of(patient: Patient, weight_kg: Decimal, day: date) -> Body:
    """Weight as ordered, age and sex: what the models ask for."""
    born = patient.birth_date
    age = day.year - born.year - ((day.month, day.day) < (born.month, born.day))
    return Body(weight_kg=float(weight_kg), age_years=float(age), sex=cast(Sex, patient.sex))


def foresee(draft: OrderDraft, patient: Patient, *, now: datetime) -> Foreseen:
    """The order carried out to the letter. Refuses what the model refuses."""
    given = planned_line(draft, start_at=now, line_volume_ml=Decimal(0), primed_with="drug").for_model()
    segments = tuple(Segment(start, stop, rate) for start, stop, rate in given.segments if stop > start)
    finish_min = span_of_minutes(draft.total_minutes).total_seconds() / 60
    horizon = finish_min + AFTER_END.total_seconds() / 60
    body = body_of(patient, draft.request.weight_kg, now.date())
    drawn = chart_forecast(body, Schedule(draft.request.drug_form, segments, given.certain_until_min), 0.0, horizon)
    return Foreseen(drawn, given.start_at, finish_min)
