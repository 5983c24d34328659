"""The shelf of models and effects, and one of them."""

from __future__ import annotations

from django.http import Http404, HttpResponse
from django.views.decorators.http import require_GET

from winddown.domain.refusals import UnknownWord
from winddown.web.access import StaffRequest
from winddown.web.library import present
from winddown.web.people.shell import desk, show


@desk("protocol.see")
@require_GET
def model_list(request: StaffRequest) -> HttpResponse:
    return show(request, "library/list.html", {"shelf": present.shelf()})


@desk("protocol.see")
@require_GET
def model_page(request: StaffRequest, model_id: str) -> HttpResponse:
    """A model or an effect. Known figures that make no model are refused with the reason."""
    try:
        book = present.book(model_id)
    except UnknownWord as unknown:
        raise Http404(str(unknown)) from unknown
    return show(request, f"library/{book['kind']}.html", {"book": book})
