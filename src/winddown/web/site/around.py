"""Notices, places and people of the site."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from winddown.record.models import Location, SiteNotice, Staff
from winddown.services.site import around
from winddown.web.access import StaffRequest
from winddown.web.people.shell import carried_out, desk, posted, show
from winddown.web.site.forms import NoticeForm, PersonForm, PlaceForm


@desk("site.write")
def notices(request: StaffRequest) -> HttpResponse:
    form = NoticeForm(posted(request), initial={"starts_on": timezone.localdate(request.now)})
    if form.is_bound and carried_out(form, lambda: around.post_notice(**form.details(), by=request.staff, now=request.now)):
        messages.success(request, _("Kept. It is on every page of the site between its days."))
        return redirect("site_notices")
    rows = SiteNotice.objects.select_related("location", "by").order_by("-starts_on", "-id")[:50]
    context = {"form": form, "rows": rows, "today": timezone.localdate(request.now)}
    return show(request, "site/notices.html", context, status=422 if form.is_bound else 200)


@desk("site.write")
@require_POST
def notice_end(request: StaffRequest, ref: UUID) -> HttpResponse:
    around.end_notice(get_object_or_404(SiteNotice, ref=ref), by=request.staff, now=request.now)
    messages.success(request, _("Taken off the site."))
    return redirect("site_notices")


@desk("site.write")
def place(request: StaffRequest, ref: UUID) -> HttpResponse:
    row = get_object_or_404(Location.objects, ref=ref)
    form = PlaceForm(request.POST) if request.method == "POST" else PlaceForm.of(row)
    if form.is_bound and carried_out(form, lambda: around.show_place(row, **form.details(), by=request.staff, now=request.now)):
        messages.success(request, _("Kept."))
        return redirect("site")
    context = {"form": form, "title": Location.objects.get(pk=row.pk).name}
    return show(request, "site/one_form.html", context, status=422 if form.is_bound else 200)


@desk("site.write")
def person(request: StaffRequest, ref: UUID) -> HttpResponse:
    staff = get_object_or_404(Staff.objects, ref=ref)
    known = next((row for row in around.people_rows() if row.staff_id == staff.pk), None)
    form = PersonForm(request.POST) if request.method == "POST" else PersonForm.of(known)
    if form.is_bound and carried_out(form, lambda: around.present_person(staff, **form.details(), by=request.staff, now=request.now)):
        messages.success(request, _("Kept."))
        return redirect("site")
    return show(request, "site/one_form.html", {"form": form, "title": staff.name}, status=422 if form.is_bound else 200)
