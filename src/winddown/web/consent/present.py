"""A consent text, its figures and where a sitting stands, as pages and the paper show them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _

from winddown.domain.consent.reading import Reading
from winddown.domain.consent.text import STATEMENTS, ConsentText


def figure_lines(figures: Sequence[Mapping[str, Any]]) -> list[dict[str, str]]:
    """The table of risks in words. A share is never shown without what it is a share of."""
    return [
        {
            "words": _(each["words"]),
            "published": _published(each),
            "here": _here(each),
            "interval": "–" if each["low"] is None else f"{_percent(each['low'])} – {_percent(each['high'])} %",
        }
        for each in figures
    ]


def _here(each: Mapping[str, Any]) -> str:
    if each["count"] is None:
        return _("not counted here")
    return _("%(n)s of %(of)s infusions") % {"n": each["count"], "of": each["of"]} if each["of"] else _("no infusion given here yet")


def _published(each: Mapping[str, Any]) -> str:
    figure = each["published"]
    return f"{figure['value']:g} % {_(each['per'])} ({figure['source']})"


def _percent(share: float) -> str:
    return f"{100 * share:.1f}"


def sitting(text: ConsentText, reading: Reading, figures: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """Everything the page draws of one sitting."""
    return {
        "title": text.title,
        "paragraphs": [
            {
                "key": each.key,
                "heading": each.heading,
                "lines": each.words,
                "figures": each.has_figures,
                "again": each.key in reading.reopened,
            }
            for each in text.paragraphs
        ],
        "figures": figure_lines(figures),
        "questions": [
            {
                "place": place,
                "ask": each.ask,
                "choices": [{"place": number, "words": words} for number, words in enumerate(each.choices)],
                "right": place in reading.right,
                "again": _again(text, reading, place),
            }
            for place, each in enumerate(text.questions)
        ],
        "statements": [{"key": key, "words": text.statements[key], "at": reading.acknowledged.get(key)} for key in STATEMENTS],
        "ready": not reading.missing,
        "missing": len(reading.missing),
    }


def _again(text: ConsentText, reading: Reading, place: int) -> dict[str, Any] | None:
    """The paragraph to read once more, when this question was answered wrongly last."""
    if place in reading.right:
        return None
    paragraph = text.paragraph(text.questions[place].paragraph)
    if paragraph is None or paragraph.key not in reading.reopened:
        return None
    return {"heading": paragraph.heading, "lines": paragraph.words}
