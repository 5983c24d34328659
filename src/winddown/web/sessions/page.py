"""The chart page, the data behind it, and the pieces of it that renew themselves."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse

from winddown.domain.quantities import parse_decimal
from winddown.domain.refusals import Missing
from winddown.record.models import Attachment, Session
from winddown.services import alarms
from winddown.services import bedside as bedside_services
from winddown.web.access import StaffRequest, key_of, read_chart, seen_version
from winddown.web.board.here import alarm_urls, banner
from winddown.web.sessions import act_views, chart, emergency, next_things, present
from winddown.web.sessions.acts import ACTS
from winddown.web.sessions.readings import latest_of
from winddown.web.sessions.room import bedside, note_reading, part, seen_token, show
from winddown.web.sessions.sight import Sight
from winddown.web.sessions.story import LATEST, lines_of
from winddown.web.sessions.when import moment_of


@bedside("chart.read")
def session_page(request: StaffRequest, session: Session) -> HttpResponse:
    """The live chart of one visit: one line in the audit trail, whatever the page asks for afterwards."""
    read_chart(request, session.patient, str(session.ref))
    sight = Sight.of(session, request.now)
    context = _moving(request, sight) | {
        "chart": present.chart_of(sight, seen_token(request, session)),
        "tiles": present.tiles_of(sight, latest_of(session)),
        "alarms": alarms_here(session),
        "alarm_urls": alarm_urls(session.location),
        "location_name": session.location.name,
        "now_url": reverse("session_now", args=[session.ref]),
        "acts_url": reverse("session_acts", args=[session.ref]) if present.may_act(request.staff) else "",
        "seen": seen_token(request, session),
    }
    return show(request, "sessions/page.html", context)


def _moving(request: StaffRequest, sight: Sight) -> dict[str, Any]:
    """The parts that change with the story."""
    return {
        "session": sight.session,
        "strip": present.strip_of(sight),
        "duties": next_things.next_things(sight),
        "rows": present.score_rows(sight) if _takes_scores(request, sight) else [],
        "bar": present.bar_of(sight, request.staff),
        "others": present.others_here(sight),
        "lines": lines_of(sight, LATEST),
        "events": len(sight.every),
    }


def _takes_scores(request: StaffRequest, sight: Sight) -> bool:
    return sight.session.status in present.PRESENT and present.may_act(request.staff)


def alarms_here(session: Session) -> list[dict[str, Any]]:
    """The alarms of this place that a person must see, this chair's first."""
    standing = alarms.visible(location=session.location)
    return [banner(one) for one in sorted(standing, key=lambda one: one.alarm.session_id != session.pk)]


@bedside("chart.read", background=True)
def now_part(request: StaffRequest, session: Session) -> HttpResponse:
    """The parts of the page that follow the story, asked for again by the page itself."""
    note_reading(request, session)
    return part(request, "sessions/now.html", _moving(request, Sight.of(session, request.now)))


@bedside("session.chart", background=True)
def acts_part(request: StaffRequest, session: Session) -> HttpResponse:
    """The forms of all acts that the status offers, so that each opens at once and also without a network."""
    note_reading(request, session)
    sight = Sight.of(session, request.now)
    forms = [
        act_views.act_context(request, act, sight, act_views.form_of(request, act, sight)) for act in ACTS if session.status in act.offered
    ]
    card = emergency.context_of(request, sight) if session.status in present.PRESENT else None
    return part(request, "sessions/acts.html", {"forms": forms, "session": session, "emergency": card})


@bedside("chart.read", background=True)
def chart_json(request: StaffRequest, session: Session) -> HttpResponse:
    note_reading(request, session)
    return JsonResponse(chart.chart_data(session, now=request.now))


@bedside("chart.read", background=True)
def forecast_json(request: StaffRequest, session: Session) -> HttpResponse:
    note_reading(request, session)
    sight = Sight.of(session, request.now)
    found = sight.forecast()
    return JsonResponse(chart.forecast_data(*found, sight.zone) if found else None, safe=False)


@bedside("chart.read")
def what_if_json(request: StaffRequest, session: Session) -> HttpResponse:
    """What a rate would do from now on. Nothing is ordered, nothing is written but that somebody looked."""
    note_reading(request, session)
    rate = parse_decimal(request.GET.get("rate_ml_per_h", ""), where="rate_ml_per_h")
    return JsonResponse(chart.what_if_data(session, rate, now=request.now))


@bedside("session.chart")
def score(request: StaffRequest, session: Session) -> HttpResponse:
    """One tap is one score."""
    if request.method != "POST":
        return redirect(f"{reverse('session', args=[session.ref])}#scores")
    scale, value = request.POST.get("scale", ""), request.POST.get("value", "")
    if not value:
        raise Missing(because="No value was tapped.", way_out="Tap one of the buttons.", code="value_missing", where="value")
    sight = Sight.of(session, request.now)
    moment = moment_of(request.POST, request.now, sight.zone)
    key = key_of(request)
    row = bedside_services.score(session, scale, value, by=request.staff, now=request.now, happened_at=moment.at, key=key)
    return act_views.kept(request, session, row, act_views.written_meanwhile(sight, seen_version(request), request.staff.pk, key))


@bedside("chart.read")
def photo(request: StaffRequest, session: Session, photo: UUID) -> HttpResponse:
    """The photo as it was kept; never cached by anything between."""
    kept = get_object_or_404(Attachment, session=session, ref=photo)
    read_chart(request, session.patient, f"photo {kept.ref}")
    response = HttpResponse(bytes(kept.content), content_type=kept.media_type)
    response["Cache-Control"] = "private, no-store"
    response["Content-Disposition"] = f'inline; filename="{kept.ref}"'
    return response
