"""What happens in the room, from the protocols in force: who is there, what is watched how often, when it stops, when you go home."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as __
from django.views.decorators.http import require_safe

from winddown.domain.figures import Figure
from winddown.domain.sessions.blocks import Supervision
from winddown.services.site import reading
from winddown.web.public.door import VisitorRequest, show, visitor

STOPS = {
    "patient_request": __("You ask for it. The nurse holds the pump and stays with you."),
    "iv_problem": __("The skin at the needle is red, swollen or leaks."),
    "monitor_loss": __("The monitor stops showing your heart or your oxygen for %(after)s."),
    "emergency_symptoms": __("You have alarming signs, such as chest pain. The pump is stopped and help is called."),
    "third_hold": __("It had to be held for the third time. Then it is over for that day."),
    "recheck_after_hold": __("After a hold, the nurse checks again within %(after)s; a prescriber says whether it goes on, never faster."),
}
ROLES = {"ACLS": __("advanced life support"), "sedation": __("watching people who are sedated")}


@require_safe
@visitor()
def room(request: VisitorRequest) -> HttpResponse:
    told = reading.supervised()
    if not told:
        raise Http404
    return show(request, "public/room.html", {"ways": ways(told)})


def ways(told: list[reading.Supervised]) -> list[dict[str, Any]]:
    """Protocols with the same supervision are told once, for all their indications."""
    found: dict[str, dict[str, Any]] = {}
    for each in told:
        lines = {
            "before": _before(each.rules),
            "during": _during(each.rules),
            "stops": _stops(each.rules),
            "after": _after(each.rules),
        }
        known = found.setdefault(repr(lines), {"indications": [], "signed_at": each.signed_at, **lines})
        known["indications"].append(_(each.indication))
        known["signed_at"] = max(known["signed_at"], each.signed_at)
    return list(found.values())


def summary(told: list[reading.Supervised]) -> dict[str, str] | None:
    """Three figures for the therapy page, from the strictest to the loosest where protocols differ."""
    if not told:
        return None
    observed = [each.rules.observations for each in told]
    return {
        "early": _span([each.early_interval_min for each in observed]),
        "then": _span([each.interval_min for each in observed]),
        "stay": _span([each.rules.recovery.minimum_stay_min for each in told]),
    }


def _before(rules: Supervision) -> list[str]:
    gate = rules.start_gate
    trained = ", ".join(str(ROLES.get(role, role)) for role in gate.roles)
    return [
        _("Nothing solid for %(heavy)s after a heavy meal and %(light)s after a light one; clear drinks until %(clear)s before.")
        % {"heavy": said(gate.fasting_heavy_h), "light": said(gate.fasting_light_h), "clear": said(gate.fasting_clear_h)},
        _("The nurse measures your weight, blood pressure, pulse, breathing and oxygen, not more than %(age)s before the start.")
        % {"age": said(gate.baseline_age_min)},
        _("Two people read the pump's program back to each other, and the bag is checked by a second person."),
        _("It does not start unless the people named for you are trained in: %(trained)s.") % {"trained": trained},
    ]


def _during(rules: Supervision) -> list[str]:
    seen = rules.observations
    return [
        _("A prescriber is named who supervises, and a nurse is with you."),
        *([_("Your pulse and your oxygen are measured without a pause.")] if {"pulse_rate", "spo2"} <= set(seen.continuous) else []),
        _("The nurse takes a full set of measurements every %(early)s for the first %(first)s, and again after every change of the rate.")
        % {"early": said(seen.early_interval_min), "first": said(seen.early_for_min)},
        _("After that, every %(then)s. Every %(scores)s the nurse asks how you feel: pain, nausea, fear, and how far away you are.")
        % {"then": said(seen.interval_min), "scores": said(seen.scores_interval_min)},
    ]


def _stops(rules: Supervision) -> list[str]:
    found = []
    for rule in rules.stop_rules:
        words = STOPS.get(rule.key)
        found.append(str(words) % {"after": said(rule.after) if rule.after else ""} if words else _(rule.words))
    return found


def _after(rules: Supervision) -> list[str]:
    recovery, seen = rules.recovery, rules.observations
    lines = [
        _("You stay for at least %(stay)s, and longer after some medicines.") % {"stay": said(recovery.minimum_stay_min)},
        _("The nurse measures again every %(interval)s.") % {"interval": said(seen.recovery_interval_min)},
        _("You leave when you are fully awake, steady on your feet as you were before, and the needle is out. A nurse signs."),
        _("An adult you named goes with you. You do not drive until the next day, after a night's sleep."),
    ]
    if recovery.suicide_follow_up:
        lines.insert(2, _("Before you leave, the nurse asks about thoughts of suicide."))
    return lines


def said(figure: Figure) -> str:
    """A time in words: whole hours as hours."""
    if figure.unit == "min" and figure.value >= 120 and figure.value % 60 == 0:
        return _("%(n)s hours") % {"n": f"{figure.value / 60:g}"}
    if figure.unit == "h":
        return _("%(n)s hours") % {"n": f"{figure.value:g}"}
    return _("%(n)s minutes") % {"n": f"{figure.value:g}"}


def _span(figures: list[Figure]) -> str:
    low, high = min(figures, key=lambda each: each.value), max(figures, key=lambda each: each.value)
    return said(low) if low.value == high.value else _("%(low)s to %(high)s") % {"low": said(low), "high": said(high)}
