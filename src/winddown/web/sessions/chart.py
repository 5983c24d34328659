"""What the live chart draws, as plain data: times in milliseconds, numbers or null, and the words beside them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from itertools import pairwise
from math import isfinite
from time import perf_counter
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from winddown.domain.alarms.condition import Limits
from winddown.domain.dosing import limits
from winddown.domain.dosing.course import PumpSegment
from winddown.domain.dosing.finding import Finding
from winddown.domain.pharmacology.band import Line
from winddown.domain.pharmacology.chart import ANALGESIC_LOW, ChartForecast
from winddown.domain.pharmacology.clock import Below
from winddown.domain.pharmacology.individual.figures import CADSS6_HIGHEST
from winddown.domain.pharmacology.personal import BACK, PersonalForecast
from winddown.domain.quantities import display
from winddown.domain.sessions import scores
from winddown.domain.sessions.lifecycle import walk
from winddown.domain.sessions.phase import PHASES
from winddown.domain.sessions.story import Event
from winddown.record.models import Session
from winddown.services import alarms, announcements, honesty, picture, vitals
from winddown.web.sessions import marks, taught
from winddown.web.sessions.readings import DRAWN, readings_data
from winddown.web.sessions.sight import Sight, ms

ABOUT_NOW_MIN = 1.0
BASELINE = ("systolic", "diastolic", "heart_rate", "pulse_rate", "respiratory_rate", "spo2", "etco2")


def chart_data(session: Session, *, now: datetime) -> dict[str, Any]:
    """The whole chart. A fixed number of queries whatever the length of the session."""
    number = announcements.latest()
    return drawn_from(Sight.of(session, now), number)


def drawn_from(sight: Sight, number: int) -> dict[str, Any]:
    """The chart of what was read already. number: the announcement after which the page listens on, read before the story was."""
    session, now = sight.session, sight.now
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
        "readings": readings_data(session, since=sight.since, now=now),
        "baseline": _baseline(sight.story),
        "limits": limits_data(sight.supervision.alarms, _baseline(sight.story)),
        "scores": [_score(event) for event in sight.story if event.kind == "score_taken"],
        "marks": marks.of(sight.story),
        "alarms": [alarms.as_body(one) for one in alarms.standing(session.alarms.order_by("raised_at"))],
        "forecast": forecast_data(*found, sight.zone) if found else None,
    }


def what_if_data(session: Session, rate_ml_per_h: Decimal, *, now: datetime) -> dict[str, Any]:
    """What this rate would do from now on. Nothing is ordered and nothing is written."""
    began = perf_counter()
    sight = Sight.of(session, now)
    found = sight.forecast(rate_ml_per_h)
    mg_per_h = rate_ml_per_h * sight.strength_mg_per_ml
    return {
        "rate": {
            "ml_per_h": float(rate_ml_per_h),
            "mg_per_h": float(mg_per_h),
            "mg_per_kg_h": float(mg_per_h / sight.draft.dosing_weight_kg),
        },
        "forecast": forecast_data(*found, sight.zone) if found else None,
        "finish_at": ms(found[2].finish_at) if found else None,
        "findings": [findings_data(each) for each in rate_findings(sight, rate_ml_per_h)],
        "took_ms": round((perf_counter() - began) * 1000, 1),
    }


def rate_findings(sight: Sight, rate_ml_per_h: Decimal) -> list[Finding]:
    """What the order's limits say of this rate now."""
    return limits.check_rate_change(sight.draft, rate_ml_per_h, sight.now, started_at=sight.dose.started_at or sight.now)


def findings_data(finding: Finding) -> dict[str, str]:
    return {"code": finding.code, "severity": finding.severity, "words": f"{finding.sentence} {finding.way_out}".strip()}


def forecast_data(drawn: ChartForecast, start_at: datetime, plan: picture.Ahead, zone: ZoneInfo) -> dict[str, Any]:
    """The model's curves on the wall clock. From where the rate is unknown there is nothing."""
    clock = drawn.clock.get(ANALGESIC_LOW.name)
    known = np.isfinite(drawn.plasma.band.p50)
    unknown_from = None if known.all() else float(drawn.times_min[int(np.argmin(known))])
    return {
        "model": {"id": drawn.model_id, "name": drawn.model_name, "site": drawn.site, "words": _("calibrated on simulated patients only")},
        "times": [ms(start_at + timedelta(minutes=float(minute))) for minute in drawn.times_min],
        "plasma": _band(drawn.plasma),
        "effect_site": _band(drawn.effect_site) if drawn.effect_site else None,
        "norketamine": _band(drawn.norketamine) if drawn.norketamine else None,
        "hydroxynorketamine": _band(drawn.hydroxynorketamine) if drawn.hydroxynorketamine else None,
        "second": _second(drawn),
        "dissociation": _dissociation(drawn),
        "systolic_rise": _effect(_before(drawn).get("systolic_rise") or drawn.effects.get("systolic_rise")),
        "personal": _personal(drawn.personal, drawn.plasma_analyte, start_at, drawn.now_min, zone) if drawn.personal else None,
        "thresholds": [{"ng_per_ml": ANALGESIC_LOW.figure.value, "words": _(ANALGESIC_LOW.name), "source": ANALGESIC_LOW.figure.source}],
        "clock": _clock(clock, start_at, drawn.now_min) if clock else None,
        "unknown_from": ms(start_at + timedelta(minutes=unknown_from)) if unknown_from is not None else None,
        "valid": drawn.valid,
        "warnings": list(drawn.warnings),
        "guesses": _guesses(drawn),
        "inputs_hash": drawn.input_hash,
    }


def _guesses(drawn: ChartForecast) -> dict[str, str] | None:
    """How many figures behind the lines nobody published, and the page that names them."""
    if not drawn.guesses:
        return None
    words = ngettext("%(count)d guessed figure in it", "%(count)d guessed figures in it", drawn.guesses)
    return {"words": words % {"count": drawn.guesses}, "url": reverse("model_page", args=[drawn.model_id])}


def dose_data(sight: Sight, plan: picture.Ahead | None) -> dict[str, Any]:
    """Pumped and reached, and the steps of the pump behind and ahead."""
    dose, weight, strength = sight.dose, sight.draft.dosing_weight_kg, sight.strength_mg_per_ml
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


def limits_data(conditions: Limits, baseline: Mapping[str, float | None]) -> dict[str, dict[str, float]]:
    """The protocol's limits by kind, with those relative to this patient worked out."""
    found: dict[str, dict[str, float]] = {}
    for condition in conditions.conditions:
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
        "words": f"{_(scale.words) if scale else event.text('scale')} {value}: {_(level.words) if level and level.words else ''}".rstrip(
            ": "
        ),
        "level": level.color if level else "watch",
        "late": event.late,
    }


def _planned_stop(sight: Sight) -> datetime | None:
    if sight.dose.started_at is None:
        return None
    return sight.dose.started_at + timedelta(minutes=float(sight.draft.total_minutes))


def _numbers(line: Any) -> list[float | None]:
    """Four decimals, and None where the model knows nothing."""
    found: list[float | None] = np.round(np.asarray(line, dtype=float), 4).tolist()
    return found if np.isfinite(line).all() else [each if each is not None and isfinite(each) else None for each in found]


def _band(line: Any, times: float = 1.0) -> dict[str, list[float | None]]:
    return {name: _numbers(getattr(line.band, name) * times) for name in ("p05", "p25", "p50", "p75", "p95")}


def _effect(line: Any, times: float = 1.0, unit: str = "", top: float | None = None) -> dict[str, Any] | None:
    """A line of an effect, `times` larger; `top` is the end of its scale."""
    if line is None:
        return None
    return {**_band(line, times), "unit": unit or line.unit, "rating": line.rating, "words": line.words, "top": top}


def _before(drawn: ChartForecast) -> Mapping[str, Line]:
    return drawn.personal.before if drawn.personal else {}


def _dissociation(drawn: ChartForecast) -> dict[str, Any] | None:
    """A share of the scale; in the points of CADSS-6 where this patient's line, which is drawn in its place, is in points."""
    points = _before(drawn).get("cadss6")
    if points is not None:
        return _effect(points, 1.0, "CADSS-6", CADSS6_HIGHEST)
    return _effect(drawn.effects.get("dissociation"), 100.0, "%", 100.0)


def _personal(mine: PersonalForecast, analyte: str, start_at: datetime, now_min: float, zone: ZoneInfo) -> dict[str, Any]:
    """This patient's lines, in the places of the typical patient's: dissociation in the points that are entered at the chair."""
    plasma, back = mine.clock.get(ANALGESIC_LOW.name), mine.clock.get(BACK)
    clinic = honesty.of_clinic()
    back = None if clinic.verdict == "drifted" else back
    lines = mine.lines
    return {
        "plasma": _band(lines[analyte]),
        "effect_site": _band(lines["effect_site"]) if "effect_site" in lines else None,
        "norketamine": _band(lines["s_norketamine"]) if "s_norketamine" in lines else None,
        "dissociation": _effect(lines.get("cadss6"), 1.0, "CADSS-6", CADSS6_HIGHEST),
        "systolic_rise": _effect(lines.get("systolic_rise")),
        "clock": _clock(plasma, start_at, now_min) if plasma else None,
        "clock_back": _clock(back, start_at, now_min) if back else None,
        "clock_score": taught.clinic_words(clinic),
        "taught": taught.sentences(mine.posterior, start_at, lambda at: f"{at.astimezone(zone):%H:%M}"),
        "learned": taught.brief(mine.posterior),
    }


def _second(drawn: ChartForecast) -> dict[str, Any] | None:
    second = drawn.second
    if second is None:
        return None
    return {"name": second.model_name, "plasma_p50": _numbers(second.median), "differs": second.differs, "words": second.words}


def _clock(below: Below, start_at: datetime, now_min: float) -> dict[str, Any]:
    """already: below from before now, so that the time told would be the time of looking."""

    def at(minute: float | None) -> int | None:
        return None if minute is None else ms(start_at + timedelta(minutes=minute))

    return {
        "median_at": at(below.median_min),
        "ninety_at": at(below.most_min),
        "median_already": below.median_min is not None and below.median_min <= now_min + ABOUT_NOW_MIN,
        "ninety_already": below.most_min is not None and below.most_min <= now_min + ABOUT_NOW_MIN,
        "words": _(below.caveat),
        "ng_per_ml": below.threshold_ng_per_ml,
    }
