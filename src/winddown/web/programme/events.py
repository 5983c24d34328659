"""Adverse events per 1,000 infusions on a control chart, and the visits behind each month."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.http import HttpResponse
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _

from winddown.domain.sessions.adverse_events import TERMS
from winddown.record.queries import outcomes
from winddown.services import audit
from winddown.web.access import StaffRequest
from winddown.web.people.shell import desk
from winddown.web.programme import drawing
from winddown.web.programme.here import newest, page
from winddown.web.programme.words import SIGNALS, term

KINDS = ("all", "serious")


@desk("programme.see")
def events(request: StaffRequest) -> HttpResponse:
    rebuild = newest()
    if rebuild is None:
        return page(request, "", "events", {}, None)
    told = rebuild.figures["events"]
    kind = "serious" if request.GET.get("kind") == "serious" else "all"
    chart = told[kind]
    infusions = sum(month["infusions"] for month in chart["months"])
    context = {
        "kind": kind,
        "chart": chart,
        "months": [month | {"words": SIGNALS[month["signal"]]} for month in reversed(chart["months"])],
        "infusions": infusions,
        "count": sum(month["events"] for month in chart["months"]),
        "false_alarm": 100 * chart["false_alarm"],
        "false_alarm_chart": 100 * chart["false_alarm_chart"],
        "terms": [each | {"words": term(each["key"])} for each in told["terms"]],
        "picture": _picture(chart),
    }
    return page(request, "programme/events.html", "events", context, rebuild)


def _picture(chart: dict[str, Any]) -> str:
    if chart["center"] is None:
        return ""
    signals = [month["label"] for month in chart["months"] if month["signal"]]
    sentence = _("Events per 1,000 infusions by month; the middle is %(center).0f.") % {"center": chart["center"]}
    sentence += " " + (_("Signals: %(months)s.") % {"months": ", ".join(signals)} if signals else _("No month is beyond the limits."))
    return mark_safe(drawing.control(chart["months"], chart["center"], sentence, _("month")))


@desk("programme.see")
def event_list(request: StaffRequest) -> HttpResponse:
    """The visits of one month, or of two years for one term, that had an event written down."""
    rebuild = newest()
    zone = ZoneInfo(rebuild.figures["events"]["zone"] if rebuild else "UTC")
    first, last = _span(request, zone)
    asked = request.GET.get("term", "")
    asked = asked if asked in TERMS else ""
    found = outcomes.with_event(first, last, asked)
    audit.note("see list of events", by=request.staff, now=request.now, subject=f"{first:%Y-%m} {asked}".strip())
    rows = [{"session": session, "events": [_event(each) for each in told]} for session, told in found]
    context = {"rows": rows, "first": first, "term": term(asked) if asked else ""}
    return page(request, "programme/event_list.html", "events", context, rebuild)


def _event(told: dict[str, Any]) -> dict[str, Any]:
    return {"words": term(str(told.get("term", ""))), "grade": told.get("grade"), "at": told["at"]}


def _span(request: StaffRequest, zone: ZoneInfo) -> tuple[datetime, datetime]:
    """The month that the address names; two years up to now where it names none."""
    try:
        first = datetime.strptime(request.GET.get("month", ""), "%Y-%m").replace(tzinfo=zone)
    except ValueError:
        return request.now - timedelta(days=731), request.now
    return first, (first + timedelta(days=32)).replace(day=1)
