"""The diary on a phone: two lines and a note, for one thumb, at night; what else is due; and how the patient wants to be asked."""

from __future__ import annotations

from datetime import timedelta
from functools import cache
from pathlib import Path
from typing import Any

from django.contrib.staticfiles import finders
from django.http import HttpResponse

from winddown.domain.instruments.sets import SETS, Ask
from winddown.domain.outcomes.definition import PAIN
from winddown.record.models import Answer
from winddown.services import diary, instruments
from winddown.web.at_home import present, views
from winddown.web.by_link import LinkRequest, by_link, show
from winddown.web.relief.own import own_curve

ASKS = (*SETS["evening"].asks, Ask(diary.NOTE))
OFFLINE = "X-Winddown-Offline"
JUST_ANSWERED = timedelta(minutes=15)


@by_link("diary")
def page(request: LinkRequest) -> HttpResponse:
    """Pain, mood and a note. A line that was not touched is missing."""
    if request.method == "POST":
        return views.take_in(request, ASKS, onward="/diary/done/")
    today = diary.today(request.link, now=request.now)
    if not today.numbers:
        return _thanks(request, today)
    sheets = [_sheet(request, ask) for ask in ASKS]
    context = _context(request, today) | {"sheets": sheets, "questions": _lines(sheets), "keep": str(request.link.ref)}
    response = show(request, "at_home/diary.html", context)
    response[OFFLINE] = "form"
    return response


@by_link("diary")
def worker(request: LinkRequest) -> HttpResponse:
    """The script that opens the form again without a network. Its place in the address is all that it can ever see."""
    return HttpResponse(_worker(), content_type="text/javascript")


@cache
def _worker() -> str:
    return Path(str(finders.find("js/at-home-worker.js"))).read_text(encoding="utf-8")


@by_link("diary")
def done(request: LinkRequest) -> HttpResponse:
    return _thanks(request, diary.today(request.link, now=request.now))


@by_link("diary")
def curve(request: LinkRequest) -> HttpResponse:
    """The own curve alone, for a page that has just sent an answer; an empty answer where there is nothing to show now."""
    own = {} if views.after(request)["red"] else _own_curve(request)
    return show(request, "relief/own_curve.html", own) if own.get("own_drawing") else HttpResponse()


def _thanks(request: LinkRequest, today: diary.Today) -> HttpResponse:
    after = views.after(request)
    own = {} if after["red"] else _own_curve(request)
    return show(request, "at_home/diary_done.html", _context(request, today) | after | own)


def _own_curve(request: LinkRequest) -> dict[str, Any]:
    """The patient's own curve, right after their answer and only then: the same link opened later shows nothing of earlier days."""
    access = request.link.access
    if access is not None and access.who != "patient":
        return {}
    just_now = {"link": request.link, "instrument": PAIN.instrument, "written_at__gt": request.now - JUST_ANSWERED}
    return own_curve(request.patient, now=request.now) if Answer.objects.filter(**just_now).exists() else {}


def _context(request: LinkRequest, today: diary.Today) -> dict[str, object]:
    return {"more": len(today.more), "given_name": ""}


def _sheet(request: LinkRequest, ask: Ask) -> present.Sheet:
    form, spoken = instruments.form_for(ask.instrument, request.spoken)
    return present.sheet(form, language=spoken, only=ask.only)


def _lines(sheets: list[present.Sheet]) -> list[dict[str, object]]:
    """The questions in order; those with numbers are drawn as lines."""
    return [{"question": question, "sheet": sheet} for sheet in sheets for question in sheet.questions]
