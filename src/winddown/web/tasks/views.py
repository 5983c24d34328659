"""Tasks: the list, one task, and what can be done about it."""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid4

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from winddown.domain.tasks.kinds import kind_of
from winddown.record.models import Staff, Task, Thread
from winddown.record.queries import tasks as asked
from winddown.services import permissions, roster, tasks
from winddown.web.access import StaffRequest, key_of, read_chart
from winddown.web.board.here import at_place, place_of
from winddown.web.people.shell import carried_out, posted, show
from winddown.web.tasks import present
from winddown.web.tasks.forms import CloseForm, HandOnForm, NewTaskForm, NoteForm

WHOSE = ("here", "mine", "all")


@at_place("task.see")
def task_list(request: StaffRequest) -> HttpResponse:
    """What is open: mine, my location's, or all; reds on top."""
    whose = request.GET.get("whose", "here")
    whose = whose if whose in WHOSE else "here"
    place = place_of(request)
    found = tasks.open_tasks(location=place if whose == "here" else None, assigned=request.staff if whose == "mine" else None)
    late = request.GET.get("late") == "1"
    context = {
        "rows": present.rows([task for task in found if task.due_at < request.now or not late], request.staff, request.now),
        "late": late,
        "whose": whose,
        "place": place,
        "watching": asked.watching(place, request.now),
    }
    return show(request, "tasks/list.html", context)


@at_place("task.see")
def task_new(request: StaffRequest) -> HttpResponse:
    """A task that a person opens by hand, for this location."""
    permissions.require(request.staff, "task.act")
    form = NewTaskForm(posted(request))
    if form.is_bound and carried_out(form, lambda: _open(request, form)):
        messages.success(request, _("The task is open."))
        return redirect("task_list")
    return show(request, "tasks/new.html", {"form": form, "place": place_of(request)}, status=422 if form.is_bound else 200)


def _open(request: StaffRequest, form: NewTaskForm) -> Task:
    return tasks.open_task(kind="general", location=place_of(request), by=request.staff, now=request.now, **form.cleaned_data)


@at_place("task.see")
def task_page(request: StaffRequest, ref: UUID) -> HttpResponse:
    return _page(request, _task(ref))


@at_place("task.see")
@require_POST
def acknowledge(request: StaffRequest, ref: UUID) -> HttpResponse:
    """One tap, from the banner or the page; back to where the person was, unless they asked to open it."""
    task = tasks.acknowledge(_task(ref), by=request.staff, now=request.now)
    messages.success(request, _("Acknowledged: it is yours now. Call, then close it with what came of it."))
    back = request.POST.get("next", "")
    stays = url_has_allowed_host_and_scheme(back, allowed_hosts={request.get_host()}, require_https=request.is_secure())
    return redirect(back) if stays else redirect("task_page", ref=task.ref)


@at_place("task.see")
@require_POST
def hand_on(request: StaffRequest, ref: UUID) -> HttpResponse:
    task = _task(ref)
    form = HandOnForm(request.POST, but=request.staff)
    done = carried_out(
        form, lambda: tasks.hand_on(task, form.cleaned_data["to"], because=form.cleaned_data["because"], by=request.staff, now=request.now)
    )
    return redirect("task_page", ref=ref) if done else _page(request, task, hand_on_form=form)


@at_place("task.see")
@require_POST
def note(request: StaffRequest, ref: UUID) -> HttpResponse:
    task = _task(ref)
    form = NoteForm(request.POST)
    done = carried_out(form, lambda: tasks.note(task, **form.cleaned_data, key=key_of(request), by=request.staff, now=request.now))
    return redirect("task_page", ref=ref) if done else _page(request, task, note_form=form)


@at_place("task.see")
@require_POST
def close(request: StaffRequest, ref: UUID) -> HttpResponse:
    task = _task(ref)
    form = CloseForm(request.POST, kind=kind_of(task.kind))
    if carried_out(form, lambda: tasks.close(task, form.closing(), by=request.staff, now=request.now)):
        messages.success(request, _("Closed, with its outcome."))
        return redirect("task_list")
    return _page(request, task, close_form=form)


def _task(ref: UUID) -> Task:
    rows = Task.objects.select_related("location", "patient", "assigned", "acknowledged_by", "opened_by")
    task: Task = get_object_or_404(rows, ref=ref)
    return task


def _page(request: StaffRequest, task: Task, **forms: Any) -> HttpResponse:
    """The whole task for those who may act on it; for others that it is open, and who has it."""
    may = present.may_act(task, request.staff)
    if may and task.patient:
        read_chart(request, task.patient, f"task {task.ref}")
    refused = any(form.is_bound for form in forms.values())
    context = present.row(task, request.staff, request.now) | {"acts": present.acts(task) if may else [], "key": uuid4()}
    context |= {"watching": asked.watching(task.location, request.now), "on_call": _on_call(task, request)}
    context["thread_ref"] = _thread_of(task) if may else ""
    if may and task.status != "closed":
        context |= _forms(task, request.staff) | forms
    return show(request, "tasks/page.html", context, status=422 if refused else 200)


def _thread_of(task: Task) -> str:
    """The messages that this task is about: its own, or the newest with red words of a patient."""
    if task.subject.startswith("thread:"):
        return task.subject.removeprefix("thread:")
    if task.kind not in ("red_words", "call_words", "unread_language", "read_text") or task.patient is None:
        return ""
    row = Thread.objects.filter(patient=task.patient, notes__red=True).order_by("-last_at").first()
    return str(row.ref) if row else ""


def _forms(task: Task, staff: Staff) -> dict[str, Any]:
    kind = kind_of(task.kind)
    return {
        "close_form": CloseForm(kind=kind, initial={"called_at": timezone.localtime()}),
        "hand_on_form": HandOnForm(but=staff),
        "note_form": NoteForm(),
    }


def _on_call(task: Task, request: StaffRequest) -> list[Any]:
    return list(asked.duties(task.location, request.now, request.now + roster.INSTANT))
