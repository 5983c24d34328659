"""Hold and stop advice that comes from the story, not from one number. Winddown advises; the nurse acts; no drug is ever named."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from winddown.domain.alarms.condition import Tier
from winddown.domain.sessions.adverse_events import is_emergency
from winddown.domain.sessions.blocks import StopRule, Supervision
from winddown.domain.sessions.lifecycle import Place, walk
from winddown.domain.sessions.story import Event, latest, of_kind


@dataclass(frozen=True)
class Advice:
    """One rule of the protocol that the story meets."""

    key: str
    tier: Tier
    because: str
    do: str


def advice(supervision: Supervision, events: Iterable[Event], *, at: datetime) -> list[Advice]:
    """What the protocol says now, gravest first. Holds and stops are asked for only while the drug may run."""
    places = walk(event for event in events if event.happened_at <= at)
    told = [place.event for place in places]
    status = places[-1].moved.status if places else "planned"
    if status not in ("running", "held"):
        return []
    found = [_symptoms(supervision, told), _third_hold(supervision, places)]
    if status == "running":
        found += [_iv_problem(supervision, told), _monitor_loss(supervision, told, at), _resumed_faster(told)]
    return sorted((each for each in found if each), key=lambda each: each.tier != "stop")


def holds(events: Iterable[Event]) -> int:
    """How often the infusion was held; a second report of the same hold counts once."""
    return len(_holds(walk(events)))


def _holds(places: Sequence[Place]) -> list[Event]:
    before = [None, *(place.moved.status for place in places)]
    return [place.event for place, status in zip(places, before, strict=False) if place.moved.status == "held" and status != "held"]


def _third_hold(supervision: Supervision, places: Sequence[Place]) -> Advice | None:
    rule, held = supervision.stop_rule("third_hold"), _holds(places)
    if rule.after is None or len(held) < rule.after.value:
        return None
    reasons = "; ".join(event.text("because") or "no reason given" for event in held)
    return _advice(rule, f"held {len(held)} times ({reasons}), limit {rule.after.value:g}")


def _iv_problem(supervision: Supervision, told: Sequence[Event]) -> Advice | None:
    last = latest(told, "iv_site_checked", "extravasation_seen")
    if last is None or (last.kind == "iv_site_checked" and last.text("finding") == "clear"):
        return None
    finding = "extravasation seen" if last.kind == "extravasation_seen" else f"IV site {last.text('finding') or 'without a finding'}"
    return _advice(supervision.stop_rule("iv_problem"), finding)


def _monitor_loss(supervision: Supervision, told: Sequence[Event], at: datetime) -> Advice | None:
    rule, lost = supervision.stop_rule("monitor_loss"), latest(told, "monitor_lost")
    found = latest(told, "monitor_matched", "observation_set_taken")
    if rule.after is None or lost is None or (found and found.happened_at >= lost.happened_at):
        return None
    gone = at - lost.happened_at
    if gone <= timedelta(minutes=rule.after.value):
        return None
    return _advice(rule, f"no monitor for {gone / timedelta(minutes=1):.0f} min, limit {rule.after.value:g} min")


def _symptoms(supervision: Supervision, told: Sequence[Event]) -> Advice | None:
    closed = {event.text("event") for event in of_kind(told, "adverse_event_closed")}
    grave = [
        event
        for event in of_kind(told, "adverse_event")
        if event.id not in closed and is_emergency(event.text("term"), event.text("grade"))
    ]
    if not grave:
        return None
    return _advice(supervision.stop_rule("emergency_symptoms"), ", ".join(event.text("term").replace("_", " ") for event in grave))


def _resumed_faster(told: Sequence[Event]) -> Advice | None:
    """After a hold the pump resumes at the previous rate or less."""
    resumed = latest(told, "resumed")
    held = latest(told, "held", at=resumed.happened_at) if resumed else None
    if resumed is None or held is None:
        return None
    before = latest([event for event in told if event.number("rate_ml_per_h")], "started", "resumed", "rate_changed", at=held.happened_at)
    now, then = resumed.number("rate_ml_per_h"), before.number("rate_ml_per_h") if before else None
    if now is None or then is None or now <= then:
        return None
    return Advice(
        "resumed_faster", "notify", f"resumed at {now} mL/h, {then} mL/h before the hold", "Check the pump; a prescriber confirms the rate."
    )


def _advice(rule: StopRule, because: str) -> Advice:
    return Advice(rule.key, rule.tier, f"{rule.words}: {because}", rule.do)
