"""Front of house: who asks for a visit, who waits for one, what was offered, and calendars that others may read."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from winddown.record.base import Referenced
from winddown.record.models.booking import Booking, VisitType
from winddown.record.models.patients import Patient
from winddown.record.models.people import Staff
from winddown.record.models.places import Chair, Location
from winddown.record.models.tasks import Task


class VisitRequest(Referenced):
    """Somebody asked for a visit: the four answers, how to reach them, and what became of it. `ref` is the writer's idempotency key."""

    changes: ClassVar[tuple[str, ...]] = ("booking", "patient")

    via = models.CharField(max_length=6, choices=[("web", "web"), ("phone", "phone")])
    answers = models.JSONField()
    answers_version = models.PositiveSmallIntegerField()
    contact = models.JSONField(help_text="given_name, family_name, birth_date, phone, email, language")
    location = models.ForeignKey(Location, on_delete=models.PROTECT, related_name="+")
    call_from = models.DateTimeField(null=True, blank=True)
    call_until = models.DateTimeField(null=True, blank=True)
    task = models.OneToOneField(Task, on_delete=models.PROTECT, null=True, blank=True, related_name="visit_request")
    booking = models.ForeignKey(Booking, on_delete=models.PROTECT, null=True, blank=True, related_name="requests")
    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, null=True, blank=True, related_name="visit_requests")
    source = models.CharField(max_length=64, blank=True, help_text="a keyed digest of the sender's address and day, for counting only")
    created_at = models.DateTimeField()
    by = models.ForeignKey(Staff, on_delete=models.PROTECT, null=True, blank=True, related_name="+")

    class Meta(Referenced.Meta):
        indexes = [models.Index(fields=["practice", "created_at"])]
        constraints = [
            models.CheckConstraint(condition=models.Q(via="phone") | models.Q(by__isnull=True), name="web_request_is_nobodys"),
            models.CheckConstraint(
                condition=models.Q(call_from__isnull=True) | models.Q(call_until__gt=models.F("call_from")),
                name="call_ends_after_it_begins",
            ),
        ]


class WaitWish(Referenced):
    """Somebody waits for an earlier or better time."""

    changes: ClassVar[tuple[str, ...]] = ("status", "priority", "booking")

    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, null=True, blank=True, related_name="wishes")
    contact = models.JSONField(default=dict)
    visit_type = models.ForeignKey(VisitType, on_delete=models.PROTECT, related_name="+")
    replaces = models.ForeignKey(
        Booking, on_delete=models.PROTECT, null=True, blank=True, related_name="+", help_text="given up for an earlier time"
    )
    priority = models.PositiveSmallIntegerField(default=2)
    places = models.JSONField(default=list, help_text="references of the places that suit; empty: any")
    weekdays = models.JSONField(default=list)
    earliest = models.TimeField()
    latest = models.TimeField()
    until = models.DateField()
    words = models.CharField(max_length=200, blank=True)
    status = models.CharField(max_length=10, default="waiting")
    booking = models.ForeignKey(Booking, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    created_at = models.DateTimeField()
    by = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+")

    class Meta(Referenced.Meta):
        indexes = [models.Index(fields=["practice", "status"])]
        constraints = [models.CheckConstraint(condition=models.Q(priority__gte=1, priority__lte=3), name="wish_priority_1_to_3")]


class Freed(Referenced):
    """A time that became free and is offered to those who wait. `status` mirrors the newest act: open, taken, or nobody."""

    changes: ClassVar[tuple[str, ...]] = ("status", "ended_at")

    location = models.ForeignKey(Location, on_delete=models.PROTECT, related_name="+")
    start = models.DateTimeField()
    status = models.CharField(max_length=8, default="open")
    created_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)
    by = models.ForeignKey(Staff, on_delete=models.PROTECT, null=True, blank=True, related_name="+")

    class Meta(Referenced.Meta):
        constraints = [
            models.UniqueConstraint(fields=["location", "start"], condition=models.Q(status="open"), name="one_open_offer_of_a_time")
        ]


class Offer(Referenced):
    """One person was offered a freed time. The database lets one yes stand."""

    changes: ClassVar[tuple[str, ...]] = ("status", "answered_at", "booking")

    freed = models.ForeignKey(Freed, on_delete=models.PROTECT, related_name="offers")
    wish = models.ForeignKey(WaitWish, on_delete=models.PROTECT, related_name="offers")
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    status = models.CharField(max_length=8, default="open")
    answered_at = models.DateTimeField(null=True, blank=True)
    booking = models.ForeignKey(Booking, on_delete=models.PROTECT, null=True, blank=True, related_name="+")

    class Meta(Referenced.Meta):
        constraints = [
            models.UniqueConstraint(fields=["freed", "wish"], name="offered_once"),
            models.UniqueConstraint(fields=["freed"], condition=models.Q(status="taken"), name="first_yes_wins"),
            models.CheckConstraint(condition=models.Q(expires_at__gt=models.F("made_at")), name="offer_expires_after_making"),
        ]


class CalendarFeed(Referenced):
    """A calendar that another program may read by a secret address, of one person or one chair."""

    changes: ClassVar[tuple[str, ...]] = ("revoked_at", "revoked_by")

    staff = models.ForeignKey(Staff, on_delete=models.PROTECT, null=True, blank=True, related_name="feeds")
    chair = models.ForeignKey(Chair, on_delete=models.PROTECT, null=True, blank=True, related_name="feeds")
    made_at = models.DateTimeField()
    by = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+")
    revoked_at = models.DateTimeField(null=True, blank=True)
    revoked_by = models.ForeignKey(Staff, on_delete=models.PROTECT, null=True, blank=True, related_name="+")

    class Meta(Referenced.Meta):
        constraints = [
            models.CheckConstraint(
                condition=models.Q(staff__isnull=False, chair__isnull=True) | models.Q(staff__isnull=True, chair__isnull=False),
                name="feed_of_one",
            )
        ]


class DayPlan(Referenced):
    """Tomorrow's plan as the solver proposed it, and what a person accepted of it."""

    changes: ClassVar[tuple[str, ...]] = ("accepted",)

    location = models.ForeignKey(Location, on_delete=models.PROTECT, related_name="+")
    day = models.DateField()
    proposed = models.JSONField()
    accepted = models.JSONField(default=list, help_text="moves that a person accepted: booking, when, by whom")
    made_at = models.DateTimeField()
    by = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+")
