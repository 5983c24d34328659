"""What pages and the watch ask about tasks, the roster and who is watching: a fixed number of queries each."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db.models import Case, IntegerField, Q, Value, When

from winddown.record.models import Location, OnCall, Patient, Staff, Task, Watching

_RANK = Case(When(urgency="urgent", then=Value(0)), When(urgency="same_day", then=Value(1)), default=Value(2), output_field=IntegerField())


def open_tasks(*, location: Location | None = None, assigned: Staff | None = None) -> list[Task]:
    """Not closed, the most urgent first, then the earliest due."""
    rows = Task.objects.exclude(status="closed").select_related("location", "patient", "assigned", "acknowledged_by")
    if location is not None:
        rows = rows.filter(location=location)
    if assigned is not None:
        rows = rows.filter(Q(assigned=assigned) | Q(acknowledged_by=assigned))
    return list(rows.order_by(_RANK, "due_at", "id"))


def urgent_now() -> list[Task]:
    """Every urgent task of the practice that is not closed, oldest first. One query."""
    rows = Task.objects.filter(urgency="urgent").exclude(status="closed")
    return list(rows.select_related("location", "assigned", "acknowledged_by").order_by("opened_at", "id"))


def open_about(patient: Patient) -> list[Task]:
    """The open tasks about one patient."""
    rows = (
        Task.objects.filter(patient=patient).exclude(status="closed").select_related("location", "patient", "assigned", "acknowledged_by")
    )
    return list(rows.order_by(_RANK, "due_at", "id"))


def on_call(location_id: int, at: datetime) -> list[int]:
    """Who is on call for a place at `at`, first called first. Ids only: the watch may read no more."""
    rows = OnCall.objects.filter(location_id=location_id, span__contains=at, canceled_at__isnull=True)
    return list(dict.fromkeys(rows.order_by("rank", "span").values_list("staff_id", flat=True)))


def directors() -> list[int]:
    """Those who direct the program, in the order they came."""
    return list(Staff.objects.filter(active=True, roles__contains=["director"]).order_by("id").values_list("id", flat=True))


def duties(location: Location, start: datetime, end: datetime) -> Sequence[OnCall]:
    """The roster of a place between two moments, canceled ones left out."""
    rows = OnCall.objects.filter(location=location, span__overlap=(start, end), canceled_at__isnull=True)
    return list(rows.select_related("staff").order_by("span", "rank"))


def watching(location: Location, at: datetime) -> Sequence[Watching]:
    """Who has said that they are watching this place at `at` and has not ended it."""
    rows = Watching.objects.filter(location=location, began_at__lte=at, until__gt=at).filter(Q(ended_at__isnull=True) | Q(ended_at__gt=at))
    return list(rows.select_related("staff").order_by("began_at"))
