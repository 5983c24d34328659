"""The blind count: two people, no expected numbers, sixty seconds."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_POST

from winddown.domain.refusals import Refusal
from winddown.record.models import Case, StockCount
from winddown.services import counts
from winddown.web import access
from winddown.web.access import StaffRequest
from winddown.web.ledger import here
from winddown.web.ledger.words import COUNT_KIND_WORDS, COUNT_STATUS_WORDS
from winddown.web.people.shell import desk, paged


@desk("ledger.see")
def count_list(request: StaffRequest) -> HttpResponse:
    """The counts of this place, the newest first."""
    place = here.place_here(request)
    rows = paged(request, StockCount.objects.filter(location=place).select_related("by", "second").order_by("-id"), per_page=25)
    told = [{"count": row, "kind": COUNT_KIND_WORDS[row.kind], "status": COUNT_STATUS_WORDS[row.status]} for row in rows]
    return here.show(request, "ledger/counts.html", {"rows": told, "page": rows, "due": counts.inventory_due(place)}, place=place)


@desk("ledger.write")
@require_POST
def count_begin(request: StaffRequest) -> HttpResponse:
    place = here.place_here(request)
    count = counts.begin(
        place,
        kind=request.POST.get("kind", "shift"),
        business=request.POST.get("business", ""),
        by=request.staff,
        now=request.now,
        key=access.key_of(request),
    )
    return redirect("ledger_count", ref=count.ref)


@desk("ledger.write")
def count_page(request: StaffRequest, ref: UUID) -> HttpResponse:
    """Before both have signed: fields and nothing else. After: what was found against what was expected."""
    count: StockCount = get_object_or_404(StockCount.objects.select_related("location", "by", "second"), ref=ref)
    if request.method != "POST" or count.status != "open":
        return here.show(request, *_shown(request, count), place=count.location)
    products = counts.to_count(count.location)
    try:
        found = counts.read_found(request.POST, products)
    except Refusal as refusal:
        template, context = _shown(request, count, refusal)
        return here.show(request, template, context, place=count.location, status=422)
    if (answer := here.unsigned(request)) is not None:
        return answer
    counts.close(count, found, by=request.staff, second=request.second, now=request.now)
    return redirect("ledger_count", ref=count.ref)


def _shown(request: StaffRequest, count: StockCount, refusal: Refusal | None = None) -> tuple[str, dict[str, Any]]:
    context: dict[str, Any] = {"count": count, "kind": COUNT_KIND_WORDS[count.kind], "status": COUNT_STATUS_WORDS[count.status]}
    if count.status != "open":
        return "ledger/count_done.html", context | {"cases": list(Case.objects.filter(count=count).order_by("number"))}
    rows = [
        {"product": product, **{name: request.POST.get(f"{name}-{product.ref}", "") for name in ("sealed", "opened", "ml")}}
        for product in counts.to_count(count.location)
    ]
    return "ledger/count.html", context | {"rows": rows, "refusal": refusal, "colleagues": here.colleagues(request)}
