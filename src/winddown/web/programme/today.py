"""This morning on one screen: chairs, late tasks, alarms, ledger cases, today; below it what the program achieves."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from winddown.record.models import Location, ProgrammeRebuild
from winddown.record.queries import programme
from winddown.record.queries.programme import Place
from winddown.services import announcements
from winddown.web.access import StaffRequest
from winddown.web.people.shell import desk, show
from winddown.web.programme import drawing
from winddown.web.programme.here import newest
from winddown.web.programme.results import group, median_words
from winddown.web.programme.words import PROGRAMMES, SIGNALS


@desk("programme.see")
def today(request: StaffRequest) -> HttpResponse:
    """Read in ten seconds: reds first, then what is going on."""
    live = {"tab": "today", "live": {"url": "/live/stream", "after": announcements.latest()}}
    return show(request, "programme/today.html", live | _told(request) | _achieved(newest()))


@desk("programme.see", background=True)
def now(request: StaffRequest) -> HttpResponse:
    """The numbers once more."""
    return show(request, "programme/now.html", _told(request))


def _told(request: StaffRequest) -> dict[str, Any]:
    rows = programme.places(_days(request.now), request.now)
    return {"tiles": _tiles(rows, request.now), "rows": [_row(row) for row in rows], "as_of": request.now, "several": len(rows) > 1}


def _achieved(rebuild: ProgrammeRebuild | None) -> dict[str, Any]:
    """What the last rebuild counted, one line for each program; nothing is counted while the page is asked for."""
    if rebuild is None:
        return {"rebuild": None}
    figures = rebuild.figures
    lines = [group(figures[key]["all"] | {"key": ""}, str(words), key, "") | {"of": key} for key, words in PROGRAMMES.items()]
    lines = [line for line in lines if line["series"]]
    months = figures["events"]["all"]["months"]
    return {
        "rebuild": rebuild,
        "tab": "today",
        "lines": lines,
        "bars": mark_safe(drawing.bars(lines, _("Series of each program by what is known of them"))) if lines else "",
        **_lasting(lines),
        "events": figures["events"]["all"],
        "infusions": sum(month["infusions"] for month in months),
        "signals": [month | {"words": SIGNALS[month["signal"]]} for month in months if month["signal"]],
        "serious": sum(month["events"] for month in figures["events"]["serious"]["months"]),
    }


def _lasting(lines: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """How long those who responded hold it, one curve for each program."""
    held = [line for line in lines if line["curve"]["of"]]
    for line, letter in zip(held, drawing.LETTERS, strict=False):
        line["letter"] = letter
    sentence = " ".join(f"{line['name']}: {median_words(line['curve'])}." for line in held)
    picture = drawing.curves([line["curve"] for line in held], sentence, _("days with the response held")) if held else ""
    return {"held": held, "curves": mark_safe(picture)}


def _days(at: datetime) -> dict[int, tuple[datetime, datetime]]:
    """Each location's today, midnight to midnight on its own clock."""
    found = {}
    for pk, zone in Location.objects.values_list("id", "time_zone"):
        first = timezone.localtime(at, ZoneInfo(zone)).replace(hour=0, minute=0, second=0, microsecond=0)
        found[pk] = (first, (first + timedelta(days=1, hours=2)).replace(hour=0))
    return found


def _tiles(rows: Sequence[Place], at: datetime) -> list[dict[str, Any]]:
    return [_alarms(rows), _tasks(rows, at), _cases(rows, at), _chairs(rows), _visits(rows)]


def _alarms(rows: Sequence[Place]) -> dict[str, Any]:
    standing, unseen = sum(row.standing for row in rows), sum(row.unseen for row in rows)
    level = "act" if unseen else "watch" if standing else "calm"
    words = ngettext("%(n)s not acknowledged", "%(n)s not acknowledged", unseen) % {"n": unseen} if standing else _("none stands")
    return _tile("alarms", _("Alarms standing"), standing, words, level, reverse("alarm_list"))


def _tasks(rows: Sequence[Place], at: datetime) -> dict[str, Any]:
    late, urgent = sum(row.late for row in rows), sum(row.urgent for row in rows)
    oldest = min((row.oldest_due for row in rows if row.oldest_due), default=None)
    words = _("%(urgent)s urgent open") % {"urgent": urgent}
    if oldest:
        words += " · " + _("the oldest %(age)s late") % {"age": _age(at - oldest)}
    level = "act" if urgent or late else "calm"
    return _tile("tasks", _("Late tasks"), late, words, level, reverse("task_list") + "?whose=all&late=1")


def _cases(rows: Sequence[Place], at: datetime) -> dict[str, Any]:
    cases = sum(row.cases for row in rows)
    oldest = min((row.oldest_case for row in rows if row.oldest_case), default=None)
    words = _("the oldest open for %(age)s") % {"age": _age(at - oldest)} if oldest else _("none is open")
    return _tile("cases", _("Ledger cases open"), cases, words, "watch" if cases else "calm", reverse("ledger_cases"))


def _chairs(rows: Sequence[Place]) -> dict[str, Any]:
    seated, chairs = sum(row.in_chair for row in rows), sum(row.chairs for row in rows)
    held = sum(row.seated["held"] for row in rows)
    words = _("%(infusing)s infusing, %(recovering)s recovering") % {
        "infusing": sum(row.infusing for row in rows),
        "recovering": sum(row.seated["recovering"] + row.seated["stopped"] for row in rows),
    }
    words += " · " + _("%(held)s on hold") % {"held": held} if held else ""
    return _tile("chairs", _("In a chair now"), seated, words, "watch" if held else "calm", reverse("wall"), of=chairs)


def _visits(rows: Sequence[Place]) -> dict[str, Any]:
    visits, late = sum(row.visits for row in rows), sum(row.not_come for row in rows)
    words = _("%(done)s done, %(to_come)s to come") % {"done": sum(row.done for row in rows), "to_come": sum(row.to_come for row in rows)}
    words += " · " + _("%(late)s past their time") % {"late": late} if late else ""
    return _tile("today", _("Visits today"), visits, words, "watch" if late else "calm", reverse("board"))


def _tile(key: str, title: str, number: int, words: str, level: str, url: str, *, of: int | None = None) -> dict[str, Any]:
    return {"key": key, "title": title, "number": number, "of": of, "words": words, "level": level, "url": url}


def _row(place: Place) -> dict[str, Any]:
    """One location; each of its numbers leads to that location's list."""
    here = f"?place={place.location.ref}"
    return {
        "place": place,
        "name": place.location.name,
        "cells": [
            _cell("alarms", _("Alarms standing"), str(place.standing), "act" if place.unseen else "", reverse("alarm_list") + here),
            _cell("tasks", _("Late tasks"), str(place.late), "act" if place.late else "", reverse("task_list") + here + "&late=1"),
            _cell("cases", _("Ledger cases open"), str(place.cases), "watch" if place.cases else "", reverse("ledger_cases") + here),
            _cell("chairs", _("In a chair now"), f"{place.in_chair} / {place.chairs}", "", reverse("board") + here),
            _cell("today", _("Visits today"), f"{place.done} / {place.visits}", "", reverse("board") + here),
        ],
    }


def _cell(key: str, words: str, number: str, level: str, url: str) -> dict[str, str]:
    return {"key": key, "words": words, "number": number, "level": level, "url": url}


def _age(span: timedelta) -> str:
    """In the largest unit that says enough."""
    minutes = max(int(span.total_seconds() // 60), 0)
    if minutes < 90:
        return ngettext("%(n)s minute", "%(n)s minutes", minutes) % {"n": minutes}
    hours = minutes // 60
    if hours < 48:
        return ngettext("%(n)s hour", "%(n)s hours", hours) % {"n": hours}
    return ngettext("%(n)s day", "%(n)s days", hours // 24) % {"n": hours // 24}
