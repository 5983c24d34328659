"""The letter after a series: who else treats the patient, each version as written, what was signed, to whom it went. Append-only."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from winddown.record.base import Referenced, Scoped
from winddown.record.models.patients import Patient
from winddown.record.models.people import Staff

ROLES = ("referrer", "mental_health")
WAYS = ("link", "attachment")


class CareContact(Referenced):
    """Somebody outside who treats this patient. The newest row of a role stands; without a name there is nobody.

    letters  False: the patient does not want letters sent here
    """

    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="care_contacts")
    role = models.CharField(max_length=14, choices=[(word, word) for word in ROLES])
    name = models.CharField(max_length=120, blank=True)
    email = models.EmailField(blank=True)
    phone = models.CharField(max_length=40, blank=True)
    letters = models.BooleanField(default=True)
    written_at = models.DateTimeField()
    by = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+")

    class Meta(Referenced.Meta):
        indexes = [models.Index(fields=["patient", "role", "-id"], name="care_contact_newest")]


class LetterWay(Scoped):
    """How letters leave this practice by email: behind a link with a code, or attached where mail is encrypted. The newest row stands."""

    version = models.PositiveIntegerField()
    way = models.CharField(max_length=10, choices=[(word, word) for word in WAYS])
    because = models.CharField(max_length=300, blank=True)
    signed_at = models.DateTimeField()
    by = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+")

    class Meta(Scoped.Meta):
        constraints = [models.UniqueConstraint(fields=["practice", "version"], name="letter_way_version_once")]


class SeriesLetter(Referenced):
    """One version of the letter of one series. A change is the next version.

    began_at      the first infusion of the series
    words, plan   the writer's own; everything else comes from the record when it is signed
    """

    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="series_letters")
    began_at = models.DateTimeField()
    version = models.PositiveSmallIntegerField()
    words = models.TextField(blank=True)
    plan = models.TextField(blank=True)
    written_at = models.DateTimeField()
    by = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+")

    class Meta(Referenced.Meta):
        constraints = [models.UniqueConstraint(fields=["patient", "began_at", "version"], name="series_letter_version_once")]


class SignedLetter(Referenced):
    """A version as it was signed: the very bytes that are sent and printed."""

    letter = models.OneToOneField(SeriesLetter, on_delete=models.PROTECT, related_name="signed")
    pdf = models.BinaryField()
    sha256 = models.CharField(max_length=64)
    signed_at = models.DateTimeField()
    by = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+")


class LetterSent(Referenced):
    """A signed letter on its way to one person.

    code       a keyed digest of the code that the clinic says by telephone; empty for an attachment
    tries      wrong codes so far; opened_at: the one time that it was opened; ended_at: it opens no more
    """

    changes: ClassVar[tuple[str, ...]] = ("tries", "opened_at", "ended_at")

    signed = models.ForeignKey(SignedLetter, on_delete=models.PROTECT, related_name="sent")
    contact = models.ForeignKey(CareContact, on_delete=models.PROTECT, related_name="+")
    way = models.CharField(max_length=10, choices=[(word, word) for word in (*WAYS, "paper")])
    code = models.CharField(max_length=64, blank=True)
    tries = models.PositiveSmallIntegerField(default=0)
    sent_at = models.DateTimeField()
    expires_at = models.DateTimeField(null=True, blank=True)
    opened_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    by = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+")

    class Meta(Referenced.Meta):
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(way="link") | (~models.Q(code="") & models.Q(expires_at__isnull=False)), name="letter_link_has_its_code"
            ),
        ]


class LetterSpared(Referenced):
    """Why one named person does not get the letter of one series, in the words of whoever said so."""

    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="+")
    began_at = models.DateTimeField()
    contact = models.ForeignKey(CareContact, on_delete=models.PROTECT, related_name="+")
    because = models.CharField(max_length=300)
    written_at = models.DateTimeField()
    by = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+")

    class Meta(Referenced.Meta):
        indexes = [models.Index(fields=["patient", "began_at"], name="letter_spared_of_series")]
        constraints = [models.CheckConstraint(condition=~models.Q(because=""), name="letter_spared_says_why")]
