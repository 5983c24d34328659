"""Messages with the clinic: what was written, a new one, and help at once where words ask for it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID, uuid4

from django.http import HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as __

from winddown.domain.refusals import Refusal
from winddown.record.models import Thread
from winddown.services import suicide_safety
from winddown.services import threads as service
from winddown.web.access import key_of
from winddown.web.own_door import OwnRequest, own_page, show

ABOUT: Mapping[str, Any] = {
    "symptom": __("How I feel"),
    "mood": __("My mood"),
    "medicine": __("A medicine"),
    "visit": __("A visit"),
    "other": __("Something else"),
}


@own_page(reads="messages")
def threads(request: OwnRequest) -> HttpResponse:
    rows = [{"thread": row, "about": ABOUT[row.about]} for row in service.of_patient(request.patient)[:100]]
    return show(request, "me/messages.html", {"threads": rows, "hours": service.hours_to_answer(), "tab": "messages"})


@own_page(reads="new message")
def new(request: OwnRequest) -> HttpResponse:
    if request.method != "POST":
        return _writing(request, None)
    try:
        note = service.write(
            request.own,
            request.POST.get("words", ""),
            about=request.POST.get("about", ""),
            language=request.spoken,
            key=key_of(request),
            now=request.now,
        )
    except Refusal as refusal:
        return _writing(request, refusal)
    return redirect("me_message", own_thread=note.thread.ref)


@own_page(reads="message thread")
def thread(request: OwnRequest, own_thread: UUID) -> HttpResponse:
    row: Thread = get_object_or_404(Thread, ref=own_thread, patient=request.patient)
    refusal = None
    if request.method == "POST":
        try:
            service.write(
                request.own,
                request.POST.get("words", ""),
                about=row.about,
                thread=row,
                language=request.spoken,
                key=key_of(request),
                now=request.now,
            )
            return redirect("me_message", own_thread=row.ref)
        except Refusal as why:
            refusal = why
    service.seen_by_patient(row)
    notes = service.notes_of(row)
    context = {
        "row": row,
        "about": ABOUT[row.about],
        "notes": [note for note in notes if not note.asks_nothing],
        "read_only": bool(notes) and notes[-1].asks_nothing,
        "red": any(note.red for note in notes[_last_staff(notes) :]) or suicide_safety.told(request.patient).open,
        "hours": service.hours_to_answer(),
        "key": uuid4(),
        "typed": request.POST.get("words", ""),
        "refusal": refusal,
        "tab": "messages",
    }
    return show(request, "me/message.html", context, status=422 if refusal else 200)


@own_page()
def told(request: OwnRequest) -> HttpResponse:
    """Whether a person has acknowledged what red words set off. Asked again and again by the page; it never says that all is well."""
    state = suicide_safety.told(request.patient)
    if state.acknowledged_at:
        words = _("A person at the clinic saw your words at %(at)s.") % {"at": f"{state.acknowledged_at:%H:%M}"}
    else:
        words = _("Nobody at the clinic has acknowledged your words yet. Do not wait for us.") if state.open else ""
    return JsonResponse({"open": state.open, "acknowledged": bool(state.acknowledged_at), "words": words})


def _last_staff(notes: list[Any]) -> int:
    """Where the newest notes of the patient begin, after the last word of the clinic."""
    places = [place for place, note in enumerate(notes) if note.by_id is not None]
    return places[-1] + 1 if places else 0


def _writing(request: OwnRequest, refusal: Refusal | None) -> HttpResponse:
    context = {
        "topics": [{"key": key, "words": words, "chosen": request.POST.get("about") == key} for key, words in ABOUT.items()],
        "hours": service.hours_to_answer(),
        "key": uuid4(),
        "typed": request.POST.get("words", ""),
        "refusal": refusal,
        "tab": "messages",
    }
    return show(request, "me/message_new.html", context, status=422 if refusal else 200)
