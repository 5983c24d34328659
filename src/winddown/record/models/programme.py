"""What the program counts: each followed series as last read, the figures of each rebuild, and the exports that were asked for."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from winddown.record.base import Referenced
from winddown.record.models.courses import Course, ProtocolVersion
from winddown.record.models.patients import Patient
from winddown.record.models.people import Staff
from winddown.record.models.places import Location
from winddown.record.models.sessions import Session


class FollowedSeries(Referenced):
    """One series and the weeks after it, read by one definition. A projection: answers and sessions are the truth, a rebuild mends it.

    session    the first visit of the series; series the key of the definition: pain, function or mood
    mg_per_kg  mean of the ordered doses of its infusions; total_mg_per_kg their sum
    days       counted from `held_from`, the later of the end of the series and the answer that showed the response
    standing   whether the last rebuild still found it
    """

    changes: ClassVar[tuple[str, ...]] = (
        "definition",
        "as_of",
        "standing",
        "patient",
        "course",
        "location",
        "prescriber",
        "protocol",
        "diagnosis",
        "began_at",
        "since",
        "infusions",
        "mg_per_kg",
        "total_mg_per_kg",
        "baseline",
        "age_years",
        "response",
        "because",
        "remission",
        "ending",
        "relapse_after_days",
        "relapse_by_days",
        "watched_days",
        "scored",
    )

    programme = models.CharField(max_length=20)
    session = models.ForeignKey(Session, on_delete=models.PROTECT, related_name="followed")
    definition = models.CharField(max_length=30)
    as_of = models.DateTimeField()
    standing = models.BooleanField(default=True)
    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="followed")
    course = models.ForeignKey(Course, on_delete=models.PROTECT, related_name="followed")
    location = models.ForeignKey(Location, on_delete=models.PROTECT, related_name="+")
    prescriber = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+")
    protocol = models.ForeignKey(ProtocolVersion, on_delete=models.PROTECT, related_name="+")
    diagnosis = models.CharField(max_length=20)
    began_at = models.DateTimeField()
    since = models.DateTimeField()
    infusions = models.PositiveSmallIntegerField()
    mg_per_kg = models.FloatField(null=True, blank=True)
    total_mg_per_kg = models.FloatField(null=True, blank=True)
    baseline = models.FloatField(null=True, blank=True)
    age_years = models.FloatField()
    response = models.CharField(max_length=10)
    because = models.CharField(max_length=20, blank=True)
    remission = models.CharField(max_length=10)
    ending = models.CharField(max_length=10)
    relapse_after_days = models.FloatField(null=True, blank=True)
    relapse_by_days = models.FloatField(null=True, blank=True)
    watched_days = models.FloatField(default=0)
    scored = models.PositiveIntegerField(default=0)

    class Meta(Referenced.Meta):
        constraints = [models.UniqueConstraint(fields=["practice", "programme", "session"], name="series_followed_once")]
        indexes = [models.Index(fields=["practice", "programme", "standing"], name="followed_series_read")]


class ProgrammeRebuild(Referenced):
    """The figures of one rebuild, kept with their date and the versions of the definitions. The newest one is shown."""

    as_of = models.DateTimeField()
    written_at = models.DateTimeField()
    by = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+", null=True, blank=True, help_text="empty: the night's work")
    definitions = models.JSONField()
    figures = models.JSONField()
    took_ms = models.PositiveIntegerField()

    class Meta(Referenced.Meta):
        indexes = [models.Index(fields=["practice", "id"], name="rebuilds_newest")]


class ExportRun(Referenced):
    """One export of everything: what was asked, how far it has come, and the digest of the file."""

    changes: ClassVar[tuple[str, ...]] = ("state", "done", "of", "doing", "words", "beat_at", "finished_at", "size_bytes", "sha256")

    form = models.CharField(max_length=12, help_text="full, or researchers: shifted dates and no free text")
    asked_at = models.DateTimeField()
    by = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+")
    state = models.CharField(max_length=10, default="asked", help_text="asked, working, ready or failed")
    done = models.PositiveIntegerField(default=0)
    of = models.PositiveIntegerField(default=0)
    doing = models.CharField(max_length=80, blank=True)
    words = models.CharField(max_length=400, blank=True)
    beat_at = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)
    size_bytes = models.BigIntegerField(default=0)
    sha256 = models.CharField(max_length=64, blank=True)


class RebuildRun(Referenced):
    """One rebuild that a person asked for: how far it has come, when it ended and what failed. One at a time in a practice.

    state   asked, working, ready or failed
    """

    changes: ClassVar[tuple[str, ...]] = ("state", "done", "of", "doing", "words", "beat_at", "finished_at")

    asked_at = models.DateTimeField()
    by = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+")
    state = models.CharField(max_length=10, default="asked")
    done = models.PositiveIntegerField(default=0)
    of = models.PositiveIntegerField(default=0)
    doing = models.CharField(max_length=40, blank=True)
    words = models.CharField(max_length=400, blank=True)
    beat_at = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)

    class Meta(Referenced.Meta):
        constraints = [
            models.UniqueConstraint(fields=["practice"], condition=models.Q(state__in=["asked", "working"]), name="one_rebuild_at_a_time"),
        ]
