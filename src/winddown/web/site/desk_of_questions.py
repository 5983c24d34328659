"""The queue of strangers' questions: what must be read first on top, an answer and its release in one click."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db.models import Case, IntegerField, Value, When
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as __

from winddown.domain.public_site.questions import HARM, IDENTIFYING, without_signs
from winddown.record.models import SiteQuestion
from winddown.services.site import questions
from winddown.web.access import StaffRequest
from winddown.web.people.shell import HouseForm, carried_out, desk, paged, show
from winddown.web.public import words
from winddown.web.site.forms import AnswerForm, AsideForm

HELD = {
    "red": __("words about self-harm or suicide"),
    "read": __("may be about self-harm or despair"),
    "phone": __("a phone number"),
    "email": __("an email address"),
    "name": __("a name or a date of birth"),
    "address": __("an address"),
    "advertising": __("looks like advertising"),
}
STATUS = {
    "waiting": __("Waiting"),
    "answered": __("Answered, not in the library"),
    "released": __("In the library"),
    "declined": __("Declined"),
    "put_aside": __("Put aside"),
}
ACTS = {
    "answered": __("answered"),
    "released": __("released into the library"),
    "taken_back": __("taken back from the library"),
    "declined": __("declined"),
    "put_aside": __("put aside"),
}


@desk("site.answer")
def queue(request: StaffRequest) -> HttpResponse:
    """One status at a time. Words of harm first, then what may tell who wrote, then the oldest."""
    status = request.GET.get("status", "waiting")
    status = status if status in STATUS else "waiting"
    first = Case(
        When(held__overlap=sorted(HARM), then=Value(0)),
        When(held__overlap=sorted(IDENTIFYING), then=Value(1)),
        When(held__contains=["advertising"], then=Value(3)),
        default=Value(2),
        output_field=IntegerField(),
    )
    order = ("first", "received_at") if status == "waiting" else ("-received_at",)
    rows = SiteQuestion.objects.filter(status=status).select_related("text").annotate(first=first).order_by(*order)
    page = paged(request, rows, per_page=25)
    lines = [{"row": row, "held": held_words(row), "level": level_of(row)} for row in page]
    return show(request, "site/questions.html", {"lines": lines, "page": page, "status": status, "statuses": STATUS})


@desk("site.answer")
def one(request: StaffRequest, question: UUID) -> HttpResponse:
    row = get_object_or_404(SiteQuestion.objects.select_related("text"), ref=question)
    if request.method != "POST":
        return _page(request, row)
    deed = request.POST.get("act", "")
    if deed in ("answer", "answer_and_release"):
        form: HouseForm = AnswerForm(request.POST)
        done = carried_out(form, lambda: _answer(request, row, form, release=deed == "answer_and_release"))
        return _done(request, row) if done else _page(request, row, answer=form)
    if deed == "release":
        questions.release(row, by=request.staff, now=request.now)
        return _done(request, row)
    form = AsideForm(request.POST)
    if deed in ("declined", "put_aside", "taken_back"):
        done = carried_out(form, lambda: questions.put_away(row, deed, words=form.cleaned_data["words"], by=request.staff, now=request.now))
        return _done(request, row) if done else _page(request, row, aside=form)
    return _page(request, row, status=422)


def held_words(row: SiteQuestion) -> list[Any]:
    return [HELD.get(each, each) for each in row.held]


def level_of(row: SiteQuestion) -> str:
    if HARM.intersection(row.held):
        return "act"
    return "watch" if row.held else "unknown"


def _answer(request: StaffRequest, row: SiteQuestion, form: HouseForm, *, release: bool) -> SiteQuestion:
    told = form.cleaned_data
    return questions.answer(
        row, shown_question=told["shown_question"], words=told["answer"], release=release, by=request.staff, now=request.now
    )


def _done(request: StaffRequest, row: SiteQuestion) -> HttpResponse:
    row.refresh_from_db()
    messages.success(request, _("Kept: %(status)s.") % {"status": STATUS[row.status]})
    return redirect("site_question", question=row.ref)


def _page(
    request: StaffRequest, row: SiteQuestion, *, answer: HouseForm | None = None, aside: HouseForm | None = None, status: int = 0
) -> HttpResponse:
    acts = list(row.acts.select_related("by").order_by("-id"))
    last = next((act for act in acts if act.kind == "answered"), None)
    begun = {"shown_question": last.shown_question, "answer": last.answer} if last else {"shown_question": without_signs(row.words)}
    context = {
        "row": row,
        "held": held_words(row),
        "level": level_of(row),
        "status_words": STATUS[row.status],
        "answer": answer or AnswerForm(initial=begun),
        "aside": aside or AsideForm(),
        "last": last,
        "shown": words.answer(last.answer) if last else "",
        "acts": [{"act": act, "words": ACTS[act.kind]} for act in acts],
    }
    refused = bool(answer or aside)
    return show(request, "site/question.html", context, status=status or (422 if refused else 200))
