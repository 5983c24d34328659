"""Cases: a timeline of hands, who had access, what was said, and how it ended."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from winddown.domain.controlled.products import DRUGS
from winddown.domain.refusals import Missing
from winddown.record.models import Case, CaseAct
from winddown.record.queries import custody
from winddown.services import cases, formulary, permissions
from winddown.web import access
from winddown.web.access import StaffRequest
from winddown.web.gates import entry
from winddown.web.ledger import here
from winddown.web.ledger.words import ACT_WORDS, CASE_KIND_WORDS, KIND_WORDS, OUTCOME_WORDS, SIGNIFICANCE_WORDS
from winddown.web.people.shell import desk, paged

WITH = ("location", "by", "closed_by", "session__patient", "session__chair", "count", "transfer__source", "vial", "product")


@desk("ledger.see")
def case_list(request: StaffRequest) -> HttpResponse:
    place = here.place_here(request)
    rows = paged(request, Case.objects.filter(location=place).select_related("by").order_by("status", "-id"), per_page=25)
    rows_told = [{"case": row, "kind": CASE_KIND_WORDS[row.kind], "outcome": OUTCOME_WORDS.get(row.outcome, "")} for row in rows]
    context = {"rows": sorted(rows_told, key=lambda each: each["case"].status != "open"), "page": rows, "drugs": DRUGS}
    return here.show(request, "ledger/cases.html", context, place=place)


@desk("ledger.see")
@require_POST
def case_tell(request: StaffRequest) -> HttpResponse:
    place = here.place_here(request)
    case = cases.tell(
        location=place,
        drug=entry.choice(request.POST, "drug", _("The drug"), DRUGS),
        words=request.POST.get("words", ""),
        since=request.now - timedelta(days=7),
        by=request.staff,
        now=request.now,
        key=access.key_of(request),
    )
    return redirect("ledger_case", ref=case.ref)


@desk("ledger.see")
def case_page(request: StaffRequest, ref: UUID) -> HttpResponse:
    """Who touched what and when inside the window, in one line of time. Access is listed, nobody is accused."""
    case = _case(ref)
    hands = custody.hands(case)
    acts = list(CaseAct.objects.filter(case=case).select_related("by").order_by("id"))
    context: dict[str, Any] = {
        "case": case,
        "kind": CASE_KIND_WORDS[case.kind],
        "missing": case.difference_mg > 0,
        "size": abs(case.difference_mg),
        "hands": [{**each.as_data(), "kind_words": KIND_WORDS.get(each.kind, each.kind)} for each in hands],
        "people": custody.people_with_access(case, hands),
        "acts": [{"act": act, "words": ACT_WORDS[act.kind]} for act in acts],
        "done": {act.kind for act in acts},
        "outcomes": list(OUTCOME_WORDS.items()),
        "outcome": OUTCOME_WORDS.get(case.outcome, ""),
        "significance": list(SIGNIFICANCE_WORDS.items()),
        "clock": cases.clock_of(case),
        "closes": permissions.may(request.staff, "ledger.officer"),
    }
    return here.show(request, "ledger/case.html", context, place=case.location)


@desk("ledger.see")
@require_POST
def case_act(request: StaffRequest, ref: UUID) -> HttpResponse:
    """A step: a note from anyone who sees the ledger, the rest from the officer."""
    case, posted = _case(ref), request.POST
    kind = entry.choice(posted, "kind", _("The step"), cases.ACTS)
    words, key = posted.get("words", ""), access.key_of(request)
    common: dict[str, Any] = {"words": words, "by": request.staff, "now": request.now, "key": key}
    if kind == "closed":
        cases.close(case, entry.choice(posted, "outcome", _("The outcome"), cases.OUTCOMES), **common)
    elif kind == "loss_found":
        cases.find_loss(case, **common)
    elif kind == "significance":
        cases.add(case, kind, data=_weighed(posted), **common)
    else:
        cases.add(case, kind, **common)
    messages.success(request, _("Kept."))
    return redirect("ledger_case", ref=case.ref)


def _weighed(posted: Any) -> dict[str, Any]:
    """The decision with what was weighed: every point answered, or it is no decision."""
    weighed = {name: posted.get(f"weighed_{name}", "").strip() for name in SIGNIFICANCE_WORDS}
    empty = [str(SIGNIFICANCE_WORDS[name]) for name, text in weighed.items() if not text]
    if empty:
        raise Missing(
            because=_("Not weighed yet: %(what)s.") % {"what": empty[0]}, way_out=_("Say a word to each point."), code="not_weighed"
        )
    return {"weighed": weighed, "significant": posted.get("significant") == "yes"}


@desk("ledger.officer")
def case_form(request: StaffRequest, ref: UUID) -> HttpResponse:
    """What the notice and Form 106 ask for, filled from the record, to copy or to print."""
    case = _case(ref)
    context = {
        "case": case,
        "registration": formulary.registration_of(case.location),
        "clock": cases.clock_of(case),
        "products": custody.lost_products(case),
        "acts": list(CaseAct.objects.filter(case=case).select_related("by").order_by("id")),
    }
    return here.show(request, "ledger/case_form.html", context, place=case.location)


def _case(ref: UUID) -> Case:
    found: Case = get_object_or_404(Case.objects.select_related(*WITH), ref=ref)
    return found
