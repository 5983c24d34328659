"""Referral, history, rule runs, decisions, checks that expire, phases and day-before instructions. Everything here is written once."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from winddown.record.base import Referenced, Scoped
from winddown.record.models.courses import Course
from winddown.record.models.patients import Patient
from winddown.record.models.people import Staff
from winddown.record.models.sessions import Session

INFORMANTS = [("patient", "patient"), ("caregiver", "caregiver"), ("staff", "staff")]


class HistoryEntry(Referenced):
    """One answer of a patient's history. `key` is an item of domain/screening/data.py, or the name of a list.

    For an item the newest counts; of a list every entry counts that no later one supersedes. `ref` is the writer's idempotency key.
    """

    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="history")
    key = models.CharField(max_length=40)
    value = models.JSONField()
    observed_at = models.DateTimeField()
    written_at = models.DateTimeField()
    informant = models.CharField(max_length=10, choices=INFORMANTS)
    by = models.ForeignKey(Staff, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    supersedes = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="+")

    class Meta(Referenced.Meta):
        indexes = [models.Index(fields=["patient", "key", "observed_at"])]
        constraints = [models.CheckConstraint(condition=~Q(informant="staff") | Q(by__isnull=False), name="history_of_staff_has_a_name")]


class Referral(Referenced):
    """One referral as it came: diagnosis, who sends, Budapest criteria with examiner. A correction is a newer row."""

    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="referrals")
    diagnosis = models.CharField(max_length=200)
    icd10 = models.CharField(max_length=12, blank=True)
    more_codes = ArrayField(models.CharField(max_length=12), default=list)
    referrer = models.CharField(max_length=120, blank=True)
    npi = models.CharField(max_length=10, blank=True)
    referrer_contact = models.CharField(max_length=200, blank=True)
    question = models.CharField(max_length=500, blank=True)
    pain_since = models.CharField(max_length=60, blank=True)
    budapest = models.JSONField(default=dict, blank=True)
    received_on = models.DateField()
    written_at = models.DateTimeField()
    by = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+")


class ScreeningLimits(Referenced):
    """One version of the clinic's thresholds, signed by its director. Before the first, the shipped figures hold as version 0."""

    version = models.PositiveIntegerField()
    data = models.JSONField(help_text="rule or check -> name -> figure, only what differs from the shipped figures")
    because = models.CharField(max_length=300)
    signed_by = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+")
    signed_at = models.DateTimeField()

    class Meta(Referenced.Meta):
        constraints = [models.UniqueConstraint(fields=["practice", "version"], name="screening_limits_version_once")]


class ScreeningRun(Referenced):
    """All rules on all facts at one moment: what went in, which versions, what came out, and the digest of the three."""

    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="screening_runs")
    session = models.ForeignKey(Session, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    moment = models.CharField(max_length=8)
    track = models.CharField(max_length=8)
    route = models.CharField(max_length=8)
    inputs = models.JSONField()
    limits_version = models.PositiveIntegerField()
    findings = models.JSONField()
    worst = models.CharField(max_length=8, blank=True)
    verdict = models.CharField(max_length=200)
    digest = models.CharField(max_length=64)
    ran_at = models.DateTimeField()
    by = models.ForeignKey(Staff, on_delete=models.PROTECT, null=True, blank=True, related_name="+")

    class Meta(Referenced.Meta):
        indexes = [models.Index(fields=["patient", "ran_at"])]


class ScreeningDecision(Referenced):
    """What a prescriber decided on one run. The newest counts."""

    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="screening_decisions")
    run = models.ForeignKey(ScreeningRun, on_delete=models.PROTECT, related_name="decisions")
    choice = models.CharField(max_length=8, choices=[("accept", "accept"), ("defer", "defer"), ("refuse", "refuse")])
    reasons = ArrayField(models.CharField(max_length=24), default=list)
    until = models.DateField(null=True, blank=True)
    words = models.CharField(max_length=500, blank=True)
    decided_at = models.DateTimeField()
    by = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+")

    class Meta(Referenced.Meta):
        constraints = [
            models.CheckConstraint(condition=~Q(choice="defer") | Q(until__isnull=False), name="deferred_has_a_day"),
            models.CheckConstraint(condition=Q(choice="accept") | ~Q(reasons=[]), name="not_accepted_has_a_reason"),
        ]


class ScreeningOverride(Scoped):
    """One rule that fired and was set aside, with the reason. It is shown on every later page."""

    decision = models.ForeignKey(ScreeningDecision, on_delete=models.PROTECT, related_name="overrides")
    rule = models.CharField(max_length=60)
    title = models.CharField(max_length=120)
    severity = models.CharField(max_length=8)
    sentence = models.CharField(max_length=600)
    because = models.CharField(max_length=300)

    class Meta(Scoped.Meta):
        constraints = [
            models.UniqueConstraint(fields=["decision", "rule"], name="override_once"),
            models.CheckConstraint(condition=~Q(because=""), name="override_has_a_reason"),
        ]


class CheckDone(Referenced):
    """A check that expires: pregnancy test, ECG, pressure, liver tests and the like, with its day and who wrote it."""

    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="checks")
    kind = models.CharField(max_length=24)
    result = models.JSONField()
    words = models.CharField(max_length=300, blank=True)
    done_on = models.DateField()
    written_at = models.DateTimeField()
    by = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+")

    class Meta(Referenced.Meta):
        indexes = [models.Index(fields=["patient", "kind", "done_on"])]


class TreatmentPhase(Referenced):
    """Evaluation, induction, maintenance, ended: who moved the patient, when and why."""

    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="phases")
    phase = models.CharField(max_length=12)
    because = models.CharField(max_length=300, blank=True)
    odd = models.CharField(max_length=120, blank=True)
    moved_at = models.DateTimeField()
    by = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+")


class DayBefore(Referenced):
    """What to take and what to hold before a visit, signed by a prescriber. A change is a newer row."""

    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="day_before")
    course = models.ForeignKey(Course, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    lines = models.JSONField()
    words = models.CharField(max_length=1000, blank=True)
    signed_at = models.DateTimeField()
    signed_by = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+")
