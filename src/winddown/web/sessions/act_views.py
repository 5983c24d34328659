"""One view for every act: its form on a page of its own or in a dialog, and what becomes of it when it is sent."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID, uuid4

from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from winddown.domain.refusals import NotAllowed, Refusal, Stale
from winddown.domain.sessions.lifecycle import MOVING
from winddown.domain.sessions.story import Event
from winddown.record.models import Session, SessionEvent
from winddown.record.queries.stories import event_of
from winddown.web.access import StaffRequest, key_of, read_chart, seen_version, wants_json
from winddown.web.sessions.act import Act, Deed
from winddown.web.sessions.forms import ActForm
from winddown.web.sessions.marks import words_of
from winddown.web.sessions.present import extra_for, strip_of
from winddown.web.sessions.room import View, bedside, part, show, wants_part
from winddown.web.sessions.sight import Sight
from winddown.web.sessions.when import AGO_CHOICES_MIN, Moment, moment_of

TELLING = MOVING | {"rate_changed", "rate_reported", "bolus_given", "bag_hung", "line_flushed", "emergency_opened", "retracted"}


def view_of(act: Act) -> View:
    """The page of one act: asked for, it is the form; sent, it is done or says at its field why not."""

    @bedside("session.chart")
    def act_view(request: StaffRequest, session: Session) -> HttpResponse:
        sight = Sight.of(session, request.now)
        if request.method == "POST":
            return _send(request, act, sight)
        if not wants_part(request):
            read_chart(request, session.patient, str(session.ref))
        asked = {name: value for name, value in request.GET.items() if name in act.form.base_fields}
        return _answer(request, sight, act_context(request, act, sight, form_of(request, act, sight, initial=asked)))

    return act_view


def form_of(request: StaffRequest, act: Act, sight: Sight, **more: Any) -> ActForm:
    return act.form(sight=sight, staff=request.staff, auto_id=f"{act.key}_%s", **more)


def act_context(request: StaffRequest, act: Act, sight: Sight, form: ActForm, **more: Any) -> dict[str, Any]:
    """What the template of one act asks for."""
    return {
        "act": act,
        "form": form,
        "sight": sight,
        "session": sight.session,
        "url": reverse(act.url_name, args=[sight.session.ref]),
        "key": request.POST.get("key") or uuid4(),
        "version": sight.session.version,
        "ago_choices": AGO_CHOICES_MIN,
        "typed": request.POST,
        **extra_for(act.key, sight),
        **more,
    }


def _send(request: StaffRequest, act: Act, sight: Sight) -> HttpResponse:
    form = form_of(request, act, sight, data=request.POST, files=request.FILES)
    moment = Moment(request.now, past=False)
    try:
        moment = moment_of(request.POST, request.now, sight.zone)
        _require_valid(form)
        deed = Deed(sight.session, sight, form, moment, request.staff, request.now, key_of(request))
        meanwhile = written_meanwhile(sight, seen_version(request), request.staff.pk, deed.key)
        if act.request and meanwhile and not deed.fact:
            return _waits(request, act, sight, form, meanwhile)
        with transaction.atomic():
            row = act.do(deed)
    except Refusal as refusal:
        return _refused(request, act, sight, form, refusal)
    return kept(request, sight.session, row, meanwhile)


def _require_valid(form: ActForm) -> None:
    """The first thing that is wrong with the form, as a refusal with its field; the others are shown beside it."""
    if form.is_valid():
        return
    where, problems = next(iter(form.errors.items()))
    label = form.fields[where].label if where in form.fields else ""
    raise _Invalid(because=f"{label}: {problems[0]}" if label else str(problems[0]), way_out=_("Correct it and send again."), where=where)


class _Invalid(Refusal):
    """The form says so already, at the field."""


def written_meanwhile(sight: Sight, seen: int | None, staff_id: int, key: UUID | None = None) -> list[Event]:
    """What others wrote about the dose or the course of the visit since the writer's screen was drawn."""
    if seen is None:
        return []
    return [
        event for event in sight.every[seen:] if event.kind in TELLING and sight.writers.get(event.id) != staff_id and event.id != str(key)
    ]


def _refused(request: StaffRequest, act: Act, sight: Sight, form: ActForm, refusal: Refusal) -> HttpResponse:
    if wants_json(request) or (isinstance(refusal, NotAllowed) and refusal.code == "not_permitted"):
        raise refusal
    shown = None if isinstance(refusal, _Invalid) else refusal
    if shown is not None and form.is_bound and shown.where in form.fields:
        form.is_valid()
        form.refuse(shown)
    return _answer(request, sight, act_context(request, act, sight, form, refusal=shown), status=422)


def _waits(request: StaffRequest, act: Act, sight: Sight, form: ActForm, meanwhile: Sequence[Event]) -> HttpResponse:
    """A request that was made on an older story is shown beside what happened since; sent once more, it counts."""
    words = [line_of(event) for event in meanwhile]
    if wants_json(request):
        stale = Stale(
            because=_("While you wrote: %s") % "; ".join(line["words"] for line in words),
            way_out=_("Look at the chart and send it once more."),
            code="story_moved_on",
        )
        told = {"refused": stale.because, "way_out": stale.way_out, "code": stale.code, "version": sight.session.version}
        return JsonResponse(told, status=409)
    return _answer(request, sight, act_context(request, act, sight, form, meanwhile=words), status=409)


def _answer(request: StaffRequest, sight: Sight, context: dict[str, Any], *, status: int = 200) -> HttpResponse:
    if wants_part(request):
        return part(request, "sessions/act.html", context, status=status)
    return show(request, "sessions/act_page.html", context | {"strip": strip_of(sight)}, status=status)


def kept(request: StaffRequest, session: Session, row: SessionEvent, meanwhile: Sequence[Event] = ()) -> HttpResponse:
    """Say what was kept, and what others wrote meanwhile."""
    event = event_of(row)
    others = [line_of(other) for other in meanwhile]
    if wants_json(request):
        told = [line["words"] for line in others]
        return JsonResponse({"kept": words_of(event), "event": event.id, "version": session.version, "while_you_wrote": told})
    if wants_part(request):
        context = {"kept": words_of(event), "at": event.happened_at, "meanwhile": others, "odd": row.odd, "session": session}
        return part(request, "sessions/kept.html", context) if others or row.odd else HttpResponse(status=204)
    messages.success(request, _("Kept: %s") % words_of(event))
    for line in others:
        messages.warning(request, _("While you wrote: %(words)s, %(by)s") % {"words": line["words"], "by": line["by"]})
    if row.odd:
        messages.warning(request, row.odd)
    return redirect("session", ref=session.ref)


def line_of(event: Event) -> dict[str, Any]:
    return {"words": words_of(event), "at": event.happened_at, "by": event.by}
