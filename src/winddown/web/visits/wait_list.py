"""The wait list of the desk, and the page on which one person says yes or no to a time that became free."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as __
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from winddown.domain.refusals import Refusal
from winddown.record.models import Freed, Location, Offer, Patient, VisitType, WaitWish
from winddown.services import links, secret_addresses, visit_news, waiting
from winddown.web.access import StaffRequest, by_ref, key_of
from winddown.web.calendar.book import place_and_start
from winddown.web.patients import search
from winddown.web.people.shell import HouseForm, carried_out, desk, posted, show
from winddown.web.people.words import WEEKDAYS
from winddown.web.visits import door

PRIORITIES = ((1, __("first")), (2, __("as usual")), (3, __("when nobody else")))
CLOCK = {"type": "time", "step": 900}


class WishForm(HouseForm):
    """Who waits for what; a name and a phone where there is no record yet."""

    visit_type: Any = forms.ModelChoiceField(label=__("Kind of visit"), queryset=None, empty_label=None)
    name = forms.CharField(label=__("Name"), max_length=120, required=False)
    phone = forms.CharField(label=__("Phone"), max_length=40, required=False)
    priority = forms.TypedChoiceField(label=__("Is asked"), choices=PRIORITIES, coerce=int, initial=2)
    places: Any = forms.ModelMultipleChoiceField(
        label=__("Places, none means any"), queryset=None, required=False, widget=forms.CheckboxSelectMultiple
    )
    weekdays = forms.TypedMultipleChoiceField(
        label=__("Days, none means any"), choices=list(WEEKDAYS.items()), coerce=int, required=False, widget=forms.CheckboxSelectMultiple
    )
    earliest = forms.TimeField(label=__("Earliest start"), widget=forms.TimeInput(attrs=CLOCK, format="%H:%M"), initial="08:00")
    latest = forms.TimeField(label=__("Latest start"), widget=forms.TimeInput(attrs=CLOCK, format="%H:%M"), initial="17:00")
    until = forms.DateField(label=__("Waits until"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))
    words = forms.CharField(label=__("Note for the desk"), max_length=200, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["visit_type"].queryset = VisitType.objects.filter(active=True)  # type: ignore[attr-defined]
        self.fields["places"].queryset = Location.objects.order_by("name")  # type: ignore[attr-defined]


@desk("booking.write")
def wait_list(request: StaffRequest) -> HttpResponse:
    patient: Patient | None = by_ref(search.everyone(), request.POST.get("patient") or request.GET.get("patient", ""))
    form = WishForm(posted(request), initial={"until": timezone.localdate(request.now) + timedelta(days=28)})
    if form.is_bound and carried_out(form, lambda: _keep(request, form, patient)):
        messages.success(request, _("On the wait list."))
        return redirect("visit_wait_list")
    rows = WaitWish.objects.filter(status="waiting", until__gte=request.now.date()).select_related("patient", "visit_type", "by")
    places = {str(place.ref): place.name for place in Location.objects.all()}
    context = {
        "form": form,
        "patient": patient,
        "lines": [_line(row, places) for row in rows.order_by("priority", "created_at", "id")],
        "freed": _freed(request),
        "key": uuid4(),
    }
    return show(request, "visits/wait_list.html", context, status=422 if form.is_bound else 200)


@desk("booking.write")
@require_POST
def wish_end(request: StaffRequest, wish: UUID) -> HttpResponse:
    waiting.withdraw(get_object_or_404(WaitWish.objects.select_related("patient"), ref=wish), by=request.staff, now=request.now)
    messages.success(request, _("Taken off the list."))
    return redirect("visit_wait_list")


@desk("booking.write")
@require_POST
def offer_time(request: StaffRequest) -> HttpResponse:
    """One click: this free time goes out to those whom it suits."""
    place, start = place_and_start(request.POST)
    made = waiting.offer(place, start, by=request.staff, now=request.now)
    if made:
        words = ngettext("Offered to %(n)d person who waits.", "Offered to %(n)d people who wait.", len(made)) % {"n": len(made)}
        messages.success(request, words)
    else:
        messages.warning(request, _("Nobody on the list can be asked for that time now."))
    return redirect("visit_wait_list")


@door.by_secret("offer")
def offer_page(request: Any, ref: Any) -> HttpResponse:
    """Yes or no, for whoever holds the link. It says nothing about anybody else who was asked."""
    row = Offer.objects.select_related("freed__location", "wish__patient", "wish__visit_type", "booking").filter(ref=ref).first()
    if row is None:
        raise links.gone()
    refusal = None
    with timezone.override(ZoneInfo(row.freed.location.time_zone)):
        if request.method == "POST":
            try:
                return _answered(request, row)
            except Refusal as why:
                refusal = why
                row.refresh_from_db()
        open_now = row.status == "open" and row.expires_at > request.now and row.freed.status == "open"
        context = {"row": row, "open": open_now, "refusal": refusal, "key": uuid4()}
        return door.show(request, "visits/offer.html", context, status=422 if refusal else 200)


def _answered(request: Any, row: Offer) -> HttpResponse:
    if request.POST.get("say") == "no":
        waiting.decline(row, now=request.now)
        return redirect("visit_offer", token=secret_addresses.token_of("offer", row.practice_id, row.ref))
    return redirect(visit_news.path_of(waiting.take(row, now=request.now)))


def _keep(request: StaffRequest, form: WishForm, patient: Patient | None) -> None:
    told = dict(form.cleaned_data)
    contact = {"name": told.pop("name"), "phone": told.pop("phone")}
    kind = told.pop("visit_type")
    waiting.wish(kind, patient=patient, contact={} if patient else contact, by=request.staff, now=request.now, key=key_of(request), **told)


def _line(row: WaitWish, places: dict[str, str]) -> dict[str, Any]:
    return {
        "row": row,
        "who": waiting.who(row),
        "places": [places[ref] for ref in row.places if ref in places],
        "days": [WEEKDAYS[str(day)] for day in row.weekdays],
        "priority": dict(PRIORITIES)[row.priority],
    }


def _freed(request: StaffRequest) -> list[Freed]:
    """Times that are out now, and the last few that ended."""
    rows = Freed.objects.select_related("location").prefetch_related("offers__wish__patient")
    return [*rows.filter(status="open").order_by("start"), *rows.exclude(status="open").order_by("-ended_at", "-id")[:6]]
