"""One sentence for each event of a story: the words beside the marks of the chart, the story list and the printed record."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from winddown.domain.sessions import adverse_events, scores
from winddown.domain.sessions.story import Event

NOT_MARKED = frozenset({"score_taken", "rate_reported", "checked_in", "observation_set_taken", "made_ready"})


def of(story: Iterable[Event]) -> list[dict[str, Any]]:
    """The events that stand as marks of the chart; scores and plain rates have lanes of their own."""
    return [
        {
            "id": event.id,
            "kind": event.kind,
            "at": _ms(event.happened_at),
            "words": words_of(event),
            "late": event.late,
            "written_at": _ms(event.written_at),
            "by": event.by,
        }
        for event in story
        if event.kind not in NOT_MARKED
    ]


def words_of(event: Event) -> str:
    """What happened, in a few words with its numbers."""
    say = _SAY.get(event.kind)
    return say(event) if say else event.kind.replace("_", " ").capitalize()


def _ms(at: datetime) -> int:
    return int(at.timestamp() * 1000)


def _rate(event: Event) -> str:
    return f"{event.text('rate_ml_per_h')} mL/h"


def _because(event: Event) -> str:
    return f": {event.text('because')}" if event.text("because") else ""


def _adverse(event: Event) -> str:
    known = adverse_events.TERMS.get(event.text("term"))
    return f"{known.words if known else event.text('term')}, {_('grade')} {event.text('grade')}. {event.text('words')}".strip()


def _score(event: Event) -> str:
    scale = scores.SCALES.get(event.text("scale"))
    level = next((each for each in scale.levels if str(each.value) == event.text("value")), None) if scale else None
    name = _(scale.words) if scale else event.text("scale")
    return f"{name} {event.text('value')}" + (f", {_(level.words)}" if level and level.words else "")


_SAY: dict[str, Callable[[Event], str]] = {
    "started": lambda e: _("Started at %s") % _rate(e),
    "rate_changed": lambda e: _("Rate changed to %s") % _rate(e) + _because(e),
    "rate_reported": lambda e: _("Pump reports %s") % (e.text("raw") or _rate(e)),
    "pump_reported": lambda e: _("Pump reports another drug: %s") % e.text("drug"),
    "device_alarm_reported": lambda e: (
        _("Device alarm: %(condition)s %(phase)s") % {"condition": e.text("condition"), "phase": e.text("phase")}
    ),
    "bolus_given": lambda e: _("Bolus %s mL") % e.text("volume_ml"),
    "held": lambda e: _("Held") + _because(e),
    "resumed": lambda e: _("Resumed at %s") % _rate(e),
    "infusion_completed": lambda e: _("Infusion completed"),
    "stopped": lambda e: _("Stopped") + _because(e),
    "line_flushed": lambda e: _("Line flushed with %s mL") % e.text("volume_ml"),
    "recovery_started": lambda e: _("Recovery started"),
    "iv_site_checked": lambda e: _("IV site %(finding)s, %(limb)s") % {"finding": e.text("finding"), "limb": e.text("limb")},
    "extravasation_seen": lambda e: _("Extravasation seen: the dose is uncertain from here"),
    "adverse_event": _adverse,
    "adverse_event_closed": lambda e: _("Adverse event closed: %s") % e.text("outcome"),
    "rescue_given": lambda e: (
        _("%(drug)s %(dose)s %(route)s given") % {"drug": e.text("drug"), "dose": e.text("dose"), "route": e.text("route")}
    ),
    "note_written": lambda e: e.text("words"),
    "photo_taken": lambda e: _("Photo: %s") % (e.text("words") or _("IV site")),
    "comfort_given": lambda e: _("Comfort: %s") % e.text("what"),
    "toilet_trip": lambda e: _("To the toilet"),
    "fall": lambda e: _("Fall") + (f": {e.text('words')}" if e.text("words") else ""),
    "score_taken": lambda e: _score(e),
    "observation_set_taken": lambda e: (
        _("Observations, without %s") % ", ".join(_(str(item).replace("_", " ")) for item in e.data["missing"])
        if e.data.get("missing")
        else _("Observations, complete")
    ),
    "supervisor_left": lambda e: _("The supervising prescriber left"),
    "emergency_opened": lambda e: _("Emergency card opened"),
    "emergency_closed": lambda e: _("Emergency card closed"),
    "retracted": lambda e: _("Taken back") + _because(e),
    "identity_confirmed": lambda e: _("Identity confirmed") + (f": {e.text('method')}" if e.text("method") else ""),
    "allergies_confirmed": lambda e: _("Allergies confirmed") + (f": {e.text('words')}" if e.text("words") else ""),
    "monitor_matched": lambda e: (
        _("Monitor's pulse %(monitor)s, felt %(felt)s") % {"monitor": e.text("monitor_pulse"), "felt": e.text("felt_pulse")}
    ),
    "monitor_lost": lambda e: _("Monitor lost"),
    "iv_removed": lambda e: _("IV line removed"),
    "discharge_signed": lambda e: _("Discharge signed: criteria recorded"),
    "escort_present": lambda e: _("Escort present: %s") % e.text("name"),
    "consent_seen": lambda e: _("Consent seen"),
    "fasting_recorded": lambda e: _("Fasting recorded"),
    "no_drive_text_given": lambda e: _("Told not to drive"),
    "suicide_follow_up_done": lambda e: _("Follow-up questions on suicide done"),
    "oxygen_set": lambda e: (
        _("Oxygen %(device)s %(flow)s L/min") % {"device": e.text("device"), "flow": e.text("flow_l_per_min")}
        if e.number("flow_l_per_min")
        else _("Oxygen %s") % e.text("device")
    ),
    "bag_hung": lambda e: _("Bag hung: %(mg)s mg in %(ml)s mL") % {"mg": e.text("total_mg"), "ml": e.text("volume_ml")},
    "weight_measured": lambda e: _("Weight %s kg") % e.text("weight_kg"),
    "weight_accepted": lambda e: _("Weight accepted") + _because(e),
    "review_accepted": lambda e: _("Review accepted (%s)") % e.text("line") + _because(e),
    "supervisor_named": lambda e: _("Supervising prescriber: %s") % e.text("name"),
    "handed_over": lambda e: _("Handed over from %(old)s to %(new)s") % {"old": e.text("from_name"), "new": e.text("to_name")},
    "orthostatic_taken": lambda e: (
        _("Standing pressure %(sys)s/%(dia)s") % {"sys": e.text("standing_systolic"), "dia": e.text("standing_diastolic")}
    ),
    "gate_overridden": lambda e: _("Discharge gate overridden: %s") % e.text("reason"),
    "escort_named": lambda e: _("Escort: %s") % e.text("name"),
    "baseline_taken": lambda e: (
        _("Baseline %(sys)s/%(dia)s, pulse %(pulse)s")
        % {"sys": e.text("systolic"), "dia": e.text("diastolic"), "pulse": e.text("pulse_rate")}
    ),
    "pump_read_back": lambda e: _("Pump read back: %s") % _rate(e),
    "abandoned": lambda e: _("Visit abandoned") + _because(e),
    "checked_in": lambda e: _("Checked in"),
    "made_ready": lambda e: _("Ready to start"),
    "discharged": lambda e: _("Discharged"),
}
