"""What the live chart draws, as plain data: times in milliseconds, numbers or null, and the words beside them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from itertools import pairwise
from time import perf_counter
from typing import Any

import numpy as np
from django.utils.translation import gettext as _

from winddown.domain.alarms.condition import Limits
from winddown.domain.dosing.course import PumpSegment
from winddown.domain.dosing.order import OrderDraft
from winddown.domain.pharmacology.chart import ANALGESIC_LOW, ChartForecast
from winddown.domain.quantities import display
from winddown.domain.sessions import scores
from winddown.domain.sessions.lifecycle import walk
from winddown.domain.sessions.phase import PHASES
from winddown.domain.sessions.story import Event, effective
from winddown.domain.sessions.supervision import Supervision, read_supervision
from winddown.record.models import Reading, Session
from winddown.record.queries.stories import events_of
from winddown.services import alarms, announcements, infusion, orders, picture, vitals
from winddown.web.sessions import marks

DRAWN = ("systolic", "diastolic", "heart_rate", "pulse_rate", "spo2", "respiratory_rate", "etco2")
BASELINE = ("systolic", "diastolic", "heart_rate", "pulse_rate", "respiratory_rate", "spo2", "etco2")
POINTS_MAX = 20_000


def ms(at: datetime | None) -> int | None:
    """An instant as the browser counts it."""
    return None if at is None else int(at.timestamp() * 1000)


@dataclass(frozen=True)
class Sight:
    """One session seen at one instant: everything the chart, the page and the what-if are made of, read once."""

    session: Session
    story: tuple[Event, ...]
    draft: OrderDraft
    dose: picture.Dose
    supervision: Supervision
    now: datetime

    @classmethod
    def of(cls, session: Session, now: datetime) -> Sight:
        story = effective(events_of(session))
        return cls(
            session=session,
            story=story,
            draft=orders.checked(session.order),
            dose=picture.dose_of(session, now=now, events=story),
            supervision=read_supervision(session.order.course.protocol.data),
            now=now,
        )

    def forecast(self, rate_ml_per_h: Decimal | None = None) -> tuple[ChartForecast, datetime, picture.Ahead] | None:
        return picture.forecast(self.session, self.draft, self.story, self.dose, now=self.now, rate_ml_per_h=rate_ml_per_h)


def chart_data(session: Session, *, now: datetime) -> dict[str, Any]:
    """The whole chart. A fixed number of queries whatever the length of the session."""
    number = announcements.latest()
    sight = Sight.of(session, now)
    found = sight.forecast()
    finish = found[2].finish_at if found else None
    return {
        "now": ms(now),
        "announcement": number,
        "session": {
            "ref": str(session.ref),
            "status": session.status,
            "status_words": str(_(PHASES[walk(sight.story)[-1].moved.status] if sight.story else PHASES["planned"])),
            "started_at": ms(sight.dose.started_at),
            "planned_stop_at": ms(_planned_stop(sight)),
            "finish_at": ms(finish),
            "zone": session.location.time_zone,
            "version": session.version,
        },
        "dose": dose_data(sight, found[2] if found else None),
        "readings": readings_data(session),
        "baseline": _baseline(sight.story),
        "limits": limits_data(sight.supervision.alarms, _baseline(sight.story)),
        "scores": [_score(event) for event in sight.story if event.kind == "score_taken"],
        "marks": marks.of(sight.story),
        "alarms": [alarms.as_body(one) for one in alarms.standing(session.alarms.order_by("raised_at"))],
        "forecast": forecast_data(*found) if found else None,
    }


def what_if_data(session: Session, rate_ml_per_h: Decimal, *, now: datetime) -> dict[str, Any]:
    """What this rate would do from now on. Nothing is ordered and nothing is written."""
    began = perf_counter()
    sight = Sight.of(session, now)
    found = sight.forecast(rate_ml_per_h)
    findings = infusion.findings_for(session, rate_ml_per_h, now)
    strength = _strength(sight)
    mg_per_h = rate_ml_per_h * strength
    return {
        "rate": {
            "ml_per_h": float(rate_ml_per_h),
            "mg_per_h": float(mg_per_h),
            "mg_per_kg_h": float(mg_per_h / sight.draft.dosing_weight_kg),
        },
        "forecast": forecast_data(*found) if found else None,
        "finish_at": ms(found[2].finish_at) if found else None,
        "findings": [{"severity": each.severity, "words": f"{each.sentence} {each.way_out}"} for each in findings],
        "took_ms": round((perf_counter() - began) * 1000, 1),
    }


def forecast_data(drawn: ChartForecast, start_at: datetime, plan: picture.Ahead) -> dict[str, Any]:
    """The model's curves on the wall clock. From where the rate is unknown there is nothing."""
    clock = drawn.clock.get(ANALGESIC_LOW.name)
    known = np.isfinite(drawn.plasma.band.p50)
    unknown_from = None if known.all() else float(drawn.times_min[int(np.argmin(known))])
    return {
        "model": {"id": drawn.model_id, "name": drawn.model_name, "site": drawn.site, "words": _("calibrated on simulated patients only")},
        "times": [ms(start_at + timedelta(minutes=float(minute))) for minute in drawn.times_min],
        "plasma": _band(drawn.plasma),
        "effect_site": _band(drawn.effect_site) if drawn.effect_site else None,
        "norketamine": {"p50": _numbers(drawn.norketamine)} if drawn.norketamine is not None else None,
        "second": _second(drawn),
        "dissociation": _effect(drawn, "dissociation"),
        "systolic_rise": _effect(drawn, "systolic_rise"),
        "thresholds": [{"ng_per_ml": ANALGESIC_LOW.figure.value, "words": ANALGESIC_LOW.name, "source": ANALGESIC_LOW.figure.source}],
        "clock": _clock(clock, start_at) if clock else None,
        "unknown_from": ms(start_at + timedelta(minutes=unknown_from)) if unknown_from is not None else None,
        "valid": drawn.valid,
        "warnings": list(drawn.warnings),
        "inputs_hash": drawn.input_hash,
    }


def dose_data(sight: Sight, plan: picture.Ahead | None) -> dict[str, Any]:
    """Pumped and reached, and the steps of the pump behind and ahead."""
    dose, weight = sight.dose, sight.draft.dosing_weight_kg
    strength = _strength(sight)
    return {
        "pumped_mg": display(dose.programmed_mg, 1),
        "reached_mg": display(dose.reached_mg, 1),
        "mg_per_kg": display(dose.programmed_mg / weight, 2),
        "concentration_mg_per_ml": display(strength, 3),
        "certain": dose.certain,
        "rate_ml_per_h": display(dose.rate_ml_per_h, 1) if dose.rate_ml_per_h is not None else None,
        "segments": [_segment(each, weight, sight.now) for each in dose.course.segments],
        "planned": _planned_segments(plan, strength, weight, dose) if plan else [],
    }


def _segment(each: PumpSegment, weight: Decimal, now: datetime) -> dict[str, Any]:
    rate = float(each.rate_ml_per_h) if each.rate_ml_per_h is not None else None
    strength = float(each.concentration_mg_per_ml) if each.concentration_mg_per_ml is not None else None
    mg_per_h = rate * strength if rate is not None and strength is not None else None
    return {
        "from": ms(each.start),
        "to": ms(each.stop or now),
        "open": each.stop is None,
        "ml_per_h": rate,
        "mg_per_h": mg_per_h,
        "mg_per_kg_h": mg_per_h / float(weight) if mg_per_h is not None else None,
        "kind": each.kind,
        "words": each.because,
    }


def _planned_segments(plan: picture.Ahead, strength: Decimal, weight: Decimal, dose: picture.Dose) -> list[dict[str, Any]]:
    edges = [(event.happened_at, event.number("rate_ml_per_h")) for event in plan.events]
    found = []
    if edges and edges[0][1] is None and dose.rate_ml_per_h is not None:
        edges.insert(0, (min(edges[0][0], plan.events[0].written_at), dose.rate_ml_per_h))
    for (start, rate), (stop, _next) in pairwise(edges):
        if rate is None or stop <= start:
            continue
        mg_per_h = rate * strength
        found.append(
            {
                "from": ms(start),
                "to": ms(stop),
                "ml_per_h": float(rate),
                "mg_per_h": float(mg_per_h),
                "mg_per_kg_h": float(mg_per_h / weight),
                "kind": "running",
            }
        )
    return found


def readings_data(session: Session) -> dict[str, list[list[Any]]]:
    """Every reading of this session, attached ones too, as [time, value, label, source, words]."""
    rows = Reading.objects.filter(session=session, kind__in=DRAWN).order_by("observed_at")[:POINTS_MAX]
    attached = Reading.objects.filter(attachment__session=session, kind__in=DRAWN).order_by("observed_at")[:POINTS_MAX]
    found: dict[str, list[list[Any]]] = {kind: [] for kind in DRAWN}
    for row in sorted([*rows, *attached], key=lambda each: each.observed_at):
        kind, *point = vitals.point(row)
        found[kind].append(point)
    return found


def limits_data(limits: Limits, baseline: Mapping[str, float | None]) -> dict[str, dict[str, float]]:
    """The protocol's limits by kind, with those relative to this patient worked out."""
    found: dict[str, dict[str, float]] = {}
    for condition in limits.conditions:
        for kind in condition.kinds:
            if kind not in DRAWN or condition.side not in ("above", "below"):
                continue
            told = found.setdefault(kind, {})
            end = "high" if condition.side == "above" else "low"
            for step in condition.steps:
                told[f"{step.tier}_{end}"] = step.limit.value
                own = baseline.get(kind)
                if step.baseline_percent is not None and own and end == "high":
                    told["relative_high"] = round(own * (1 + step.baseline_percent.value / 100))
            told.setdefault(end, condition.steps[0].limit.value)
    return found


def _baseline(story: Sequence[Event]) -> dict[str, float | None]:
    taken = vitals.baseline_of(story)
    return {kind: taken.of(kind) for kind in BASELINE}


def _score(event: Event) -> dict[str, Any]:
    scale = scores.SCALES.get(event.text("scale"))
    value = event.number("value")
    level = next((each for each in scale.levels if each.value == value), None) if scale else None
    return {
        "id": event.id,
        "scale": event.text("scale"),
        "value": float(value) if value is not None else None,
        "at": ms(event.happened_at),
        "words": f"{scale.words if scale else event.text('scale')} {value}: {level.words if level else ''}".rstrip(": "),
        "level": level.color if level else "watch",
        "late": event.late,
    }


def _planned_stop(sight: Sight) -> datetime | None:
    if sight.dose.started_at is None:
        return None
    return sight.dose.started_at + timedelta(minutes=float(sight.draft.total_minutes))


def _strength(sight: Sight) -> Decimal:
    hung = sight.dose.hung
    if hung is None or hung.concentration_mg_per_ml is None:
        return sight.draft.concentration_mg_per_ml
    return Decimal(hung.concentration_mg_per_ml.numerator) / Decimal(hung.concentration_mg_per_ml.denominator)


def _numbers(line: Any) -> list[float | None]:
    return [round(float(each), 4) if np.isfinite(each) else None for each in line]


def _band(line: Any) -> dict[str, list[float | None]]:
    return {name: _numbers(getattr(line.band, name)) for name in ("p05", "p25", "p50", "p75", "p95")}


def _effect(drawn: ChartForecast, key: str) -> dict[str, Any] | None:
    line = drawn.effects.get(key)
    return None if line is None else {**_band(line), "unit": line.unit, "rating": line.rating, "words": line.words}


def _second(drawn: ChartForecast) -> dict[str, Any] | None:
    second = drawn.second
    if second is None:
        return None
    return {"name": second.model_name, "plasma_p50": _numbers(second.median), "differs": second.differs, "words": second.words}


def _clock(below: Any, start_at: datetime) -> dict[str, Any]:
    def at(minute: float | None) -> int | None:
        return None if minute is None else ms(start_at + timedelta(minutes=minute))

    return {
        "median_at": at(below.median_min),
        "ninety_at": at(below.most_min),
        "words": below.caveat,
        "ng_per_ml": below.threshold_ng_per_ml,
    }
