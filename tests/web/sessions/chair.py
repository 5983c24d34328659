"""A chair with a visit in it, and a nurse's browser in front of it. The visit began some minutes before now, as the pages count it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

from tests import factories
from tests.factories import visit
from tests.web.people.desk import signed_in
from winddown.domain.sessions.story import Event
from winddown.record.models import Alarm, AuditEntry, Reading, Session, SessionEvent
from winddown.record.scope import at_practice
from winddown.services import infusion, orders, stories

HTMX = {"HX-Request": "true"}
JSON = {"Accept": "application/json"}


def ago(minutes: float) -> datetime:
    return datetime.now(tz=UTC) - timedelta(minutes=minutes)


def _with_lines(house: Any, order: Any, as_needed: tuple[dict[str, str], ...], now: datetime) -> Any:
    """The same order as a new version with as-needed lines, signed."""
    made = orders.write(order.course, order.draft["request"], by=house.prescriber, now=now, as_needed=as_needed, supersedes=order)
    orders.sign(made, by=house.prescriber, now=now)
    return made


class Chair:
    """One visit of one house, `minutes` into its infusion; `minutes` None: ready, not started."""

    def __init__(self, house: Any, *, minutes: float | None = 20, chair: int = 0, as_needed: tuple[dict[str, str], ...] = ()) -> None:
        self.house = house
        self.client = signed_in(house, "nurse")
        start = ago(minutes or 0)
        with at_practice(house.id):
            order = factories.order(house, now=start - timedelta(hours=1))
            if as_needed:
                order = _with_lines(house, order, as_needed, start - timedelta(hours=1))
            self.session = factories.session(house, order, start=start, chair=chair, now=start - timedelta(hours=1))
            visit.make_ready(house, self.session, start - timedelta(minutes=10))
            if minutes is not None:
                first = self.session.order.figures["phases"][0]["rate_ml_per_h"]
                infusion.start(self.session, Decimal(first), by=house.nurse, now=start)

    def url(self, path: str = "") -> str:
        return f"/sessions/{self.session.ref}/{path}"

    def get(self, path: str = "", **asked: Any) -> Any:
        return self.client.get(self.url(path), asked)

    def post(self, path: str, *, headers: dict[str, str] | None = None, **fields: Any) -> Any:
        return self.client.post(self.url(path), fields, headers=headers or {})

    def story(self) -> list[Event]:
        with at_practice(self.house.id):
            return list(stories.standing(self.session))

    def last(self, kind: str) -> Event:
        return next(event for event in reversed(self.story()) if event.kind == kind)

    def rows(self, kind: str) -> list[SessionEvent]:
        with at_practice(self.house.id):
            return list(SessionEvent.objects.filter(session=self.session, kind=kind).order_by("id"))

    def status(self) -> str:
        with at_practice(self.house.id):
            return Session.objects.get(pk=self.session.pk).status

    def version(self) -> int:
        with at_practice(self.house.id):
            return Session.objects.get(pk=self.session.pk).version

    def open_alarms(self) -> set[str]:
        with at_practice(self.house.id):
            return set(Alarm.objects.filter(session=self.session).exclude(acts__kind="cleared").values_list("condition", flat=True))

    def looks(self) -> int:
        with at_practice(self.house.id):
            return AuditEntry.objects.filter(act="read chart", patient=self.session.patient).count()

    def readings(self, kind: str) -> list[float]:
        with at_practice(self.house.id):
            return list(Reading.objects.filter(session=self.session, kind=kind).order_by("id").values_list("value", flat=True))

    def add_readings(self, count: int) -> None:
        """One heart rate a second, the last one now."""
        now = datetime.now(tz=UTC)
        own = {"practice_id": self.house.id, "session": self.session, "chair": self.session.chair, "unit": "/min", "source": "monitor"}
        moments = [now - timedelta(seconds=place) for place in range(count)]
        with at_practice(self.house.id):
            own |= {"kind": "heart_rate", "value": 72, "raw_value": "72", "label": "accepted"}
            Reading.objects.bulk_create(Reading(observed_at=at, received_at=at, **own) for at in moments)

    def add_notes(self, count: int) -> None:
        now = datetime.now(tz=UTC)
        with at_practice(self.house.id):
            for place in range(count):
                stories.write(self.session, "note_written", {"words": f"note {place}"}, by=self.house.nurse, now=now)
