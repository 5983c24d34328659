"""The pages of the site that say who the clinic is and where."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.cache import patch_vary_headers
from django.views.decorators.http import require_safe

from winddown.web.public.door import VisitorRequest, show, visitor


@require_safe
@visitor()
def front_door(request: VisitorRequest) -> HttpResponse:
    """The practice's one stable address leads to the language of the reader."""
    response = redirect("clinic_home", clinic=request.practice.slug, spoken=request.spoken)
    patch_vary_headers(response, ["Accept-Language"])
    return response


@require_safe
@visitor()
def home(request: VisitorRequest) -> HttpResponse:
    return show(request, "public/home.html")


@require_safe
@visitor()
def places(request: VisitorRequest) -> HttpResponse:
    return show(request, "public/places.html")
