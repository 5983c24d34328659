"""Locations or prescribers beside one another, adjusted for whom they treat, inside exact limits of chance."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _

from winddown.web.access import StaffRequest
from winddown.web.people.shell import desk
from winddown.web.programme import drawing
from winddown.web.programme.here import list_url, newest, page, programme_of, split_of
from winddown.web.programme.words import SPLITS, STANDINGS, names

AMONG = {key: SPLITS[key] for key in ("location", "clinician")}
LEVELS = {"95": "calm", "99.8": "watch", "out": "act", "few": "unknown"}


@desk("programme.see")
def places(request: StaffRequest) -> HttpResponse:
    """A unit beyond the limits is a reason to look, never a finding about a person."""
    rebuild, of, by = newest(), programme_of(request), split_of(request, AMONG)
    if rebuild is None:
        return page(request, "", "places", {}, None)
    found, called = rebuild.figures[of]["funnel"][by], names(by)
    rows = [_row(each, called.get(each["key"], each["key"]), of, by) for each in found["units"]]
    context = {
        "by": by,
        "splits": [{"key": key, "words": words} for key, words in AMONG.items()],
        "found": found,
        "rows": rows,
        "picture": mark_safe(drawing.funnel(found, called, _sentence(rows), _("series that can be judged"))) if rows else "",
    }
    return page(request, "programme/places.html", "places", context, rebuild)


def _row(each: dict[str, Any], name: str, of: str, by: str) -> dict[str, Any]:
    return each | {
        "name": name,
        "words": STANDINGS[each["inside"]],
        "level": LEVELS[each["inside"]],
        "url": list_url(of=of, **{by: each["key"]}),
        "chance_percent": 100 * each["chance"],
    }


def _sentence(rows: list[dict[str, Any]]) -> str:
    return " ".join(
        _("%(name)s: %(seen)s of %(of)s responded, %(expected).1f expected, %(words)s.")
        % {
            "name": row["name"],
            "seen": row["seen"],
            "of": row["of"],
            "expected": row["expected"],
            "words": row["words"],
        }
        for row in rows
    )
