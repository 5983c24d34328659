"""What the director reads in the morning: five counts over all places, in a fixed number of queries."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from django.db.models import Count, Q

from winddown.record.models import Alarm, Case, Chair, Location, Session, Task
from winddown.record.queries.board import SEATED

INFUSING = ("running", "held")


@dataclass
class Place:
    """One location at this moment.

    seated      how many sit in a chair, by status
    today       today's visits by status; `to_come` those still planned for later; `not_come` those past their planned start
    standing    alarms that nobody has cleared; `unseen` of them nobody acknowledged
    cases       ledger cases that are open; `oldest_case` when the oldest was opened
    """

    location: Location
    chairs: int = 0
    seated: Counter[str] = field(default_factory=Counter)
    today: Counter[str] = field(default_factory=Counter)
    to_come: int = 0
    not_come: int = 0
    standing: int = 0
    unseen: int = 0
    urgent_alarms: int = 0
    tasks: int = 0
    late: int = 0
    urgent: int = 0
    oldest_due: datetime | None = None
    cases: int = 0
    oldest_case: datetime | None = None

    @property
    def infusing(self) -> int:
        return sum(self.seated[status] for status in INFUSING)

    @property
    def in_chair(self) -> int:
        return sum(self.seated.values())

    @property
    def visits(self) -> int:
        return sum(self.today.values())

    @property
    def done(self) -> int:
        return self.today["discharged"]


def places(days: Mapping[int, tuple[datetime, datetime]], now: datetime) -> list[Place]:
    """Every location with its counts. Five queries, however many places, visits, tasks and alarms there are.

    days   each location's own today, from midnight to midnight
    """
    found = {row.pk: Place(row) for row in Location.objects.order_by("name", "id")}
    for pk, number in Chair.objects.values_list("location_id").annotate(Count("id")):
        found[pk].chairs = number
    _visits(found, days, now)
    _tasks(found, now)
    _alarms(found)
    return list(found.values())


def _visits(found: Mapping[int, Place], days: Mapping[int, tuple[datetime, datetime]], now: datetime) -> None:
    window = (min(day[0] for day in days.values()), max(day[1] for day in days.values())) if days else (now, now)
    rows = Session.objects.filter(Q(planned__overlap=window) | Q(status__in=SEATED))
    for pk, status, planned in rows.values_list("location_id", "status", "planned"):
        place, (first, last) = found[pk], days[pk]
        if status in SEATED:
            place.seated[status] += 1
        if planned.lower < last and planned.upper > first:
            place.today[status] += 1
            place.to_come += status == "planned" and planned.lower >= now
            place.not_come += status == "planned" and planned.lower < now


def _tasks(found: Mapping[int, Place], now: datetime) -> None:
    for pk, urgency, due_at in Task.objects.exclude(status="closed").values_list("location_id", "urgency", "due_at"):
        place = found[pk]
        place.tasks += 1
        place.urgent += urgency == "urgent"
        if due_at < now:
            place.late += 1
            place.oldest_due = min(place.oldest_due or due_at, due_at)


def _alarms(found: Mapping[int, Place]) -> None:
    """Alarms that stand (no act cleared them), and the open ledger cases: two queries."""
    rows = Alarm.objects.exclude(acts__kind="cleared").filter(location__isnull=False)
    told = rows.annotate(seen=Count("acts", filter=Q(acts__kind="acknowledged"))).values_list("location_id", "severity", "seen")
    for pk, severity, seen in told:
        if pk is not None:
            found[pk].standing += 1
            found[pk].unseen += not seen
            found[pk].urgent_alarms += severity == "high"
    for pk, opened_at in Case.objects.filter(status="open").values_list("location_id", "opened_at"):
        found[pk].cases += 1
        found[pk].oldest_case = min(found[pk].oldest_case or opened_at, opened_at)
