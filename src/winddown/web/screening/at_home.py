"""The history on a patient's own phone: one question a screen, kept through a dropped connection, sent a section at a time."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext_lazy as _

from winddown.domain.refusals import Refusal
from winddown.domain.screening.data import ASKED, Item
from winddown.record.models import Session
from winddown.services import suicide_safety
from winddown.services.screening import checks, history
from winddown.web.access import wants_json
from winddown.web.by_link import LinkRequest, by_link, show
from winddown.web.screening.words import ANSWERS, QUESTIONS
from winddown.web.screening.words import SECTIONS as SECTION_WORDS

SHEETS = ("lists", "heart", "brain", "mind", "pregnancy", "organs", "breathing", "bladder", "substances", "past")
TEXTS: dict[str, Any] = {
    "medicine": _("Which medicines do you take? One a line, with the dose, also those without a prescription."),
    "allergy": _("What are you allergic to? One a line."),
    "condition": _("Which other illnesses or operations have you had? One a line."),
    "prior_treatment": _("What have you tried for this pain or mood? One a line: what, how long, what it did."),
}


@dataclass(frozen=True)
class Asking:
    """One question of the phone's form. `asked_name` and its value: it shows where that one was answered yes."""

    name: str
    words: Any
    kind: str
    choices: tuple[tuple[str, Any], ...] = ()
    unit: str = ""
    low: float | None = None
    high: float | None = None
    asked_name: str = ""


@dataclass(frozen=True)
class Sheet:
    """One section: sent by itself, with a key of its own."""

    key: str
    words: Any
    questions: tuple[Asking, ...]
    answer_key: UUID


@by_link("history")
def at_home(request: LinkRequest) -> HttpResponse:
    """Every section on one page that goes on working without a network once it is there."""
    if request.method == "POST":
        return _take_in(request)
    sheets = [Sheet(key, SECTION_WORDS[key], _questions(key, request.patient.sex), uuid4()) for key in SHEETS]
    told = [sheet for sheet in sheets if sheet.questions]
    return show(request, "screening/at_home.html", {"sheets": told, "keep": f"{request.link.ref}"})


@by_link("history")
def at_home_done(request: LinkRequest) -> HttpResponse:
    return show(request, "screening/at_home_done.html")


@by_link("day_before")
def day_before(request: LinkRequest) -> HttpResponse:
    """What to take and what to hold, as a prescriber signed it last; without a signature only the clinic's number."""
    held = checks.newest_day_before(request.patient)
    visit = Session.objects.filter(patient=request.patient, status="planned").select_related("location").order_by("planned").first()
    by_what = {what: [line for line in held.lines if line["what"] == what] for what in ("take", "hold")} if held else {}
    return show(request, "screening/at_home_day_before.html", {"held": held, "by_what": by_what, "visit": visit})


def _questions(section: str, sex: str) -> tuple[Asking, ...]:
    items = [item for item in ASKED if item.section == section and item.asked == "everyone" and item.only in ("", sex)]
    items = [item for item in items if item.kind != "number"]
    texts = [Asking(f"lists.{kind}", words, "text") for kind, words in TEXTS.items()] if section == "lists" else []
    return (*texts, *(_asking(section, item) for item in items))


def _asking(section: str, item: Item) -> Asking:
    if item.kind == "yes_no":
        choices: tuple[tuple[str, Any], ...] = (("1", ANSWERS["yes"]), ("0", ANSWERS["no"]))
    else:
        choices = tuple((name, ANSWERS.get(name, name)) for name in item.choices)
    after = f"{section}.{item.after}" if item.after else ""
    kind = "choices" if choices else "day" if item.kind == "day" else "text"
    return Asking(f"{section}.{item.key}", QUESTIONS[item.key], kind, choices, item.unit, item.low, item.high, after)


def _take_in(request: LinkRequest) -> HttpResponse:
    """Whatever sections came. The same one twice is kept once; words that speak of self-harm open a task like any other text."""
    kept = sum(_sheet(request, sheet) for sheet in SHEETS)
    _read_words(request)
    if wants_json(request):
        return JsonResponse({"kept": kept, "crisis": suicide_safety.told(request.patient).open})
    return redirect(f"/p/{request.token}/history/done/")


def _sheet(request: LinkRequest, sheet: str) -> int:
    head = f"{sheet}."
    told = {name.removeprefix(head): str(value) for name, value in request.POST.items() if name.startswith(head) and str(value).strip()}
    if not told:
        return 0
    lines = {name: told.pop(name) for name in list(told) if name in TEXTS}
    informant = "caregiver" if request.POST.get("source") == "caregiver" else "patient"
    at, key = _moment(request, sheet), _key(request.POST.get(f"key:{sheet}", ""))
    return history.from_home(request.patient, told, lines, informant=informant, told_at=at, now=request.now, key=key)


def _read_words(request: LinkRequest) -> None:
    written = [str(value) for name, value in request.POST.items() if "." in name and len(str(value)) > 12]
    if written and request.place is not None:
        subject = f"history:{request.link.ref}"
        suicide_safety.read_text(
            "\n".join(written),
            patient=request.patient,
            location=request.place,
            subject=subject,
            language=request.spoken,
            prose=False,
            now=request.now,
        )


def _moment(request: LinkRequest, sheet: str) -> datetime:
    """When the phone says it was answered; the time of arrival where it says nothing that can be read."""
    try:
        told = parse_datetime(request.POST.get(f"at:{sheet}", ""))
    except ValueError:
        return request.now
    return told if told is not None and told.tzinfo is not None else request.now


def _key(text: str) -> UUID:
    try:
        return UUID(text) if text else uuid4()
    except ValueError:
        raise Refusal(because="The key of this form is damaged.", way_out="Open the link again.", code="key_invalid") from None
