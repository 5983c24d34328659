"""The people behind a number: from any bar to the list, from the list to the record. Looking is in the audit trail."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.http import HttpResponse
from django.utils.translation import gettext as _

from winddown.record.models import FollowedSeries
from winddown.record.queries import outcomes
from winddown.services import audit
from winddown.web.access import StaffRequest
from winddown.web.people.shell import desk, paged
from winddown.web.programme.here import newest, page, programme_of
from winddown.web.programme.words import BECAUSE, DIAGNOSES, ENDINGS, RESPONSES, names

FILTERS = {
    "protocol": "protocol__key",
    "diagnosis": "diagnosis",
    "location": "location__ref",
    "clinician": "prescriber__ref",
    "response": "response",
    "because": "because",
    "ending": "ending",
}
UNREAD = ("protocol__data", "location__hours", "prescriber__roles")
BY_REF = ("location", "clinician")


@desk("programme.see")
def people(request: StaffRequest) -> HttpResponse:
    rebuild = newest()
    rows, asked = _asked(request)
    shown = paged(request, rows.select_related("patient", "protocol", "location", "prescriber").defer(*UNREAD).order_by("-began_at", "-id"))
    audit.note("see list of outcomes", by=request.staff, now=request.now, subject=", ".join(f"{k}={v}" for k, v in asked.items())[:80])
    kept = request.GET.copy()
    kept.pop("page", None)
    context = {
        "rows": [_line(row) for row in shown],
        "page": shown,
        "filters": _filter_words(asked),
        "count": shown.paginator.count,
        "kept": kept.urlencode(),
    }
    return page(request, "programme/list.html", "results", context, rebuild)


def _asked(request: StaffRequest) -> tuple[QuerySet[FollowedSeries], dict[str, str]]:
    """The rows that the address asks for; a filter that is not known is not one."""
    rows, asked = outcomes.standing(programme_of(request)), {}
    for name, column in FILTERS.items():
        value = request.GET.get(name, "")
        if value and (name not in BY_REF or value in names(name)):
            asked[name] = value
            rows = rows.filter(**{column: value})
    for name, column in (("from", "mg_per_kg__gte"), ("to", "mg_per_kg__lte")):
        value = request.GET.get(name, "")
        if value.replace(".", "", 1).isdigit():
            asked[name] = value
            rows = rows.filter(**{column: float(value)})
    return rows, asked


def _filter_words(asked: dict[str, str]) -> list[str]:
    told = {"response": RESPONSES, "because": BECAUSE, "ending": ENDINGS, "diagnosis": DIAGNOSES}
    found = []
    for name, value in asked.items():
        if name in ("from", "to"):
            continue
        found.append(str(told[name].get(value, value)) if name in told else names(name).get(value, value))
    if "from" in asked or "to" in asked:
        found.append(_("%(low)s to %(high)s mg/kg") % {"low": asked.get("from", "0"), "high": asked.get("to", "…")})
    return found


def _line(row: FollowedSeries) -> dict[str, Any]:
    return {
        "row": row,
        "diagnosis": DIAGNOSES.get(row.diagnosis, row.diagnosis),
        "response": RESPONSES.get(row.response, row.response),
        "because": BECAUSE.get(row.because, row.because),
        "ending": ENDINGS.get(row.ending, row.ending),
        "relapse_between": None
        if row.relapse_by_days is None
        else _("lost between day %(after).0f and %(by).0f") % {"after": row.relapse_after_days, "by": row.relapse_by_days},
    }
