"""Dose and response of one's own patients: adjusted, with spread, numbers, and those whose response nobody knows."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _

from winddown.web.access import StaffRequest
from winddown.web.people.shell import desk
from winddown.web.programme import drawing
from winddown.web.programme.here import list_url, newest, page, programme_of
from winddown.web.programme.words import names


@desk("programme.see")
def doses(request: StaffRequest) -> HttpResponse:
    rebuild, of = newest(), programme_of(request)
    if rebuild is None:
        return page(request, "", "dose", {}, None)
    told, called = rebuild.figures[of]["dose"], names("protocol")
    protocol = request.GET.get("protocol", "")
    protocol = protocol if protocol in told else ""
    found = told[protocol]
    context = {
        "found": found,
        "protocol": protocol,
        "choices": [{"key": key, "name": called.get(key, key) if key else _("All protocols")} for key in told],
        "bins": [_bin(each, of, protocol) for each in found["bins"]],
        "picture": mark_safe(drawing.dose(found, _sentence(found), _("mg/kg per infusion, as ordered"))) if found["bins"] else "",
    }
    return page(request, "programme/dose.html", "dose", context, rebuild)


def _bin(each: dict[str, Any], of: str, protocol: str) -> dict[str, Any]:
    asked = {"of": of, "protocol": protocol, "from": f"{each['low']:.4f}", "to": f"{each['high']:.4f}"}
    return each | {"url": list_url(**asked), "unknown_url": list_url(**asked, response="unknown")}


def _sentence(found: dict[str, Any]) -> str:
    line = found["line"]
    if not line:
        return _("Counted shares of responses by dose, without a curve.")
    return _("Adjusted chance of a response: %(first).0f %% at %(low).2f mg/kg, %(last).0f %% at %(high).2f mg/kg.") % {
        "first": 100 * line[0][1],
        "low": line[0][0],
        "last": 100 * line[-1][1],
        "high": line[-1][0],
    }
