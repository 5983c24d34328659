"""What a protocol asks at home after a visit, in words: which questions, on which days, at which hour, open for how long."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from winddown.domain.followup import schedule
from winddown.domain.followup.schedule import BLOCK, Due
from winddown.domain.instruments import instrument_of
from winddown.domain.instruments.instrument import said
from winddown.domain.instruments.sets import set_of


def in_words(data: Mapping[str, Any]) -> dict[str, Any]:
    """The block `follow_up` of a version; one that was signed before there was such a block follows the packaged rows and says so."""
    block = data.get(BLOCK)
    rows = schedule.from_data(block["rows"]) if block else schedule.packaged(data["track"])
    source, status = (block["source"], block["status"]) if block else (schedule.SOURCE, "derived")
    return {"rows": [_row(due) for due in rows], "source": source, "status": status, "own": bool(block)}


def _row(due: Due) -> dict[str, str]:
    language = get_language() or "en"
    form_set = set_of(due.form_set)
    return {
        "name": said(form_set.words, language),
        "asks": ", ".join(said(instrument_of(key).name, language) for key in form_set.instruments),
        "days": _days(due),
        "hour": _("the hour the patient chose") if due.at_hour is None else f"{due.at_hour}:00",
        "open": _("{n} h").format(n=f"{due.open_days * 24:g}") if due.open_days < 2 else _("{n} days").format(n=f"{due.open_days:g}"),
    }


def _days(due: Due) -> str:
    """`days 1 to 14, 21 and 28 after an infusion, then every 7 days to day 84`"""
    if due.anchor == "course":
        return _("when the course is opened") if due.days == (0,) else _("days {days} of the course").format(days=_spans(due.days))
    found = _("day {days} after an infusion") if len(due.days) == 1 else _("days {days} after an infusion")
    told = found.format(days=_spans(due.days))
    if not due.then_every:
        return told
    return _("{days}, then every {every} days to day {until}").format(days=told, every=due.then_every, until=due.until_day)


def _spans(days: tuple[int, ...]) -> str:
    """1, 2, 3, 7 as `1 to 3, 7`."""
    spans: list[list[int]] = []
    for day in days:
        if spans and day == spans[-1][-1] + 1:
            spans[-1].append(day)
        else:
            spans.append([day])
    to = _("to")
    return ", ".join(f"{span[0]} {to} {span[-1]}" if len(span) > 2 else ", ".join(map(str, span)) for span in spans)
