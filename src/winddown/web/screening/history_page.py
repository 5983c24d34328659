"""The history: every question with its answer, who said it and when; and the lists beside it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from winddown.domain.refusals import NotAllowed, Refusal
from winddown.domain.screening.data import ASKED, ITEMS, SECTIONS, Item
from winddown.record.models import HistoryEntry, Patient
from winddown.services import patients
from winddown.services.screening import history
from winddown.services.screening.gather import speaker
from winddown.web.access import StaffRequest, key_of, read_chart
from winddown.web.patients.base import open_patient, patient_of
from winddown.web.people.shell import desk
from winddown.web.screening.base import sheet
from winddown.web.screening.words import ANSWERS, INFORMANTS, LIST_FIELDS, LISTS, QUESTIONS, answer_words
from winddown.web.screening.words import SECTIONS as SECTION_WORDS


@dataclass(frozen=True)
class Asked:
    """One question on the page."""

    item: Item
    words: Any
    value: str
    choices: tuple[tuple[str, Any], ...]
    said_by: str
    entry: HistoryEntry | None
    after: tuple[Asked, ...]


def plain(kept: Any) -> str:
    """A kept answer as the form writes it."""
    if isinstance(kept, bool):
        return "yes" if kept else "no"
    return f"{kept:g}" if isinstance(kept, float) else "" if kept is None else str(kept)


def choices_of(item: Item) -> tuple[tuple[str, Any], ...]:
    names = ("no", "yes") if item.kind == "yes_no" else item.choices
    return tuple((name, ANSWERS.get(name, name)) for name in names)


def asked(item: Item, held: dict[str, HistoryEntry], typed: Any, items: list[Item]) -> Asked:
    entry = held.get(item.key)
    value = typed.get(item.key) if typed and item.key in typed else plain(entry.value if entry else None)
    after = tuple(asked(each, held, typed, items) for each in items if each.after == item.key)
    return Asked(item, QUESTIONS[item.key], str(value), choices_of(item), speaker(entry) if entry else "", entry, after)


def sections(
    patient: Patient, held: dict[str, HistoryEntry], typed: Any, *, of_the_patient: bool = False, skip: tuple[str, ...] = ()
) -> list[dict[str, Any]]:
    """The questions by section; at home those of clinicians are left out."""
    items = [each for each in ASKED if each.only in ("", patient.sex) and not (of_the_patient and each.asked == "clinician")]
    found = []
    for section in SECTIONS:
        rows = [asked(each, held, typed, items) for each in items if each.section == section and not each.after]
        if rows and section not in skip:
            open_count = sum(row.entry is None for row in rows)
            found.append({"key": section, "words": SECTION_WORDS[section], "rows": rows, "open": open_count})
    return found


@desk("screening.write")
def history_form(request: StaffRequest, ref: UUID) -> HttpResponse:
    """All questions on one page, with what is on file. Only what changed is kept, unless it was all asked again."""
    patient = open_patient(ref) if request.method == "POST" else patient_of(ref)
    read_chart(request, patient, "history form")
    refusal = None
    if request.method == "POST":
        try:
            rows = _answer(request, patient)
        except Refusal as why:
            if isinstance(why, NotAllowed) and why.code == "not_permitted":
                raise
            refusal = why
        else:
            messages.success(request, _("%(n)s answers are kept.") % {"n": len(rows)})
            return redirect("screening", ref=patient.ref)
    entries = history.entries_of(patient)
    context = {
        "sections": sections(patient, history.newest(patient, entries), request.POST),
        "lists": [{"key": key, "words": LISTS[key], "rows": _lines(patient, key, entries)} for key in history.LISTS],
        "informants": INFORMANTS,
    }
    return sheet(request, patient, "screening/history.html", context, refusal=refusal)


def _answer(request: StaffRequest, patient: Patient) -> list[HistoryEntry]:
    told = {item.key: request.POST.get(item.key, "") for item in ASKED if item.key in request.POST}
    return history.answer(
        patient,
        told,
        informant=request.POST.get("informant") or "patient",
        by=request.staff,
        observed_at=request.now,
        now=request.now,
        key=key_of(request),
        again=request.POST.get("again") == "yes",
    )


def _lines(patient: Patient, kind: str, entries: list[HistoryEntry]) -> list[dict[str, Any]]:
    return [{"entry": row, "words": line_words(kind, row.value), "by": speaker(row)} for row in history.listed(patient, kind, entries)]


def line_words(kind: str, value: dict[str, Any]) -> str:
    return ", ".join(str(value[name]) for name in history.LISTS[kind] if value.get(name))


@desk("chart.read")
def history_log(request: StaffRequest, ref: UUID) -> HttpResponse:
    """Everything ever said, newest first: the answer, who said it, when it was so and when it was written."""
    patient = patient_of(ref)
    read_chart(request, patient, "history log")
    rows = [
        {"entry": row, "question": QUESTIONS.get(row.key) or LISTS.get(row.key, row.key), "answer": _said(row), "by": speaker(row)}
        for row in reversed(history.entries_of(patient))
    ]
    return sheet(request, patient, "screening/log.html", {"rows": rows[:500]})


def _said(row: HistoryEntry) -> Any:
    if isinstance(row.value, dict):
        return row.value.get("ended") or row.value.get("raw") or line_words(row.key, row.value)
    item = ITEMS.get(row.key)
    return answer_words(item.kind, row.value, item.unit) if item else plain(row.value)


@desk("screening.write")
def line_new(request: StaffRequest, ref: UUID, list: str) -> HttpResponse:
    """One more line of a list."""
    patient = open_patient(ref) if request.method == "POST" else patient_of(ref)
    if list not in history.LISTS:
        raise Http404
    read_chart(request, patient, f"history {list}")
    refusal = None
    if request.method == "POST":
        try:
            told = {name: request.POST.get(name, "") for name in history.LISTS[list]}
            history.add(
                patient, list, told, informant="staff", by=request.staff, observed_at=request.now, now=request.now, key=key_of(request)
            )
        except Refusal as why:
            refusal = why
        else:
            messages.success(request, _("Kept."))
            return redirect("screening_history", ref=patient.ref)
    fields = [(name, LIST_FIELDS[name], request.POST.get(name, "")) for name in history.LISTS[list]]
    return sheet(request, patient, "screening/line.html", {"title": LISTS[list], "fields": fields}, refusal=refusal)


@desk("screening.write")
def line_end(request: StaffRequest, ref: UUID, entry: UUID) -> HttpResponse:
    """A line that does not hold comes off the list, with the reason."""
    patient = open_patient(ref) if request.method == "POST" else patient_of(ref)
    row = get_object_or_404(HistoryEntry.objects.filter(key__in=history.LISTS), ref=entry, patient=patient)
    read_chart(request, patient, "history line")
    refusal = None
    if request.method == "POST":
        try:
            history.take_off(row, because=request.POST.get("because", ""), by=request.staff, now=request.now)
        except Refusal as why:
            refusal = why
        else:
            messages.success(request, _("It is off the list, and stays in the history."))
            return redirect("screening_history", ref=patient.ref)
    fields = [("because", _("Why"), request.POST.get("because", ""))]
    context = {"title": _("Take off the list"), "fields": fields, "replaced": line_words(row.key, row.value)}
    return sheet(request, patient, "screening/line.html", context, refusal=refusal)


@desk("screening.write")
@require_POST
def line_to_chart(request: StaffRequest, ref: UUID, entry: UUID) -> HttpResponse:
    """What was told at home and was asked again by staff goes on the chart's own list, and off this one."""
    patient = open_patient(ref)
    row = get_object_or_404(HistoryEntry.objects.filter(key__in=("medicine", "allergy", "condition")), ref=entry, patient=patient)
    data = {name: value for name, value in row.value.items() if value}
    if row.key == "medicine":
        data.setdefault("dose", "")
    patients.learn(patient, row.key, data, by=request.staff, observed_at=row.observed_at, now=request.now, key=row.ref)
    history.take_off(row, because=_("taken over into the chart"), by=request.staff, now=request.now)
    messages.success(request, _("It is on the chart now."))
    return redirect("screening_history", ref=patient.ref)
