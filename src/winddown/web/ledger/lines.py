"""The ledger line by line, and the correction of a line by a new one."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _

from winddown.domain.controlled.movements import movement_of
from winddown.domain.quantities import format_decimal
from winddown.record.models import LedgerEntry
from winddown.services import ledger
from winddown.web import access
from winddown.web.access import StaffRequest
from winddown.web.gates import entry
from winddown.web.ledger import here
from winddown.web.ledger.words import KIND_WORDS
from winddown.web.people.shell import desk, paged

WITH = ("by", "witness", "second_witness", "vial", "bag", "supersedes", "superseded_by", "session__patient", "location")


@desk("ledger.see")
def line_list(request: StaffRequest) -> HttpResponse:
    """Every line of a place, the newest first. Order is by number: a clock can be set back, a number cannot."""
    place = here.place_here(request)
    rows = LedgerEntry.objects.filter(location=place).select_related(*WITH).order_by("-number")
    kind, drug = request.GET.get("kind", ""), request.GET.get("drug", "")
    rows = rows.filter(kind=kind) if kind in KIND_WORDS else rows
    rows = rows.filter(drug=drug) if drug else rows
    page = paged(request, rows)
    context = {
        "lines": [{"line": line, "kind": KIND_WORDS.get(line.kind, line.kind), "struck": hasattr(line, "superseded_by")} for line in page],
        "page": page,
        "kinds": list(KIND_WORDS.items()),
        "kind": kind,
        "drug": drug,
        "head": ledger.head(place),
    }
    return here.show(request, "ledger/lines.html", context, place=place)


@desk("ledger.officer")
def line_correct(request: StaffRequest, line: UUID) -> HttpResponse:
    """The line said anew. Witnessed kinds need their witness again."""
    row: LedgerEntry = get_object_or_404(LedgerEntry.objects.select_related(*WITH), ref=line)
    if request.method == "POST":
        ledger.correct(
            row,
            mg=entry.number(request.POST, "mg", "mg"),
            ml=entry.number(request.POST, "ml", "mL"),
            because=request.POST.get("because", ""),
            witness=request.second if movement_of(row.kind).witnesses else None,
            by=request.staff,
            now=request.now,
            key=access.key_of(request),
        )
        messages.success(request, _("A new line says it anew; the wrong one stays, struck through."))
        return redirect(f"/ledger/lines/?place={row.location.ref}")
    context: dict[str, Any] = {
        "line": row,
        "kind": KIND_WORDS.get(row.kind, row.kind),
        "mg": format_decimal(row.mg),
        "ml": format_decimal(row.ml),
        "struck": hasattr(row, "superseded_by"),
        "needs_witness": movement_of(row.kind).witnesses,
        "colleagues": here.colleagues(request),
    }
    return here.show(request, "ledger/line_correct.html", context, place=row.location)
