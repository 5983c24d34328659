"""Texts: written as versions, seen as strangers will see them, approved by a clinician who did not write them."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from winddown.domain.public_site.citations import CITATIONS
from winddown.domain.public_site.review import USUAL
from winddown.domain.refusals import Missing
from winddown.record.models import SiteText, SiteTextAct, SiteTextVersion
from winddown.services import permissions
from winddown.services.site import texts
from winddown.web.access import StaffRequest
from winddown.web.people.shell import carried_out, desk, posted, show
from winddown.web.public import words
from winddown.web.site.forms import LANGUAGE_NAMES, ApproveForm, ArticleForm, TextForm, WithdrawForm
from winddown.web.site.overview import state_of


@desk("site.write")
def article_new(request: StaffRequest) -> HttpResponse:
    """An article with its first version, in one step."""
    form = ArticleForm(posted(request))
    made: list[SiteTextVersion] = []

    def deed() -> None:
        text = texts.open_article(form.cleaned_data["title"], by=request.staff, now=request.now)
        told = form.cleaned_data
        made.append(texts.write(text, told["language"], form.words(), because=told["because"], by=request.staff, now=request.now))

    if form.is_bound and carried_out(form, deed):
        messages.success(request, _("Kept. It is on the site once a clinician has approved it."))
        return redirect("site_text", ref=made[0].text.ref, written=made[0].language)
    return show(request, "site/article_new.html", {"form": form, "sources": CITATIONS}, status=422 if form.is_bound else 200)


@desk("site.write")
def text_page(request: StaffRequest, ref: UUID, written: str) -> HttpResponse:
    text = get_object_or_404(SiteText, ref=ref)
    newest = texts.newest_version(text, written)
    initial = {"title": newest.title, "summary": newest.summary, "body": newest.body} if newest else {}
    form = TextForm(posted(request), initial=initial)
    if form.is_bound and carried_out(
        form, lambda: texts.write(text, written, form.words(), because=form.cleaned_data["because"], by=request.staff, now=request.now)
    ):
        messages.success(request, _("Kept. It is on the site once a clinician has approved it."))
        return redirect("site_text", ref=ref, written=written)
    return _page(request, text, written, form=form)


@desk("site.approve")
@require_POST
def approve(request: StaffRequest, ref: UUID, written: str) -> HttpResponse:
    text = get_object_or_404(SiteText, ref=ref)
    form = ApproveForm(request.POST)
    if carried_out(form, lambda: _approve(request, text, written, form)):
        messages.success(request, _("Approved. It is on the site."))
        return redirect("site_text", ref=ref, written=written)
    return _page(request, text, written, approval=form)


@desk("site.write")
@require_POST
def withdraw(request: StaffRequest, ref: UUID, written: str) -> HttpResponse:
    text = get_object_or_404(SiteText, ref=ref)
    form = WithdrawForm(request.POST)
    act = _standing(text, written)
    if act is None:
        raise Missing(because="This text is not on the site.", way_out="Nothing to take off.", code="not_on_site")
    if carried_out(form, lambda: texts.withdraw(act.version, words=form.cleaned_data["words"], by=request.staff, now=request.now)):
        messages.success(request, _("Taken off the site."))
        return redirect("site_text", ref=ref, written=written)
    return _page(request, text, written, withdrawal=form)


def _approve(request: StaffRequest, text: SiteText, written: str, form: ApproveForm) -> SiteTextAct:
    """What is approved is the version that was on the screen."""
    version = get_object_or_404(SiteTextVersion, text=text, language=written, ref=request.POST.get("seen") or None)
    return texts.approve(version, next_review_on=form.cleaned_data["next_review_on"], by=request.staff, now=request.now)


def _page(
    request: StaffRequest,
    text: SiteText,
    written: str,
    *,
    form: TextForm | None = None,
    approval: ApproveForm | None = None,
    withdrawal: WithdrawForm | None = None,
) -> HttpResponse:
    newest, act = texts.newest_version(text, written), _standing(text, written)
    today = timezone.localdate(request.now)
    initial = {"title": newest.title, "summary": newest.summary, "body": newest.body} if newest else {}
    context: dict[str, Any] = {
        "text": text,
        "written": written,
        "language": LANGUAGE_NAMES[written],
        "newest": newest,
        "act": act,
        "state": state_of(act, newest, today),
        "shown": words.page(newest.body) if newest else None,
        "form": form or TextForm(initial=initial),
        "approval": approval or ApproveForm(initial={"next_review_on": today + min(USUAL, timedelta(days=365))}),
        "withdrawal": withdrawal or WithdrawForm(),
        "mine": newest is not None and newest.author_id == request.staff.pk,
        "may_approve": permissions.may(request.staff, "site.approve"),
        "history": _history(text, written),
        "sources": CITATIONS,
        "clinic": request.staff.practice.slug,
    }
    refused = any(each is not None and each.is_bound for each in (form, approval, withdrawal))
    return show(request, "site/text.html", context, status=422 if refused else 200)


def _standing(text: SiteText, written: str) -> SiteTextAct | None:
    found = next((act for act in texts.newest_acts(text=text) if act.language == written), None)
    return found if found and found.kind == "approved" else None


def _history(text: SiteText, written: str) -> list[dict[str, Any]]:
    """Every version and every act on it, newest first."""
    versions = SiteTextVersion.objects.filter(text=text, language=written).select_related("author")
    acts = SiteTextAct.objects.filter(text=text, language=written).select_related("by", "version")
    lines = [
        {"at": row.written_at, "by": row.author.name, "kind": _("written"), "number": row.number, "words": row.because} for row in versions
    ]
    kinds = {"approved": _("approved"), "withdrawn": _("taken off")}
    lines += [{"at": row.at, "by": row.by.name, "kind": kinds[row.kind], "number": row.version.number, "words": row.words} for row in acts]
    return sorted(lines, key=lambda line: line["at"], reverse=True)
