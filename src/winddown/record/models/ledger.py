"""The controlled-drug ledger: entries in mg and mL, chained by hash, never edited."""

from __future__ import annotations

from django.db import models

from winddown.record.base import Referenced
from winddown.record.models.people import Staff
from winddown.record.models.places import Location
from winddown.record.models.sessions import Bag, Session
from winddown.record.models.stock import Vial


class LedgerEntry(Referenced):
    """One line: received, drawn, given, wasted and the rest of domain/controlled/movements.py.

    `hash` covers the line and the hash before it, in the order that `form` names (domain/controlled/chain.py).
    """

    location = models.ForeignKey(Location, on_delete=models.PROTECT, related_name="ledger")
    number = models.PositiveBigIntegerField()
    kind = models.CharField(max_length=20)
    form = models.PositiveSmallIntegerField(default=1, help_text="which written-down order the digest covers")
    drug = models.CharField(max_length=40)
    mg = models.DecimalField(max_digits=10, decimal_places=3)
    ml = models.DecimalField(max_digits=10, decimal_places=3)
    session = models.ForeignKey(Session, on_delete=models.PROTECT, related_name="ledger", null=True, blank=True)
    bag = models.ForeignKey(Bag, on_delete=models.PROTECT, related_name="ledger", null=True, blank=True)
    vial = models.ForeignKey(Vial, on_delete=models.PROTECT, related_name="ledger", null=True, blank=True)
    lot = models.CharField(max_length=60, blank=True)
    words = models.CharField(max_length=300, blank=True)
    happened_at = models.DateTimeField()
    written_at = models.DateTimeField()
    by = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+")
    witness = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+", null=True, blank=True)
    second_witness = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+", null=True, blank=True)
    details = models.JSONField(default=dict, help_text="what else the line says: invoice, places, how a rest was measured")
    supersedes = models.OneToOneField("self", on_delete=models.PROTECT, null=True, blank=True, related_name="superseded_by")
    previous_hash = models.CharField(max_length=64)
    hash = models.CharField(max_length=64)

    class Meta(Referenced.Meta):
        constraints = [
            models.UniqueConstraint(fields=["practice", "location", "number"], name="ledger_number_once"),
            models.UniqueConstraint(fields=["practice", "location", "previous_hash"], name="ledger_never_forks"),
            models.CheckConstraint(
                condition=~models.Q(kind="wasted") | (models.Q(witness__isnull=False) & ~models.Q(witness=models.F("by"))),
                name="waste_has_another_witness",
            ),
            models.CheckConstraint(
                condition=~models.Q(kind__in=["broken", "destroyed"])
                | models.Q(form=1)
                | (
                    models.Q(witness__isnull=False)
                    & models.Q(second_witness__isnull=False)
                    & ~models.Q(witness=models.F("by"))
                    & ~models.Q(second_witness=models.F("by"))
                    & ~models.Q(second_witness=models.F("witness"))
                ),
                name="breakage_has_two_witnesses",
            ),
            models.CheckConstraint(condition=models.Q(mg__gte=0) & models.Q(ml__gte=0), name="ledger_amounts_not_negative"),
        ]
        indexes = [
            models.Index(fields=["vial", "id"]),
            models.Index(fields=["session", "id"]),
            models.Index(fields=["location", "happened_at"]),
        ]
