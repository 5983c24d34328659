"""The patient's own sign-in: whose address opens which pages, the one-time links, the sign-ins that stand, and the passkeys.

Nothing here is an account of the staff, and nothing of the staff's door leads here. Two small tables stand before the wall because they
are asked before the practice is known; they hold keyed digests and never an address.
"""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models.functions import Lower

from winddown.record.base import Referenced
from winddown.record.models.patients import Patient
from winddown.record.models.people import Staff
from winddown.record.models.places import Practice

WHO = ("patient", "caregiver")
MAY = ("visits", "diary")


class OwnAccess(Referenced):
    """One address that may open one patient's own pages: the patient's, or a caregiver's whom the patient permitted.

    may         what a caregiver may do; empty for the patient, who may do everything here
    proven_at   when somebody with the address also gave the patient's date of birth
    tries       wrong dates of birth since the last invitation
    """

    changes: ClassVar[tuple[str, ...]] = (
        "name",
        "may",
        "expires_at",
        "invited_at",
        "proven_at",
        "tries",
        "ended_at",
        "ended_by",
        "ended_because",
    )

    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="own_accesses")
    who = models.CharField(max_length=10, choices=[(word, word) for word in WHO])
    name = models.CharField(max_length=120, blank=True, help_text="of a caregiver, as the patient wrote it")
    email = models.EmailField()
    language = models.CharField(max_length=10, blank=True)
    may = ArrayField(models.CharField(max_length=10), default=list, blank=True)
    made_at = models.DateTimeField()
    by = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+", null=True, blank=True, help_text="empty: the patient")
    expires_at = models.DateTimeField(null=True, blank=True)
    invited_at = models.DateTimeField()
    proven_at = models.DateTimeField(null=True, blank=True)
    tries = models.PositiveSmallIntegerField(default=0)
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+", null=True, blank=True)
    ended_because = models.CharField(max_length=200, blank=True)

    class Meta(Referenced.Meta):
        constraints = [
            models.UniqueConstraint(
                "practice", "patient", Lower("email"), condition=models.Q(ended_at__isnull=True), name="own_access_once_for_an_address"
            ),
            models.UniqueConstraint(
                fields=["patient"], condition=models.Q(ended_at__isnull=True, who="patient"), name="one_own_address_of_a_patient"
            ),
            models.CheckConstraint(
                condition=models.Q(who="patient", by__isnull=False) | (models.Q(who="caregiver") & ~models.Q(name="")),
                name="own_access_invited_or_named",
            ),
        ]
        indexes = [models.Index(Lower("email"), name="own_access_email")]

    def __str__(self) -> str:
        return f"own access {self.ref}"


class OwnEntry(Referenced):
    """A one-time link to sign in, as it was sent. It opens once, and not after its time."""

    changes: ClassVar[tuple[str, ...]] = ("used_at", "void_at")

    access = models.ForeignKey(OwnAccess, on_delete=models.PROTECT, related_name="entries")
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True, blank=True)
    void_at = models.DateTimeField(null=True, blank=True)

    class Meta(Referenced.Meta):
        constraints = [models.CheckConstraint(condition=models.Q(expires_at__gt=models.F("made_at")), name="own_entry_expires")]


class OwnSession(Referenced):
    """One sign-in in one browser. It ends by itself when nobody uses it, by signing out, or from anywhere else at once."""

    changes: ClassVar[tuple[str, ...]] = ("seen_at", "ended_at", "ended_because")

    access = models.ForeignKey(OwnAccess, on_delete=models.PROTECT, related_name="sign_ins")
    how = models.CharField(max_length=10, choices=[("link", "link"), ("passkey", "passkey")])
    browser = models.CharField(max_length=40, blank=True, help_text="in plain words, for the list of sign-ins")
    began_at = models.DateTimeField()
    until = models.DateTimeField()
    seen_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_because = models.CharField(max_length=40, blank=True)

    class Meta(Referenced.Meta):
        constraints = [models.CheckConstraint(condition=models.Q(until__gt=models.F("began_at")), name="own_session_ends")]


class OwnPasskey(Referenced):
    """The public half of a key that lives in the patient's phone or computer."""

    changes: ClassVar[tuple[str, ...]] = ("count", "used_at", "removed_at")

    access = models.ForeignKey(OwnAccess, on_delete=models.PROTECT, related_name="passkeys")
    credential_id = models.BinaryField(max_length=1024)
    credential = models.BinaryField(help_text="the attested credential data as the standard writes them")
    count = models.PositiveBigIntegerField(default=0)
    name = models.CharField(max_length=60)
    made_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True, blank=True)
    removed_at = models.DateTimeField(null=True, blank=True)

    class Meta(Referenced.Meta):
        constraints = [models.UniqueConstraint(fields=["practice", "credential_id"], name="own_passkey_once")]


class OwnDoor(models.Model):
    """Which practices know an address: a keyed digest of it and the practice, so that one sign-in page serves every practice here."""

    digest = models.CharField(max_length=64)
    practice = models.ForeignKey(Practice, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["digest", "practice"], name="own_door_once")]

    def __str__(self) -> str:
        return f"door to practice {self.practice_id}"


class OwnTry(models.Model):
    """One knock, counted by a keyed digest of an address or of where it came from; swept after a day."""

    digest = models.CharField(max_length=64)
    at = models.DateTimeField(db_index=True)

    class Meta:
        indexes = [models.Index(fields=["digest", "at"])]

    def __str__(self) -> str:
        return f"try at {self.at}"
