"""What lies on the shelves: registrations, products, receipts, and each vial as a numbered thing with a place."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models

from winddown.record.base import Referenced, Scoped
from winddown.record.models.people import Staff
from winddown.record.models.places import Chair, Location


class Registration(Referenced):
    """Under which registration and license a location keeps controlled drugs; a renewal is a new row."""

    location = models.ForeignKey(Location, on_delete=models.PROTECT, related_name="registrations")
    registrant = models.CharField(max_length=200)
    dea_number = models.CharField(max_length=20)
    state_license = models.CharField(max_length=60, blank=True)
    schedules = ArrayField(models.CharField(max_length=4))
    expires_on = models.DateField()
    field_office = models.CharField(max_length=200, blank=True)
    written_at = models.DateTimeField()
    by = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+")


class Product(Referenced):
    """One product by its code: strength and size are read off the label and never assumed."""

    changes: ClassVar[tuple[str, ...]] = ("active",)

    drug = models.CharField(max_length=40)
    schedule = models.CharField(max_length=4, blank=True)
    name = models.CharField(max_length=120)
    maker = models.CharField(max_length=120, blank=True)
    ndc = models.CharField(max_length=14)
    gtin = models.CharField(max_length=14, blank=True)
    mg_per_ml = models.DecimalField(max_digits=8, decimal_places=3)
    ml = models.DecimalField(max_digits=8, decimal_places=3)
    active = models.BooleanField(default=True)
    written_at = models.DateTimeField()
    by = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+")

    class Meta(Referenced.Meta):
        constraints = [
            models.UniqueConstraint(fields=["practice", "ndc"], name="product_code_once"),
            models.CheckConstraint(condition=models.Q(mg_per_ml__gt=0) & models.Q(ml__gt=0), name="product_holds_something"),
        ]


class ParLevel(Scoped):
    """How many sealed vials of a product a location wants on its shelf; the newest row stands."""

    location = models.ForeignKey(Location, on_delete=models.PROTECT, related_name="par_levels")
    product = models.ForeignKey(Product, on_delete=models.PROTECT, related_name="par_levels")
    least = models.PositiveSmallIntegerField()
    written_at = models.DateTimeField()
    by = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+")


class Receipt(Referenced):
    """What came in the door: from whom, on which invoice, how many, counted by whom."""

    location = models.ForeignKey(Location, on_delete=models.PROTECT, related_name="receipts")
    product = models.ForeignKey(Product, on_delete=models.PROTECT, related_name="receipts")
    supplier = models.CharField(max_length=200)
    supplier_number = models.CharField(max_length=20, blank=True)
    invoice = models.CharField(max_length=80)
    lot = models.CharField(max_length=60)
    expires_on = models.DateField()
    vials = models.PositiveSmallIntegerField()
    received_at = models.DateTimeField()
    written_at = models.DateTimeField()
    by = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+")

    class Meta(Referenced.Meta):
        constraints = [models.CheckConstraint(condition=models.Q(vials__gt=0), name="receipt_of_something")]


class VialCounter(Scoped):
    """The last number given to a vial in this practice."""

    changes: ClassVar[tuple[str, ...]] = ("number",)

    number = models.PositiveIntegerField(default=0)

    class Meta(Scoped.Meta):
        constraints = [models.UniqueConstraint(fields=["practice"], name="one_vial_counter")]


class Vial(Referenced):
    """One vial from its receipt until it is empty. Where it is and what is left mirror the ledger, which is the truth.

    The database refuses a level below zero: of two people who draw the last of a vial at once, one wins.
    """

    changes: ClassVar[tuple[str, ...]] = ("location", "place", "chair", "state", "left_ml")

    number = models.PositiveIntegerField()
    product = models.ForeignKey(Product, on_delete=models.PROTECT, related_name="vials")
    receipt = models.ForeignKey(Receipt, on_delete=models.PROTECT, related_name="contents")
    serial = models.CharField(max_length=30, blank=True)
    lot = models.CharField(max_length=60)
    expires_on = models.DateField()
    location = models.ForeignKey(Location, on_delete=models.PROTECT, related_name="vials")
    place = models.CharField(max_length=12, default="vault", help_text="vault, room, chair, road or gone")
    chair = models.ForeignKey(Chair, on_delete=models.PROTECT, related_name="+", null=True, blank=True)
    state = models.CharField(max_length=12, default="sealed", help_text="sealed, open, empty, broken, destroyed, sent_back, lost")
    left_ml = models.DecimalField(max_digits=8, decimal_places=3)

    class Meta(Referenced.Meta):
        constraints = [
            models.UniqueConstraint(fields=["practice", "number"], name="vial_number_once"),
            models.UniqueConstraint(fields=["practice", "product", "serial"], condition=~models.Q(serial=""), name="vial_serial_once"),
            models.CheckConstraint(condition=models.Q(left_ml__gte=0), name="vial_level_not_negative"),
        ]
        indexes = [models.Index(fields=["practice", "location", "state"])]

    @property
    def label(self) -> str:
        return f"V{self.number}"


class Transfer(Referenced):
    """Vials on their way from one registrant to another, signed at both ends."""

    changes: ClassVar[tuple[str, ...]] = ("status", "arrived_at", "arrived_by", "missing")

    source = models.ForeignKey(Location, on_delete=models.PROTECT, related_name="transfers_out")
    target = models.ForeignKey(Location, on_delete=models.PROTECT, related_name="transfers_in")
    invoice = models.CharField(max_length=80)
    status = models.CharField(max_length=12, default="on_the_way", help_text="on_the_way, arrived or short")
    sent_at = models.DateTimeField()
    sent_by = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+")
    arrived_at = models.DateTimeField(null=True, blank=True)
    arrived_by = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+", null=True, blank=True)
    missing = models.PositiveSmallIntegerField(default=0)

    class Meta(Referenced.Meta):
        constraints = [
            models.CheckConstraint(condition=~models.Q(source=models.F("target")), name="transfer_goes_somewhere"),
            models.CheckConstraint(
                condition=models.Q(status="on_the_way") | (models.Q(arrived_at__isnull=False) & models.Q(arrived_by__isnull=False)),
                name="transfer_is_signed_at_both_ends",
            ),
        ]


class TransferVial(Scoped):
    """One vial of a transfer."""

    transfer = models.ForeignKey(Transfer, on_delete=models.PROTECT, related_name="contents")
    vial = models.ForeignKey(Vial, on_delete=models.PROTECT, related_name="+")

    class Meta(Scoped.Meta):
        constraints = [models.UniqueConstraint(fields=["transfer", "vial"], name="vial_once_in_a_transfer")]
