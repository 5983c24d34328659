"""The morning list: one line for each visit of the day, what is missing in red and on top."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from django.http import HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _

from winddown.record.models import Location
from winddown.record.queries.morning import Expected, expected
from winddown.services import permissions
from winddown.web.access import StaffRequest
from winddown.web.people.asked import day_asked, place_asked
from winddown.web.people.shell import desk, show


@dataclass(frozen=True)
class Mark:
    """One thing about a visit: calm, watch (look) or act (missing or against it)."""

    what: str
    level: str
    words: str


@dataclass(frozen=True)
class Line:
    """One visit with its marks; `reds` decides how far up it stands."""

    visit: Expected
    marks: tuple[Mark, ...]

    @property
    def reds(self) -> int:
        return sum(mark.level == "act" for mark in self.marks)


@desk("patient.list")
def morning_page(request: StaffRequest) -> HttpResponse:
    places = list(Location.objects.order_by("name", "id"))
    place = place_asked(request, places)
    if place is None:
        return show(request, "calendar/morning.html", {"places": [], "lines": []})
    zone = ZoneInfo(place.time_zone)
    with timezone.override(zone):
        day = day_asked(request)
        begins = datetime.combine(day, time(), zone)
        found = expected(place, DateTimeTZRange(begins, datetime.combine(day + timedelta(days=1), time(), zone), "[)"))
        lines = sorted((line_of(each, day) for each in found), key=lambda line: (line.reds == 0, line.visit.span.lower))
        context = {
            "places": places,
            "place": place,
            "day": day,
            "before": day - timedelta(days=1),
            "after": day + timedelta(days=1),
            "lines": lines,
            "red": sum(line.reds > 0 for line in lines),
            "may_check_in": permissions.may(request.staff, "session.check_in"),
        }
        return show(request, "calendar/morning.html", context)


def line_of(visit: Expected, day: date) -> Line:
    if visit.patient is None:
        return Line(visit, (Mark(_("Record"), "watch", _("no record yet: open one on arrival")),))
    return Line(visit, (*_said(visit), _consent(visit, day), _screening(visit, day), _forms(visit), _allergies(visit)))


def _said(visit: Expected) -> tuple[Mark, ...]:
    """What was answered the evening before. Silence is red: nobody knows."""
    if visit.booking is None:
        return ()
    told: dict[str, Any] | None = visit.answer
    if told is None:
        return (Mark(_("Evening before"), "act", _("no answer: ask about food, escort and health")),)
    words = {
        "fasting": (_("Fasting"), _("understood"), _("says no")),
        "escort": (_("Escort"), told.get("escort_name") or _("yes"), _("nobody")),
        "well": (_("Well"), _("yes"), _("not well: call")),
    }
    return tuple(
        Mark(what, "calm" if told.get(key) == "yes" else "act", str(yes if told.get(key) == "yes" else no))
        for key, (what, yes, no) in words.items()
    )


def _consent(visit: Expected, day: date) -> Mark:
    if visit.has_consent(day):
        return Mark(_("Consent"), "calm", _("in force"))
    return Mark(_("Consent"), "act", _("withdrawn") if visit.consent and visit.consent.kind == "withdrawn" else _("missing or expired"))


def _screening(visit: Expected, day: date) -> Mark:
    row = visit.decision
    if row is None:
        return Mark(_("Screening"), "act", _("no decision"))
    if row.choice == "refuse":
        return Mark(_("Screening"), "act", _("refused"))
    if row.choice == "defer" and row.until and row.until > day:
        return Mark(_("Screening"), "act", _("deferred"))
    return Mark(_("Screening"), "calm", _("accepted")) if row.choice == "accept" else Mark(_("Screening"), "watch", _("to decide again"))


def _forms(visit: Expected) -> Mark:
    return Mark(_("Forms"), "watch", _("sent, not answered")) if visit.unsent else Mark(_("Forms"), "calm", _("none open"))


def _allergies(visit: Expected) -> Mark:
    if visit.allergies is None:
        return Mark(_("Allergies"), "act", _("not asked"))
    return Mark(_("Allergies"), "watch", _("on record")) if visit.allergies else Mark(_("Allergies"), "calm", _("none known"))
