"""A fictional visit at the chair: the start gate, the sets along the way, and the way home."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from winddown.commands.fiction import screened, shelf
from winddown.commands.fiction.cast import Character
from winddown.domain.sessions.blocks import Observations
from winddown.domain.sessions.supervision import read_supervision
from winddown.record.models import Session, Staff
from winddown.services import bags, bedside, orders, sessions

RESTING = {"systolic": 122.0, "diastolic": 77.0, "pulse_rate": 71.0, "respiratory_rate": 14.0, "spo2": 98.0}


def before_the_start(infusion_at: datetime, time_zone: str) -> datetime:
    """When the gate is passed: twelve minutes before, yet on the day of the start, because what it asks is asked of that day."""
    midnight = infusion_at.astimezone(ZoneInfo(time_zone)).replace(hour=0, minute=0, second=0, microsecond=0)
    return max(infusion_at - timedelta(minutes=12), midnight)


def pass_the_gate(
    nurse: Staff, second: Staff, prescriber: Staff, session: Session, character: Character, monitor: str, at: datetime
) -> None:
    note: dict[str, Any] = {"by": nurse, "now": at}
    screened.on_the_day(nurse, prescriber, session, at)
    sessions.weigh(session, character.weight_kg, **note)
    bedside.record(session, "identity_confirmed", {"method": "asked name and date of birth"}, **note)
    bedside.record(session, "allergies_confirmed", {"words": ", ".join(character.allergies) or "none known"}, **note)
    eaten = {"last_solid_at": (at - timedelta(hours=11)).isoformat(), "last_clear_at": (at - timedelta(hours=4)).isoformat()}
    bedside.record(session, "fasting_recorded", eaten, **note)
    bedside.record(session, "escort_named", {"name": f"Escort of {character.given}", "phone": "555-0199"}, **note)
    bedside.record(session, "consent_seen", {}, **note)
    numbers = RESTING | character.baseline
    baseline = {kind: f"{value:g}" for kind, value in numbers.items()}
    bedside.take_baseline(session, baseline | {"moaas": "5", "cadss6": "0", "pain": "6", "nausea": "0", "room_air": True}, **note)
    pulse = f"{numbers['pulse_rate']:g}"
    bedside.record(session, "monitor_matched", {"device": monitor, "monitor_pulse": pulse, "felt_pulse": pulse}, **note)
    free = "left arm" if character.limb != "left arm" else "right arm"
    bedside.record(session, "iv_site_checked", {"limb": free, "finding": "clear"}, **note)
    entered = {
        "vial_mg_per_ml": "50",
        "total_mg": "100",
        "diluent_ml": "100",
        "overfill_ml": "0",
        "filling": "make_up",
        "line_volume_ml": "3",
        "primed_with": "drug",
    }
    bag = bags.make(session, entered, by=nurse, second=second, now=at, vials=shelf.vial_for(session.location, "ketamine", Decimal(50)))
    bags.hang(bag, by=nurse, now=at)
    figures = orders.facts(session.order)
    program = {
        "drug": figures.drug,
        "concentration_mg_per_ml": figures.concentration_mg_per_ml,
        "rate_ml_per_h": figures.first_rate_ml_per_h,
        "volume_ml": figures.volume_ml,
    }
    sessions.read_back_pump(session, program, by=nurse, second=second, now=at)
    sessions.name_supervisor(session, prescriber, by=nurse, now=at)
    sessions.make_ready(session, by=nurse, now=at)


def _interval(rules: Observations, passed_min: float, recovering: bool) -> float:
    if recovering:
        return rules.recovery_interval_min.value
    return (rules.early_interval_min if passed_min < rules.early_for_min.value else rules.interval_min).value


def observe_along(nurse: Staff, session: Session, character: Character, start: datetime, end: datetime, until: datetime) -> None:
    """Sets by hand along the way: a little dissociation, a little rise, pain easing; all of it fading after the end."""
    numbers = RESTING | character.baseline
    rules = read_supervision(session.order.course.protocol.data).observations
    at = start + timedelta(minutes=rules.early_interval_min.value)
    while at < until - timedelta(minutes=1):
        passed = (at - start).total_seconds() / 60
        faded = max((at - end).total_seconds() / 60, 0.0) / 30
        rise = max(min(passed / 30, 1.0) - faded, 0.0)
        vital = {
            "systolic": f"{numbers['systolic'] + 11 * rise:.0f}",
            "diastolic": f"{numbers['diastolic'] + 7 * rise:.0f}",
            "pulse_rate": f"{numbers['pulse_rate'] + 4 * rise:.0f}",
            "respiratory_rate": "14",
            "spo2": "97",
        }
        scored = {"moaas": "5", "cadss6": f"{round(5 * rise)}", "pain": f"{round(6 - 3 * rise)}", "nausea": "0"}
        scored |= {"distress": "0", "perception": "0"}
        bedside.observe(session, vital, scored, by=nurse, now=at)
        bedside.record(
            session,
            "iv_site_checked",
            {"limb": "left arm" if character.limb != "left arm" else "right arm", "finding": "clear"},
            by=nurse,
            now=at,
        )
        at += timedelta(minutes=_interval(rules, passed, at >= end))
    if until - start > timedelta(minutes=9):
        bedside.record(session, "comfort_given", {"what": "blanket"}, by=nurse, now=start + timedelta(minutes=7))


def go_home(nurse: Staff, second: Staff, session: Session, at: datetime) -> None:
    note: dict[str, Any] = {"by": nurse, "now": at}
    rules = read_supervision(session.order.course.protocol.data).recovery
    vital = {"systolic": "124", "diastolic": "78", "pulse_rate": "72", "respiratory_rate": "14", "spo2": "98"}
    bedside.observe(session, vital, {"moaas": "5", "cadss6": "0", "pain": "3", "nausea": "0", "distress": "0", "perception": "0"}, **note)
    aldrete = dict.fromkeys(("activity", "respiration", "circulation", "consciousness", "saturation"), 2)
    padss = dict.fromkeys(("vitals", "walking", "nausea", "pain", "bleeding"), 2)
    standing = {"lying_systolic": "124", "lying_diastolic": "78", "standing_systolic": "120", "standing_diastolic": "77", "symptoms": False}
    told: Sequence[tuple[str, dict[str, Any]]] = (
        ("recovery_scored", {"variant": rules.aldrete_variant, "items": aldrete}),
        ("recovery_scored", {"variant": rules.padss_variant, "items": padss}),
        ("orthostatic_taken", standing),
        ("iv_removed", {}),
        ("escort_present", {"name": "Escort"}),
        ("no_drive_text_given", {}),
        ("suicide_follow_up_done", {}),
    )
    for kind, data in told:
        bedside.record(session, kind, data, **note)
    bag = session.bags.get()
    given = sum(line.mg for line in bag.ledger.filter(kind="given"))
    in_line = bag.line_volume_ml if bag.primed_with == "drug" else 0
    bags.waste_rest(
        bag, (bag.total_mg - given) / bag.concentration_mg_per_ml - in_line, read_by="cylinder", by=nurse, witness=second, now=at
    )
    sessions.sign_discharge(session, by=nurse, now=at)
