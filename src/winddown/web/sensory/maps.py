"""Body maps: where it hurts, marked today, and laid beside an earlier day."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from winddown.domain.sensory.body import MapChange, change_between
from winddown.record.models import BodyMap, Patient
from winddown.services import body_maps, links, permissions
from winddown.web.access import StaffRequest, key_of, read_chart
from winddown.web.patients.base import head_of, open_patient, patient_of
from winddown.web.people.shell import HouseForm, carried_out, desk, show
from winddown.web.sensory.base import stamped
from winddown.web.sensory.figure import body_map, region_words, regions_words
from winddown.web.sensory.words import SOURCE_WORDS
from winddown.web.square_code import square_code


@desk("chart.read")
def body_maps_page(request: StaffRequest, ref: UUID) -> HttpResponse:
    """The newest map beside an earlier one of the reader's choice, the one before it unless another is asked for."""
    patient = patient_of(ref)
    read_chart(request, patient, "body maps")
    rows = body_maps.maps_of(patient)
    newest = rows[0] if rows else None
    then = next((row for row in rows[1:] if str(row.ref) == request.GET.get("then", "")), rows[1] if len(rows) > 1 else None)
    context = head_of(request, patient) | {
        "rows": [{"row": row, "words": map_words(row), "source": SOURCE_WORDS[row.source]} for row in rows],
        "newest": newest,
        "then": then,
        "now_map": _drawn(newest, change_between(then.regions, newest.regions) if then else None) if newest else None,
        "then_map": _drawn(then) if then else None,
        "sentences": change_words(then, newest) if then and newest else [],
        "may_link": permissions.may(request.staff, "link.send") and patient.merged_into is None,
        "may_mark": permissions.may(request.staff, "body.mark") and patient.merged_into is None,
    }
    return show(request, "sensory/maps.html", context)


def map_words(row: BodyMap) -> str:
    return regions_words(row.regions) if row.regions else _("nothing hurts")


def _drawn(row: BodyMap, change: MapChange | None = None) -> dict[str, Any]:
    """One map to look at; beside an earlier one, what came and what went are drawn apart."""
    marks = dict.fromkeys(row.regions, "marked")
    if change:
        marks |= dict.fromkeys(change.came, "came") | dict.fromkeys(change.went, "went")
    if row.worst in marks and marks[row.worst] == "marked":
        marks[row.worst] = "worst"
    return body_map(marks=marks, words=map_words(row), fixed=True)


def change_words(then: BodyMap, now: BodyMap) -> list[str]:
    """The difference in words, the counts first."""
    change = change_between(then.regions, now.regions)
    head = _("%(then)s then, %(now)s now.") % {"then": _regions(change.then), "now": _regions(change.now)}
    told = [head]
    for words, keys in ((_("New"), change.came), (_("No longer"), change.went), (_("Still"), change.stayed)):
        if keys:
            told.append(f"{words}: {regions_words(keys)}.")
    if then.worst and now.worst and then.worst != now.worst:
        told.append(_("Worst then: %(then)s; worst now: %(now)s.") % {"then": region_words(then.worst), "now": region_words(now.worst)})
    return told


def _regions(count: int) -> str:
    return ngettext("%(n)s region", "%(n)s regions", count) % {"n": count}


@desk("body.mark")
def body_map_new(request: StaffRequest, ref: UUID) -> HttpResponse:
    """Marked with the patient, or by the patient on the clinic's tablet; the last map is brought back as a beginning when asked."""
    patient = open_patient(ref)
    form = HouseForm(request.POST if request.method == "POST" else None)
    if form.is_bound and carried_out(form, lambda: _mark(request, patient)):
        return redirect("body_maps", ref=patient.ref)
    read_chart(request, patient, "body map form")
    rows = body_maps.maps_of(patient)
    again = rows[0] if rows and request.GET.get("from") == "last" else None
    typed = request.POST.getlist("regions") if form.is_bound else (again.regions if again else [])
    context = head_of(request, patient) | {
        "form": form,
        "map": body_map(marks=dict.fromkeys(typed, "marked")),
        "last": rows[0] if rows else None,
        "sources": SOURCE_WORDS,
        "source": request.POST.get("source", "patient"),
        "words": request.POST.get("words", ""),
        "worst": request.POST.get("worst", again.worst if again else ""),
    }
    return show(request, "sensory/map_new.html", context, status=422 if form.is_bound else 200)


@desk("link.send")
def body_map_link(request: StaffRequest, ref: UUID) -> HttpResponse:
    """A link to the map for the patient's own phone: made by one tap, shown as a code to scan."""
    patient = open_patient(ref)
    read_chart(request, patient, "body map link")
    context = head_of(request, patient)
    if request.method == "POST":
        link = links.make(patient=patient, purpose="map", now=request.now, by=request.staff)
        address = request.build_absolute_uri(links.path_of(link))
        context |= {"address": address, "until": link.expires_at, "code": square_code(address)}
    return show(request, "sensory/map_link.html", context)


def _mark(request: StaffRequest, patient: Patient) -> BodyMap:
    return body_maps.mark(
        patient,
        request.POST.getlist("regions"),
        by=request.staff,
        source=request.POST.get("source", ""),
        worst=request.POST.get("worst", ""),
        words=request.POST.get("words", ""),
        nothing_hurts=bool(request.POST.get("nothing_hurts")),
        now=request.now,
        marked_at=stamped(request.POST, request.now),
        key=key_of(request),
    )
