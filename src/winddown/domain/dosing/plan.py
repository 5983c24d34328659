"""An order as a story that has not happened: so that the forecast goes the same road as the facts, pump and line included."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal

from winddown.domain.dosing.accounting import pump_course
from winddown.domain.dosing.line import LineCourse, line_course
from winddown.domain.dosing.order import OrderDraft
from winddown.domain.quantities import format_decimal, span_of_minutes
from winddown.domain.sessions.story import Event


def planned_events(draft: OrderDraft, *, start_at: datetime, line_volume_ml: Decimal, primed_with: str) -> tuple[Event, ...]:
    """The order carried out to the letter from `start_at`: bag, start, each rate, completion."""
    bag = {
        "bag": "planned",
        "total_mg": format_decimal(draft.request.bag_mg),
        "volume_ml": format_decimal(draft.request.bag_ml),
        "line_volume_ml": format_decimal(line_volume_ml),
        "primed_with": primed_with,
    }
    told: list[tuple[datetime, str, dict[str, str]]] = [(start_at, "bag_hung", bag)]
    at = start_at
    for phase in draft.phases:
        kind = "started" if at == start_at else "rate_changed"
        told.append((at, kind, {"rate_ml_per_h": format_decimal(phase.rate_ml_per_h)}))
        at += span_of_minutes(phase.minutes)
    told.append((at, "infusion_completed", {}))
    return tuple(Event(f"planned-{number}", number, kind, when, when, "plan", data) for number, (when, kind, data) in enumerate(told))


def planned_line(
    draft: OrderDraft, *, start_at: datetime, line_volume_ml: Decimal, primed_with: str, horizon: timedelta = timedelta(0)
) -> LineCourse:
    """What would reach the patient if the order ran to the letter; `for_model()` of it feeds the forecast."""
    events = planned_events(draft, start_at=start_at, line_volume_ml=line_volume_ml, primed_with=primed_with)
    return line_course(pump_course(events), events, until=events[-1].happened_at + horizon)
