"""The readings of a card as markup. Eighty lines stand on a board of twenty chairs: one string each is ten times a template's speed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from django.template.loader import render_to_string
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

WALL_LINES = 3
_LINE = (
    '<div class="wd-number wd-level-{level}" data-number="{key}" data-stale-after-s="{stale_after_s}"><dt>{label}</dt>'
    '<dd><span class="wd-number-value">{values}</span>{unit}{said}'
    '<span class="wd-number-when"><time data-age datetime="{at}">{clock}</time>{source}{late}'
    '<span class="wd-stale-words" hidden> · {old}</span></span></dd></div>'
)


@dataclass(frozen=True)
class Words:
    """What every line says alike, in the reader's language."""

    old: str
    late: str

    @classmethod
    def now(cls) -> Words:
        return cls(escape(_("old")), escape(_("late")))


def drawn(lines: Sequence[Mapping[str, Any]], words: Words, *, on_wall: bool) -> SafeString:
    """The lines inside a list. On the wall the first three, without their source: they are read from three meters."""
    shown = lines[:WALL_LINES] if on_wall else lines
    return mark_safe("".join(_line(line, words, on_wall) for line in shown))


def _line(line: Mapping[str, Any], words: Words, on_wall: bool) -> str:
    said = f' <span class="wd-number-level">{_shape(line["level"])}{escape(line["level_words"])}</span>' if line["level_words"] else ""
    unit = line["unit"]
    return _LINE.format(
        level=line["level"],
        key=line["key"],
        stale_after_s=line["stale_after_s"],
        label=f"{escape(line['label'])}{f' <small>{unit}</small>' if on_wall else ''}",
        values="/".join(_value(part) for part in line["parts"]),
        unit="" if on_wall else f" <small>{unit}</small>",
        said=said,
        at=line["at"],
        clock=line["clock"],
        source="" if on_wall else f", <span data-source>{escape(line['source'])}</span>",
        late=f", {words.late}" if line["late"] else "",
        old=words.old,
    )


def _value(part: Mapping[str, str]) -> str:
    low = f' data-low="{part["low"]}"' if part["low"] else ""
    high = f' data-high="{part["high"]}"' if part["high"] else ""
    return f'<b data-reading="{part["kind"]}"{low}{high}>{part["value"]}</b>'


@lru_cache
def _shape(level: str) -> str:
    return render_to_string("components/shape.html", {"shape": level})
