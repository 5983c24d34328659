"""What the clinician was shown: kept at sign, start, rate change, override and discharge."""

from __future__ import annotations

from django.db import models

from winddown.record.base import Scoped
from winddown.record.models.courses import Order
from winddown.record.models.people import Staff
from winddown.record.models.sessions import Session


class Snapshot(Scoped):
    """A forecast as shown, with the model's id and the hash of its inputs, so that it can be run again years later."""

    session = models.ForeignKey(Session, on_delete=models.PROTECT, related_name="snapshots", null=True, blank=True)
    order = models.ForeignKey(Order, on_delete=models.PROTECT, related_name="snapshots", null=True, blank=True)
    moment = models.CharField(max_length=20)
    model_id = models.CharField(max_length=60)
    inputs_hash = models.CharField(max_length=64)
    content = models.JSONField()
    at = models.DateTimeField()
    by = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+", null=True, blank=True)
