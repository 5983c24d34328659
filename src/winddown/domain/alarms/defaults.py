"""The default alarm limits of a fresh protocol. Configurable; the clinic's medical director approves them with the protocol's version."""

from __future__ import annotations

from winddown.domain.alarms.condition import Condition, CuffOverdue, ForecastNotice, Limits, Silence, SilenceStep, Step
from winddown.domain.figures import Figure, Status

_REVIEW = "clinical safety review"
_ENGINEERING = "engineering rule, to be approved with the protocol"


def _figure(value: float, unit: str, source: str = _REVIEW, status: Status = "derived") -> Figure:
    return Figure(value, unit, source, status)


def _mmhg(value: float, source: str = _REVIEW, status: Status = "derived") -> Figure:
    return Figure(value, "mm[Hg]", source, status)


def _rate(value: float, source: str = _REVIEW, status: Status = "derived") -> Figure:
    return Figure(value, "/min", source, status)


def _score(value: float, status: Status = "derived") -> Figure:
    return Figure(value, "1", "the scale's own words", status)


def _seconds(value: float) -> Figure:
    return Figure(value, "s", _ENGINEERING, "derived")


_AT_ONCE = _seconds(0)
_TEN_S = _seconds(10)

_LOOK = "Look at the patient, check the probe or cuff, recheck."
_TELL = "Recheck, and tell the supervising prescriber."
_HOLD_PRESSURE = (
    "Hold the pump and recheck in 5 min. Ask about chest pain, breathlessness, sudden headache, sight, confusion: with any of them, stop "
    "and open the emergency card."
)
_HOLD = "Hold the pump, stay with the patient, recheck in 5 min, tell the supervising prescriber."
_RESCUE = "Stop the pump. Airway, oxygen, call for help. Open the emergency card."


def default_limits() -> Limits:
    return Limits(
        conditions=(*_pressure(), *_pulse(), *_breathing(), *_mind()),
        silences=_silences(),
        cuff_overdue=CuffOverdue(_figure(1.5, "1", "missed check alarm at 1.5 intervals"), "medium", "Take a cuff pressure now."),
        forecast=ForecastNotice(_figure(10, "min", _ENGINEERING), "A prediction, not a measurement: take a cuff pressure now."),
        unanswered_after_s=_seconds(60),
        slow_feed_factor=_figure(2.5, "1", _ENGINEERING),
        reading_horizon_min=_figure(30, "min", _ENGINEERING),
    )


def _pressure() -> tuple[Condition, ...]:
    two_min, margin, part = _seconds(120), _mmhg(5, _ENGINEERING), _figure(30, "%")
    systolic_high = (
        Step("notify", "medium", _mmhg(160), _TELL, baseline_percent=part, confirm_within_s=two_min),
        Step("hold", "high", _mmhg(180, "SPR-BP; LBL-CH"), _HOLD_PRESSURE),
    )
    diastolic_high = (
        Step("notify", "medium", _mmhg(100, "SPR-BP; LBL-CH"), _TELL, confirm_within_s=two_min),
        Step("hold", "high", _mmhg(110, _REVIEW, "unverified"), _HOLD_PRESSURE),
    )
    systolic_low = (
        Step("notify", "medium", _mmhg(100, "ED-SCIRP", "published"), _TELL, inclusive=False),
        Step("hold", "high", _mmhg(90, "ED-SCIRP", "published"), _HOLD, inclusive=False),
    )
    return (
        Condition("systolic_high", "Systolic pressure high:", ("systolic",), "above", systolic_high, margin, _AT_ONCE),
        Condition("diastolic_high", "Diastolic pressure high:", ("diastolic",), "above", diastolic_high, margin, _AT_ONCE),
        Condition("systolic_low", "Systolic pressure low:", ("systolic",), "below", systolic_low, margin, _AT_ONCE),
    )


def _pulse() -> tuple[Condition, ...]:
    margin, clear_after = _rate(3, _ENGINEERING), _TEN_S
    fast = (
        Step("notify", "medium", _rate(110, "ED-SCIRP gate, narrowed"), _LOOK, inclusive=False, lasting_s=_TEN_S),
        Step("hold", "high", _rate(130, "ED-SCIRP gate, narrowed"), _HOLD, inclusive=False, lasting_s=_TEN_S),
    )
    slow = (
        Step("notify", "medium", _rate(50, "ED-SCIRP", "published"), _LOOK, inclusive=False, lasting_s=_TEN_S),
        Step("hold", "high", _rate(45, "ED-SCIRP gate, narrowed"), _HOLD, inclusive=False, lasting_s=_TEN_S),
    )
    kinds = ("heart_rate", "pulse_rate")
    return (
        Condition("pulse_high", "Pulse fast:", kinds, "above", fast, margin, clear_after),
        Condition("pulse_low", "Pulse slow:", kinds, "below", slow, margin, clear_after),
    )


def _breathing() -> tuple[Condition, ...]:
    percent, fifteen_s = "%", _seconds(15)
    saturation = (
        Step("notify", "medium", _figure(92, percent, "ALD-WJG", "published"), _LOOK, inclusive=False, lasting_s=_TEN_S),
        Step("stop", "high", _figure(90, percent, "ALD-WJG", "published"), _RESCUE, inclusive=False, lasting_s=_figure(30, "s")),
    )
    breaths = (
        Step("notify", "medium", _rate(10), "Count the breaths, rouse the patient.", inclusive=False, lasting_s=_TEN_S),
        Step("stop", "high", _rate(8), _RESCUE, inclusive=False, lasting_s=_TEN_S),
    )
    unverified: Status = "unverified"
    carbon_low = (
        Step("notify", "medium", _mmhg(30, _REVIEW, unverified), _LOOK, inclusive=False, lasting_s=fifteen_s),
        Step(
            "stop", "high", _mmhg(5, "no waveform is sent as a value near zero", unverified), _RESCUE, inclusive=False, lasting_s=fifteen_s
        ),
    )
    rise = _mmhg(10, _REVIEW, unverified)
    carbon_high = (
        Step("notify", "medium", _mmhg(50, _REVIEW, unverified), _LOOK, inclusive=False, baseline_change=rise, lasting_s=fifteen_s),
    )
    return (
        Condition("spo2_low", "Oxygen saturation low:", ("spo2",), "below", saturation, _figure(1, percent, _ENGINEERING), fifteen_s),
        Condition("breaths_low", "Breathing slow:", ("respiratory_rate",), "below", breaths, _rate(2, _ENGINEERING), _TEN_S),
        Condition("etco2_low", "Carbon dioxide low:", ("etco2",), "below", carbon_low, _mmhg(2, _ENGINEERING), _TEN_S),
        Condition("etco2_high", "Carbon dioxide high:", ("etco2",), "above", carbon_high, _mmhg(2, _ENGINEERING), _TEN_S),
    )


def _mind() -> tuple[Condition, ...]:
    """Scores given at the chair. Dissociation never steers the dose; its rise is told so that someone sits down with the patient."""
    none = _score(0)
    sit = "Sit with the patient, lower the light and the noise, ask how it is."
    sedation = (Step("hold", "high", _score(3), _HOLD), Step("stop", "high", _score(1), _RESCUE))
    deep = (Step("hold", "high", _score(-3), _HOLD), Step("stop", "high", _score(-5), _RESCUE))
    agitation = (
        Step("notify", "medium", _score(2), sit),
        Step("hold", "high", _score(3), _HOLD),
        Step("stop", "high", _score(4), _RESCUE_AGITATED),
    )
    rising = (Step("notify", "low", _score(4, "unverified"), sit),)
    distress = (Step("notify", "medium", _score(2), sit), Step("hold", "high", _score(3), _HOLD))
    perception = (Step("notify", "medium", _score(2), sit), Step("stop", "high", _score(3), _RESCUE_AGITATED))
    nausea = (Step("notify", "low", _score(2), "Ask the prescriber what the order set allows; bowl at hand, head up."),)
    return (
        Condition("sedation_deep", "Sedation (MOAA/S):", ("moaas",), "below", sedation, none, _AT_ONCE),
        Condition("sedation_deep_rass", "Sedation (RASS):", ("rass",), "below", deep, none, _AT_ONCE),
        Condition("agitation", "Agitation (RASS):", ("rass",), "above", agitation, none, _AT_ONCE),
        Condition("dissociation_rising", "Dissociation rising:", ("cadss6",), "rising", rising, none, _AT_ONCE),
        Condition("distress", "Distress:", ("distress",), "above", distress, none, _AT_ONCE),
        Condition("perception", "Frightening perceptions:", ("perception",), "above", perception, none, _AT_ONCE),
        Condition("nausea", "Nausea:", ("nausea",), "above", nausea, none, _AT_ONCE),
    )


_RESCUE_AGITATED = "Stop the pump, keep the patient from harm, one calm voice, call the supervising prescriber."
_PROBE = "Look at the patient first, then at the probe and the cable."


def _silences() -> tuple[Silence, ...]:
    lost = SilenceStep(
        "hold", "high", _figure(120, "s", "monitor loss for more than 2 min"), "Hold the pump, look at the patient, take a set by hand."
    )
    no_waveform = SilenceStep("stop", "high", _figure(15, "s", _REVIEW, "unverified"), _RESCUE)
    return (
        Silence("spo2_silent", "Oxygen saturation", ("spo2",), (SilenceStep("notify", "medium", _seconds(20), _PROBE), lost)),
        Silence("pulse_silent", "Pulse", ("heart_rate", "pulse_rate"), (SilenceStep("notify", "high", _seconds(20), _PROBE), lost)),
        Silence("breaths_silent", "Breaths", ("respiratory_rate",), (SilenceStep("notify", "medium", _seconds(60), _PROBE),)),
        Silence("etco2_silent", "Carbon dioxide waveform", ("etco2",), (no_waveform,)),
    )
