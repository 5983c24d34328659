"""The emergency card: opened by one tap, with what a rescuer needs, each act one tap that writes its time; and its printed page."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from winddown.domain.days import age_on
from winddown.domain.refusals import UnknownWord
from winddown.domain.sessions import emergency
from winddown.domain.sessions.story import Event, latest
from winddown.domain.vitals.kinds import KINDS
from winddown.domain.vitals.reading import USABLE
from winddown.record.models import Reading, Session, SessionEvent
from winddown.record.queries.stories import event_of
from winddown.services import bedside as bedside_services
from winddown.services import infusion, orders, patients, rescue
from winddown.web.access import StaffRequest, key_of, read_chart
from winddown.web.sessions import present
from winddown.web.sessions.marks import words_of
from winddown.web.sessions.room import bedside, note_reading, part, show, wants_part
from winddown.web.sessions.sight import Sight
from winddown.web.sessions.when import moment_of

SHOWN = ("systolic", "diastolic", "heart_rate", "pulse_rate", "spo2", "respiratory_rate", "etco2")
AIRWAY_WORDS = ("airway", "apnea", "apnoea", "intubat", "asthma", "copd", "obstructive")
ROWS_MAX = 40


@dataclass(frozen=True)
class Tap:
    """One act of the card. `said` is what the record keeps."""

    key: str
    words: Any
    said: str


TAPS = (
    Tap("pump_stopped", lazy("Pump stopped"), ""),
    Tap("airway_open", lazy("Airway open"), "Emergency: airway open."),
    Tap("oxygen_on", lazy("Oxygen on"), "on, flow not recorded"),
    Tap("help_called", lazy("Help called"), "Emergency: help called."),
    Tap("cart_here", lazy("Crash cart here"), "Emergency: crash cart at the chair."),
    Tap("ambulance_called", lazy("Ambulance called"), "Emergency: ambulance called."),
    Tap("compressions", lazy("Compressions started"), "Emergency: chest compressions started."),
    Tap("shock", lazy("Shock given"), "Emergency: shock given."),
    Tap("awake", lazy("Breathing, responding"), "Emergency: breathing and responding."),
    Tap("handed_to_ambulance", lazy("Handed to the ambulance"), "Emergency: handed to the ambulance."),
)


def card_of(sight: Sight) -> emergency.EmergencyCard:
    """The card at this moment, from the record alone."""
    session, dose = sight.session, sight.dose
    known = patients.card(session.patient)
    opened, measured = latest(sight.story, "emergency_opened"), latest(sight.story, "weight_measured")
    airway = [condition for condition in known.conditions if any(word in condition.lower() for word in AIRWAY_WORDS)]
    so_far = emergency.DoseSoFar(
        drug=orders.DRUGS[sight.draft.request.drug_form],
        pumped_mg=dose.programmed_mg,
        reached_mg=dose.reached_mg,
        rate_ml_per_h=dose.rate_ml_per_h,
        running=session.status == "running",
        as_of=sight.now,
    )
    return emergency.card(
        emergency.Patient(
            name=session.patient.name,
            age_years=age_on(session.patient.birth_date, timezone.localdate(sight.now)),
            weight_kg=(measured.number("weight_kg") if measured else None) or sight.draft.request.weight_kg,
            allergies=known.allergy_words,
            airway_notes=", ".join(airway),
        ),
        so_far,
        opened_at=opened.happened_at if opened else sight.now,
        crash_cart=session.location.crash_cart,
        call=session.location.phone,
        rescue=sight.supervision.rescue,
        latest_vitals=[],
    )


def half_hour(sight: Sight) -> list[dict[str, Any]]:
    """The readings of the last half hour, a line for each moment, newest first. One query."""
    since = sight.now - timedelta(minutes=emergency.VITALS_SHOWN.value)
    rows = Reading.objects.filter(session=sight.session, kind__in=SHOWN, observed_at__gte=since, label__in=sorted(USABLE))
    moments: dict[datetime, dict[str, Any]] = {}
    for kind, at, value in rows.order_by("-observed_at").values_list("kind", "observed_at", "value"):
        minute = at.replace(second=0, microsecond=0)
        if value is not None:
            moments.setdefault(minute, {}).setdefault(kind, f"{value:.{KINDS[kind].decimals}f}")
    return [{"at": at, **_line(values)} for at, values in list(moments.items())[:ROWS_MAX]]


def _line(values: dict[str, Any]) -> dict[str, str]:
    pressure = f"{values.get('systolic', '–')}/{values.get('diastolic', '–')}" if "systolic" in values or "diastolic" in values else ""
    pulse = values.get("heart_rate") or values.get("pulse_rate") or ""
    return {"pressure": pressure, "pulse": pulse, "spo2": values.get("spo2", ""), "breaths": values.get("respiratory_rate", "")}


def times_of(sight: Sight) -> list[Event]:
    """What was done since the card was opened, oldest first."""
    opened = latest(sight.story, "emergency_opened")
    return [event for event in sight.story if opened is not None and event.happened_at >= opened.happened_at]


def context_of(request: StaffRequest, sight: Sight) -> dict[str, Any]:
    ref = sight.session.ref
    done = {event.text("emergency"): event.happened_at for event in times_of(sight)}
    return {
        "session": sight.session,
        "card": card_of(sight),
        "as_of": sight.now,
        "certain": sight.dose.certain,
        "infusing": sight.session.status in ("running", "held"),
        "open": present.emergency_is_open(sight),
        "taps": [{"key": tap.key, "words": tap.words, "done_at": done.get(tap.key)} for tap in TAPS],
        "lines": present.rescue_lines(sight),
        "readings": half_hour(sight),
        "times": [{"at": event.happened_at, "words": words_of(event), "by": event.by} for event in times_of(sight)],
        "url": reverse("session_emergency", args=[ref]),
        "act_url": reverse("session_emergency_act", args=[ref]),
        "print_url": reverse("session_emergency_print", args=[ref]),
        "rescue_url": reverse("session_rescue", args=[ref]),
        "version": sight.session.version,
        "new_key": uuid4,
    }


@bedside("session.chart")
def card_page(request: StaffRequest, session: Session) -> HttpResponse:
    """One tap opens it and writes when. Looking at the card again opens nothing."""
    read_chart(request, session.patient, str(session.ref))
    if request.method == "POST":
        moment = moment_of(request.POST, request.now, Sight.of(session, request.now).zone)
        bedside_services.record(
            session, "emergency_opened", {}, by=request.staff, now=request.now, happened_at=moment.at, key=key_of(request)
        )
        return HttpResponse(status=204) if wants_part(request) else redirect("session_emergency", ref=session.ref)
    sight = Sight.of(session, request.now)
    context = {"emergency": context_of(request, sight), "session": session, "strip": present.strip_of(sight)}
    return show(request, "sessions/emergency.html", context)


@bedside("session.chart")
def card_part(request: StaffRequest, session: Session) -> HttpResponse:
    """The card's inside, renewed after a tap."""
    note_reading(request, session)
    return part(request, "sessions/parts/emergency_card.html", {"emergency": context_of(request, Sight.of(session, request.now))})


@bedside("session.chart")
def card_act(request: StaffRequest, session: Session) -> HttpResponse:
    """One tap of the card: the time is written, the act is what it says."""
    if request.method != "POST":
        return redirect("session_emergency", ref=session.ref)
    moment = moment_of(request.POST, request.now, Sight.of(session, request.now).zone)
    common = {"by": request.staff, "now": request.now, "happened_at": moment.at, "key": key_of(request)}
    with transaction.atomic():
        row = _do(session, request.POST, common)
    if wants_part(request):
        return HttpResponse(status=204)
    messages.success(request, _("Kept: %s") % words_of(event_of(row)))
    return redirect("session_emergency", ref=session.ref)


def _do(session: Session, typed: Any, common: dict[str, Any]) -> SessionEvent:
    name = typed.get("act", "")
    if name == "close":
        return bedside_services.record(session, "emergency_closed", {}, **common)
    if line := typed.get("line", ""):
        return rescue.give(session, line, reason=typed.get("reason", "") or "emergency", **common)
    tap = next((tap for tap in TAPS if tap.key == name), None)
    if tap is None:
        raise UnknownWord("act of the emergency card", name, [tap.key for tap in TAPS])
    if name == "pump_stopped":
        return infusion.finish(session, "stopped", because="emergency", **common)
    if name == "oxygen_on":
        return bedside_services.record(session, "oxygen_set", {"device": tap.said, "emergency": name}, **common)
    return bedside_services.record(session, "note_written", {"words": tap.said, "emergency": name}, **common)


@bedside("session.chart")
def card_print(request: StaffRequest, session: Session) -> HttpResponse:
    """The card on paper: dose, allergies, the last half hour, and the times of what was done."""
    read_chart(request, session.patient, str(session.ref))
    sight = Sight.of(session, request.now)
    context = {"emergency": context_of(request, sight), "session": session, "printed_at": request.now, "staff": request.staff}
    return render(request, "sessions/emergency_print.html", context)
