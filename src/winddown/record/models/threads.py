"""Messages between a patient and the clinic, thread by thread, and the time in which the clinic means to answer."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from winddown.record.base import Referenced, Scoped
from winddown.record.models.messages import InboundText
from winddown.record.models.own import OwnAccess
from winddown.record.models.patients import Patient
from winddown.record.models.people import Staff
from winddown.record.models.places import Location


class Thread(Referenced):
    """One matter that a patient and the clinic write about. What may change mirrors its newest notes, so that an inbox is one query.

    waiting_since   since when a note of the patient has no answer; empty: nothing waits
    """

    changes: ClassVar[tuple[str, ...]] = ("last_at", "waiting_since", "unread_by_patient")

    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="threads")
    location = models.ForeignKey(Location, on_delete=models.PROTECT, related_name="+")
    about = models.CharField(max_length=20)
    opened_at = models.DateTimeField()
    last_at = models.DateTimeField()
    waiting_since = models.DateTimeField(null=True, blank=True)
    unread_by_patient = models.BooleanField(default=False)

    class Meta(Referenced.Meta):
        indexes = [models.Index(fields=["practice", "waiting_since"]), models.Index(fields=["patient", "last_at"])]

    def __str__(self) -> str:
        return f"thread {self.ref}"


class ThreadNote(Referenced):
    """What one person wrote, once. `ref` is the writer's key: sent twice, it is one note. Exactly one wrote it: `by` of the staff, `access`
    of own pages, or `text`, a text message that came in."""

    thread = models.ForeignKey(Thread, on_delete=models.PROTECT, related_name="notes")
    at = models.DateTimeField()
    by = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+", null=True, blank=True)
    access = models.ForeignKey(OwnAccess, on_delete=models.PROTECT, related_name="+", null=True, blank=True)
    text = models.OneToOneField(InboundText, on_delete=models.PROTECT, related_name="note", null=True, blank=True)
    words = models.TextField()
    red = models.BooleanField(default=False, help_text="red words were found in it; False proves nothing")
    asks_nothing = models.BooleanField(default=False, help_text="read by a person who said that it needs no answer")

    class Meta(Referenced.Meta):
        constraints = [
            models.CheckConstraint(
                condition=models.Q(by__isnull=False, access__isnull=True, text__isnull=True)
                | models.Q(by__isnull=True, access__isnull=False, text__isnull=True)
                | models.Q(by__isnull=True, access__isnull=True, text__isnull=False),
                name="thread_note_has_one_writer",
            ),
            models.CheckConstraint(condition=models.Q(asks_nothing=True) | ~models.Q(words=""), name="thread_note_says_something"),
        ]


class AnswerTime(Scoped):
    """In how many hours the clinic means to answer a patient's message. A change is a new version, signed by the director."""

    version = models.PositiveIntegerField()
    hours = models.PositiveSmallIntegerField()
    because = models.CharField(max_length=300)
    signed_at = models.DateTimeField()
    by = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+")

    class Meta(Scoped.Meta):
        constraints = [
            models.UniqueConstraint(fields=["practice", "version"], name="answer_time_version_once"),
            models.CheckConstraint(condition=models.Q(hours__gte=1, hours__lte=168), name="answer_time_within_a_week"),
        ]
