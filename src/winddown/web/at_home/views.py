"""What a patient sees on a phone: the forms of one link, one question a screen, and what happens after."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.urls import Resolver404, resolve
from django.utils.dateparse import parse_datetime

from winddown.domain.instruments import adaptive
from winddown.domain.instruments.instrument import said
from winddown.domain.instruments.sets import SETS, Ask
from winddown.domain.refusals import Refusal
from winddown.record.models import Answer
from winddown.services import answers, consents, instruments, suicide_safety
from winddown.services import forms as form_service
from winddown.web.access import wants_json
from winddown.web.at_home import present
from winddown.web.by_link import LinkRequest, by_link, show
from winddown.web.secret_address import gone

SUICIDE_QUESTIONS = "c-ssrs"


@by_link(None)
def door(request: LinkRequest) -> HttpResponse:
    """The link itself: on to the page of its purpose."""
    onward = f"/p/{request.token}/{request.link.purpose}/"
    try:
        resolve(onward)
    except Resolver404:
        return gone(request)
    return redirect(onward)


@by_link("forms", "diary")
def forms(request: LinkRequest) -> HttpResponse:
    """All the forms of this link that are still to be answered, on one page that works without a network once it is there."""
    if request.method == "POST":
        return take_in(request, _asks(request))
    sheets = _open_sheets(request)
    if bank := _bank_to_answer(request):
        return redirect("at_home_adaptive", token=request.token, bank=bank)
    if not any(not sheet.after for sheet in sheets):
        return show(request, "at_home/done.html", after(request))
    screens = present.screens(sheets)
    caregiver = consents.caregiver_allowed(request.patient, today=request.now.date())
    context = {"sheets": sheets, "screens": screens, "count": len(screens), "title": _title(request), "caregiver": caregiver}
    return show(request, "at_home/forms.html", context | {"crisis": True, "keep": _draft_of(request)})


@by_link("forms", "diary")
def done(request: LinkRequest) -> HttpResponse:
    return show(request, "at_home/done.html", after(request))


def take_in(request: LinkRequest, asks: Sequence[Ask], *, onward: str = "/forms/done/") -> HttpResponse:
    """Keep what came. Without a script the browser is led on: to what is still to answer, or to the end."""
    kept = [answer for ask in asks if (answer := _answer(request, ask)) is not None]
    if wants_json(request):
        return JsonResponse(
            {"kept": [answer.instrument for answer in kept], "crisis": _is_red(kept) or suicide_safety.told(request.patient).open}
        )
    if not kept:
        return redirect(request.path)
    remaining = onward == "/forms/done/" and any(not sheet.after for sheet in _open_sheets(request))
    return redirect(f"/p/{request.token}" + ("/forms/" if remaining else onward))


def _answer(request: LinkRequest, ask: Ask) -> Answer | None:
    """Keep the answers to one instrument, if any came."""
    head = f"{ask.instrument}."
    items = {name.removeprefix(head): value for name, value in request.POST.items() if name.startswith(head) and str(value).strip()}
    if not items:
        return None
    source = "caregiver" if request.POST.get("source") == "caregiver" else "patient"
    return answers.submit(
        patient=request.patient,
        instrument=ask.instrument,
        version=request.POST.get(f"version:{ask.instrument}", ""),
        items=items,
        language=request.POST.get(f"language:{ask.instrument}", "")[:10],
        answered_at=_moment(request.POST, ask.instrument, request.now),
        source=source,
        link=request.link,
        key=_key(request.POST.get(f"key:{ask.instrument}", "")),
        now=request.now,
    )


def _moment(posted: Mapping[str, Any], instrument: str, now: datetime) -> datetime:
    """When the phone says it was answered; the time of arrival where it says nothing that can be read."""
    try:
        told = parse_datetime(posted.get(f"at:{instrument}", ""))
    except ValueError:
        return now
    return told if told is not None and told.tzinfo is not None else now


def _key(text: str) -> UUID:
    try:
        return UUID(text) if text else uuid4()
    except ValueError:
        raise Refusal(because="The key of this form is damaged.", way_out="Open the link again.", code="key_invalid") from None


def _asks(request: LinkRequest) -> tuple[Ask, ...]:
    """What may be answered through this link: what it asks for, and the questions on suicide that an answer can open."""
    asked = form_service.asks_of(request.link, now=request.now)
    follow = () if any(ask.instrument == SUICIDE_QUESTIONS for ask in asked) else (Ask(SUICIDE_QUESTIONS),)
    return (*asked, *follow)


def _open_sheets(request: LinkRequest) -> list[present.Sheet]:
    """The sheets still to answer. The questions on suicide come with the PHQ-9 and stay hidden until its answers ask for them."""
    given = form_service.answered_by(request.link, now=request.now)
    opened = _is_red(given.values())
    found: list[present.Sheet] = []
    for ask in _asks(request):
        form, spoken = instruments.form_for(ask.instrument, request.spoken)
        if ask.instrument in given or not form.has_text or ask.instrument.startswith(adaptive.PREFIX):
            continue
        follows = ask.instrument == SUICIDE_QUESTIONS and ask not in form_service.asks_of(request.link, now=request.now)
        if follows and not opened and "phq-9" in given:
            continue
        after = "phq-9" if follows and not opened else ""
        if follows and after and not any(each.key == "phq-9" for each in found):
            continue
        found.append(present.sheet(form, language=spoken, only=ask.only, after=after))
    return found


def _bank_to_answer(request: LinkRequest) -> str:
    """The adaptive bank that this link asks for and that was not answered; it is asked first, because it needs the network."""
    given = form_service.answered_by(request.link, now=request.now)
    asked = (ask.instrument for ask in form_service.asks_of(request.link, now=request.now))
    return next((key for key in asked if key.startswith(adaptive.PREFIX) and key not in given), "")


def _is_red(given: Any) -> bool:
    """Whether an answer asks for help at once: any item from its own limit on."""
    for answer in given:
        form = instruments.form_of(answer.instrument)
        for item in form.items:
            if item.crisis_from is not None and str(answer.items.get(item.key, "")).strip() not in ("", "0"):
                return True
    return False


def _draft_of(request: LinkRequest) -> str:
    """The name of the draft on the phone. A link that follows the schedule has another one each day."""
    if not form_service.follows_schedule(request.link):
        return f"{request.link.ref}"
    return f"{request.link.ref}-forms-{form_service.home_of(request.patient).day_of(request.now).isoformat()}"


def _title(request: LinkRequest) -> str:
    kind, _, key = request.link.subject.partition(":")
    return said(SETS[key].words, request.spoken) if kind == "set" and key in SETS else ""


def after(request: LinkRequest) -> dict[str, Any]:
    """What the last page says: whether help is shown, and how much was answered."""
    given = form_service.answered_by(request.link, now=request.now)
    return {"red": _is_red(given.values()) or suicide_safety.told(request.patient).open, "given": len(given)}
