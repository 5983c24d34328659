"""The baseline vital signs against the pre-start limits."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal

from winddown.domain.sessions.blocks import StartGate, StartLimit
from winddown.domain.sessions.gate_line import GateLine, done, missing, review, stop
from winddown.domain.sessions.story import Event, latest
from winddown.domain.vitals.kinds import kind_of

_ACCEPT = "Recheck after five quiet minutes; then a prescriber accepts with a reason."
_BEDSIDE = "Recheck after five quiet minutes; then the prescriber comes to the chair and decides."
_NOT_TODAY = "Recheck. If it stays, do not start today; tell the supervising prescriber."


def baseline_lines(rules: StartGate, story: Sequence[Event], at: datetime) -> list[GateLine]:
    """A line for each baseline number and each score."""
    event = latest(story, "baseline_taken")
    if event is None:
        return [missing("baseline", "No baseline vital signs.", "Take a full set now, before the start.")]
    age_min = (at - event.happened_at).total_seconds() / 60
    if age_min > rules.baseline_age_min.value:
        told = f"Baseline taken {age_min:.0f} min ago, limit {rules.baseline_age_min.value:g} min."
        return [missing("baseline", told, "Take a fresh set before the start.")]
    return [*(_line(limit, event) for limit in rules.baseline), _room_air(event), _awake(rules, event), _dissociated(rules, event)]


def _line(limit: StartLimit, event: Event) -> GateLine:
    key, value = f"baseline_{limit.kind}", event.number(limit.kind)
    if value is None:
        return missing(key, f"{limit.words}: not taken.", "Take it now.")
    shown, number = kind_of(limit.kind).show(float(value)), float(value)
    for figure, side, build in (
        (limit.stop_above, "above", _stop),
        (limit.stop_below, "below", _stop),
        (limit.bedside_above, "above", _bedside),
        (limit.review_above, "above", _review),
        (limit.review_below, "below", _review),
    ):
        if figure is not None and (number > figure.value if side == "above" else number < figure.value):
            return build(key, f"{limit.words} {shown}, {side} {figure.value:g}")
    return done(key, f"{limit.words} {shown}, inside the limits.")


def _stop(key: str, told: str) -> GateLine:
    return stop(key, f"{told}: no start.", _NOT_TODAY)


def _bedside(key: str, told: str) -> GateLine:
    return review(key, f"{told}: bedside review.", _BEDSIDE, bedside=True)


def _review(key: str, told: str) -> GateLine:
    return review(key, f"{told}: review.", _ACCEPT)


def _room_air(event: Event) -> GateLine:
    if event.data.get("room_air") in (True, "true", "True"):
        return done("baseline_room_air", "Saturation taken on room air.")
    told = "Saturation not taken on room air: oxygen can hide shallow breathing."
    return review("baseline_room_air", told, "Take it again on room air, or a prescriber accepts with a reason.")


def _awake(rules: StartGate, event: Event) -> GateLine:
    value, wanted = event.number("moaas"), Decimal(str(rules.moaas_required.value))
    if value is None:
        return missing("baseline_moaas", "MOAA/S: not scored.", "Score it now.")
    told = f"MOAA/S {value}, needs {float(wanted):g}."
    return done("baseline_moaas", told) if value >= wanted else stop("baseline_moaas", told, _NOT_TODAY)


def _dissociated(rules: StartGate, event: Event) -> GateLine:
    value, limit = event.number("cadss6"), Decimal(str(rules.cadss6_review_above.value))
    if value is None:
        return missing("baseline_cadss6", "CADSS-6: not scored.", "Score it now; recovery is judged against it.")
    told = f"CADSS-6 {value} before the start, limit {float(limit):g}."
    return review("baseline_cadss6", told, _ACCEPT) if value > limit else done("baseline_cadss6", told)
