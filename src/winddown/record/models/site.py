"""The public site: its texts with who wrote and who approved them, notices, people, and what strangers ask."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models

from winddown.record.base import Referenced, Scoped
from winddown.record.models.people import Staff
from winddown.record.models.places import Location


class SiteText(Referenced):
    """A page of words at an address of its own: the therapy page, or an article. What it says is in its versions."""

    kind = models.CharField(max_length=12)
    slug = models.SlugField(max_length=80)
    opened_at = models.DateTimeField()
    by = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+")

    class Meta(Referenced.Meta):
        constraints = [models.UniqueConstraint(fields=["practice", "kind", "slug"], name="site_text_address_once")]


class SiteTextVersion(Referenced):
    """One language of a text as somebody wrote it; a change is a new version."""

    text = models.ForeignKey(SiteText, on_delete=models.PROTECT, related_name="versions")
    language = models.CharField(max_length=10)
    number = models.PositiveIntegerField()
    title = models.CharField(max_length=160)
    summary = models.CharField(max_length=400)
    body = models.TextField()
    sha256 = models.CharField(max_length=64)
    because = models.CharField(max_length=300)
    written_at = models.DateTimeField()
    author = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+")

    class Meta(Referenced.Meta):
        constraints = [models.UniqueConstraint(fields=["text", "language", "number"], name="site_text_version_once")]


class SiteTextAct(Referenced):
    """A clinician approved a version until a day, or took the text off the site. The newest act of a text's language stands."""

    version = models.ForeignKey(SiteTextVersion, on_delete=models.PROTECT, related_name="acts")
    text = models.ForeignKey(SiteText, on_delete=models.PROTECT, related_name="acts")
    language = models.CharField(max_length=10)
    author = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=12)
    at = models.DateTimeField()
    by = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+")
    next_review_on = models.DateField(null=True, blank=True)
    words = models.CharField(max_length=300, blank=True)

    class Meta(Referenced.Meta):
        indexes = [models.Index(fields=["text", "language", "-id"])]
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(kind="approved") | (~models.Q(by=models.F("author")) & models.Q(next_review_on__isnull=False)),
                name="site_text_approved_by_another",
            )
        ]


class SiteNotice(Referenced):
    """A line on top of every page of the site from one day to another, in the time of its place."""

    changes: ClassVar[tuple[str, ...]] = ("withdrawn_at",)

    words = models.JSONField(help_text="language -> words")
    location = models.ForeignKey(Location, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    starts_on = models.DateField()
    ends_on = models.DateField()
    written_at = models.DateTimeField()
    by = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+")
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    class Meta(Referenced.Meta):
        constraints = [
            models.CheckConstraint(condition=models.Q(ends_on__gte=models.F("starts_on")), name="site_notice_ends_after_it_starts")
        ]


class SitePerson(Scoped):
    """How one clinician is presented. The newest row of a person stands; `shown` False takes them off the site."""

    staff = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="site_rows")
    shown = models.BooleanField()
    letters = models.CharField(max_length=60, blank=True)
    position = models.JSONField(help_text="language -> what they are here")
    words = models.JSONField(help_text="language -> a few sentences")
    place = models.PositiveSmallIntegerField(default=0)
    written_at = models.DateTimeField()
    by = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+")


class SiteQuestion(Referenced):
    """What a stranger asked under a text. `network` is a keyed mark of one day, no address; nothing else tells who wrote it.

    status   waiting, answered, released, declined, put_aside: the projection of its acts
    held     why a person must look before anything else: red, read, phone, email, name, address, advertising
    """

    changes: ClassVar[tuple[str, ...]] = ("status",)

    text = models.ForeignKey(SiteText, on_delete=models.PROTECT, null=True, blank=True, related_name="questions")
    language = models.CharField(max_length=10)
    words = models.TextField()
    held = ArrayField(models.CharField(max_length=16), default=list)
    status = models.CharField(max_length=12, default="waiting")
    received_at = models.DateTimeField()
    network = models.CharField(max_length=32)
    fingerprint = models.CharField(max_length=64)

    class Meta(Referenced.Meta):
        indexes = [
            models.Index(fields=["status", "received_at"]),
            models.Index(fields=["network", "received_at"]),
            models.Index(fields=["fingerprint"]),
        ]


class SiteQuestionAct(Referenced):
    """Answered, released, taken back, declined or put aside, by whom and when; an answer carries the question as it may be shown."""

    question = models.ForeignKey(SiteQuestion, on_delete=models.PROTECT, related_name="acts")
    kind = models.CharField(max_length=12)
    shown_question = models.TextField(blank=True)
    answer = models.TextField(blank=True)
    words = models.CharField(max_length=300, blank=True)
    at = models.DateTimeField()
    by = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+")
