"""The recovery gate: it fills by itself, says which criteria are recorded, and a nurse signs. It never says that the patient is well."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from winddown.domain.pharmacology.chart import ANALGESIC_LOW
from winddown.domain.recovery import gate
from winddown.domain.recovery.scores import MAY_BE_AS_BEFORE, Variant, circulation_points, saturation_points, variant_of
from winddown.domain.sessions import scores
from winddown.domain.sessions.blocks import Supervision
from winddown.domain.sessions.story import Event, latest
from winddown.domain.vitals.kinds import KINDS
from winddown.record.models import Session
from winddown.services import bags, discharge, permissions
from winddown.web import access
from winddown.web.access import StaffRequest
from winddown.web.board.here import covered
from winddown.web.gates import recovery_acts, room
from winddown.web.gates.monitor import Shown, newest
from winddown.web.gates.rows import recovery_rows
from winddown.web.gates.start_gate import score_field, vital_field
from winddown.web.sessions.present import strip_of
from winddown.web.sessions.room import bedside, note_reading
from winddown.web.sessions.sight import Sight

HERE = ("stopped", "recovering")


@bedside("chart.read")
def recovery(request: StaffRequest, session: Session) -> HttpResponse:
    """The gate of the way home; a form of one of its lines is posted here."""
    if request.method == "POST":
        return room.refused_in_place(request, session, lambda: _acted(request, session))
    access.read_chart(request, session.patient, "recovery gate")
    sight = Sight.of(session, request.now).at_its_end()
    return room.show(request, sight, "gates/recovery.html", gate_context(request, sight))


@bedside("chart.read", background=True)
def lines(request: StaffRequest, session: Session) -> HttpResponse:
    """The gate alone, for a page that refreshes itself."""
    note_reading(request, session)
    return covered(request) or _part(request, session)


@bedside("chart.read", background=True)
def clock(request: StaffRequest, session: Session) -> HttpResponse:
    """When the model expects the level to be low. It comes after the page: no criterion waits for it."""
    if (dark := covered(request)) is not None:
        return dark
    note_reading(request, session)
    found = Sight.of(session, request.now).typical()
    below = found[0].clock.get(ANALGESIC_LOW.name) if found else None
    context: dict[str, Any] = {"below": None}
    if found and below is not None:
        start_at = found[1]
        at = {name: _instant(start_at, minute) for name, minute in (("median", below.median_min), ("most", below.most_min))}
        already = at["median"] is not None and at["median"] <= request.now + timedelta(minutes=1)
        context = {"below": below, **at, "already": already, "model": found[0].model_name}
    return render(request, "gates/parts/clock.html", context)


def _instant(start_at: datetime, minute: float | None) -> datetime | None:
    return None if minute is None else start_at + timedelta(minutes=minute)


def _acted(request: StaffRequest, session: Session) -> HttpResponse:
    act = room.carry_out(request, session, recovery_acts.ACTS)
    return room.answer(request, session, request.path, lambda: _part(request, session, acted=act))


def _part(request: StaffRequest, session: Session, acted: str = "") -> HttpResponse:
    sight, slot = Sight.of(session, request.now).at_its_end(), request.POST.get("slot", "")
    more = {"strip": strip_of(sight)} if acted else {}
    told = room.common(request, session) | more | {"acted": acted, "form": slot}
    return render(request, "gates/parts/recovery.html", gate_context(request, sight, slot) | told)


def gate_context(request: StaffRequest, sight: Sight, answered: str = "") -> dict[str, Any]:
    """Everything the page of the gate shows. A fixed number of queries."""
    session, story = sight.session, sight.story
    found = discharge.lines(session, now=sight.now, events=sight.every)
    rows = recovery_rows(found, request.GET.get("change", ""), answered)
    held = gate.override_of(story, at=sight.now)
    return {
        "rows": rows,
        "recorded": sum(not row.open for row in rows),
        "of": len(rows),
        "verdict": gate.verdict(found, held),
        "held": held,
        "before": session.status in HERE,
        "may_chart": permissions.may(request.staff, "session.chart"),
        "may_accept": permissions.may(request.staff, "session.accept_review"),
        "may_sign": permissions.may(request.staff, "discharge.sign"),
        "balance": bags.balance_of(session, now=request.now),
        "unwasted": bags.unwasted(session),
        **_forms(request, sight),
    }


def _forms(request: StaffRequest, sight: Sight) -> dict[str, Any]:
    session, story, rules = sight.session, sight.story, sight.supervision
    kinds = [item for item in rules.observations.set_items if item in KINDS]
    shown = newest(session, kinds, now=request.now)
    escort, signed = latest(story, "escort_named"), latest(story, "discharge_signed")
    aldrete, padss = variant_of(rules.recovery.aldrete_variant), variant_of(rules.recovery.padss_variant)
    return {
        "status_words": session.status,
        "vitals": [vital_field(kind, shown.get(kind)) for kind in kinds],
        "set_scores": [score_field(scale) for scale in _set_scores(rules)],
        "aldrete": score_form(aldrete, story, shown),
        "padss": score_form(padss, story, shown),
        "scales": {scale: scores.scale_of(scale) for scale in recovery_acts.SCALES},
        "escort": escort.text("name") if escort else "",
        "no_driving": gate.NO_DRIVING,
        "seconds": room.second_people(room.people_here(), request.staff),
        "signed": signed,
    }


def _set_scores(rules: Supervision) -> list[str]:
    items = [item for item in rules.observations.set_items if item not in KINDS]
    return [*items, *(scale for scale in rules.observations.scores if scale in ("cadss6", "nausea", "pain"))]


def score_form(variant: Variant, story: Sequence[Event], shown: dict[str, Shown]) -> dict[str, Any]:
    """A score item by item. What the vital signs suggest is said beside the item, never chosen."""
    taken = latest(story, "baseline_taken")
    items = [
        {
            "item": item,
            "points": ((2, item.two), (1, item.one), (0, item.zero)),
            "as_before": item.key in MAY_BE_AS_BEFORE,
            "suggests": _suggests(variant, item.key, taken, shown),
        }
        for item in variant.items
    ]
    return {"variant": variant, "items": items}


def _suggests(variant: Variant, item: str, taken: Event | None, shown: dict[str, Shown]) -> str:
    systolic, spo2 = shown.get("systolic"), shown.get("spo2")
    own = taken.number("systolic") if taken else None
    if item in ("circulation", "vitals") and systolic and own:
        points = circulation_points(variant, float(systolic.value), float(own))
        return _("monitor %(now)s against %(own)s: suggests %(points)s") % {"now": systolic.words, "own": own, "points": points}
    if item == "saturation" and spo2:
        air = saturation_points(variant, float(spo2.value), on_oxygen=False)
        return "" if air is None else _("monitor %(now)s: suggests %(points)s on room air") % {"now": spo2.words, "points": air}
    return ""
