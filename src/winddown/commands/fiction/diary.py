"""The calendar of the fictional practice: kinds of visit, shifts, and who comes in the next days."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, time, timedelta
from typing import Any
from uuid import uuid4
from zoneinfo import ZoneInfo

from django.db.backends.postgresql.psycopg_any import DateTimeTZRange

from winddown.domain.booking import safety_questions
from winddown.domain.refusals import Refusal
from winddown.record.models import Booking, Location, Patient, Shift, Staff, VisitType
from winddown.services import asking, booking, calendar, waiting

WEEKS = 4
INFUSION = [{"kind": "chair"}, {"kind": "nurse"}, {"kind": "prescriber", "to_min": 30}]
KINDS: tuple[Mapping[str, Any], ...] = (
    {
        "key": "first-visit",
        "name": "First visit",
        "minutes": 45,
        "needs": [{"kind": "chair"}, {"kind": "nurse", "to_min": 15}, {"kind": "prescriber"}],
        "public": True,
        "notice_hours": 24,
        "words": "Your story, a short examination, and whether this treatment may be for you. Nothing is given on this day.",
    },
    {
        "key": "infusion-40",
        "name": "Infusion, 40 minutes",
        "minutes": 70,
        "recovery_min": 60,
        "needs": INFUSION,
        "words": "You rest in a chair.",
    },
    {
        "key": "infusion-240",
        "name": "Infusion, 4 hours",
        "minutes": 270,
        "recovery_min": 60,
        "needs": INFUSION,
        "words": "You rest in a chair.",
    },
)
CALLERS = ("Casey Invented", "Robin Notreal", "Jamie Pretend")


def write(places: Mapping[str, Location], *, by: Staff, desk: Staff, now: datetime) -> None:
    """Once: the kinds, four weeks of shifts at both places, and some visits of tomorrow and after."""
    for position, kind in enumerate(KINDS):
        calendar.describe_visit(**kind, position=position, by=by, now=now)
    if Shift.objects.exists():
        return
    here, there = places.values()
    staff = {row.account.email.split("@")[0]: row for row in Staff.objects.select_related("account")}
    for location, nurse, prescriber in ((here, staff["nurse"], staff["prescriber"]), (there, staff["nurse2"], staff["prescriber2"])):
        today = now.astimezone(ZoneInfo(location.time_zone)).date()
        for weekday in sorted(location.hours):
            day = today + timedelta(days=(int(weekday) - today.weekday()) % 7)
            opens, closes = (time.fromisoformat(edge) for edge in location.hours[weekday][0])
            for person, role, lanes in ((nurse, "nurse", 2), (prescriber, "prescriber", 4)):
                calendar.put_on_shift(person, location, day, opens, closes, role=role, lanes=lanes, weeks=WEEKS, by=by, now=now)
        _fill(location, today + timedelta(days=1), by=desk, now=now)
    _front_desk(here, by=desk, now=now)


def _front_desk(location: Location, *, by: Staff, now: datetime) -> None:
    """Two people who wait for an earlier time, and one who waits for a call."""
    infusion = VisitType.objects.get(key="infusion-40")
    for number, name in enumerate(("Morgan Madeup", "Sasha Storybook")):
        contact = {"name": name, "phone": f"+1419555016{number}", "language": "en"}
        waiting.wish(infusion, until=now.date() + timedelta(days=28), contact=contact, priority=number + 1, by=by, now=now)
    told = {"given_name": "Quinn", "family_name": "Imaginary", "name": "Quinn Imaginary", "phone": "+14195550168", "language": "en"}
    answers = dict.fromkeys(safety_questions.QUESTIONS, "no") | {"pressure": "unsure"}
    asking.ask_to_be_called(location, "soon", answers=answers, contact=told, now=now, key=uuid4())


def make_room(*, by: Staff, now: datetime) -> None:
    """What an earlier run invented for these hours goes, so that today's people can sit down."""
    hours = DateTimeTZRange(now - timedelta(hours=12), now + timedelta(hours=12))
    for booked in Booking.objects.filter(status__in=["held", "booked"], span__overlap=hours):
        booking.cancel(booked, because="the demonstration needs the chair", by=by, now=now)


def _fill(location: Location, day: Any, *, by: Staff, now: datetime) -> None:
    """Every third free time of the next days goes to somebody, until the invented people run out."""
    kinds = list(VisitType.objects.order_by("position"))
    patients = list(Patient.objects.order_by("pk"))[:6]
    for place, who in enumerate([*patients, *CALLERS]):
        kind = kinds[1 + place % 2] if isinstance(who, Patient) else kinds[0]
        free = calendar.free(kind, [location], day + timedelta(days=place // 4), 3, now=now)[location]
        if not free:
            continue
        told = {"patient": who} if isinstance(who, Patient) else {"contact": {"name": who, "phone": "555-0142"}}
        try:
            booking.book(kind, location, free[min(place * 3, len(free) - 1)].start, now=now, by=by, **told)
        except Refusal:
            continue
