"""The one-page infusion record as plain data: what the screen shows, the lists under it, the gates, the signatures, the balance."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from django.utils.translation import gettext as _

from winddown.domain.quantities import display
from winddown.domain.recovery import gate
from winddown.domain.sessions.gate_line import GateLine, done
from winddown.domain.sessions.lifecycle import OVER
from winddown.domain.sessions.story import Event, latest
from winddown.record.models import Bag, OrderSignature
from winddown.services import announcements, bags, discharge, gates
from winddown.web.papers.drawing import record_drawing
from winddown.web.papers.sheet import clock
from winddown.web.sessions.chart import drawn_from
from winddown.web.sessions.marks import words_of
from winddown.web.sessions.present import people_of
from winddown.web.sessions.sight import Sight

TOGETHER_MS = 90_000
STATES = {"done": "✓", "missing": "○", "review": "▲", "stop": "■"}
ELSEWHERE = frozenset(
    [
        "score_taken", "rate_reported", "observation_set_taken", "made_ready", "checked_in", "identity_confirmed", "weight_measured",
        "allergies_confirmed", "fasting_recorded", "escort_named", "baseline_taken", "monitor_matched", "pump_read_back", "consent_seen",
        "recovery_scored", "orthostatic_taken", "escort_present", "no_drive_text_given", "suicide_follow_up_done", "discharge_signed",
    ]
)  # fmt: skip


def record_of(sight: Sight) -> dict[str, Any]:
    """Everything but the lines around the paper and the patient."""
    data = drawn_from(sight, announcements.latest())
    recovery = _recovery_lines(sight)
    events = [event for event in sight.story if event.kind not in ELSEWHERE]
    numbers = {event.id: place for place, event in enumerate(events, start=1)}
    numbers |= {one["id"]: place for place, one in enumerate(data["alarms"], start=1)}
    return {
        "drawing": record_drawing(data, sight.zone, numbers),
        "drawn": _("Dose, concentration, pressure, pulse, saturation, breaths, scores, marks and alarms; the lists below say the same."),
        "facts": facts_of(sight),
        "columns": [
            [
                {"title": _("What happened"), "lines": [_event(numbers[event.id], event) for event in events]},
                {
                    "title": _("Alarms"),
                    "lines": [_alarm(place, one) for place, one in enumerate(data["alarms"], start=1)],
                    "none": _("none"),
                },
            ],
            [
                {"title": _("Observations"), "lines": observations(data), "none": _("none taken")},
                {"title": _("Signatures"), "lines": signatures(sight)},
                {"title": _("Drug balance"), "lines": balance_lines(sight), "none": _("no bag was made")},
            ],
            [
                {"title": _("Start gate"), "lines": _gate(_start_lines(sight)), "none": _("not started")},
                {"title": _("Recovery gate"), "lines": _gate(recovery), "note": _verdict(sight, recovery), "none": _("not reached")},
            ],
        ],
    }


def facts_of(sight: Sight) -> list[list[str]]:
    """Label and value, in the order of the screen's strip."""
    dose, draft = sight.dose, sight.draft
    sure = "" if dose.certain else _("at least ")
    told = [
        [_("Dose"), f"{sure}{display(dose.programmed_mg, 1)} mg, {display(dose.programmed_mg / draft.dosing_weight_kg, 2)} mg/kg"],
        [_("Reached the patient"), f"{sure}{display(dose.reached_mg, 1)} mg"],
        [_("Pumped"), f"{sure}{display(dose.programmed_ml, 1)} mL"],
        [_("From, to"), f"{clock(dose.started_at)} – {clock(dose.ended_at)}"],
    ]
    told += [[person["role"], person["name"]] for person in people_of(sight)]
    return told


def observations(data: Mapping[str, Any]) -> list[dict[str, str]]:
    """A line for each cuff pressure, with the pulse, saturation and breaths of the same minute and the scores taken with it."""
    readings = data["readings"]
    found = []
    for at, value, label, *_more in readings.get("systolic", []):
        if value is None:
            continue
        low = _near(readings.get("diastolic", []), at)
        pulse = _near(readings.get("heart_rate", []), at) or _near(readings.get("pulse_rate", []), at)
        told = [f"{value:.0f}/{low or '–'}", f"P {pulse or '–'}", f"SpO₂ {_near(readings.get('spo2', []), at) or '–'}"]
        told.append(f"R {_near(readings.get('respiratory_rate', []), at) or '–'}")
        told += [_short(one) for one in data["scores"] if abs(one["at"] - at) <= TOGETHER_MS and one["value"] is not None]
        doubt = "" if label in ("accepted", "late") else f" ({label})"
        found.append({"at": clock(datetime.fromtimestamp(at / 1000, tz=UTC)), "words": f"{', '.join(told)}{doubt}"})
    return found


def signatures(sight: Sight) -> list[dict[str, str]]:
    """Who put a name to what."""
    found = [
        {"at": clock(row.signed_at), "words": _("Order: %(who)s") % {"who": row.by.name}}
        for row in OrderSignature.objects.filter(order=sight.session.order).select_related("by").order_by("signed_at")
    ]
    for bag in Bag.objects.filter(session=sight.session).select_related("prepared_by", "checked_by").order_by("id"):
        told = {"who": bag.prepared_by.name, "other": bag.checked_by.name}
        found.append({"at": clock(bag.prepared_at), "words": _("Bag made by %(who)s, checked by %(other)s") % told})
    for kind, words in (
        ("pump_read_back", _("Pump read back")),
        ("gate_overridden", _("Gate overridden")),
        ("discharge_signed", _("Discharge")),
    ):
        event = latest(sight.story, kind)
        if event is not None:
            found.append(
                {"at": clock(event.happened_at), "words": f"{words}: {' + '.join(name for name in (event.by, event.second) if name)}"}
            )
    return found


def balance_lines(sight: Sight) -> list[dict[str, str]]:
    held = bags.balance_of(sight.session, now=sight.now)
    if held is None:
        return []
    told = [{"at": f"{display(part.mg, 1)} mg", "words": f"{part.where} (± {display(part.uncertainty_mg, 1)} mg)"} for part in held.parts]
    if sight.session.status not in ("stopped", "recovering", *OVER) or bags.unwasted(sight.session):
        return [*told, {"at": "", "words": _("The rest of the bag is not wasted yet; no balance is drawn.")}]
    return [*told, {"at": "", "words": held.sentence}]


def _event(number: int, event: Event) -> dict[str, str]:
    late = _(" (written %(at)s)") % {"at": clock(event.written_at)} if event.late else ""
    return {"n": str(number), "at": clock(event.happened_at), "words": f"{words_of(event)}{late}", "by": event.by}


def _alarm(number: int, one: Mapping[str, Any]) -> dict[str, str]:
    raised, seen, cleared = (_at(one[key]) for key in ("raised_at", "acknowledged_at", "cleared_at"))
    told = [str(one["words"])]
    if one["acknowledged_at"]:
        seconds = (one["acknowledged_at"] - one["raised_at"]) // 1000
        told.append(_("answered by %(who)s %(at)s, after %(s)s s") % {"who": one["acknowledged_by"], "at": seen, "s": seconds})
    else:
        told.append(_("not answered"))
    if one["cleared_at"]:
        told.append(_("over %(at)s") % {"at": cleared})
    return {"n": str(number), "at": raised, "words": "; ".join(told)}


def _at(ms: int | None) -> str:
    return "" if ms is None else clock(datetime.fromtimestamp(ms / 1000, tz=UTC))


def _start_lines(sight: Sight) -> list[GateLine]:
    """The gate as it stood when the pump was started."""
    began = sight.dose.started_at
    if began is None:
        return []
    lines = gates.start_lines(sight.session, now=began, events=[event for event in sight.every if event.happened_at <= began])
    return _checks_in_one(lines)


def _checks_in_one(lines: list[GateLine]) -> list[GateLine]:
    """The decision and the checks that counted, in one line of the paper; one that did not stands alone."""
    counted = [line for line in lines if line.state == "done" and (line.key == "screening" or line.key.startswith("check_"))]
    if len(counted) < 2:
        return lines
    told = " ".join(line.sentence for line in counted if line.key == "screening")
    checks = sum(line.key.startswith("check_") for line in counted)
    place = lines.index(counted[0])
    rest = [line for line in lines if line not in counted]
    return [*rest[:place], done("checks", f"{told} {checks} checks counted.".strip()), *rest[place:]]


def _recovery_lines(sight: Sight) -> list[GateLine]:
    """The gate as it stood when the discharge was signed, or as it stands."""
    if sight.dose.ended_at is None:
        return []
    signed = latest(sight.story, "discharge_signed")
    at = signed.happened_at if signed else sight.now
    return discharge.lines(sight.session, now=at, events=[event for event in sight.every if event.happened_at <= at])


def _verdict(sight: Sight, lines: list[GateLine]) -> str:
    return gate.verdict(lines, gate.override_of(sight.story, at=sight.now)).words if lines else ""


def _gate(lines: Iterable[GateLine]) -> list[dict[str, str]]:
    return [{"mark": STATES[line.state], "words": f"{line.sentence} {line.accepted}".strip()} for line in lines]


def _near(points: Sequence[Sequence[Any]], at: int) -> str:
    close = [point for point in points if abs(point[0] - at) <= TOGETHER_MS and point[1] is not None]
    return f"{min(close, key=lambda point: abs(point[0] - at))[1]:.0f}" if close else ""


_SHORT = {"moaas": "MOAA/S", "rass": "RASS", "cadss6": "CADSS", "nausea": "N", "pain": "pain", "distress": "distr.", "perception": "perc."}


def _short(one: Mapping[str, Any]) -> str:
    return f"{_SHORT.get(one['scale'], one['scale'])} {one['value']:g}"
