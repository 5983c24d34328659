"""The forecast of relief as it was made: the prior of the night, each forecast that was kept, and what happened beside it. Append-only."""

from __future__ import annotations

from django.db import models

from winddown.record.base import Referenced, Scoped
from winddown.record.models.answers import Answer
from winddown.record.models.patients import Patient
from winddown.record.models.people import Staff


class ReliefPrior(Scoped):
    """What the practice's own patients made of the published belief, one row a night. The newest one stands."""

    model_id = models.CharField(max_length=60)
    prior = models.JSONField()
    group = models.JSONField(help_text="the crowd of evenings that the simple rules use")
    patients = models.PositiveIntegerField()
    evenings = models.PositiveIntegerField()
    made_at = models.DateTimeField()


class ReliefForecast(Referenced):
    """One forecast with everything that went in, so that it can be run again years later.

    moment   `night` when the night made it, `review` when it opened a task, `shown` when a person decided with it in sight
    """

    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="relief_forecasts")
    moment = models.CharField(max_length=10, choices=[(word, word) for word in ("night", "review", "shown")])
    model_id = models.CharField(max_length=60)
    inputs_hash = models.CharField(max_length=64)
    inputs = models.JSONField(help_text="first infusion, days and scores, infusions and their sizes, the prior's row")
    content = models.JSONField()
    about = models.JSONField(
        default=dict, help_text="what it is counted by on the board: protocol, place, age and co-medication when it was made"
    )
    at = models.DateTimeField()
    by = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+", null=True, blank=True)

    class Meta(Referenced.Meta):
        indexes = [models.Index(fields=["patient", "at"], name="relief_forecasts_of_patient")]


class ReliefScore(Scoped):
    """An evening laid beside a forecast that was made before it; written once.

    crps, crps_carried, crps_group   the forecast, the last score carried forward, the practice's mean: smaller is better
    """

    forecast = models.ForeignKey(ReliefForecast, on_delete=models.PROTECT, related_name="scores")
    answer = models.ForeignKey(Answer, on_delete=models.PROTECT, related_name="+")
    days_ahead = models.FloatField()
    value = models.FloatField()
    in_half = models.BooleanField()
    in_most = models.BooleanField()
    crps = models.FloatField()
    crps_carried = models.FloatField()
    crps_group = models.FloatField()
    written_at = models.DateTimeField()

    class Meta(Scoped.Meta):
        constraints = [models.UniqueConstraint(fields=["forecast", "answer"], name="relief_scored_once")]
        indexes = [models.Index(fields=["practice", "id"], name="relief_scores_newest")]
