"""The page that goes with the patient into the ambulance: what was given, when, how the patient was, and whom to ask."""

from __future__ import annotations

from typing import Any
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from winddown.domain.sessions.start_facts import instant
from winddown.domain.sessions.story import latest, of_kind
from winddown.services import patients
from winddown.web.papers.sheet import clock
from winddown.web.sessions.emergency import card_of, half_hour, times_of
from winddown.web.sessions.marks import words_of
from winddown.web.sessions.present import people_of
from winddown.web.sessions.sight import Sight

ACTS = ("rescue_given", "oxygen_set", "adverse_event", "held", "stopped", "infusion_completed", "bolus_given", "line_flushed", "fall")
LINES_MOST = 24
SHOWN = ("Weight", "Allergies", "Airway", "Given so far")


def ambulance_of(sight: Sight) -> dict[str, Any]:
    """One page; the newest lines win where there are too many, and it says so."""
    known = patients.card(sight.session.patient)
    acts = [event for event in sight.story if event.kind in ACTS or event in times_of(sight)]
    readings = half_hour(sight)
    return {
        "rows": [*([_(head), words] for head, words in card_of(sight).rows if head in SHOWN), [_("Before the start"), _baseline(sight)]],
        "times": _times(sight),
        "history": [
            [_("Conditions"), ", ".join(known.conditions) or _("none on file")],
            [_("Medicines"), "; ".join(_medicine(one) for one in known.medicines) or _("none on file")],
            [_("Last food and drink"), _eaten(sight)],
            [_("Escort"), _escort(sight)],
        ],
        "readings": [
            [clock(one["at"]), one["pressure"] or "–", one["pulse"] or "–", one["spo2"] or "–", one["breaths"] or "–"]
            for one in readings[:LINES_MOST]
        ],
        "reading_heads": [_("Time"), _("Pressure"), _("Pulse"), "SpO₂", _("Breaths")],
        "acts": [{"at": clock(event.happened_at), "words": words_of(event), "by": event.by} for event in acts[-LINES_MOST:]],
        "cut": len(acts) > LINES_MOST,
        "contact": [
            [_("Clinic"), ", ".join(part for part in (sight.session.location.name, sight.session.location.address) if part)],
            [_("Phone"), sight.session.location.phone or "____________________"],
            *([person["role"], person["name"]] for person in people_of(sight)),
        ],
        "heads": {
            "given": _("What was given"),
            "history": _("History"),
            "vitals": _("The last 30 minutes"),
            "none": _("No reading in the last 30 minutes."),
            "acts": _("What was done"),
            "contact": _("Ask us"),
            "cut": _("Older lines are in the infusion record."),
            "handed": _("Handed over at ____:____ to ______________________________   by ______________________________"),
        },
        "about_drug": _(
            "Ketamine, a dissociative anesthetic, was given intravenously in less than anesthetic doses. It raises pressure and pulse; "
            "its sedation adds to that of other sedatives. There is no antidote."
        ),
    }


def _baseline(sight: Sight) -> str:
    taken = latest(sight.story, "baseline_taken")
    if taken is None:
        return _("not taken")
    told = {name: taken.text(name) or "–" for name in ("systolic", "diastolic", "pulse_rate", "respiratory_rate", "spo2")}
    return _("%(systolic)s/%(diastolic)s mmHg, pulse %(pulse_rate)s, breaths %(respiratory_rate)s, SpO₂ %(spo2)s %%") % told


def _times(sight: Sight) -> list[list[str]]:
    dose = sight.dose
    return [
        [_("Started"), clock(dose.started_at)],
        [_("Ended"), clock(dose.ended_at) if dose.ended_at else _("not ended when printed")],
        [_("As of"), clock(sight.now)],
    ]


def _medicine(one: dict[str, Any]) -> str:
    return " ".join(str(one[key]) for key in ("name", "dose", "schedule") if one.get(key))


def _eaten(sight: Sight) -> str:
    said, zone = latest(sight.story, "fasting_recorded"), ZoneInfo(sight.session.location.time_zone)
    solid, clear = instant(said, "last_solid_at"), instant(said, "last_clear_at")
    if solid is None and clear is None:
        return _("not recorded")
    told = {"solid": f"{solid.astimezone(zone):%H:%M}" if solid else "–", "clear": f"{clear.astimezone(zone):%H:%M}" if clear else "–"}
    return _("food %(solid)s, clear drink %(clear)s") % told


def _escort(sight: Sight) -> str:
    named = of_kind(sight.story, "escort_named")
    return ", ".join(part for part in (named[-1].text("name"), named[-1].text("phone")) if part) if named else _("not named")
