"""Predictions against what was seen: one row for each prediction that a visit put to the test."""

from __future__ import annotations

from django.db import models

from winddown.record.base import Scoped
from winddown.record.models.places import Location
from winddown.record.models.sessions import Session


class PredictionScore(Scoped):
    """What was predicted at a decision, what was seen, and the error. Written once, at discharge; never scored again.

    quantity    what was predicted: "cadss6_back", the time at which dissociation is back at rest
    decided_at  when the prediction was made; only what was known then went into it
    lessons     entries that had taught by then; odd of them that did not fit; other_drug: one had been given
    """

    session = models.ForeignKey(Session, on_delete=models.PROTECT, related_name="prediction_scores")
    location = models.ForeignKey(Location, on_delete=models.PROTECT, related_name="+")
    quantity = models.CharField(max_length=30)
    model_id = models.CharField(max_length=60)
    inputs_hash = models.CharField(max_length=64)
    decided_at = models.DateTimeField()
    median_at = models.DateTimeField(null=True, blank=True)
    ninety_at = models.DateTimeField(null=True, blank=True)
    last_above_at = models.DateTimeField()
    back_at = models.DateTimeField(null=True, blank=True)
    error_min = models.FloatField(null=True, blank=True)
    by_ninety = models.BooleanField(null=True, blank=True)
    lessons = models.PositiveIntegerField()
    odd = models.PositiveIntegerField()
    other_drug = models.BooleanField()
    weight_kg = models.FloatField()
    age_years = models.FloatField()
    written_at = models.DateTimeField()

    class Meta(Scoped.Meta):
        constraints = [models.UniqueConstraint(fields=["session", "quantity"], name="prediction_scored_once")]
        indexes = [models.Index(fields=["practice", "quantity", "id"], name="prediction_scores_newest")]
