"""Every rule and check with its figures, and a new version of the thresholds by the director."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from winddown.domain.figures import Figure
from winddown.domain.refusals import NotAllowed, OutOfRange, Refusal
from winddown.domain.screening.check_kinds import CHECKS
from winddown.domain.screening.rules import RULES
from winddown.record.models import ScreeningLimits
from winddown.services.screening import thresholds
from winddown.web.access import StaffRequest
from winddown.web.orders.words import FIGURE_STATUS
from winddown.web.people.shell import desk, show
from winddown.web.screening.words import CHECKS as CHECK_WORDS
from winddown.web.screening.words import FAMILIES


@desk("protocol.see")
def rule_list(request: StaffRequest) -> HttpResponse:
    """What screening looks for: every rule and every check, with the figure in force and where it comes from."""
    version, limits = thresholds.in_force()
    families: dict[str, list[dict[str, Any]]] = {}
    for rule in RULES:
        line = {"rule": rule, "limits": _figures(limits.get(rule.id, {})), "status": FIGURE_STATUS[rule.status]}
        families.setdefault(rule.family, []).append(line)
    checks = [{"kind": kind, "title": CHECK_WORDS[key], "limits": _figures(limits[f"check.{key}"])} for key, kind in CHECKS.items()]
    context = {
        "version": version,
        "count": len(RULES),
        "families": [{"words": FAMILIES.get(key, key), "lines": lines} for key, lines in families.items()],
        "checks": checks,
        "versions": ScreeningLimits.objects.select_related("signed_by").order_by("-version"),
    }
    return show(request, "screening/rules.html", context)


def _figures(limits: Any) -> list[dict[str, Any]]:
    return [{"name": name.replace("_", " "), "figure": figure, "status": FIGURE_STATUS[figure.status]} for name, figure in limits.items()]


@desk("screening.sign_limits")
def rule_change(request: StaffRequest) -> HttpResponse:
    """Type what changes, say why, sign. The version before stays, and every run names the version it used."""
    version, limits = thresholds.in_force()
    refusal = None
    if request.method == "POST":
        try:
            row = _sign(request, limits)
        except Refusal as why:
            if isinstance(why, NotAllowed) and why.code == "not_permitted":
                raise
            refusal = why
        else:
            messages.success(request, _("Version %(n)s of the thresholds is signed and in force.") % {"n": row.version})
            return redirect("screening_rules")
    titles = {rule.id: rule.title for rule in RULES} | {f"check.{key}": words for key, words in CHECK_WORDS.items()}
    shipped = thresholds.shipped()
    groups = [
        {"title": titles[key], "lines": [_line(request, key, name, figure, shipped[key][name]) for name, figure in figures.items()]}
        for key, figures in limits.items()
        if figures
    ]
    context = {"version": version, "groups": groups, "refusal": refusal, "typed": request.POST}
    return show(request, "screening/rules_change.html", context, status=422 if refusal else 200)


def _line(request: StaffRequest, key: str, name: str, figure: Figure, shipped: Figure) -> dict[str, Any]:
    field = f"{key}:{name}"
    return {
        "field": field,
        "name": name.replace("_", " "),
        "figure": figure,
        "shipped": shipped,
        "value": request.POST.get(field, f"{figure.value:g}"),
        "status": FIGURE_STATUS[figure.status],
    }


def _sign(request: StaffRequest, limits: Any) -> ScreeningLimits:
    because = request.POST.get("because", "")
    changed: dict[str, dict[str, dict[str, Any]]] = {}
    for key, figures in limits.items():
        for name, figure in figures.items():
            value = _number(request.POST.get(f"{key}:{name}", ""), name, figure.value)
            if value != figure.value:
                source = f"signed by {request.staff.name}: {because.strip()}"
                changed.setdefault(key, {})[name] = Figure(value, figure.unit, source, "derived").as_data()
    on = request.POST.get("on", "")
    return thresholds.sign(changed, because=because, on=int(on) if on.isdigit() else -1, by=request.staff, now=request.now)


def _number(text: str, name: str, held: float) -> float:
    if not text.strip():
        return held
    try:
        value = Decimal(text.strip().replace(",", "."))
    except InvalidOperation:
        raise OutOfRange(because=f"{name}: {text!r} is not a number.", way_out="Check it.", code="limit_number") from None
    if not value.is_finite():
        raise OutOfRange(because=f"{name}: {text!r} is not a number.", way_out="Check it.", code="limit_number")
    return float(value)
