"""A visitor asks for a visit: four questions, then either a call from a person or a time that is kept."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any
from uuid import uuid4
from zoneinfo import ZoneInfo

from django.core import signing
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.dateparse import parse_date

from winddown.domain.booking import safety_questions
from winddown.domain.refusals import NotAllowed, Refusal
from winddown.record.models import Booking, Location, VisitRequest, VisitType
from winddown.services import asking, links, secret_addresses
from winddown.web.access import key_of
from winddown.web.calendar.book import place_and_start
from winddown.web.public.door import VisitorRequest, visitor
from winddown.web.visits import times
from winddown.web.visits.door import by_secret, show
from winddown.web.visits.words import ANSWERS, PARTS, QUESTIONS

PASS_SALT, PASS_LASTS_S = "winddown.web.visits.pass", 3 * 3600
HONEY = "website"


@visitor(seconds=0)
def ask_page(request: VisitorRequest) -> HttpResponse:
    """The four questions. An answer that asks for a person leads to the call; four times no leads to the times."""
    if request.method != "POST":
        return _questions(request)
    try:
        told = safety_questions.complete(request.POST.dict())
    except Refusal as why:
        return _questions(request, refusal=why)
    if safety_questions.asks_for_a_person(told):
        return _call(request, told)
    return redirect(f"{reverse('visit_times', args=[request.practice.slug])}?pass={_sealed(request, told)}&lang={request.spoken}")


@visitor(seconds=0)
def times_page(request: VisitorRequest) -> HttpResponse:
    told = _opened(request)
    if told is None:
        return redirect("visit_ask", clinic=request.practice.slug)
    if safety_questions.asks_for_a_person(told):
        return _call(request, told)
    refusal = None
    if request.method == "POST":
        try:
            return _kept(request, told)
        except Refusal as why:
            refusal = why
    return _times(request, refusal=refusal)


@visitor(seconds=0)
def call_page(request: VisitorRequest) -> HttpResponse:
    """Ask to be called; open to everyone, also to those who would rather speak with somebody."""
    told = _opened(request)
    if told is None:
        return redirect("visit_ask", clinic=request.practice.slug)
    if request.method != "POST" or "phone" not in request.POST:
        return _call(request, told)
    try:
        return _called(request, told)
    except Refusal as why:
        return _call(request, told, refusal=why)


@by_secret("kept")
def kept_page(request: Any, ref: Any) -> HttpResponse:
    """What was kept, to look at and no more: confirming needs the link that was sent."""
    row = Booking.objects.select_related("location", "visit_type").filter(ref=ref).first()
    asked = VisitRequest.objects.select_related("location").filter(ref=ref).first() if row is None else None
    if row is None and asked is None:
        raise links.gone()
    return show(request, "visits/kept.html", {"row": row, "asked": asked, "sent_to": _masked(row.contact) if row else ""})


def _kept(request: VisitorRequest, told: dict[str, str]) -> HttpResponse:
    _require_a_person(request)
    place, start = place_and_start(request.POST)
    kind = _kind(request, asking.kinds())
    if kind is None:
        raise NotAllowed(because="Nothing can be booked here at present.", way_out="Call the clinic.", code="not_public")
    made = asking.keep_time(
        kind,
        place,
        start,
        answers=told,
        contact=_contact(request),
        source=asking.source_of(request.META.get("REMOTE_ADDR", ""), now=request.now),
        now=request.now,
        key=key_of(request),
    )
    return redirect("visit_kept", token=secret_addresses.token_of("kept", request.practice.pk, made.ref))


def _called(request: VisitorRequest, told: dict[str, str]) -> HttpResponse:
    _require_a_person(request)
    where = asking.places()
    place = next((each for each in where if str(each.ref) == request.POST.get("place")), where[0] if where else None)
    if place is None:
        raise NotAllowed(because="No place takes requests at present.", way_out="Call the clinic.", code="not_public")
    made = asking.ask_to_be_called(
        place,
        request.POST.get("part", ""),
        answers=told,
        contact=_contact(request),
        source=asking.source_of(request.META.get("REMOTE_ADDR", ""), now=request.now),
        now=request.now,
        key=key_of(request),
    )
    return redirect("visit_kept", token=secret_addresses.token_of("kept", request.practice.pk, made.ref))


def _questions(request: VisitorRequest, *, refusal: Refusal | None = None) -> HttpResponse:
    context = {
        "questions": QUESTIONS,
        "answers": ANSWERS,
        "asked": request.POST,
        "refusal": refusal,
        "open": bool(asking.kinds() and asking.places()),
    }
    return show(request, "visits/ask.html", context, status=422 if refusal else 200)


def _call(request: VisitorRequest, told: dict[str, str], *, refusal: Refusal | None = None) -> HttpResponse:
    context = {
        "sealed": _sealed(request, told),
        "because": bool(safety_questions.asks_for_a_person(told)),
        "loud": safety_questions.shows_crisis_help(told),
        "parts": PARTS,
        "places": asking.places(),
        "typed": request.POST,
        "refusal": refusal,
        "key": request.POST.get("key") or uuid4(),
    }
    return show(request, "visits/call.html", context, status=422 if refusal else 200)


def _times(request: VisitorRequest, *, refusal: Refusal | None = None) -> HttpResponse:
    kinds, where = asking.kinds(), asking.places()
    kind = _kind(request, kinds)
    first = _first_day(request, where)
    found = times.side_by_side(kind, where, first, now=request.now) if kind and where else times.NOTHING
    context = {
        "sealed": request.POST.get("pass") or request.GET.get("pass", ""),
        "kind": kind,
        "kinds": kinds,
        "places": where,
        "found": found,
        "first": first,
        "typed": request.POST,
        "refusal": refusal,
        "key": (request.POST.get("key") if refusal is None or refusal.code != "time_taken" else "") or uuid4(),
        "minutes": asking.KEPT_MIN,
    }
    return show(request, "visits/times.html", context, status=422 if refusal else 200)


def _kind(request: VisitorRequest, kinds: Sequence[VisitType]) -> VisitType | None:
    wanted = request.POST.get("kind") or request.GET.get("kind")
    return next((kind for kind in kinds if kind.key == wanted), kinds[0] if kinds else None)


def _first_day(request: VisitorRequest, where: list[Location]) -> date:
    """The day named in the address, never before today at the first place."""
    today = request.now.astimezone(ZoneInfo(where[0].time_zone)).date() if where else request.now.date()
    try:
        asked = parse_date(request.GET.get("from", ""))
    except ValueError:
        asked = None
    return min(max(asked, today), today + timedelta(days=180)) if asked else today


def _contact(request: VisitorRequest) -> dict[str, str]:
    return asking.contact_of(request.POST.dict() | {"language": request.spoken})


def _sealed(request: VisitorRequest, told: dict[str, str]) -> str:
    """The answers on their way to the next page: signed, so that a time cannot be had without them."""
    return signing.dumps({"practice": request.practice.pk, "told": told}, salt=PASS_SALT, compress=True)


def _opened(request: VisitorRequest) -> dict[str, str] | None:
    text = request.POST.get("pass") or request.GET.get("pass", "")
    try:
        data = signing.loads(text, salt=PASS_SALT, max_age=PASS_LASTS_S)
    except signing.BadSignature:
        return None
    return safety_questions.complete(data["told"]) if data["practice"] == request.practice.pk else None


def _require_a_person(request: VisitorRequest) -> None:
    """A field that nobody sees and only a program fills."""
    if request.POST.get(HONEY):
        raise NotAllowed(because="This could not be taken.", way_out="Call the clinic.", code="not_taken")


def _masked(contact: dict[str, str]) -> str:
    """Enough of the address to know it by, for who looks over the shoulder too little."""
    if contact.get("email"):
        name, _at, domain = contact["email"].partition("@")
        return f"{name[:1]}…@{domain}"
    return f"…{contact.get('phone', '')[-4:]}"


def when(row: Booking) -> datetime:
    local: datetime = row.span.lower.astimezone(ZoneInfo(row.location.time_zone))
    return local
