"""What every page of the staff rooms stands in: the practice's name, the place's own time, the menu and the lock."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache, wraps
from typing import Any, cast
from zoneinfo import ZoneInfo

from django import forms
from django.conf import settings
from django.core.paginator import Page, Paginator
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import Resolver404, resolve
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from winddown.domain.refusals import NotAllowed, Refusal
from winddown.record.models import Location
from winddown.services import permissions
from winddown.web.access import StaffRequest, View, page

ROWS = 50


@dataclass(frozen=True)
class Place:
    """One line of the menu: where it leads, who sees it, and whether the day's work needs it at one tap. unless: who has it elsewhere."""

    url: str
    words: Any
    permission: str
    daily: bool = False
    unless: str = ""


MENU = (
    Place("/programme/", _("Program"), "programme.see", daily=True),
    Place("/programme/export/", _("Export"), "programme.export_research", daily=True, unless="programme.see"),
    Place("/board/", _("Board"), "board.see", daily=True),
    Place("/tasks/", _("Tasks"), "task.see", daily=True),
    Place("/patients/", _("Patients"), "patient.list", daily=True),
    Place("/calendar/", _("Calendar"), "calendar.see", daily=True),
    Place("/messages/", _("Messages"), "thread.see"),
    Place("/devices/", _("Devices"), "device.manage"),
    Place("/orphans/", _("Unclaimed readings"), "orphan.attach"),
    Place("/instruments/", _("Questionnaires"), "instrument.see"),
    Place("/protocols/", _("Protocols"), "protocol.see"),
    Place("/ledger/", _("Drug ledger"), "ledger.see", daily=True),
    Place("/charges/", _("Charges"), "charge.see"),
    Place("/site/", _("Public site"), "site.write"),
    Place("/consent-texts/", _("Consent texts"), "consent.sign_text"),
    Place("/staff/", _("Staff"), "staff.manage"),
    Place("/places/", _("Places"), "place.manage"),
    Place("/audit/", _("Audit"), "audit.read"),
    Place("/account/", _("My account"), "own.account"),
)


def desk(permission: str, *, background: bool = False) -> Callable[[View], View]:
    """A page behind the door whose times are read and shown in the time zone of the person's location."""

    def wrap(view: View) -> View:
        @wraps(view)
        def at_local_time(request: StaffRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            place = place_of(request)
            with timezone.override(ZoneInfo(place.time_zone) if place else None):
                return view(request, *args, **kwargs)

        return page(permission, background=background)(at_local_time)

    return wrap


def place_of(request: StaffRequest) -> Location | None:
    """Where this person works: the home location, or the practice's first."""
    if not hasattr(request, "place"):
        request.place = request.staff.home or Location.objects.order_by("id").first()  # type: ignore[attr-defined]
    return cast("Location | None", request.place)  # type: ignore[attr-defined]


def show(request: StaffRequest, template: str, context: Mapping[str, Any] | None = None, *, status: int = 200) -> HttpResponse:
    return render(request, template, frame(request) | dict(context or {}), status=status)


def frame(request: StaffRequest) -> dict[str, Any]:
    """What the base page asks for."""
    place = place_of(request)
    return {
        "practice_name": request.staff.practice.name,
        "location_name": place.name if place else "",
        "nav_items": menu(request),
        "lock": {"url": "/lock/now/", "unlock_url": "/lock/", "after_s": settings.LOCK_AFTER_MIN * 60, "locked": False},
    }


def menu(request: StaffRequest) -> list[dict[str, Any]]:
    """The rooms that exist and that this person may enter."""
    return [
        {"url": place.url, "words": place.words, "daily": place.daily, "current": request.path.startswith(place.url)}
        for place in MENU
        if permissions.may(request.staff, place.permission)
        and exists(place.url)
        and not (place.unless and permissions.may(request.staff, place.unless))
    ]


@lru_cache
def exists(url: str) -> bool:
    """Whether the house has a room at this address."""
    try:
        resolve(url)
    except Resolver404:
        return False
    return True


def carried_out(form: HouseForm, deed: Callable[[], object]) -> bool:
    """Do the deed of a valid form. A refusal comes back on the form, at its field, with all that was typed."""
    if not form.is_valid():
        return False
    try:
        deed()
    except Refusal as refusal:
        if isinstance(refusal, NotAllowed) and refusal.code == "not_permitted":
            raise
        form.refuse(refusal)
        return False
    return True


def posted(request: HttpRequest) -> QueryDict | None:
    """What a form was sent with, or None when it is only asked for."""
    return request.POST if request.method == "POST" else None


def paged(request: HttpRequest, rows: Any, *, per_page: int = ROWS) -> Page[Any]:
    return Paginator(rows, per_page).get_page(request.GET.get("page"))


class HouseForm(forms.Form):
    """A form of the house: it can carry a refusal in the refusal's own words."""

    refusal: Refusal | None = None

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            field.widget.attrs.setdefault("class", _class_of(field.widget))

    def refuse(self, refusal: Refusal) -> None:
        self.refusal = refusal
        field = refusal.where if refusal.where in self.fields else None
        self.add_error(field, f"{refusal.because} {refusal.way_out}".strip())


def _class_of(widget: forms.Widget) -> str:
    if isinstance(widget, forms.CheckboxInput | forms.CheckboxSelectMultiple | forms.RadioSelect):
        return "form-check-input flex-shrink-0"
    return "form-select" if isinstance(widget, forms.Select) else "form-control"
