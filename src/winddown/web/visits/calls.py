"""The desk's side: who waits for a call, and the same four questions and times with a caller on the phone."""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.db.models import Exists, OuterRef
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone, translation
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from winddown.domain.booking import safety_questions
from winddown.domain.refusals import NotAllowed, Refusal
from winddown.domain.tasks.kinds import Closing, kind_of
from winddown.record.models import Location, TaskAct, VisitRequest, VisitType
from winddown.services import asking, tasks
from winddown.web.access import StaffRequest, by_ref, key_of
from winddown.web.calendar.book import place_and_start
from winddown.web.calendar.one import booking_of, show_booking
from winddown.web.people.shell import desk, paged, place_of, show
from winddown.web.visits import times
from winddown.web.visits.words import ANSWERS, PARTS, QUESTIONS, told


@desk("booking.write")
def call_list(request: StaffRequest) -> HttpResponse:
    """Everybody who waits for a call, the oldest first; what was done about each beside it."""
    rows = VisitRequest.objects.filter(task__isnull=False).exclude(task__status="closed").order_by("created_at", "id")
    rows = rows.select_related("task__acknowledged_by", "location").annotate(
        tried=Exists(TaskAct.objects.filter(task=OuterRef("task"), kind="tried"))
    )
    page = paged(request, rows)
    lines = [{"row": row, "told": told(row.answers), "late": row.call_until < request.now} for row in page.object_list]
    context = {
        "lines": lines,
        "page": page,
        "outcomes": kind_of("visit_call_back").outcomes.items(),
        "key": uuid4(),
        "closed": VisitRequest.objects.filter(task__status="closed").select_related("task", "location").order_by("-id")[:8],
    }
    return show(request, "visits/calls.html", context)


@desk("booking.write")
@require_POST
def call_act(request: StaffRequest, asked: UUID) -> HttpResponse:
    """Take it, say that nobody answered, or close it with how it ended."""
    row = get_object_or_404(VisitRequest.objects.select_related("task"), ref=asked, task__isnull=False)
    act = request.POST.get("act")
    if act == "take":
        tasks.acknowledge(row.task, by=request.staff, now=request.now)
        messages.success(request, _("Yours."))
    elif act == "tried":
        tasks.note(row.task, _("Nobody answered."), tried=True, by=request.staff, now=request.now, key=key_of(request))
        messages.success(request, _("Kept: nobody answered."))
    else:
        outcome, words = request.POST.get("outcome", ""), request.POST.get("words", "").strip()
        closing = Closing(outcome, called=row.contact.get("name", ""), called_at=request.now, words=words)
        tasks.close(row.task, closing, by=request.staff, now=request.now)
        messages.success(request, _("Closed."))
    return redirect("visit_calls")


@desk("booking.write")
def telephone_page(request: StaffRequest) -> HttpResponse:
    """A caller: the four questions, then a time or the list of calls. From a call-back everything told is there already."""
    asked: VisitRequest | None = by_ref(VisitRequest.objects.all(), request.POST.get("request") or request.GET.get("request", ""))
    refusal = None
    if request.method == "POST":
        try:
            return _carried_out(request, asked)
        except Refusal as why:
            if isinstance(why, NotAllowed) and why.code == "not_permitted":
                raise
            refusal = why
    kinds = asking.kinds()
    kind = _kind(request, kinds)
    where = _places(request)
    first = _day(request, where)
    typed = request.POST if request.method == "POST" else (asked.contact | asked.answers if asked else {})
    context = {
        "asked": asked,
        "questions": QUESTIONS,
        "answers": ANSWERS,
        "parts": PARTS,
        "typed": typed,
        "kinds": kinds,
        "kind": kind,
        "places": where,
        "first": first,
        "found": times.side_by_side(kind, where, first, now=request.now, by_public=False) if kind and where else times.NOTHING,
        "refusal": refusal,
        "key": uuid4(),
    }
    return show(request, "visits/telephone.html", context, status=422 if refusal else 200)


@desk("patient.write")
@require_POST
def admit(request: StaffRequest, ref: UUID) -> HttpResponse:
    """The visitor becomes a patient with what they told."""
    row = booking_of(ref)
    try:
        born = parse_date(request.POST.get("birth_date", ""))
    except ValueError:
        born = None
    try:
        patient = asking.admit(
            row,
            sex=request.POST.get("sex", ""),
            birth_date=born,
            although=request.POST.get("although", "").strip(),
            by=request.staff,
            now=request.now,
            key=key_of(request),
        )
    except Refusal as why:
        return show_booking(request, booking_of(ref), refusal=why)
    messages.success(request, _("A record is open: %(number)s.") % {"number": patient.record_number})
    return redirect("patient_page", ref=patient.ref)


def _carried_out(request: StaffRequest, asked: VisitRequest | None) -> HttpResponse:
    answers = safety_questions.complete(request.POST.dict())
    contact = asking.contact_of(request.POST.dict() | {"language": translation.get_language() or ""})
    if "call" in request.POST:
        place = place_of(request)
        if place is None:
            return redirect("people_places")
        part = request.POST.get("part", "soon")
        asking.ask_to_be_called(place, part, answers=answers, contact=contact, by=request.staff, now=request.now, key=key_of(request))
        messages.success(request, _("In the list of calls."))
        return redirect("visit_calls")
    place, start = place_and_start(request.POST)
    kind = _kind(request, asking.kinds())
    if kind is None:
        raise NotAllowed(because="No kind of visit is open to callers.", way_out="An administrator describes one.", code="not_public")
    although = request.POST.get("although", "")
    made = asking.book_by_telephone(
        kind,
        place,
        start,
        answers=answers,
        contact=contact,
        although=although,
        request=asked,
        by=request.staff,
        now=request.now,
        key=key_of(request),
    )
    if asked is not None and asked.task is not None and asked.task.status != "closed":
        closing = Closing("booked", called=contact["name"], called_at=request.now)
        tasks.close(asked.task, closing, by=request.staff, now=request.now)
    messages.success(request, _("Booked."))
    return redirect("booking", ref=made.ref)


def _kind(request: StaffRequest, kinds: list[VisitType]) -> VisitType | None:
    wanted = request.POST.get("kind") or request.GET.get("kind")
    return next((kind for kind in kinds if kind.key == wanted), kinds[0] if kinds else None)


def _places(request: StaffRequest) -> list[Location]:
    here = place_of(request)
    return sorted((place for place in Location.objects.all() if any(place.hours.values())), key=lambda place: (place != here, place.name))


def _day(request: StaffRequest, where: list[Location]) -> Any:
    today = timezone.localdate(request.now, ZoneInfo(where[0].time_zone)) if where else request.now.date()
    try:
        asked = parse_date(request.GET.get("from", ""))
    except ValueError:
        asked = None
    return max(asked, today) if asked else today
