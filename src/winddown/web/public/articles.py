"""Articles with who wrote and who reviewed them, the questions under them, and the library of answers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.core.signing import BadSignature, TimestampSigner
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_safe

from winddown.domain.public_site.questions import LONGEST, holds, shows_help
from winddown.domain.refusals import Refusal
from winddown.services.site import questions, reading
from winddown.web.public import present, words
from winddown.web.public.door import VisitorRequest, show, visitor

_STAMP = TimestampSigner(salt="winddown.site.ask")
QUICKEST_S = 4
SAID: Mapping[str, tuple[Any, Any]] = {
    "question_missing": (_("There is no question yet."), _("Write your question in a sentence.")),
    "question_long": (_("The question is too long."), _("Make it shorter, or call the clinic.")),
    "trapped": (_("A field that must stay empty was filled."), _("Send it again: it is empty now.")),
    "too_quick": (_("That was sent faster than a person types."), _("Wait a few seconds and send it again: your words are still here.")),
    "too_many": (_("Many questions came in the last hour."), _("Try again in an hour, or call the clinic.")),
}


@require_safe
@visitor()
def articles(request: VisitorRequest) -> HttpResponse:
    answers = reading.library()
    return show(request, "public/articles.html", {"answers": _drawn(answers), "data": present.answers(answers), **_form("")})


@require_safe
@visitor()
def article(request: VisitorRequest, article: str) -> HttpResponse:
    text = _text(request, article)
    answers = reading.library(article=article)
    context = {
        "text": text,
        "page": words.page(text.body),
        "answers": _drawn(answers),
        "data": [present.article(text, request), *present.answers(answers)],
        **_robots(text, request),
        **_form(article),
    }
    return show(request, "public/article.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@visitor(seconds=0)
def ask(request: VisitorRequest, article: str = "") -> HttpResponse:
    """Take a question in and lead to its own address. A refusal comes back with what was typed, and help where it is needed."""
    if request.method != "POST":
        return show(request, "public/ask.html", {**_form(article), "robots": "noindex"})
    typed = request.POST.get("words", "")
    try:
        made = questions.ask(
            reading.text_of("article", article) if article else None,
            typed,
            language=request.spoken,
            address=request.META.get("REMOTE_ADDR", ""),
            too_quick=_too_quick(request.POST.get("stamp", "")),
            trapped=bool(request.POST.get("website")),
            now=request.now,
        )
    except Refusal as refusal:
        context = {
            **_form(article),
            "refused": SAID.get(refusal.code, (refusal.because, refusal.way_out)),
            "typed": typed,
            "loud": shows_help(holds(typed)),
            "robots": "noindex",
        }
        return show(request, "public/ask.html", context, status=422)
    address = reverse("clinic_asked", kwargs={"clinic": request.practice.slug, "spoken": request.spoken, "question": made.ref})
    return HttpResponseRedirect(address, status=303)


@require_safe
@visitor(seconds=0)
def asked(request: VisitorRequest, question: UUID) -> HttpResponse:
    """Where the writer of a question sees what became of it. Crisis help stands first where the text asked for it."""
    found = reading.asked(question)
    if found is None:
        raise Http404
    context = {"asked": found, "answer": words.answer(found.answer), "loud": shows_help(found.held), "robots": "noindex"}
    response = show(request, "public/asked.html", context)
    response["Referrer-Policy"] = "no-referrer"
    return response


def _text(request: VisitorRequest, slug: str) -> reading.PublicText:
    found = next((text for text in request.clinic_site.articles if text.slug == slug), None)
    if found is None:
        raise Http404
    return found


def _robots(text: reading.PublicText, request: VisitorRequest) -> dict[str, object]:
    """A lapsed review leaves the search engines; a language the text is not approved in points at the one it is."""
    if text.lapsed:
        return {"robots": "noindex"}
    if text.language == request.spoken:
        return {}
    address = reverse("clinic_article", kwargs={"clinic": request.practice.slug, "spoken": text.language, "article": text.slug})
    return {"canonical": request.build_absolute_uri(address)}


def _drawn(rows: list[reading.PublicAnswer]) -> list[dict[str, object]]:
    return [{"row": row, "answer": words.answer(row.answer)} for row in rows]


def _form(article: str) -> dict[str, object]:
    return {"stamp": _STAMP.sign("ask"), "longest": LONGEST, "article_slug": article}


def _too_quick(stamp: str) -> bool:
    """No stamp, a forged one, or one made a moment ago."""
    try:
        _STAMP.unsign(stamp)
    except BadSignature:
        return True
    try:
        _STAMP.unsign(stamp, max_age=QUICKEST_S)
    except BadSignature:
        return False
    return True
