"""Two protocols side by side in three clicks: the difference as counted, the difference among like patients, and how long each lasts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.http import HttpResponse
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _

from winddown.domain.outcomes import casemix, summary
from winddown.domain.outcomes.shares import Difference
from winddown.domain.outcomes.summary import Series
from winddown.record.queries import outcomes
from winddown.web.access import StaffRequest
from winddown.web.people.shell import desk
from winddown.web.programme import drawing
from winddown.web.programme.here import list_url, newest, page, programme_of
from winddown.web.programme.results import median_words
from winddown.web.programme.words import names


@desk("programme.see")
def compare(request: StaffRequest) -> HttpResponse:
    """The two with the most series, until others are chosen."""
    rebuild, of = newest(), programme_of(request)
    if rebuild is None:
        return page(request, "", "compare", {}, None)
    rows, called, families = outcomes.series(of), names("protocol"), names("diagnosis")
    known = list(summary.by(rows, "diagnosis"))
    among = request.GET.get("among", "")
    among = among if among in known else ""
    groups = summary.by([row for row in rows if among in ("", row.diagnosis)], "protocol")
    order = list(groups)
    first = _chosen(request.GET.get("first"), order, order)
    second = _chosen(request.GET.get("second"), order, [key for key in order if key != first])
    context: dict[str, Any] = {
        "choices": [{"key": key, "name": called.get(key, key), "count": len(groups[key])} for key in order],
        "first": first,
        "second": second,
        "among": among,
        "families": [{"key": key, "name": families.get(key, key)} for key in known],
    }
    if first and second and first != second:
        context |= _told(groups[first], groups[second], called.get(first, first), called.get(second, second), of, first, second)
    return page(request, "programme/compare.html", "compare", context, rebuild)


def _chosen(asked: str | None, known: Sequence[str], otherwise: Sequence[str]) -> str:
    if asked in known:
        return str(asked)
    return otherwise[0] if otherwise else ""


def _told(
    one: Sequence[Series], two: Sequence[Series], one_name: str, two_name: str, of: str, one_key: str, two_key: str
) -> dict[str, Any]:
    found = casemix.compare(one, two)
    curves = [summary.curve_data(found.first_curve), summary.curve_data(found.second_curve)]
    sides = [
        _side(rows, name, key, share, curve, of, letter)
        for rows, name, key, share, curve, letter in (
            (one, one_name, one_key, found.first, curves[0], "a"),
            (two, two_name, two_key, found.second, curves[1], "b"),
        )
    ]
    sentence = " ".join(f"{side['name']}: {median_words(side['curve'])}." for side in sides)
    return {
        "sides": sides,
        "found": found,
        "raw": _difference(found.raw),
        "adjusted": _difference(found.adjusted) if found.adjusted else None,
        "durable": [{"day": day, **_difference(apart)} for day, apart in found.durable],
        "curves": mark_safe(drawing.curves(curves, sentence, _("days with the response held"))),
    }


def _side(rows: Sequence[Series], name: str, key: str, share: Any, curve: Mapping[str, Any], of: str, letter: str) -> dict[str, Any]:
    unknown = sum(row.response == "unknown" for row in rows)
    lost = sum(row.end == "lost" for row in rows)
    return {
        "name": name,
        "letter": letter,
        "series": len(rows),
        "patients": len({row.patient for row in rows}),
        "share": share,
        "unknown": unknown,
        "waiting": sum(row.response == "waiting" for row in rows),
        "lost": lost,
        "curve": curve,
        "median": median_words(curve) if curve["of"] else _("nobody responded"),
        "urls": {
            "yes": list_url(of=of, protocol=key, response="yes"),
            "unknown": list_url(of=of, protocol=key, response="unknown"),
            "lost": list_url(of=of, protocol=key, ending="lost"),
            "all": list_url(of=of, protocol=key),
        },
    }


def _difference(found: Difference) -> dict[str, Any]:
    """In percentage points, with the sentence that its interval allows."""
    if found.value is None or found.low is None or found.high is None:
        return {"points": None, "words": _("cannot be told: too few are followed so long")}
    told = {"points": 100 * found.value, "low": 100 * found.low, "high": 100 * found.high}
    if found.is_clear:
        return told | {"words": _("the interval excludes no difference")}
    return told | {"words": _("the interval includes no difference")}
