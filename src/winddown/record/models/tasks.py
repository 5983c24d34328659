"""Tasks with what was done about each, the on-call roster, who said that they are watching, and how fast an unanswered task goes on."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateTimeRangeField, RangeOperators
from django.db import models

from winddown.record.base import Referenced, Scoped
from winddown.record.models.patients import Patient
from winddown.record.models.people import Staff
from winddown.record.models.places import Location


class Task(Referenced):
    """Something that must be done by a time. What may change mirrors its newest acts, so that a banner is one query."""

    changes: ClassVar[tuple[str, ...]] = (
        "urgency",
        "words",
        "due_at",
        "status",
        "assigned",
        "assigned_at",
        "step",
        "acknowledged_by",
        "acted_at",
    )
    device_role_may: ClassVar[str] = (
        "select, insert, update (urgency, words, due_at, status, assigned_id, assigned_at, step, acknowledged_by_id, acted_at)"
    )

    kind = models.CharField(max_length=30)
    urgency = models.CharField(max_length=8)
    words = models.CharField(max_length=400, help_text="never a name: whose it is stands in `patient`")
    location = models.ForeignKey(Location, on_delete=models.PROTECT, related_name="tasks")
    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="tasks", null=True, blank=True)
    subject = models.CharField(max_length=80, blank=True, help_text="what it is about; open twice, it is one task")
    opened_at = models.DateTimeField()
    opened_by = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+", null=True, blank=True)
    due_at = models.DateTimeField()
    status = models.CharField(max_length=12, default="open")
    assigned = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+", null=True, blank=True)
    assigned_at = models.DateTimeField(null=True, blank=True)
    step = models.PositiveSmallIntegerField(default=0, help_text="how many people have been told one after another")
    acknowledged_by = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+", null=True, blank=True)
    acted_at = models.DateTimeField(null=True, blank=True)

    class Meta(Referenced.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["practice", "kind", "subject"],
                condition=~models.Q(status="closed") & ~models.Q(subject=""),
                name="one_open_task_for_a_subject",
            ),
            models.CheckConstraint(
                condition=~models.Q(status="acknowledged") | models.Q(acknowledged_by__isnull=False), name="task_acknowledged_by_someone"
            ),
        ]
        indexes = [
            models.Index(fields=["practice", "status", "urgency"]),
            models.Index(fields=["patient", "opened_at"]),
        ]

    def __str__(self) -> str:
        return f"task {self.ref}"


class TaskAct(Referenced):
    """One thing that happened to a task: acknowledged, handed on, escalated, made more urgent, a call tried, noted, closed."""

    device_role_may: ClassVar[str] = "select, insert"

    task = models.ForeignKey(Task, on_delete=models.PROTECT, related_name="acts")
    task_kind = models.CharField(max_length=30)
    urgency = models.CharField(max_length=8)
    kind = models.CharField(max_length=14)
    at = models.DateTimeField()
    by = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+", null=True, blank=True)
    to = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+", null=True, blank=True)
    words = models.CharField(max_length=1000, blank=True)
    outcome = models.CharField(max_length=30, blank=True)
    called = models.CharField(max_length=200, blank=True)
    called_at = models.DateTimeField(null=True, blank=True)
    next_check_at = models.DateTimeField(null=True, blank=True)
    fact = models.CharField(max_length=80, blank=True, help_text="the row of the record that closed it, when no person did")

    class Meta(Referenced.Meta):
        constraints = [
            models.UniqueConstraint(fields=["task"], condition=models.Q(kind="closed"), name="task_closed_once"),
            models.CheckConstraint(
                condition=~models.Q(kind__in=["acknowledged", "handed_on", "tried"]) | models.Q(by__isnull=False),
                name="task_act_by_someone",
            ),
            models.CheckConstraint(
                condition=~models.Q(kind="closed") | (~models.Q(outcome="") & (models.Q(by__isnull=False) | ~models.Q(fact=""))),
                name="closed_task_has_its_outcome",
            ),
            models.CheckConstraint(
                condition=~models.Q(kind="closed", task_kind__in=["suicide_risk", "suicide_next_check"])
                | (
                    models.Q(by__isnull=False, called_at__isnull=False, next_check_at__isnull=False)
                    & ~models.Q(called="")
                    & ~models.Q(words="")
                ),
                name="suicide_task_says_who_when_what_next",
            ),
        ]


class OnCall(Referenced):
    """One person's span on call for one place. Two people may share a span; two firsts may not."""

    changes: ClassVar[tuple[str, ...]] = ("canceled_at",)
    device_role_may: ClassVar[str] = "select"

    location = models.ForeignKey(Location, on_delete=models.PROTECT, related_name="+")
    staff = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+")
    rank = models.PositiveSmallIntegerField(default=1)
    span = DateTimeRangeField()
    phone = models.CharField(max_length=40, blank=True)
    written_at = models.DateTimeField()
    by = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+")
    canceled_at = models.DateTimeField(null=True, blank=True)

    class Meta(Referenced.Meta):
        constraints = [
            ExclusionConstraint(
                name="one_person_per_rank_on_call",
                expressions=[("location", RangeOperators.EQUAL), ("rank", RangeOperators.EQUAL), ("span", RangeOperators.OVERLAPS)],
                condition=models.Q(canceled_at__isnull=True),
            )
        ]


class Watching(Referenced):
    """A person said on a device that they are watching for urgent tasks of a place, until it ends."""

    changes: ClassVar[tuple[str, ...]] = ("ended_at",)
    device_role_may: ClassVar[str] = "select"

    location = models.ForeignKey(Location, on_delete=models.PROTECT, related_name="+")
    staff = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+")
    channel = models.CharField(max_length=10, choices=[("screen", "screen"), ("phone", "phone")])
    began_at = models.DateTimeField()
    until = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta(Referenced.Meta):
        constraints = [models.CheckConstraint(condition=models.Q(until__gt=models.F("began_at")), name="watching_ends_after_it_began")]


class SafetyRules(Scoped):
    """How fast an unanswered urgent task goes on, and whose crisis lines are shown. A change is a new version, signed by the director."""

    device_role_may: ClassVar[str] = "select"

    version = models.PositiveIntegerField()
    ladder = models.JSONField()
    country = models.CharField(max_length=2)
    because = models.CharField(max_length=300)
    signed_at = models.DateTimeField()
    by = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+")

    class Meta(Scoped.Meta):
        constraints = [models.UniqueConstraint(fields=["practice", "version"], name="safety_rules_version_once")]
