"""The downtime pack as plain data: what a nurse needs on paper when the screens are dark."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from winddown.domain.alarms.condition import Condition
from winddown.domain.dosing.order import DraftPhase
from winddown.domain.quantities import display, mg_per_kg, span_of_minutes
from winddown.domain.sessions.blocks import Observations
from winddown.domain.sessions.duties import next_set
from winddown.domain.sessions.story import Event, latest
from winddown.services import rescue
from winddown.web.papers.sheet import clock
from winddown.web.sessions.sight import Sight

ROWS_MOST = 24
STEPS_MIN = (5, 10, 15, 20, 30, 60)
SETS_MOST = 30
AMBULANCE_US = "911"


def downtime_of(sight: Sight) -> dict[str, Any]:
    """Order, rates by step and by minute, a blank sheet with due times, what makes one hold or stop, and whom to call."""
    begins = sight.dose.started_at or sight.session.planned.lower
    return {
        "begins": _begins(sight, begins),
        "so_far": so_far(sight),
        "steps": steps(sight.draft.phases, sight.draft.dosing_weight_kg),
        "table": list(by_minute(sight.draft.phases)),
        "sets": [
            {"minute": f"{minute:.0f}", "at": clock(begins + timedelta(minutes=minute)), "phase": phase} for minute, phase in sets_of(sight)
        ],
        "columns": sheet_columns(),
        "limits": limits_of(sight),
        "rules": [{"words": rule.words, "do": rule.do} for rule in sight.supervision.stop_rules],
        "as_needed": [line.sentence for line in rescue.lines_of(sight.session.order)],
        "calls": calls(sight),
        "heads": heads(),
    }


def heads() -> dict[str, Any]:
    """The words of the tables."""
    return {
        "steps": _("The pump, step by step"),
        "step_columns": [
            _("Step"), _("Minutes"), "mL/h", "mg/h", "mg/kg/h", _("mg in it"), _("mg by its end"), _("mg/kg by its end"),
        ],
        "table": _("Given so far, by minute"),
        "table_columns": [_("Minute"), "mL/h", "mL", "mg"],
        "calls": _("Call"),
        "rules": _("Hold or stop, from what happens"),
        "limits": _("Limits of this protocol"),
        "limit_columns": ["", _("tell the prescriber"), _("hold"), _("stop")],
        "as_needed": _("As needed, signed"),
        "none": _("none"),
        "sheet": _("Observations, written by hand"),
        "minute": _("min"),
        "due": _("Due"),
        "events": _("What happened, with the time (hold, resume, rate change, drug given, IV, how the patient felt):"),
        "signed": _("Written by __________________________   second person __________________________   entered later by __________"),
    }  # fmt: skip


def sheet_columns() -> list[str]:
    taken = [_("Taken at"), _("Pressure"), _("Pulse"), _("Breaths"), "SpO₂"]
    return [*taken, "MOAA/S", "CADSS-6", _("Nausea"), _("Pain"), _("IV site"), _("By")]


def _begins(sight: Sight, begins: datetime) -> str:
    if sight.dose.started_at is not None:
        return _("Minute 0 is the start at %(at)s.") % {"at": clock(begins)}
    return _("Minute 0 is the start, planned for %(at)s. If it is another time, write it here: ____:____") % {"at": clock(begins)}


def so_far(sight: Sight) -> str:
    """The dose at the moment of printing; from here on the paper goes on."""
    dose = sight.dose
    if dose.started_at is None:
        return _("Not started when this was printed.")
    told = {"mg": display(dose.programmed_mg, 1), "ml": display(dose.programmed_ml, 1), "at": clock(sight.now)}
    rate = _("; the pump ran at %(rate)s mL/h") % {"rate": dose.rate_ml_per_h} if dose.rate_ml_per_h else _("; the pump was not running")
    return _("Pumped until %(at)s: %(mg)s mg, %(ml)s mL") % told + rate + "."


def limits_of(sight: Sight) -> list[list[str]]:
    """Each watched number with where the protocol tells, holds and stops; a limit of this patient's own where it is reached first."""
    own = latest(sight.story, "baseline_taken")
    return [
        [condition.words.rstrip(":"), *(_limit(condition, tier, own) for tier in ("notify", "hold", "stop"))]
        for condition in sight.supervision.alarms.conditions
        if condition.side != "rising"
    ]


def _limit(condition: Condition, tier: str, own: Event | None) -> str:
    step = next((each for each in condition.steps if each.tier == tier), None)
    if step is None:
        return "–"
    beyond, up_to = (">", "≥") if condition.side == "above" else ("<", "≤")
    sign, limit = up_to if step.inclusive else beyond, step.limit.value
    baseline = own.number(condition.kinds[0]) if own else None
    if step.baseline_percent is None:
        return f"{sign} {limit:g}"
    percent = step.baseline_percent.value
    if baseline is None:
        return f"{sign} {limit:g}, {_('or')} +{percent:g} %"
    relative = baseline * (1 + Decimal(str(percent)) / 100)
    return f"{sign} {limit:g}" if relative >= limit else f"{sign} {display(relative, 0)} ({_('own baseline')})"


def steps(phases: Sequence[DraftPhase], weight_kg: Decimal) -> list[list[str]]:
    """One line for each step: from, to, mL/h, mg/h, mg/kg/h, mg in the step, mg by its end, mg/kg by its end."""
    found, minute, total = [], Decimal(0), Decimal(0)
    for number, phase in enumerate(phases, start=1):
        begin, minute = minute, minute + phase.minutes
        total += phase.dose_mg
        found.append(
            [
                str(number),
                f"{display(begin, 0)} – {display(minute, 0)}",
                display(phase.rate_ml_per_h, 1),
                display(phase.rate_mg_per_h, 1),
                display(phase.rate_mg_per_kg_per_h, 3),
                display(phase.dose_mg, 1),
                display(total, 1),
                display(mg_per_kg(total, weight_kg), 2),
            ]
        )
    return found


def by_minute(phases: Sequence[DraftPhase]) -> Iterator[list[str]]:
    """Minute, mL/h, mL so far, mg so far: every five minutes, or wider so that the table stays short; the end is always there."""
    total = sum((phase.minutes for phase in phases), Decimal(0))
    step = next((Decimal(each) for each in STEPS_MIN if total / each <= ROWS_MOST), Decimal(STEPS_MIN[-1]))
    minute = Decimal(0)
    while minute < total:
        yield _at_minute(phases, minute)
        minute += step
    yield _at_minute(phases, total)


def _at_minute(phases: Sequence[DraftPhase], minute: Decimal) -> list[str]:
    ml, mg, begin, rate = Decimal(0), Decimal(0), Decimal(0), Decimal(0)
    for phase in phases:
        inside = min(max(minute - begin, Decimal(0)), phase.minutes)
        ml += phase.volume_ml * inside / phase.minutes
        mg += phase.dose_mg * inside / phase.minutes
        if begin <= minute < begin + phase.minutes:
            rate = phase.rate_ml_per_h
        begin += phase.minutes
    return [display(minute, 0), display(rate, 1), display(ml, 1), display(mg, 1)]


def sets_of(sight: Sight) -> list[tuple[float, str]]:
    """When a set is due by the protocol, in minutes from the start, through the infusion and the minimum stay after it."""
    return list(_due(sight.supervision.observations, sight.draft.phases, sight.supervision.recovery.minimum_stay_min.value))[:SETS_MOST]


def _due(rules: Observations, phases: Sequence[DraftPhase], stay_min: float) -> Iterator[tuple[float, str]]:
    zero = datetime.fromisoformat("2000-01-01T00:00:00+00:00")
    events, end = _planned(phases, zero)
    last = zero
    while True:
        first = next_set(rules, events, last_at=last, at=last)
        if first is None:
            return
        again = next_set(rules, events, last_at=last, at=first.at)
        last = min(first.at, again.at) if again else first.at
        if last > end + timedelta(minutes=stay_min):
            return
        yield (last - zero).total_seconds() / 60, _("infusion") if last <= end else _("recovery")


def _planned(phases: Sequence[DraftPhase], zero: datetime) -> tuple[list[Event], datetime]:
    """The order as if it were told: a start, a change at each step, the end."""
    events, at = [], zero
    for place, phase in enumerate(phases):
        kind = "rate_changed" if place else "started"
        events.append(Event(f"step-{place}", place, kind, at, at, "plan", {"rate_ml_per_h": format(phase.rate_ml_per_h, "f")}))
        at += span_of_minutes(phase.minutes)
    events.append(Event("end", len(phases), "infusion_completed", at, at, "plan"))
    return events, at


def calls(sight: Sight) -> list[list[str]]:
    """Whom to call, and what to say about where we are."""
    place = sight.session.location
    return [
        [_("Ambulance, in the United States"), AMBULANCE_US],
        [_("This place"), place.phone or "____________________"],
        [_("Address to say"), place.address or "____________________"],
        [_("Crash cart"), place.crash_cart or "____________________"],
        [_("Supervising prescriber"), "____________________"],
    ]
