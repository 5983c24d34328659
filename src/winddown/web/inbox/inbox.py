"""What patients wrote and waits for an answer, one matter closer, and the time in which the clinic means to answer."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

from django import forms
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext_lazy as _

from winddown.domain.refusals import Refusal
from winddown.record.models import InboundText, Thread
from winddown.services import own_access, suicide_safety
from winddown.services import threads as service
from winddown.web.access import LOCKED, StaffRequest, key_of, read_chart
from winddown.web.me.talk import ABOUT
from winddown.web.patients.base import head_of
from winddown.web.people.shell import HouseForm, carried_out, desk, posted, show

SHOWN = 40


class AnswerTimeForm(HouseForm):
    hours = forms.IntegerField(label=_("Hours until a message is late"), min_value=1, max_value=168)
    because = forms.CharField(label=_("Why"), max_length=300)


@desk("thread.see")
def inbox(request: StaffRequest) -> HttpResponse:
    """The longest wait first; what was answered lately beneath."""
    limit = timedelta(hours=service.hours_to_answer())
    waiting = [_row(row, request.now, limit) for row in service.inbox()]
    answered = Thread.objects.filter(waiting_since__isnull=True).select_related("patient", "location").order_by("-last_at")[:SHOWN]
    context = {
        "waiting": waiting,
        "answered": [_row(row, request.now, limit) for row in answered],
        "hours": service.hours_to_answer(),
        "signed": service.answer_time(),
        "strangers": InboundText.objects.filter(patient=None, kind__in=("message", "help")).order_by("-id")[:SHOWN],
    }
    return show(request, "inbox/inbox.html", context)


@desk("thread.see", background=True)
def waiting(request: StaffRequest) -> HttpResponse:
    """What waits, once more, for a page that heard of a change. Behind a locked screen it names no one."""
    if request.session.get(LOCKED):
        return HttpResponse(status=204)
    limit = timedelta(hours=service.hours_to_answer())
    return render(request, "inbox/waiting.html", {"waiting": [_row(row, request.now, limit) for row in service.inbox()]})


@desk("thread.see")
def thread(request: StaffRequest, thread: UUID) -> HttpResponse:
    row, refusal = _thread(thread), None
    if request.method == "POST":
        try:
            service.answer(row, request.POST.get("words", ""), seen=_seen(request), by=request.staff, now=request.now, key=key_of(request))
            return redirect("thread", thread=row.ref)
        except Refusal as why:
            if why.code == "not_permitted":
                raise
            refusal = why
    read_chart(request, row.patient, f"thread:{row.ref}")
    notes = service.notes_of(row)
    context = {
        "row": row,
        "about": ABOUT[row.about],
        "notes": notes,
        "seen": len(notes),
        "key": uuid4(),
        "late": _late(row, request.now, timedelta(hours=service.hours_to_answer())),
        "typed": request.POST.get("words", ""),
        "refusal": refusal,
        "safety": suicide_safety.standing(row.patient),
        "reachable": any(each.who == "patient" for each in own_access.live(row.patient)),
        "tab": "own",
    }
    return show(request, "inbox/thread.html", head_of(request, row.patient) | context, status=422 if refusal else 200)


@desk("thread.answer")
def read(request: StaffRequest, thread: UUID) -> HttpResponse:
    row = _thread(thread)
    if request.method == "POST":
        service.needs_no_answer(row, seen=_seen(request), by=request.staff, now=request.now, key=key_of(request))
        return redirect("inbox")
    return redirect("thread", thread=row.ref)


@desk("thread.time")
def answer_time(request: StaffRequest) -> HttpResponse:
    form = AnswerTimeForm(posted(request), initial={"hours": service.hours_to_answer()})
    if carried_out(form, lambda: _sign(request, form)):
        return redirect("inbox")
    context = {"form": form, "signed": service.answer_time(), "unsigned": service.UNSIGNED_HOURS}
    return show(request, "inbox/answer_time.html", context, status=422 if form.is_bound else 200)


def _sign(request: StaffRequest, form: AnswerTimeForm) -> None:
    told = form.cleaned_data
    service.sign_answer_time(told["hours"], because=told["because"], by=request.staff, now=request.now)


def _thread(ref: UUID) -> Thread:
    row: Thread = get_object_or_404(Thread.objects.select_related("patient__merged_into", "location"), ref=ref)
    return row


def _row(row: Thread, now: Any, limit: timedelta) -> dict[str, Any]:
    return {"thread": row, "about": ABOUT[row.about], "late": _late(row, now, limit), "red": getattr(row, "red", False)}


def _late(row: Thread, now: Any, limit: timedelta) -> bool:
    return row.waiting_since is not None and now - row.waiting_since > limit


def _seen(request: StaffRequest) -> int:
    text = request.POST.get("seen", "")
    return int(text) if text.isdigit() else 0
