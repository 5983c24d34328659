"""What was signed, as paper, and what was given at each visit, in plain words."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import get_object_or_404

from winddown.record.models import ConsentPaper
from winddown.record.queries.given import given_to
from winddown.web.consent.at_home import pdf_of
from winddown.web.own_door import OwnRequest, own_page, show


@own_page(reads="consent papers")
def papers(request: OwnRequest) -> HttpResponse:
    rows = ConsentPaper.objects.filter(sitting__patient=request.patient).select_related("consent", "sitting__text")
    return show(request, "me/papers.html", {"papers": rows.defer("pdf", "signature").order_by("-signed_at"), "tab": "more"})


@own_page(reads="consent paper")
def paper(request: OwnRequest, own_paper: UUID) -> HttpResponse:
    return pdf_of(get_object_or_404(ConsentPaper, consent__ref=own_paper, sitting__patient=request.patient))


@own_page(reads="what was given")
def given(request: OwnRequest) -> HttpResponse:
    return show(request, "me/given.html", {"visits": given_to(request.patient), "tab": "more"})
