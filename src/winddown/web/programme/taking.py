"""The export of everything: one click to ask, progress while it is made, one click to take it."""

from __future__ import annotations

from pathlib import Path
from typing import Any, cast
from uuid import UUID

from django.contrib import messages
from django.http import FileResponse, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as __
from django.views.decorators.http import require_POST

from winddown.record.models import ExportRun
from winddown.services import exports, permissions
from winddown.web.access import StaffRequest
from winddown.web.people.shell import desk, show

FORMS = {
    "full": (
        __("Everything"),
        __("Every table as Parquet and CSV with a dictionary, and OMOP tables. It names people: keep it as a health record."),
    ),
    "researchers": (
        __("For researchers"),
        __(
            "OMOP tables only: new numbers, moved dates, no free text, small groups withheld. "
            "Rare cases can still point at a person; you decide who may have it."
        ),
    ),
}
STATES = {"asked": __("waiting"), "working": __("being made"), "ready": __("ready"), "failed": __("failed")}
GOING = ("asked", "working")


@desk("programme.export_research")
def export_page(request: StaffRequest) -> HttpResponse:
    return show(request, "programme/export.html", _told(request) | {"tab": "export"})


@desk("programme.export_research", background=True)
def export_part(request: StaffRequest) -> HttpResponse:
    """The list once more, while something is being made."""
    return show(request, "programme/export_list.html", _told(request))


@desk("programme.export_research")
@require_POST
def export_ask(request: StaffRequest) -> HttpResponse:
    exports.ask(form=request.POST.get("form", ""), by=request.staff, now=request.now)
    messages.success(request, _("The export is asked for. It is made in the background; you may go on working."))
    return redirect("programme_export")


@desk("programme.export")
def export_key(request: StaffRequest, ref: UUID) -> HttpResponse:
    """The key to a researchers' file, for the director alone."""
    row = get_object_or_404(ExportRun.objects.select_related("practice"), ref=ref)
    path = exports.key_file_of(row)
    exports.note_key_taken(row, by=request.staff, now=request.now)
    return _file(path, f"winddown-key-{row.asked_at:%Y-%m-%d}.csv")


@desk("programme.export_research")
def export_file(request: StaffRequest, ref: UUID) -> HttpResponse:
    """Taking it is in the audit trail, beside who asked for it."""
    row = get_object_or_404(ExportRun.objects.select_related("practice"), ref=ref)
    path = exports.file_of(row)
    exports.note_taken(row, by=request.staff, now=request.now)
    return _file(path, f"winddown-{row.form}-{row.asked_at:%Y-%m-%d}.zip")


def _file(path: Path, name: str) -> HttpResponse:
    response = FileResponse(path.open("rb"), as_attachment=True, filename=name)
    response["Cache-Control"] = "no-store"
    return cast(HttpResponse, response)


def _told(request: StaffRequest) -> dict[str, Any]:
    rows = exports.newest(request.staff)
    return {
        "forms": [
            {"key": key, "title": title, "words": words}
            for key, (title, words) in FORMS.items()
            if permissions.may(request.staff, exports.needed_for(key))
        ],
        "rows": [_line(row) for row in rows],
        "going": any(row.state in GOING for row in rows),
    }


def _line(row: ExportRun) -> dict[str, Any]:
    return {
        "row": row,
        "form": FORMS[row.form][0],
        "state": STATES[row.state],
        "going": row.state in GOING,
        "key": row.state == "ready" and row.form == "researchers",
        "percent": round(100 * row.done / row.of) if row.of else 0,
        "megabytes": row.size_bytes / 1e6,
    }
