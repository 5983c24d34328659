"""Consent by link, at home or on the clinic's tablet: read, three questions, two statements, the signature. Each step is a post."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID, uuid4

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import translation

from winddown.domain.refusals import Refusal
from winddown.record.models import Consent, ConsentPaper, ConsentSitting
from winddown.services import consents
from winddown.web.by_link import LinkRequest, by_link, show
from winddown.web.consent.paper import press
from winddown.web.consent.present import sitting as drawn


@by_link("consent")
def consent(request: LinkRequest) -> HttpResponse:
    """The whole consent on one page. A step that is refused leaves everything else as it was."""
    sitting = consents.open_sitting(request.link, request.patient, language=request.spoken, now=request.now)
    refusal = _take(request, sitting) if request.method == "POST" else None
    if request.method == "POST" and refusal is None:
        return redirect(f"/p/{request.token}/consent/{_onward(request.POST)}")
    with translation.override(sitting.text.language):
        return show(request, "consent/page.html", _context(request, sitting, refusal), status=422 if refusal else 200)


@by_link("consent")
def paper(request: LinkRequest) -> HttpResponse:
    """The paper as it was signed, for the person who signed it."""
    found = get_object_or_404(ConsentPaper.objects.order_by("-id"), sitting__link=request.link)
    return pdf_of(found)


def pdf_of(paper: ConsentPaper) -> HttpResponse:
    response = HttpResponse(bytes(paper.pdf), content_type="application/pdf")
    response["Content-Disposition"] = 'inline; filename="consent.pdf"'
    response["Cache-Control"] = "no-store"
    return response


def _onward(posted: Mapping[str, Any]) -> str:
    """Back to where the person was on the page."""
    return {"answer": "#questions", "acknowledge": "#statements", "ask": "#ask"}.get(posted.get("step", ""), "")


def _take(request: LinkRequest, sitting: ConsentSitting) -> Refusal | None:
    posted, now = request.POST, request.now
    try:
        if seconds := posted.get("seconds", ""):
            consents.step(sitting, "read", {"seconds": int(float(seconds))}, now=now, key=_key(posted.get("seconds_key", "")))
        act = posted.get("step", "")
        if act == "answer":
            _answers(sitting, posted, now)
        elif act == "acknowledge":
            consents.step(sitting, "acknowledged", {"statement": posted.get("statement", "")}, now=now, key=_key(posted.get("key", "")))
        elif act == "ask":
            consents.step(sitting, "asked", {"words": posted.get("words", "")}, now=now, key=_key(posted.get("key", "")))
        elif act == "withdraw":
            consents.withdraw(sitting, words=posted.get("words", ""), now=now)
        elif act == "sign":
            name, sure = posted.get("typed_name", ""), posted.get("confirmed") == "yes"
            consents.sign(sitting, typed_name=name, strokes=posted.get("signature", ""), confirmed=sure, press=press, now=now)
    except Refusal as refusal:
        return refusal
    return None


def _answers(sitting: ConsentSitting, posted: Mapping[str, Any], now: Any) -> None:
    """Every question that has a choice; one that is right already is not asked again."""
    right = consents.reading_of(sitting).right
    for place in range(3):
        choice = str(posted.get(f"question_{place}", ""))
        if choice.isdigit() and place not in right:
            consents.step(sitting, "answered", {"question": place, "choice": int(choice)}, now=now)


def _key(text: str) -> UUID:
    try:
        return UUID(text) if text else uuid4()
    except ValueError:
        return uuid4()


def _context(request: LinkRequest, sitting: ConsentSitting, refusal: Refusal | None) -> dict[str, Any]:
    reading = consents.reading_of(sitting)
    signed = ConsentPaper.objects.filter(sitting=sitting).select_related("consent").first()
    withdrawn = Consent.objects.filter(patient=request.patient, about=sitting.text.about).order_by("written_at", "id").last()
    return drawn(consents.text_of(sitting.text), reading, sitting.figures) | {
        "sitting": sitting,
        "signed": signed,
        "withdrawn": withdrawn if withdrawn and withdrawn.kind == "withdrawn" else None,
        "refusal": refusal,
        "typed": request.POST,
        "keys": [uuid4() for _ in range(5)],
        "language_of_text": sitting.text.language,
    }
