"""The pages of the site that say what the clinic does, who it is, and where."""

from __future__ import annotations

from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.cache import patch_vary_headers
from django.views.decorators.http import require_safe

from winddown.services.site import reading
from winddown.web.public import present, room, words
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
    context = {"cards": present.cards(request), "data": [present.clinic(request)], "articles": request.clinic_site.articles[:3]}
    return show(request, "public/home.html", context)


@require_safe
@visitor()
def treatment(request: VisitorRequest) -> HttpResponse:
    """The therapy page as a clinician approved it; before that there is none."""
    text = request.clinic_site.therapy
    if text is None:
        raise Http404
    supervised = reading.supervised()
    context = {
        "text": text,
        "page": words.page(text.body),
        "room": room.summary(supervised),
        "data": [present.article(text, request)],
        "robots": "noindex" if text.lapsed else "",
    }
    return show(request, "public/treatment.html", context)


@require_safe
@visitor()
def places(request: VisitorRequest) -> HttpResponse:
    return show(request, "public/places.html", {"cards": present.cards(request), "data": [present.clinic(request)]})


@require_safe
@visitor()
def place(request: VisitorRequest, where: str) -> HttpResponse:
    """One location. Hidden from booking it keeps its page, and robots are asked not to show it."""
    found = next((each for each in request.clinic_site.places if each.slug == where), None)
    if found is None:
        raise Http404
    robots = {} if found.bookable else {"robots": "noindex"}
    context = {"card": present.card(found, request), "data": [present.clinic_of(found, request)], **robots}
    return show(request, "public/place.html", context)


@require_safe
@visitor()
def people(request: VisitorRequest) -> HttpResponse:
    if not request.clinic_site.people:
        raise Http404
    return show(request, "public/people.html")
