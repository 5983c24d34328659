"""What the page of a session says, worked out from one sight of it: the strip, the rows of scores, the acts."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from winddown.domain.dosing.rescue import may_give
from winddown.domain.quantities import display, format_decimal
from winddown.domain.sessions import scores
from winddown.domain.sessions.adverse_events import SUGGESTED, TERMS
from winddown.domain.sessions.lifecycle import OVER
from winddown.domain.sessions.phase import PHASES
from winddown.domain.sessions.story import Event, latest, of_kind
from winddown.domain.vitals.kinds import KINDS
from winddown.record.models import Alarm, Session, Staff
from winddown.services import patients, permissions, rescue
from winddown.services.screening import runs
from winddown.web.patients.words import age_words
from winddown.web.sessions.act import GROUPS, WATCHED, Act
from winddown.web.sessions.acts import ACTS
from winddown.web.sessions.next_things import due_of
from winddown.web.sessions.readings import Newest
from winddown.web.sessions.sight import Sight
from winddown.web.spoken import allergy_words, duty_words

STALE_AFTER_S = 120  # what a monitor sends all the time: silence of two minutes is its loss
WIDE_FROM = 11
PRESENT = ("checked_in", "ready", *sorted(WATCHED))
SCORE_TITLES = {
    "moaas": (lazy("Sedation"), "MOAA/S"),
    "rass": (lazy("Sedation"), "RASS"),
    "ramsay": (lazy("Sedation"), "Ramsay"),
    "cadss6": (lazy("Dissociation"), "CADSS-6"),
}


def strip_of(sight: Sight, card: patients.PatientCard | None = None) -> dict[str, Any]:
    """The line at the top that never scrolls away. card: the patient's, where the page has read it already."""
    session, patient, dose = sight.session, sight.session.patient, sight.dose
    card = card or patients.card(patient)
    protocol = session.order.course.protocol
    due = due_of(sight)
    return {
        "name": patient.name,
        "age_words": age_words(patient.birth_date, timezone.localdate(sight.now)),
        "weight_words": weight_words(sight),
        "allergies_words": allergy_words(card),
        "allergies_level": "act" if card.allergies else "calm" if card.no_known_allergies else "watch",
        "protocol_words": _("%(name)s, v%(version)s") % {"name": protocol.name, "version": protocol.version},
        "status_words": _(PHASES.get(session.status, session.status)),  # type: ignore[call-overload]
        "pumped_mg": display(dose.programmed_mg, 1),
        "mg_per_kg": display(dose.programmed_mg / sight.draft.dosing_weight_kg, 2),
        "reached_mg": display(dose.reached_mg, 1),
        "started_at": dose.started_at,
        "over_at": session.status_at if session.status in OVER else None,
        "duty": {"words": duty_words(due[0].words.split(":")[0]), "due_at": due[0].due_at} if due else None,
        "people": people_of(sight),
        "overrides": runs.standing_overrides(patient),
    }


def weight_words(sight: Sight) -> str:
    """The visit's own weight with its day; without one, the order's, and it says so."""
    measured = latest(sight.story, "weight_measured")
    if measured is not None and measured.number("weight_kg") is not None:
        weight, day = format_decimal(measured.number("weight_kg") or Decimal(0)), timezone.localdate(measured.happened_at)
        if day == timezone.localdate(sight.now):
            return _("%s kg today") % weight
        return _("%(weight)s kg on %(day)s") % {"weight": weight, "day": date_format(day, "j M Y")}
    return _("%s kg by the order") % format_decimal(sight.draft.request.weight_kg)


def people_of(sight: Sight) -> list[dict[str, str]]:
    """The two in charge, by the story: who took the chair over last or wrote first, and the prescriber who supervises."""
    over = [event for event in of_kind(sight.story, "handed_over") if event.text("role") == "nurse"]
    first = next((event.by for event in sight.story if event.by and sight.writers.get(event.id)), "")
    nurse = over[-1].text("to_name") if over else first
    last = latest(sight.story, "supervisor_named", "supervisor_left")
    named = last.text("name") if last is not None and last.kind == "supervisor_named" else ""
    found = [{"role": _("Nurse"), "name": nurse}] if nurse else []
    return [*found, {"role": _("Prescriber"), "name": named or _("nobody named")}]


def score_rows(sight: Sight) -> list[dict[str, Any]]:
    """One row for each scale of the protocol: sedation first, each value one tap."""
    rules = sight.supervision.observations
    scales = [*(key for key in rules.set_items if key in scores.SCALES), *(key for key in rules.scores if key in scores.SCALES)]
    newest = {event.text("scale"): event for event in of_kind(sight.story, "score_taken")}
    widest_last = sorted(dict.fromkeys(scales), key=lambda key: len(scores.SCALES[key].levels) > WIDE_FROM)
    return [_score_row(sight, scores.SCALES[key], newest.get(key)) for key in widest_last]


def _score_row(sight: Sight, scale: scores.Scale, last: Event | None) -> dict[str, Any]:
    title, hint = SCORE_TITLES.get(scale.key, (_(scale.words), f"{scale.low}-{scale.high}"))
    levels = reversed(scale.levels) if scale.awake == "high" else scale.levels
    return {
        "scale": scale.key,
        "title": title,
        "hint": hint,
        "url": reverse("session_score", args=[sight.session.ref]),
        "options": [{"value": str(level.value), "words": _(level.words) if level.words else "", "level": level.color} for level in levels],
        "last": _last_score(scale, last) if last else None,
        "version": sight.session.version,
    }


def _last_score(scale: scores.Scale, event: Event) -> dict[str, Any]:
    value = event.text("value")
    level = next((each for each in scale.levels if str(each.value) == value), None)
    return {"value": value, "words": f"{value}, {_(level.words)}" if level and level.words else value, "at": event.happened_at}


def chart_of(sight: Sight, token: str) -> dict[str, Any]:
    """What the chart component asks for; a what-if only while there is a rate to change."""
    ref = sight.session.ref
    may_ask = sight.session.status in ("running", "held")
    rate = sight.dose.rate_ml_per_h if sight.dose.rate_ml_per_h else sight.dose.rate_before_hold_ml_per_h
    highest = max([phase.rate_ml_per_h for phase in sight.draft.phases])
    return {
        "url": f"{reverse('session_chart', args=[ref])}?seen={token}",
        "forecast_url": f"{reverse('session_forecast', args=[ref])}?seen={token}",
        "what_if_url": f"{reverse('session_what_if', args=[ref])}?seen={token}" if may_ask else "",
        "session": str(ref),
        "chair_name": sight.session.chair.name,
        "rate_change_url": reverse("session_rate", args=[ref]) if may_ask else "",
        "rate_now": format_decimal(rate if rate is not None else highest),
        "rate_min": "0",
        "rate_max": format_decimal((highest * 2).to_integral_value()),
        "rate_step": "0.5",
        "stale_after_s": STALE_AFTER_S,
        "pressure_stale_after_s": _old_after_s(sight),
    }


def may_act(staff: Staff) -> bool:
    return permissions.may(staff, "session.chart")


def bar_of(sight: Sight, staff: Staff) -> dict[str, Any]:
    """The acts that this status offers: the few of the bar, and all of them by group."""
    if not may_act(staff):
        return {}
    status, ref = sight.session.status, sight.session.ref
    offered = [act for act in ACTS if status in act.offered and (act.key != "close_adverse" or _has_open_adverse(sight))]
    groups = {group: [_link(act, ref) for act in offered if act.group == group] for group in GROUPS}
    return {
        "main": _main([_link(act, ref) for act in offered if status in act.bar]),
        "groups": [{"words": GROUPS[group], "acts": listed} for group, listed in groups.items() if listed],
        "emergency": {"url": reverse("session_emergency", args=[ref]), "open": emergency_is_open(sight)} if status in PRESENT else None,
        "keys": [act.key for act in offered],
    }


def _main(links: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The first act of the status, then the observations: the two that a phone has room for."""
    return links[:1] + sorted(links[1:], key=lambda link: link["key"] != "observe")


def _link(act: Act, ref: Any) -> dict[str, Any]:
    return {"key": act.key, "words": act.words, "url": reverse(act.url_name, args=[ref]), "level": act.level}


def _has_open_adverse(sight: Sight) -> bool:
    closed = {event.text("event") for event in of_kind(sight.story, "adverse_event_closed")}
    return any(event.id not in closed for event in of_kind(sight.story, "adverse_event"))


def emergency_is_open(sight: Sight) -> bool:
    last = latest(sight.story, "emergency_opened", "emergency_closed")
    return last is not None and last.kind == "emergency_opened"


def tiles_of(sight: Sight, newest: Mapping[str, Newest]) -> list[dict[str, Any]]:
    """The newest value of each vital sign, for a page without scripts."""
    pulse, old_s = "heart_rate" if "heart_rate" in newest else "pulse_rate", _old_after_s(sight)
    return [
        _pressure_tile(newest, old_s),
        *(_tile(kind, newest.get(kind), old_s) for kind in (pulse, "spo2", "respiratory_rate")),
    ]


def _old_after_s(sight: Sight) -> int:
    """Seconds, for what is taken by interval: the same as on the board."""
    rules = sight.supervision.observations
    return int(rules.old_after(recovering=sight.session.status == "recovering").total_seconds())


def _tile(kind: str, row: Newest | None, old_s: int) -> dict[str, Any]:
    known = KINDS[kind]
    tile: dict[str, Any] = {"kind": kind, "label": _(known.words), "unit": known.symbol, "stale_after_s": STALE_AFTER_S}
    if row is not None:
        tile |= {"value": f"{row.value:.{known.decimals}f}", "at": row.observed_at, "source_words": source_words(row)}
        tile["stale_after_s"] = old_s if row.source == "hand" else STALE_AFTER_S
    return tile


def _pressure_tile(newest: Mapping[str, Newest], old_s: int) -> dict[str, Any]:
    high, low = newest.get("systolic"), newest.get("diastolic")
    tile = _tile("systolic", high, old_s) | {"label": _("Pressure"), "stale_after_s": old_s}
    if high is not None and low is not None and high.observed_at == low.observed_at:
        tile["value"] = f"{high.value:.0f}/{low.value:.0f}"
    return tile


def source_words(row: Newest) -> str:
    return _("by hand") if row.source == "hand" else _("monitor %s") % (row.chair or "")


def others_here(sight: Sight) -> list[dict[str, Any]]:
    """The other chairs of this place with a patient in them, in floor-plan order. One query."""
    rows = Session.objects.filter(location=sight.session.location, status__in=PRESENT).select_related("patient", "chair")
    return [
        {
            "url": reverse("session", args=[row.ref]),
            "chair": row.chair.name,
            "name": row.patient.name,
            "status": row.status,
            "words": _(PHASES.get(row.status, row.status)),
            "since": row.status_at,
            "here": row.pk == sight.session.pk,
        }
        for row in rows.order_by("chair__position", "chair_id", "id")
    ]


def extra_for(key: str, sight: Sight) -> dict[str, Any]:
    """What one act's template shows beside its form."""
    if key == "handover":
        return {"moving": due_of(sight)}
    if key == "rescue":
        return {"lines": rescue_lines(sight)}
    if key == "adverse":
        return {"suggested": suggested_terms(sight)}
    if key == "supervisor":
        return {"people": people_of(sight)}
    return {}


def rescue_lines(sight: Sight) -> list[dict[str, Any]]:
    """Every signed line with what stands against its next dose now."""
    confirmed = latest(sight.story, "allergies_confirmed") is not None
    allergies = patients.card(sight.session.patient).allergies if confirmed else None
    return [
        {
            "line": line,
            "findings": (found := may_give(line, sight.story, sight.now, allergies=allergies)),
            "stopped": any(finding.severity == "stop" for finding in found),
            "asks": any(finding.severity == "ask" for finding in found),
            "given": [event for event in of_kind(sight.story, "rescue_given") if event.text("order_line") == line.key],
        }
        for line in rescue.lines_of(sight.session.order)
    ]


def suggested_terms(sight: Sight) -> list[str]:
    """Terms for what alarms now: offered first, recorded by nobody but the nurse."""
    open_now = Alarm.objects.filter(session=sight.session).exclude(acts__kind="cleared").values_list("condition", flat=True)
    return list(dict.fromkeys(TERMS[SUGGESTED[condition]].words for condition in open_now if condition in SUGGESTED))
