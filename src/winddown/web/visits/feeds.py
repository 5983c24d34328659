"""Secret addresses of calendars: made, shown, taken back; and the file itself."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from winddown.record.models import CalendarFeed, Chair
from winddown.services import feeds, permissions
from winddown.web.access import StaffRequest, by_ref
from winddown.web.people.shell import desk, show
from winddown.web.visits.door import by_secret


@desk("own.account")
def feed_list(request: StaffRequest) -> HttpResponse:
    """My own calendar, and those of the chairs for the desk."""
    chairs = permissions.may(request.staff, "booking.write")
    if request.method == "POST":
        chair: Chair | None = by_ref(Chair.objects.all(), request.POST.get("chair", "")) if chairs else None
        feeds.make(staff=None if chair else request.staff, chair=chair, by=request.staff, now=request.now)
        messages.success(request, _("The address is ready. Whoever has it can read along: keep it to yourself."))
        return redirect("visit_feeds")
    rows = CalendarFeed.objects.filter(revoked_at__isnull=True).select_related("chair__location", "staff")
    mine = [row for row in rows if row.staff_id == request.staff.pk or (chairs and row.chair_id)]
    context = {
        "feeds": [{"row": row, "address": request.build_absolute_uri(feeds.path_of(row))} for row in mine],
        "own": any(row.staff_id for row in mine),
        "chairs": Chair.objects.select_related("location").order_by("location__name", "position") if chairs else [],
    }
    return show(request, "visits/feeds.html", context)


@desk("own.account")
@require_POST
def feed_end(request: StaffRequest, feed: UUID) -> HttpResponse:
    row = get_object_or_404(CalendarFeed.objects, ref=feed)
    feeds.revoke(row, by=request.staff, now=request.now)
    messages.success(request, _("That address works no longer."))
    return redirect("visit_feeds")


@by_secret("feed")
def feed_file(request: Any, ref: Any) -> HttpResponse:
    return HttpResponse(feeds.written(feeds.opened(ref), now=request.now), content_type="text/calendar; charset=utf-8")
