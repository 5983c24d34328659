"""How a patient may be reached, and who asked not to be written to any more. Append-only: the newest row stands."""

from __future__ import annotations

from django.db import models

from winddown.record.base import Referenced
from winddown.record.models.patients import Patient
from winddown.record.models.people import Staff

CHANNELS = ("email", "sms")


class PatientContact(Referenced):
    """Address, channel, hour and zone of one patient as told at one time. No row means: nothing may be sent to this patient."""

    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="contacts")
    email = models.EmailField(blank=True)
    phone = models.CharField(max_length=20, blank=True, help_text="E.164: + and 8 to 15 digits")
    channel = models.CharField(max_length=5, choices=[(word, word) for word in CHANNELS], help_text="the one that is tried first")
    hour = models.PositiveSmallIntegerField(help_text="local hour of the day at which the diary asks")
    zone = models.CharField(max_length=64, help_text="IANA time zone")
    language = models.CharField(max_length=10)
    stopped = models.BooleanField(default=False, help_text="no reminders; what the patient asks for is still answered")
    paused_until = models.DateField(null=True, blank=True, help_text="nothing is asked before this day")
    because = models.CharField(max_length=200, blank=True)
    written_at = models.DateTimeField()
    by = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+", null=True, blank=True, help_text="empty: the patient")

    class Meta(Referenced.Meta):
        indexes = [models.Index(fields=["patient", "-id"])]
        constraints = [
            models.CheckConstraint(condition=models.Q(hour__lte=23), name="contact_hour_of_a_day"),
            models.CheckConstraint(
                condition=models.Q(channel="email") & ~models.Q(email="") | models.Q(channel="sms") & ~models.Q(phone=""),
                name="contact_channel_has_its_address",
            ),
        ]


class AddressStop(Referenced):
    """An address that asked to be left alone, or allowed it again. The newest row for an address stands."""

    address = models.CharField(max_length=254, db_index=True)
    stopped = models.BooleanField()
    at = models.DateTimeField()
    through = models.CharField(max_length=20, help_text="link, page or staff")
