"""The papers of a visit: the record, the downtime pack, the hand-over to an ambulance, the going-home sheet, the label of a bag."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone, translation
from django.utils.dateparse import parse_datetime
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from winddown.domain.quantities import format_decimal
from winddown.domain.refusals import UnknownWord
from winddown.domain.sessions.story import latest, of_kind
from winddown.record.models import Bag, Session
from winddown.services import bags
from winddown.web import access
from winddown.web.access import StaffRequest, View, page
from winddown.web.papers import ambulance_data, downtime_data, record_data
from winddown.web.papers.going_home_text import LANGUAGES, TEXTS
from winddown.web.papers.sheet import about, clock, day, patient_of, printed
from winddown.web.sessions.room import bedside, show
from winddown.web.sessions.sight import Sight
from winddown.web.square_code import square_code

WITH_BAG = ("session__patient", "session__location", "session__chair", "session__order__course__protocol", "prepared_by", "checked_by")


@bedside("chart.read")
def record(request: StaffRequest, session: Session) -> HttpResponse:
    """The infusion record: one page that looks like the screen."""
    access.read_chart(request, session.patient, "record")
    sight = Sight.of(session, request.now).at_its_end()
    data = {"about": about(request, _("Infusion record"), session), "patient": patient_of(sight), **record_data.record_of(sight)}
    return printed(request, session, "record", data, f"record-{session.patient.record_number}", act="record")


@bedside("chart.read")
def downtime(request: StaffRequest, session: Session) -> HttpResponse:
    """One tap before the screens go dark: the order, the rates, a blank sheet with due times, whom to call."""
    access.read_chart(request, session.patient, "downtime pack")
    sight = Sight.of(session, request.now)
    data = {"about": about(request, _("Downtime pack"), session), "patient": patient_of(sight), **downtime_data.downtime_of(sight)}
    return printed(request, session, "downtime", data, f"downtime-{session.patient.record_number}", act="downtime pack")


@bedside("chart.read")
def ambulance(request: StaffRequest, session: Session) -> HttpResponse:
    """The page that goes with the patient in an emergency."""
    access.read_chart(request, session.patient, "ambulance page")
    sight = Sight.of(session, request.now)
    data = {"about": about(request, _("Hand-over"), session), "patient": patient_of(sight), **ambulance_data.ambulance_of(sight)}
    return printed(request, session, "ambulance", data, f"hand-over-{session.patient.record_number}", act="ambulance page")


@bedside("chart.read")
def going_home(request: StaffRequest, session: Session) -> HttpResponse:
    """What the patient takes home, in English or Spanish."""
    language = request.GET.get("language", "en")
    if language not in LANGUAGES:
        raise UnknownWord("language of the sheet", language, LANGUAGES)
    access.read_chart(request, session.patient, "going-home sheet")
    story = Sight.of(session, request.now).story
    came = latest(story, "escort_present") or latest(story, "escort_named")
    with translation.override(language):
        around = about(request, TEXTS[language]["title"], session, language=language)
    data = {
        "about": around,
        "text": TEXTS[language],
        "name": session.patient.name,
        "day": day(session.planned.lower),
        "phone": session.location.phone,
        "escort": came.text("name") if came else "",
        "given": bool(of_kind(story, "started")),
    }
    return printed(request, session, "going_home", data, f"going-home-{language}", act=f"going-home sheet {language}")


def of_bag(view: Callable[[StaffRequest, Bag], HttpResponse]) -> View:
    """A page of one bag of this practice, at the time of the place where it was made."""

    @wraps(view)
    def found(request: StaffRequest, ref: UUID) -> HttpResponse:
        wanted = (
            "session__patient",
            "session__location",
            "session__chair",
            "session__order__course__protocol",
            "prepared_by",
            "checked_by",
        )
        bag: Bag = get_object_or_404(Bag.objects.select_related(*wanted), ref=ref)
        with timezone.override(ZoneInfo(bag.session.location.time_zone)):
            return view(request, bag)

    return page("chart.read")(found)


@of_bag
def label(request: StaffRequest, bag: Bag) -> HttpResponse:
    """The label on the screen, to compare with the bag and to print."""
    access.read_chart(request, bag.session.patient, "label")
    return show(request, "papers/label.html", {"label": label_of(bag), "bag": bag, "session": bag.session})


@of_bag
def label_pdf(request: StaffRequest, bag: Bag) -> HttpResponse:
    """The label for a printer of labels, 4 by 3 inches."""
    data = {"about": about(request, _("Label"), bag.session), "label": label_of(bag)}
    return printed(request, bag.session, "label", data, f"label-{str(bag.ref)[:8]}", act="label")


def label_of(bag: Bag) -> dict[str, Any]:
    """The label's words and its square code, which holds the bag's reference and nothing else."""
    told = bags.label(bag)
    made, until = parse_datetime(told["prepared_at"]), parse_datetime(told["use_by"])
    patient = bag.session.patient
    return {
        **told,
        "line_volume_ml": format_decimal(bag.line_volume_ml),
        "name": patient.name,
        "born": date_format(patient.birth_date),
        "number": patient.record_number,
        "made": f"{day(bag.prepared_at)} {clock(made)}",
        "until": f"{day(bag.use_by)} {clock(until)}",
        "code": square_code(str(bag.ref)),
        "ref": str(bag.ref),
        "place": bag.session.location.name,
    }
