"""The supervision half of a protocol: what must be true before the start, what is watched, when to hold and stop, and when to go home.

Every number is a configurable default that the clinic's medical director approves with the protocol's version. Rescue drugs are named
without a dose: the dose belongs to the clinic's own signed order set.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from winddown.domain.alarms.defaults import default_limits
from winddown.domain.figures import Figure, Status
from winddown.domain.refusals import UnknownWord
from winddown.domain.sessions import plain
from winddown.domain.sessions.blocks import (
    TRACKS,
    Observations,
    Recovery,
    Rescue,
    StartGate,
    StartLimit,
    StopRule,
    Supervision,
    Track,
)

BLOCKS = ("start_gate", "observations", "alarms", "stop_rules", "rescue", "recovery")


def default_supervision(track: Track) -> dict[str, Any]:
    """The blocks of a fresh protocol as plain JSON data, by track. Refuses an unknown track."""
    if track not in TRACKS:
        raise UnknownWord("track", track, TRACKS)
    data: dict[str, Any] = plain.write(_supervision(track))
    return data


def read_supervision(protocol: Mapping[str, Any]) -> Supervision:
    """The six blocks of a protocol's data; its other blocks are not looked at. Refuses unknown and missing keys by name."""
    return plain.read(Supervision, {key: protocol[key] for key in BLOCKS if key in protocol}, where="protocol")


def _supervision(track: Track) -> Supervision:
    return Supervision(
        start_gate=_start_gate(),
        observations=_observations(),
        alarms=default_limits(),
        stop_rules=_stop_rules(),
        rescue=_rescue(),
        recovery=_recovery(track),
    )


_CHOICE = "default to be approved with the protocol"


def _choice(value: float, unit: str, why: str = _CHOICE) -> Figure:
    return Figure(value, unit, why, "derived")


def _mmhg(value: float, source: str, status: Status) -> Figure:
    return Figure(value, "mm[Hg]", source, status)


def _start_gate() -> StartGate:
    return StartGate(
        weight_change_percent=_choice(10, "%", "one number for weight change, set in the protocol"),
        fasting_clear_h=Figure(2, "h", "ASA-NPO", "published"),
        fasting_light_h=Figure(6, "h", "ASA-NPO", "published"),
        fasting_heavy_h=Figure(8, "h", "ASA-NPO", "published"),
        baseline_age_min=_choice(30, "min"),
        pulse_match_per_min=_choice(10, "/min", "the felt and the monitored pulse of one patient at rest"),
        baseline=_start_limits(),
        moaas_required=_choice(5, "1", "MOAAS scale: 5 is fully awake"),
        cadss6_review_above=_choice(0, "1"),
        roles=("ACLS", "sedation"),
        weight_age_h=_choice(6, "h", "a visit that goes past midnight"),
    )


def _start_limits() -> tuple[StartLimit, ...]:
    per_minute = "/min"
    return (
        StartLimit(
            "systolic",
            "Systolic pressure",
            review_above=_mmhg(140, "SPR-BP; LBL-CH; ED-SCIRP", "published"),
            bedside_above=_mmhg(160, "clinical safety review", "derived"),
            stop_above=_mmhg(180, "SPR-BP; LBL-CH; ED-SCIRP", "published"),
            stop_below=_mmhg(90, "ED-SCIRP", "published"),
        ),
        StartLimit(
            "diastolic",
            "Diastolic pressure",
            review_above=_mmhg(90, "SPR-BP; LBL-CH", "published"),
            stop_above=_mmhg(100, "SPR-BP; LBL-CH", "published"),
        ),
        StartLimit(
            "pulse_rate",
            "Pulse",
            review_above=Figure(110, per_minute, "clinical safety review", "derived"),
            stop_above=Figure(130, per_minute, "clinical safety review", "derived"),
            review_below=Figure(50, per_minute, "ED-SCIRP", "published"),
            stop_below=_choice(45, per_minute, "the hold limit during the infusion"),
        ),
        StartLimit(
            "respiratory_rate",
            "Breaths",
            stop_above=Figure(30, per_minute, "ED-SCIRP", "published"),
            stop_below=Figure(10, per_minute, "ED-SCIRP", "published"),
        ),
        StartLimit(
            "spo2",
            "Oxygen saturation",
            review_below=Figure(94, "%", "ED-SCIRP", "published"),
            stop_below=_choice(90, "%", "the stop limit during the infusion"),
        ),
    )


def _observations() -> Observations:
    return Observations(
        early_interval_min=_choice(5, "min"),
        early_for_min=_choice(15, "min"),
        interval_min=_choice(10, "min", "RIVA18 and YALE24 measured every 10 min"),
        held_interval_min=_choice(5, "min", "recheck after a hold"),
        recovery_interval_min=Figure(15, "min", "RIVA18", "published"),
        scores_interval_min=_choice(15, "min"),
        amber_after_min=_choice(2, "min"),
        red_after_min=_choice(5, "min"),
        bag_warning_min=_choice(30, "min"),
        set_items=("systolic", "diastolic", "pulse_rate", "respiratory_rate", "spo2", "moaas"),
        scores=("cadss6", "nausea", "pain", "distress", "perception"),
        continuous=("pulse_rate", "heart_rate", "spo2"),
    )


def _stop_rules() -> tuple[StopRule, ...]:
    third = _choice(3, "1", "third hold is a stop")
    lost = _choice(2, "min", "monitor loss")
    return (
        StopRule("third_hold", "Third hold", "stop", "Stop: what is left in the bag goes to the waste count. Start recovery.", third),
        StopRule(
            "patient_request", "The patient asks to stop", "hold", "Hold the pump, stay with the patient, ask the supervising prescriber."
        ),
        StopRule(
            "iv_problem", "IV site red, swollen or leaking", "hold", "Hold the pump and look at the site; resume only through a sound line."
        ),
        StopRule("monitor_loss", "Monitor lost", "hold", "Hold the pump, look at the patient, take a set by hand.", lost),
        StopRule("emergency_symptoms", "Alarming symptoms", "stop", "Stop the pump, open the emergency card, call for help."),
        StopRule(
            "recheck_after_hold",
            "Recheck after a hold",
            "hold",
            "Recheck; resume at the previous rate or less, a prescriber confirms.",
            _choice(5, "min", "recheck after a hold"),
        ),
    )


def _rescue() -> tuple[Rescue, ...]:
    return (
        Rescue("oxygen", "Oxygen", "low saturation"),
        Rescue("ondansetron", "Ondansetron", "nausea or vomiting"),
        Rescue("glycopyrrolate", "Glycopyrrolate", "secretions"),
        Rescue("labetalol", "Labetalol", "high pressure, by the prescriber's decision"),
        Rescue("hydralazine", "Hydralazine", "high pressure, by the prescriber's decision"),
        Rescue("midazolam", "Midazolam", "severe distress, by the prescriber's decision"),
        Rescue("flumazenil", "Flumazenil", "reversal of a benzodiazepine"),
        Rescue("naloxone", "Naloxone", "reversal of an opioid"),
    )


def _recovery(track: Track) -> Recovery:
    hour, two_hours = _choice(60, "min", "clinical safety review"), _choice(120, "min", "clinical safety review")
    orthostatic = "10.1007/s10286-011-0119-5"
    return Recovery(
        minimum_stay_min=_choice(60, "min", "default 30 to 60 min, the longer end"),
        stay_after_drug_min={"midazolam": hour, "clonidine": hour, "labetalol": hour, "flumazenil": two_hours, "naloxone": two_hours},
        aldrete_variant="aldrete-percent-92",
        aldrete_minimum=Figure(9, "1", "ALD-WJG", "published"),
        padss_variant="padss-modified",
        padss_minimum=Figure(9, "1", "PADS", "published"),
        moaas_required=_choice(5, "1", "MOAAS scale: 5 is fully awake"),
        cadss6_above_baseline=_choice(1, "1"),
        pain_above_baseline=_choice(1, "1", "judged at the patient's own baseline"),
        orthostatic_systolic_fall=_mmhg(20, orthostatic, "unverified"),
        orthostatic_diastolic_fall=_mmhg(10, orthostatic, "unverified"),
        observations_age_min=_choice(15, "min"),
        suicide_follow_up=track == "mood",
    )
