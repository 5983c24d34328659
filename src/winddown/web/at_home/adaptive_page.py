"""An adaptive questionnaire on a phone: one question a page, chosen by what was answered before. It needs the network, and no script."""

from __future__ import annotations

from uuid import uuid4

from django.http import Http404, HttpResponse
from django.shortcuts import redirect

from winddown.domain.instruments import adaptive
from winddown.domain.instruments.adaptive import Bank
from winddown.services import answers, instruments
from winddown.services import forms as form_service
from winddown.web import access
from winddown.web.at_home import present
from winddown.web.by_link import LinkRequest, by_link, show

SKIPPED = "-"


@by_link("forms", "diary")
def ask(request: LinkRequest, bank: str) -> HttpResponse:
    """The next question; after the last one the answers are kept and the other forms go on."""
    asked = {each.instrument for each in form_service.asks_of(request.link, now=request.now)}
    if bank not in asked or not bank.startswith(adaptive.PREFIX):
        raise Http404
    if bank in form_service.answered_by(request.link, now=request.now):
        return redirect("at_home_forms", token=request.token)
    known = instruments.bank_of(bank)
    told = _told(request, known)
    given = {key: int(value) for key, value in told.items() if value != SKIPPED}
    skipped = [key for key, value in told.items() if value == SKIPPED]
    item = adaptive.next_item(known, given, skipped=skipped)
    if item is None:
        _keep(request, known, given)
        return redirect("at_home_forms", token=request.token)
    sheet = present.sheet(instruments.form_of(bank), language=known.language, only=[item.key])
    context = {
        "sheet": sheet,
        "question": sheet.questions[0],
        "told": told,
        "number": len(told) + 1,
        "most": known.stop.most,
        "key": request.POST.get("key") or uuid4(),
        "item": item.key,
    }
    return show(request, "at_home/adaptive.html", context)


def _told(request: LinkRequest, bank: Bank) -> dict[str, str]:
    """What was answered so far, as the page carries it; what is no answer to this bank is not carried on."""
    found = {}
    for item in bank.items:
        value = request.POST.get(f"told.{item.key}", "") or request.POST.get(f"{bank.key}.{item.key}", "")
        if value == SKIPPED or (value.isdecimal() and int(value) < len(item.answers)):
            found[item.key] = value
    if request.method == "POST" and request.POST.get("asked") and request.POST["asked"] not in found:
        found[bank.item(request.POST["asked"]).key] = SKIPPED
    return found


def _keep(request: LinkRequest, bank: Bank, given: dict[str, int]) -> None:
    answers.submit(
        patient=request.patient,
        instrument=bank.key,
        version=bank.version,
        items={key: str(value) for key, value in given.items()},
        language=bank.language,
        answered_at=request.now,
        source="patient",
        link=request.link,
        key=access.key_of(request),
        now=request.now,
    )
