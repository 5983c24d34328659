"""A booked visit, a wish for one, a call that is asked for, a feed and a day that is planned."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import uuid4

from tests.factories import diary, own
from tests.web.walk.samples import Scene
from winddown.domain.booking import safety_questions
from winddown.record.models import Shift, VisitRequest
from winddown.services import asking, booking, calendar, day_plans, feeds, waiting


def sample(scene: Scene) -> dict[str, Any]:
    """The patient's own pages name the same visit."""
    house, now = scene.house, scene.now
    kind = diary.open_diary(house, now.date() + timedelta(days=7 - now.weekday()), now=now, weeks=1)
    slot = calendar.free(kind, [house.location], now.date() + timedelta(days=1), 8, now=now)[house.location][0]
    booked = booking.book(kind, house.location, slot.start, now=now, by=house.front_desk, patient=scene.patient)
    soon = now.date() + timedelta(days=9)
    wish = waiting.wish(kind, until=soon, by=house.front_desk, now=now, contact={"name": "Own Waiting"})
    feed = feeds.make(chair=house.chairs[0], by=house.front_desk, now=now)
    planned = day_plans.propose(house.location, now.date(), by=house.front_desk, now=now)
    return {
        "bookings.ref": booked.ref,
        "visit": booked.ref,
        "shifts.ref": Shift.objects.first().ref,
        "wish": wish.ref,
        "feed": feed.ref,
        "plan": planned.ref,
        "asked": _asked(scene).ref,
        **own.samples(house, scene.patient, visit=booked.ref, consent=scene.consent, now=now),
    }


def _asked(scene: Scene) -> VisitRequest:
    contact = {"name": "Own Caller", "given_name": "Own", "family_name": "Caller", "phone": "+14195550142"}
    told = {"answers": dict.fromkeys(safety_questions.QUESTIONS, "unsure"), "contact": contact}
    return asking.ask_to_be_called(scene.house.location, "soon", **told, by=scene.house.front_desk, now=scene.now, key=uuid4())
