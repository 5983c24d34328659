"""Putting an entry right: the fact as it really was, or that it was not. The old one stays, struck through, with the reason."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from django.db import transaction
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from winddown.domain.refusals import Missing, NotAllowed, Refusal
from winddown.domain.sessions import adverse_events, scores
from winddown.domain.sessions.story import Event, history_of
from winddown.record.models import Session, SessionEvent
from winddown.services import bedside as bedside_services
from winddown.web.access import StaffRequest, key_of, read_chart, wants_json
from winddown.web.people.shell import HouseForm
from winddown.web.sessions import forms
from winddown.web.sessions.act_views import kept
from winddown.web.sessions.fields import Number, Tiles, Words
from winddown.web.sessions.marks import words_of
from winddown.web.sessions.observe import ObserveForm, as_typed
from winddown.web.sessions.present import strip_of
from winddown.web.sessions.room import bedside, part, show, wants_part
from winddown.web.sessions.sight import Sight
from winddown.web.sessions.story import NOT_CORRECTABLE, lines_of
from winddown.web.sessions.when import moment_of

SET = "observation_set_taken"


def _number(label: Any, unit: str) -> Callable[[], Number]:
    return lambda: Number(label=label, unit=unit, decimals=True, max_digits=6)


def _tiles(label: Any, options: list[Any]) -> Callable[[], Tiles]:
    return lambda: Tiles(label=label, options=options, wide=True)


FIELDS: Mapping[str, Callable[[], Any]] = {
    "rate_ml_per_h": _number(lazy("Rate"), "mL/h"),
    "volume_ml": _number(lazy("Volume"), "mL"),
    "over_s": _number(lazy("Over"), "s"),
    "weight_kg": _number(lazy("Weight"), "kg"),
    "flow_l_per_min": _number(lazy("Flow"), "L/min"),
    "systolic": _number(lazy("Systolic pressure"), "mmHg"),
    "diastolic": _number(lazy("Diastolic pressure"), "mmHg"),
    "pulse_rate": _number(lazy("Pulse"), "/min"),
    "respiratory_rate": _number(lazy("Breaths"), "/min"),
    "spo2": _number(lazy("Oxygen saturation"), "%"),
    "limb": _tiles(lazy("Where"), forms.LIMBS),
    "finding": _tiles(lazy("The site is"), forms.SITE_FINDINGS),
    "outcome": _tiles(lazy("How did it end"), forms.OUTCOMES),
    "term": _tiles(lazy("What was seen"), [(term.key, term.words) for term in adverse_events.TERMS.values()]),
    "grade": _tiles(lazy("Grade"), [(str(grade), f"{grade} {words}") for grade, words in adverse_events.GRADES.items()]),
    "because": lambda: Words(label=lazy("Why"), rows=1),
    "words": lambda: Words(label=lazy("In words"), required=False),
    "what": lambda: Words(label=lazy("What"), rows=1),
    "device": lambda: Words(label=lazy("By"), rows=1),
    "name": lambda: Words(label=lazy("Name"), rows=1),
    "phone": lambda: Words(label=lazy("Phone"), rows=1, required=False),
    "method": lambda: Words(label=lazy("How"), rows=1, required=False),
}


class CorrectForm(HouseForm):
    """The fields of the entry as it stands, each to be put right; what has no field here is kept as it was."""

    use_required_attribute = False

    def __init__(self, *args: Any, event: Event, **more: Any) -> None:
        self.event = event
        more["initial"] = {name: event.text(name) for name in event.data}
        super().__init__(*args, **more)
        for name in event.data:
            if name == "value" and event.kind == "score_taken":
                self.fields[name] = _score_tiles(event.text("scale"))
            elif name in FIELDS:
                self.fields[name] = FIELDS[name]()

    @property
    def data_now(self) -> dict[str, Any]:
        """The event's data with what was put right."""
        unchanged = {name: value for name, value in self.event.data.items() if name != "because_corrected"}
        return unchanged | {name: value for name, value in self.cleaned_data.items() if value is not None}


def _score_tiles(key: str) -> Tiles:
    scale = scores.scale_of(key)
    options = [(str(level.value), f"{level.value} {_(level.words) if level.words else ''}".strip(), level.color) for level in scale.levels]
    return Tiles(label=_(scale.words), options=options)


def _entry(session: Session, event: UUID, sight: Sight) -> tuple[SessionEvent, Event]:
    row = get_object_or_404(SessionEvent.objects.select_related("session", "by"), session=session, ref=event)
    stands = next((one for one in sight.story if one.id == str(event)), None)
    if stands is None:
        newest = history_of(sight.every, str(event))[-1]
        raise NotAllowed(
            because=_("This entry was corrected or taken back already: %s") % words_of(newest),
            way_out=_("Open the version that stands."),
            code="entry_superseded",
        )
    return row, stands


def _form(event: Event, sight: Sight, request: StaffRequest) -> Any:
    data = request.POST if request.method == "POST" else None
    if event.kind == SET:
        initial = {"corrects": event.id, **as_typed(event, [one for one in sight.story if one.kind == "score_taken"])}
        return ObserveForm(data, initial=initial, sight=sight, staff=request.staff, auto_id="correct_%s")
    return CorrectForm(data, event=event, auto_id="correct_%s")


@bedside("session.chart")
def correct(request: StaffRequest, session: Session, event: UUID) -> HttpResponse:
    """The entry beside its correction. Sent without a reason, it waits."""
    sight = Sight.of(session, request.now)
    row, stands = _entry(session, event, sight)
    if stands.kind in NOT_CORRECTABLE:
        raise Http404
    form = _form(stands, sight, request)
    if request.method != "POST":
        read_chart(request, session.patient, str(session.ref))
        return _shown(request, sight, stands, form, "correct")
    try:
        kept_row = _put_right(request, sight, row, stands, form)
    except Refusal as refusal:
        return _refused(request, sight, stands, form, refusal, "correct")
    return kept(request, session, kept_row)


def _put_right(request: StaffRequest, sight: Sight, row: SessionEvent, stands: Event, form: Any) -> SessionEvent:
    because = request.POST.get("because_corrected", "")
    if not because.strip():
        raise Missing(
            because=_("A correction needs a reason."), way_out=_("Say what was wrong."), code="reason_missing", where="because_corrected"
        )
    if not form.is_valid():
        raise Refusal(because=_("A field is not right."), way_out=_("Correct it and send again."), code="invalid")
    common: dict[str, Any] = {
        "because": because,
        "by": request.staff,
        "now": request.now,
        "happened_at": _when(request, stands, sight),
        "key": key_of(request),
    }
    with transaction.atomic():
        if stands.kind == SET:
            expected = sight.supervision.observations.set_items
            return bedside_services.observe(
                sight.session, form.typed_numbers, form.tapped_scores, expected=expected, supersedes=row, **common
            )
        return bedside_services.correct(row, form.data_now, **common)


def _when(request: StaffRequest, stands: Event, sight: Sight) -> datetime:
    """As it was, unless the page says another time."""
    if request.POST.get("at_time", "").strip() or request.POST.get("ago_min", ""):
        return moment_of(request.POST, request.now, sight.zone).at
    return stands.happened_at


@bedside("session.chart")
def retract(request: StaffRequest, session: Session, event: UUID) -> HttpResponse:
    """It did not happen: struck through, with the reason."""
    sight = Sight.of(session, request.now)
    row, stands = _entry(session, event, sight)
    form = CorrectForm(request.POST or None, event=stands)
    if request.method != "POST":
        read_chart(request, session.patient, str(session.ref))
        return _shown(request, sight, stands, form, "retract")
    try:
        kept_row = bedside_services.retract(
            row, because=request.POST.get("because_corrected", ""), by=request.staff, now=request.now, key=key_of(request)
        )
    except Refusal as refusal:
        return _refused(request, sight, stands, form, refusal, "retract")
    return kept(request, session, kept_row)


def _refused(request: StaffRequest, sight: Sight, stands: Event, form: Any, refusal: Refusal, way: str) -> HttpResponse:
    if wants_json(request):
        raise refusal
    return _shown(request, sight, stands, form, way, refusal=refusal, status=422)


def _shown(
    request: StaffRequest, sight: Sight, stands: Event, form: Any, way: str, *, refusal: Refusal | None = None, status: int = 200
) -> HttpResponse:
    ref = sight.session.ref
    context = {
        "session": sight.session,
        "strip": strip_of(sight),
        "line": next(line for line in lines_of(sight) if line.id == stands.id),
        "form": form,
        "way": way,
        "is_set": stands.kind == SET,
        "refusal": refusal,
        "typed": request.POST,
        "key": request.POST.get("key") or uuid4(),
        "version": sight.session.version,
        "url": reverse(f"session_{way}", args=[ref, stands.id]),
        "other_url": reverse("session_retract" if way == "correct" else "session_correct", args=[ref, stands.id]),
        "correctable": stands.kind not in NOT_CORRECTABLE,
    }
    if wants_part(request):
        return part(request, "sessions/correct_form.html", context, status=status)
    return show(request, "sessions/correct.html", context, status=status)
