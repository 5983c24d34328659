"""Response and durability by protocol, diagnosis, location or prescriber: who is not known, waiting or lost stands in every figure."""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from winddown.domain.outcomes import disclosure
from winddown.domain.refusals import NotAllowed
from winddown.services import audit, rebuilds
from winddown.web.access import StaffRequest
from winddown.web.people.shell import desk, show
from winddown.web.programme import drawing
from winddown.web.programme.here import list_url, newest, page, programme_of, run_of, split_of
from winddown.web.programme.words import BECAUSE, ENDINGS, RESPONSES, SPLITS, names

CURVES = 4
COUNTED = ("yes", "no", "unknown", "waiting")


@desk("programme.see")
def results(request: StaffRequest) -> HttpResponse:
    rebuild, of, by = newest(), programme_of(request), split_of(request)
    if rebuild is None:
        return page(request, "", "results", {}, None)
    called = names(by)
    rows = [group(row, called.get(row["key"], row["key"]), of, by) for row in rebuild.figures[of]["splits"][by]]
    context = {
        "by": by,
        "splits": [{"key": key, "words": words} for key, words in SPLITS.items()],
        "rows": rows,
        "whole": group(rebuild.figures[of]["all"] | {"key": ""}, _("All"), of, ""),
        "bars": mark_safe(drawing.bars(rows, _("Series by what is known of them"))),
        **_durable(rows),
    }
    return page(request, "programme/results.html", "results", context, rebuild)


def group(row: Mapping[str, Any], name: str, of: str, by: str) -> dict[str, Any]:
    """One group with its counts, each with its list."""
    here = {"of": of, by: row["key"]} if by else {"of": of}
    counts = {"yes": row["responded"], "no": row["response"]["of"] - row["responded"], "unknown": sum(row["unknown"].values())}
    counts["waiting"] = row["waiting"]
    return dict(row) | {
        "name": name,
        "url": list_url(**here),
        "parts": [
            {"kind": kind, "count": counts[kind], "words": str(RESPONSES[kind]), "url": list_url(**here, response=kind)} for kind in COUNTED
        ],
        "reasons": [
            {"words": BECAUSE.get(key, key), "count": count, "url": list_url(**here, response="unknown", because=key)}
            for key, count in row["unknown"].items()
        ],
        "endings": [
            {"words": ENDINGS.get(key, key), "count": row["ends"].get(key, 0), "url": list_url(**here, response="yes", ending=key)}
            for key in ("relapse", "lost", "retreated", "open")
        ],
        "lost_url": list_url(**here, ending="lost"),
    }


def _durable(rows: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    drawn = [row for row in rows if row["curve"]["of"]][:CURVES]
    for row, letter in zip(drawn, drawing.LETTERS, strict=False):
        row["letter"] = letter  # type: ignore[index]
    sentence = " ".join(f"{row['name']}: {median_words(row['curve'])}." for row in drawn)
    picture = drawing.curves([row["curve"] for row in drawn], sentence, _("days with the response held")) if drawn else ""
    return {"drawn": drawn, "curves": mark_safe(picture), "left_out": len([row for row in rows if row["curve"]["of"]]) - len(drawn)}


def median_words(curve: Mapping[str, Any]) -> str:
    middle, low, high = curve["median"]
    if middle is None:
        return _("more than half still held it when last asked")
    if low is None or high is None:
        return _("half had lost it by day %(day).0f (95%% interval from day %(low)s, no upper end)") % {
            "day": middle,
            "low": "?" if low is None else f"{low:.0f}",
        }
    return _("half had lost it by day %(day).0f (95%% interval %(low).0f to %(high).0f)") % {"day": middle, "low": low, "high": high}


@desk("programme.see")
@require_POST
def rebuild_now(request: StaffRequest) -> HttpResponse:
    """Asked for here and made in the background; a second one while one runs is refused with who asked for the first."""
    try:
        rebuilds.ask(by=request.staff, now=request.now)
    except NotAllowed as refusal:
        if refusal.code != "rebuild_going":
            raise
        messages.warning(request, _("The figures are being rebuilt already. Wait for the end; it is on this page."))
    return redirect("programme_results")


@desk("programme.see", background=True)
def rebuild_part(request: StaffRequest) -> HttpResponse:
    """How the rebuild stands, asked again while it runs."""
    return show(request, "programme/rebuild_run.html", {"run": run_of(rebuilds.newest(), newest()), "asked_again": True})


@desk("programme.export")
def results_file(request: StaffRequest) -> HttpResponse:
    """The table for people outside: counts that could point at a person are hidden, and enough beside them."""
    rebuild, of, by = newest(), programme_of(request), split_of(request)
    rows = rebuild.figures[of]["splits"][by] if rebuild else []
    called = names(by)
    counts = [[row["responded"], row["response"]["of"] - row["responded"], sum(row["unknown"].values()), row["waiting"]] for row in rows]
    response = HttpResponse(content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="outcomes-{of}-{by}.csv"'
    sheet = csv.writer(response)
    sheet.writerow([by, "responded", "did_not_respond", "not_known", "may_still_come", "definition", "as_of"])
    for row, shown in zip(rows, disclosure.table(counts), strict=True):
        told = ["hidden" if count is None else count for count in shown]
        sheet.writerow([called.get(row["key"], row["key"]), *told, rebuild.definitions[of], rebuild.as_of.date()])  # type: ignore[union-attr]
    audit.note("export counts", by=request.staff, now=request.now, subject=f"{of} by {by}")
    return response
