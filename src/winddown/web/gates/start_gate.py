"""The start gate: every line that must be recorded before the pump starts, each with the form that resolves it."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone

from winddown.domain.dosing import limits
from winddown.domain.dosing.finding import Finding
from winddown.domain.refusals import Refusal
from winddown.domain.sessions import scores
from winddown.domain.sessions.gate_line import all_done
from winddown.domain.sessions.start_facts import instant
from winddown.domain.sessions.start_gate import READY
from winddown.domain.sessions.story import Event, latest
from winddown.domain.vitals.kinds import kind_of
from winddown.record.models import Bag, Session, SessionEvent, Staff
from winddown.services import contacts, gates, messages, orders, patients, permissions
from winddown.web import access
from winddown.web.access import StaffRequest
from winddown.web.board.here import covered
from winddown.web.gates import entry, room, start_acts
from winddown.web.gates.monitor import VITALS, monitor_of
from winddown.web.gates.rows import BEFORE, groups_of, start_rows
from winddown.web.sessions.last_time import last_time_words
from winddown.web.sessions.present import strip_of
from winddown.web.sessions.room import bedside, note_reading
from winddown.web.sessions.sight import Sight

ESCORT_LANGUAGES = [(code, name) for code, name in settings.LANGUAGES if code in contacts.LANGUAGES]


@bedside("chart.read")
def start_gate(request: StaffRequest, session: Session) -> HttpResponse:
    """The gate; a form of one of its lines is posted here and answered with the gate as it is then."""
    if request.method == "POST":
        return room.refused_in_place(request, session, lambda: _acted(request, session))
    access.read_chart(request, session.patient, "start gate")
    sight = Sight.of(session, request.now)
    context = gate_context(request, sight) | {"last_time": last_time_words(session, request.now)}
    return room.show(request, sight, "gates/start_gate.html", context)


@bedside("chart.read", background=True)
def lines(request: StaffRequest, session: Session) -> HttpResponse:
    """The gate alone, for a page that refreshes itself."""
    note_reading(request, session)
    return covered(request) or _part(request, session)


@bedside("session.chart")
def pump_preview(request: StaffRequest, session: Session) -> HttpResponse:
    """What the order says of the numbers typed so far. Nothing is written."""
    note_reading(request, session)
    return render(request, "gates/parts/pump_compare.html", {"compared": _compared_fields(session, request.GET)})


def _acted(request: StaffRequest, session: Session) -> HttpResponse:
    act = room.carry_out(request, session, start_acts.ACTS)
    return room.answer(request, session, request.path, lambda: _part(request, session, acted=act))


def _part(request: StaffRequest, session: Session, acted: str = "") -> HttpResponse:
    sight, slot = Sight.of(session, request.now), request.POST.get("slot", "")
    more = {"strip": strip_of(sight)} if acted else {}
    told = room.common(request, session) | more | {"acted": acted, "form": slot}
    return render(request, "gates/parts/start.html", gate_context(request, sight, slot) | told)


def gate_context(request: StaffRequest, sight: Sight, answered: str = "") -> dict[str, Any]:
    """Everything the page of the gate shows. A fixed number of queries."""
    session, story = sight.session, sight.story
    card = patients.card(session.patient)
    found = gates.start_lines(session, now=request.now, events=sight.every, card=card)
    rows = start_rows(found, request.GET.get("change", ""), answered)
    return {
        "groups": groups_of(rows),
        "recorded": sum(not row.open for row in rows),
        "of": len(rows),
        "all_done": all_done(found),
        "before": session.status in BEFORE,
        "ready_words": READY,
        "may_chart": permissions.may(request.staff, "session.chart"),
        "may_accept": permissions.may(request.staff, "session.accept_review"),
        "card": card,
        **_forms(request, session, story, card),
    }


def _forms(request: StaffRequest, session: Session, story: Sequence[Event], card: patients.PatientCard) -> dict[str, Any]:
    everyone = room.people_here()
    numbers = orders.facts(session.order)
    monitor = monitor_of(session, now=request.now)
    hung = latest(story, "bag_hung")
    return {
        "identities": list(start_acts.IDENTITY.items()),
        "consent": patients.consent_on(session.patient, timezone.localdate(request.now)),
        "order": numbers,
        "limbs": _limbs(card.affected_limb),
        "findings": start_acts.FINDINGS,
        "escort": _escort_before(session, story),
        "escort_languages": ESCORT_LANGUAGES,
        "fasting": _fasting_before(session, story),
        "monitor": monitor,
        "vitals": [vital_field(kind, monitor.shown.get(kind)) for kind in VITALS],
        "baseline_scores": [score_field(scale) for scale in start_acts.BASELINE_SCORES],
        "bags": list(Bag.objects.filter(session=session).select_related("prepared_by", "checked_by").order_by("-id")),
        "hung": hung.text("bag") if hung else "",
        "prescribers": _prescribers(session, everyone),
        "seconds": room.second_people(everyone, request.staff),
        "read_back": _compared_event(session, latest(story, "pump_read_back")),
    }


def _limbs(affected: str) -> list[dict[str, Any]]:
    """The limbs a line may go into; the affected one stays on the page, and says so."""
    both = {"both arms": ("left arm", "right arm"), "both legs": ("left leg", "right leg")}.get(affected, (affected,))
    return [{"name": limb, "affected": limb in both} for limb in start_acts.LIMBS]


def _escort_before(session: Session, story: Sequence[Event]) -> dict[str, str]:
    """Who came today, or else who came last time: shown to be asked again, never recorded by itself."""
    today = latest(story, "escort_named")
    theirs = messages.language_of(session.patient)
    if today is not None:
        return {"name": today.text("name"), "phone": today.text("phone"), "language": today.text("language") or theirs, "before": ""}
    earlier = SessionEvent.objects.filter(session__patient=session.patient, kind="escort_named").exclude(session=session)
    last = earlier.order_by("-id").first()
    if last is None:
        return {"language": theirs}
    names = ("name", "phone", "language")
    return {"language": theirs, **{name: last.data[name] for name in names if last.data.get(name)}, "before": "yes"}


def _fasting_before(session: Session, story: Sequence[Event]) -> dict[str, Any]:
    said = latest(story, "fasting_recorded")
    zone = ZoneInfo(session.location.time_zone)
    found = {"solid": said.text("solid") if said else ""}
    for key in ("last_solid_at", "last_clear_at"):
        when = instant(said, key)
        found[key.removesuffix("_at")] = when.astimezone(zone).strftime("%H:%M") if when else ""
    return found


def vital_field(kind: str, shown: Any) -> dict[str, Any]:
    known = kind_of(kind)
    return {"name": kind, "label": known.words, "unit": known.symbol, "max_digits": 3, "shown": shown}


def score_field(scale: str) -> dict[str, Any]:
    known = scores.scale_of(scale)
    low, high = known.levels[0], known.levels[-1]
    ends = f"{low.value} {low.words}, {high.value} {high.words}"
    return {"name": scale, "label": known.words, "unit": f"{low.value}–{high.value}", "max_digits": len(str(high.value)), "hint": ends}


def _prescribers(session: Session, everyone: list[Staff]) -> list[Staff]:
    return start_acts.prescribers(everyone, orders.signers(session.order))


def _compared_event(session: Session, event: Event | None) -> dict[str, Any] | None:
    return None if event is None else _compared_fields(session, {name: event.text(name) for name in PROGRAM})


PROGRAM = ("drug", "concentration_mg_per_ml", "rate_ml_per_h", "volume_ml")


def _compared_fields(session: Session, fields: entry.Fields) -> dict[str, Any]:
    """Pump and order side by side, and what the limits say once all four numbers can be read."""
    draft, numbers = orders.checked(session.order), orders.facts(session.order)
    wanted: dict[str, Any] = {
        "drug": numbers.drug,
        "concentration_mg_per_ml": numbers.concentration_mg_per_ml,
        "rate_ml_per_h": numbers.first_rate_ml_per_h,
        "volume_ml": numbers.volume_ml,
    }
    read = {name: _readable(fields, name) for name in PROGRAM}
    rows = [{"label": LABELS[name], "unit": UNITS[name], "read": read[name], "same": _same(read[name], wanted[name])} for name in PROGRAM]
    found: list[Finding] = []
    if all(value is not None for value in read.values()):
        found = limits.check_pump_program(draft, *read.values())  # type: ignore[arg-type]
    complete = all(value is not None for value in read.values())
    return {"rows": rows, "findings": found, "complete": complete, "same": complete and all(row["same"] for row in rows)}


LABELS = {"drug": "drug", "concentration_mg_per_ml": "concentration", "rate_ml_per_h": "rate", "volume_ml": "volume"}
UNITS = {"drug": "", "concentration_mg_per_ml": "mg/mL", "rate_ml_per_h": "mL/h", "volume_ml": "mL"}


def _readable(fields: entry.Fields, name: str) -> str | Decimal | None:
    if name == "drug":
        return fields.get(name, "").strip().lower() or None
    try:
        return entry.number(fields, name, name)
    except Refusal:
        return None


def _same(read: str | Decimal | None, wanted: str | Decimal) -> bool | None:
    return None if read is None else read == wanted
