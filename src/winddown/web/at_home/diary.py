"""The diary on a phone: two lines and a note, for one thumb, at night; what else is due; and how the patient wants to be asked."""

from __future__ import annotations

from django.http import HttpResponse

from winddown.domain.instruments.sets import SETS, Ask
from winddown.services import diary, instruments
from winddown.web.at_home import present, views
from winddown.web.by_link import LinkRequest, by_link, show

ASKS = (*SETS["evening"].asks, Ask(diary.NOTE))


@by_link("diary")
def page(request: LinkRequest) -> HttpResponse:
    """Pain, mood and a note. A line that was not touched is missing."""
    if request.method == "POST":
        return views.take_in(request, ASKS, onward="/diary/done/")
    today = diary.today(request.link, now=request.now)
    if not today.numbers:
        return show(request, "at_home/diary_done.html", _context(request, today))
    sheets = [_sheet(request, ask) for ask in ASKS]
    day = today.home.day_of(request.now).isoformat()
    context = _context(request, today) | {"sheets": sheets, "questions": _lines(sheets), "keep": f"{request.link.ref}-{day}"}
    return show(request, "at_home/diary.html", context)


@by_link("diary")
def done(request: LinkRequest) -> HttpResponse:
    return show(request, "at_home/diary_done.html", _context(request, diary.today(request.link, now=request.now)) | views.after(request))


def _context(request: LinkRequest, today: diary.Today) -> dict[str, object]:
    return {"more": len(today.more), "given_name": ""}


def _sheet(request: LinkRequest, ask: Ask) -> present.Sheet:
    form, spoken = instruments.form_for(ask.instrument, request.spoken)
    return present.sheet(form, language=spoken, only=ask.only)


def _lines(sheets: list[present.Sheet]) -> list[dict[str, object]]:
    """The questions in order; those with numbers are drawn as lines."""
    return [{"question": question, "sheet": sheet} for sheet in sheets for question in sheet.questions]
