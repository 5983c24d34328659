"""Messages that leave the house: an outbox, and what was tried with each. The words of a message never change."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from winddown.record.base import Referenced, Scoped
from winddown.record.models.contacts import CHANNELS
from winddown.record.models.patients import Patient
from winddown.record.models.people import Staff

INBOUND_KINDS = ("stop", "start", "help", "message")
STATES = ("waiting", "leaving", "sent", "unsure", "failed", "cancelled", "too_late")


class Message(Referenced):
    """One message to one address. `state` mirrors the newest act.

    words       with {link} and {stop} where an address stands, so that no bearer of this row can open anything
    link        the path that the message opens; blanked once the message has left or will not leave
    subject     what it is about, to cancel by
    leaving     handed to a provider and not heard of yet; one that stays so is `unsure` and is never sent again by itself
    """

    changes: ClassVar[tuple[str, ...]] = ("state", "attempts", "next_at", "link")

    kind = models.SlugField(max_length=30)
    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="messages", null=True, blank=True)
    staff = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+", null=True, blank=True)
    to_name = models.CharField(max_length=120, blank=True)
    channel = models.CharField(max_length=5, choices=[(word, word) for word in CHANNELS])
    address = models.CharField(max_length=254)
    language = models.CharField(max_length=10)
    title = models.CharField(max_length=200, blank=True, help_text="the subject line of an email")
    words = models.TextField()
    link = models.CharField(max_length=300, blank=True)
    attachment = models.ForeignKey(
        "record.SignedLetter",
        on_delete=models.PROTECT,
        related_name="+",
        null=True,
        blank=True,
        help_text="a signed letter that goes with it",
    )
    subject = models.CharField(max_length=120, blank=True)
    key = models.CharField(max_length=120, null=True, blank=True, help_text="the writer's idempotency key")
    made_at = models.DateTimeField()
    due_at = models.DateTimeField()
    until = models.DateTimeField(help_text="later it would say something that is no longer so")
    state = models.CharField(max_length=10, default="waiting", choices=[(word, word) for word in STATES])
    attempts = models.PositiveSmallIntegerField(default=0)
    next_at = models.DateTimeField(help_text="when it is tried next, while it waits; since when it is leaving, while it leaves")

    class Meta(Referenced.Meta):
        constraints = [
            models.UniqueConstraint(fields=["practice", "key"], name="message_key_once"),
            models.CheckConstraint(condition=models.Q(until__gt=models.F("made_at")), name="message_can_still_leave"),
        ]
        indexes = [
            models.Index(fields=["practice", "next_at"], condition=models.Q(state__in=("waiting", "leaving")), name="message_outbox"),
            models.Index(fields=["patient", "-made_at"]),
            models.Index(fields=["practice", "subject"], condition=~models.Q(subject=""), name="message_by_subject"),
        ]


class MessageAct(Scoped):
    """One thing that happened to a message: tried, sent, put off, failed, cancelled, too late, not known whether it left."""

    message = models.ForeignKey(Message, on_delete=models.PROTECT, related_name="acts")
    kind = models.CharField(max_length=10)
    at = models.DateTimeField()
    words = models.CharField(max_length=200, blank=True)


class InboundText(Referenced):
    """A text message that came in, as it came. `patient` where exactly one has this number; what came of it stands in `kind`.

    provider_id   the service's own name for it: the same one twice is one message
    """

    provider_id = models.CharField(max_length=120)
    address = models.CharField(max_length=20, blank=True, help_text="E.164, as far as it can be read")
    raw_address = models.CharField(max_length=60, blank=True, help_text="the number as it came, where it cannot be read")
    words = models.TextField(blank=True)
    kind = models.CharField(max_length=10, choices=[(word, word) for word in INBOUND_KINDS])
    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="+", null=True, blank=True)
    at = models.DateTimeField()
    red = models.BooleanField(default=False, help_text="words that opened a task were found in it; False proves nothing")

    class Meta(Referenced.Meta):
        constraints = [models.UniqueConstraint(fields=["practice", "provider_id"], name="inbound_text_once")]
        indexes = [models.Index(fields=["practice", "-at"])]


class NightlyRun(Scoped):
    """One job of one night, begun once; how it ended is written once."""

    changes: ClassVar[tuple[str, ...]] = ("ended_at", "outcome")

    job = models.CharField(max_length=60)
    night = models.DateField()
    began_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)
    outcome = models.CharField(max_length=300, blank=True)

    class Meta(Scoped.Meta):
        constraints = [models.UniqueConstraint(fields=["practice", "job", "night"], name="nightly_job_once_a_night")]
