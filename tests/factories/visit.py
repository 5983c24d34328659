"""A whole visit, step by step, through the services, at moments that the test hands in."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

from winddown.services import bags, bedside, infusion, patients, sessions
from winddown.services.screening import checks, history, of_the_day, runs

BASELINE = {
    "systolic": "124",
    "diastolic": "78",
    "pulse_rate": "72",
    "respiratory_rate": "14",
    "spo2": "98",
    "moaas": "5",
    "cadss6": "0",
    "pain": "7",
    "nausea": "0",
    "room_air": True,
}
BAG = {
    "vial_mg_per_ml": "50",
    "total_mg": "100",
    "diluent_ml": "100",
    "overfill_ml": "0",
    "filling": "make_up",
    "line_volume_ml": "2",
    "primed_with": "drug",
}


CHECKS_DONE = {
    "pregnancy_test": {"result": "negative"},
    "blood_pressure": {"systolic": "124", "diastolic": "78"},
    "liver_tests": {"alt": "0.6", "ast": "0.7"},
    "urinalysis": {"result": "normal"},
    "bladder_questions": {"result": "no symptoms"},
    "pdmp_query": {"result": "nothing unexpected"},
    "use_since_last": {"result": "nothing of note", "alcohol": "none today"},
}


def screened(house, session, at: datetime) -> None:
    """A decision of a prescriber, and every check that an ordinary patient needs, done today at the place of the visit."""
    patient, today = session.patient, at.astimezone(ZoneInfo(session.location.time_zone)).date()
    asked = {"childbearing": "yes" if patient.sex == "female" else "", "pregnancy": "no" if patient.sex == "female" else ""}
    history.answer(patient, asked, informant="staff", by=house.nurse, observed_at=at, now=at)
    for kind, result in CHECKS_DONE.items():
        if kind != "pregnancy_test" or patient.sex == "female":
            checks.record(patient, kind, result, done_on=today, today=today, by=house.nurse, now=at)
    run = of_the_day.look(session, now=at).run
    overrides = {finding.rule: "known, and watched" for finding in run.findings if finding.outcome == "fired"}
    runs.decide_on(patient, run, choice="accept", by=house.prescriber, now=at, overrides=overrides)


def on_the_day_of_the_start(session, at: datetime, before: timedelta) -> datetime:
    """The moment itself, or the midnight of the place that comes between it and the start."""
    zone = ZoneInfo(session.location.time_zone)
    day = (at + before).astimezone(zone).date()
    return max(at, datetime.combine(day, time(), zone).astimezone(UTC))


def make_ready(house, session, at: datetime, *, weight_kg: str = "70", before: timedelta = timedelta(minutes=10)) -> None:
    """Everything the start gate asks for, all in order, so long before the start, and on its day: a test may run at midnight."""
    at = on_the_day_of_the_start(session, at, before)
    nurse, second = house.nurse, house.nurse_2
    patients.sign_consent(
        session.patient,
        signed_on=at.date(),
        expires_on=at.date() + timedelta(days=180),
        words="off-label use, signed on paper",
        by=nurse,
        now=at,
    )
    screened(house, session, at)
    sessions.check_in(session, by=nurse, now=at)
    sessions.weigh(session, weight_kg, by=nurse, now=at)
    note = {"by": nurse, "now": at}
    bedside.record(session, "identity_confirmed", {"method": "asked name and date of birth"}, **note)
    bedside.record(session, "allergies_confirmed", {"words": "none known"}, **note)
    eaten = {"last_solid_at": (at - timedelta(hours=10)).isoformat(), "last_clear_at": (at - timedelta(hours=4)).isoformat()}
    bedside.record(session, "fasting_recorded", eaten, **note)
    bedside.record(session, "escort_named", {"name": "Fictional Escort", "phone": "555-0100"}, **note)
    bedside.record(session, "consent_seen", {}, **note)
    bedside.take_baseline(session, BASELINE, **note)
    bedside.record(session, "monitor_matched", {"device": "monitor 1", "monitor_pulse": "72", "felt_pulse": "72"}, **note)
    bedside.record(session, "iv_site_checked", {"limb": "left arm", "finding": "clear"}, **note)
    bag = bags.make(session, BAG, by=nurse, second=second, now=at)
    bags.hang(bag, by=nurse, now=at)
    program = {"drug": "ketamine", "concentration_mg_per_ml": "1", "rate_ml_per_h": "52.5", "volume_ml": "35"}
    sessions.read_back_pump(session, program, by=nurse, second=second, now=at)
    sessions.name_supervisor(session, house.prescriber, by=nurse, now=at)
    sessions.make_ready(session, by=nurse, now=at)


def start(house, session, at: datetime, rate: str = "52.5"):
    return infusion.start(session, Decimal(rate), by=house.nurse, now=at)


def recover(house, session, at: datetime, *, minutes: int = 70) -> datetime:
    """From a finished infusion to a full recovery gate; returns the moment it is full."""
    nurse = house.nurse
    later = at + timedelta(minutes=minutes)
    note = {"by": nurse, "now": later}
    if session.status == "stopped":
        bedside.record(session, "recovery_started", {}, by=nurse, now=at)
    vital = {"systolic": "126", "diastolic": "80", "pulse_rate": "74", "respiratory_rate": "14", "spo2": "98"}
    scored = {"moaas": "5", "cadss6": "0", "pain": "5", "nausea": "0", "distress": "0"}
    bedside.observe(session, vital, scored, **note)
    aldrete = {"activity": 2, "respiration": 2, "circulation": 2, "consciousness": 2, "saturation": 2}
    padss = {"vitals": 2, "walking": 2, "nausea": 2, "pain": 2, "bleeding": 2}
    from winddown.domain.sessions.supervision import read_supervision

    rules = read_supervision(session.order.course.protocol.data).recovery
    bedside.record(session, "recovery_scored", {"variant": rules.aldrete_variant, "items": aldrete}, **note)
    bedside.record(session, "recovery_scored", {"variant": rules.padss_variant, "items": padss}, **note)
    standing = {"lying_systolic": "126", "lying_diastolic": "80", "standing_systolic": "122", "standing_diastolic": "78", "symptoms": False}
    bedside.record(session, "orthostatic_taken", standing, **note)
    for kind, data in (
        ("iv_removed", {}),
        ("escort_present", {"name": "Fictional Escort"}),
        ("no_drive_text_given", {}),
        ("suicide_follow_up_done", {}),
    ):
        bedside.record(session, kind, data, **note)
    return later
