"""The body map on the patient's own phone, opened by a link: marked, kept on the phone until there is a network, sent once."""

from __future__ import annotations

from uuid import uuid4

from django.http import HttpResponse
from django.shortcuts import redirect, render

from winddown.domain.refusals import Refusal
from winddown.services import body_maps
from winddown.web.access import key_of
from winddown.web.by_link import LinkRequest, by_link, show
from winddown.web.sensory.base import stamped
from winddown.web.sensory.figure import body_map, regions_words

SOURCES = ("patient", "caregiver")


@by_link("map")
def body_at_home(request: LinkRequest) -> HttpResponse:
    """One map a link may be sent several times: each time it is a new map of a new moment; the same key twice is one."""
    if request.method != "POST":
        return show(request, "sensory/at_home.html", {"map": body_map(), "key": uuid4()})
    marked = request.POST.getlist("regions")
    try:
        body_maps.mark(
            request.patient,
            marked,
            source=request.POST.get("source", "patient") if request.POST.get("source") in SOURCES else "patient",
            words=request.POST.get("words", ""),
            worst=request.POST.get("worst", ""),
            nothing_hurts=bool(request.POST.get("nothing_hurts")),
            now=request.now,
            marked_at=stamped(request.POST, request.now),
            key=key_of(request),
        )
    except Refusal as refusal:
        if request.headers.get("HX-Request") == "true":
            raise
        context = {"map": body_map(marks=dict.fromkeys(marked, "marked")), "key": uuid4(), "refusal": refusal}
        return show(request, "sensory/at_home.html", context, status=422)
    if request.headers.get("HX-Request") == "true":
        return render(request, "sensory/at_home_thanks.html", {"words": regions_words(marked)})
    return redirect(f"/p/{request.token}/map/done/")


@by_link("map")
def body_at_home_done(request: LinkRequest) -> HttpResponse:
    return show(request, "sensory/at_home_done.html")
