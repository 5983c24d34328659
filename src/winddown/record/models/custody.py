"""Who vouches for what: witnesses asked on their own phones, counts, cases, assays, charges and packets."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from winddown.record.base import Referenced, Scoped
from winddown.record.models.ledger import LedgerEntry
from winddown.record.models.people import Staff
from winddown.record.models.places import Location
from winddown.record.models.sessions import Bag, Session, SessionEvent
from winddown.record.models.stock import Product, Transfer, Vial


class WitnessAsk(Referenced):
    """Somebody must see a waste, a breakage or a destruction: what is asked, and what became of it.

    Nothing is in the ledger until the last witness has signed; the line then enters in the same transaction.
    """

    changes: ClassVar[tuple[str, ...]] = ("status", "settled_at", "entry")

    kind = models.CharField(max_length=20)
    location = models.ForeignKey(Location, on_delete=models.PROTECT, related_name="+")
    drug = models.CharField(max_length=40)
    mg = models.DecimalField(max_digits=10, decimal_places=3)
    ml = models.DecimalField(max_digits=10, decimal_places=3)
    session = models.ForeignKey(Session, on_delete=models.PROTECT, related_name="+", null=True, blank=True)
    bag = models.ForeignKey(Bag, on_delete=models.PROTECT, related_name="+", null=True, blank=True)
    vial = models.ForeignKey(Vial, on_delete=models.PROTECT, related_name="+", null=True, blank=True)
    witness = models.ForeignKey(
        Staff, on_delete=models.PROTECT, related_name="+", null=True, blank=True, help_text="who is asked; empty: anyone"
    )
    words = models.CharField(max_length=300, blank=True)
    details = models.JSONField(default=dict)
    asked_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    by = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+")
    status = models.CharField(max_length=12, default="asked", help_text="asked, signed, declined, withdrawn")
    settled_at = models.DateTimeField(null=True, blank=True)
    entry = models.OneToOneField(LedgerEntry, on_delete=models.PROTECT, related_name="+", null=True, blank=True)

    class Meta(Referenced.Meta):
        constraints = [
            models.CheckConstraint(condition=~models.Q(status="signed") | models.Q(entry__isnull=False), name="signed_ask_has_its_line"),
            models.CheckConstraint(
                condition=models.Q(witness__isnull=True) | ~models.Q(witness=models.F("by")), name="nobody_asks_themselves"
            ),
        ]


class WitnessSignature(Scoped):
    """One person's answer to an ask, given with their own PIN."""

    ask = models.ForeignKey(WitnessAsk, on_delete=models.PROTECT, related_name="signatures")
    by = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+")
    agrees = models.BooleanField()
    at = models.DateTimeField()
    own_device = models.BooleanField(help_text="signed in as themselves on a screen of their own")
    words = models.CharField(max_length=300, blank=True)

    class Meta(Scoped.Meta):
        constraints = [models.UniqueConstraint(fields=["ask", "by"], name="one_answer_per_witness")]


class StockCount(Referenced):
    """A count by two people who did not see what was expected. What they found is kept even when it was overtaken by a new line."""

    changes: ClassVar[tuple[str, ...]] = ("status", "closed_at", "second", "found", "compared", "head_number", "head_hash")

    location = models.ForeignKey(Location, on_delete=models.PROTECT, related_name="counts")
    kind = models.CharField(max_length=12, default="shift", help_text="shift, recount or biennial")
    business = models.CharField(max_length=8, blank=True, help_text="a biennial inventory is taken at open or close of business")
    opened_at = models.DateTimeField()
    opened_number = models.PositiveBigIntegerField(help_text="the ledger's last line when the count began")
    by = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+")
    status = models.CharField(max_length=12, default="open", help_text="open, agrees, differs, overtaken or left")
    closed_at = models.DateTimeField(null=True, blank=True)
    second = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+", null=True, blank=True)
    found = models.JSONField(default=dict)
    compared = models.JSONField(default=list)
    head_number = models.PositiveBigIntegerField(default=0)
    head_hash = models.CharField(max_length=64, blank=True)

    class Meta(Referenced.Meta):
        constraints = [
            models.CheckConstraint(
                condition=models.Q(status__in=["open", "left"]) | (models.Q(second__isnull=False) & ~models.Q(second=models.F("by"))),
                name="count_is_signed_by_two",
            )
        ]


class Case(Referenced):
    """A difference that must be explained: opened by the arithmetic, a count or a person; closed by the officer with an outcome."""

    changes: ClassVar[tuple[str, ...]] = ("status", "closed_at", "closed_by", "outcome", "discovered_at")

    number = models.PositiveIntegerField()
    location = models.ForeignKey(Location, on_delete=models.PROTECT, related_name="cases")
    kind = models.CharField(max_length=12, help_text="balance, count, transfer, overfill or told")
    drug = models.CharField(max_length=40)
    product = models.ForeignKey(Product, on_delete=models.PROTECT, related_name="+", null=True, blank=True)
    difference_mg = models.DecimalField(max_digits=10, decimal_places=3, help_text="above zero is missing drug")
    allowed_mg = models.DecimalField(max_digits=10, decimal_places=3, help_text="what the measurements allow")
    session = models.ForeignKey(Session, on_delete=models.PROTECT, related_name="cases", null=True, blank=True)
    count = models.ForeignKey(StockCount, on_delete=models.PROTECT, related_name="cases", null=True, blank=True)
    transfer = models.ForeignKey(Transfer, on_delete=models.PROTECT, related_name="cases", null=True, blank=True)
    vial = models.ForeignKey(Vial, on_delete=models.PROTECT, related_name="+", null=True, blank=True)
    since = models.DateTimeField(help_text="the window of access begins here")
    until = models.DateTimeField(help_text="and ends here")
    words = models.CharField(max_length=400)
    opened_at = models.DateTimeField()
    by = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+")
    status = models.CharField(max_length=8, default="open")
    discovered_at = models.DateTimeField(null=True, blank=True, help_text="theft or loss was found: the notice's clock runs from here")
    closed_at = models.DateTimeField(null=True, blank=True)
    closed_by = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+", null=True, blank=True)
    outcome = models.CharField(max_length=20, blank=True)

    class Meta(Referenced.Meta):
        constraints = [
            models.UniqueConstraint(fields=["practice", "number"], name="case_number_once"),
            models.CheckConstraint(
                condition=models.Q(status="open")
                | (models.Q(closed_at__isnull=False) & models.Q(closed_by__isnull=False) & ~models.Q(outcome="")),
                name="closed_case_has_an_outcome",
            ),
        ]


class CaseAct(Referenced):
    """One step of a case: a note, a person heard, a recount, the decision on significance, the notice, the form, the end."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="acts")
    kind = models.CharField(max_length=20)
    at = models.DateTimeField()
    by = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+")
    words = models.TextField(blank=True)
    data = models.JSONField(default=dict)


class Assay(Referenced):
    """What a laboratory found in a sample: the only thing here that says what was in the syringe."""

    location = models.ForeignKey(Location, on_delete=models.PROTECT, related_name="+")
    session = models.ForeignKey(Session, on_delete=models.PROTECT, related_name="assays", null=True, blank=True)
    vial = models.ForeignKey(Vial, on_delete=models.PROTECT, related_name="assays", null=True, blank=True)
    sample = models.CharField(max_length=120)
    laboratory = models.CharField(max_length=120)
    sampled_at = models.DateTimeField()
    expected_mg_per_ml = models.DecimalField(max_digits=8, decimal_places=3)
    found_mg_per_ml = models.DecimalField(max_digits=8, decimal_places=3)
    words = models.CharField(max_length=300, blank=True)
    written_at = models.DateTimeField()
    by = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+")


class Charge(Referenced):
    """One line for the bill, from the entry that charted the drug. No price and no code: those belong to the office."""

    session = models.ForeignKey(Session, on_delete=models.PROTECT, related_name="charges")
    event = models.OneToOneField(SessionEvent, on_delete=models.PROTECT, related_name="charge")
    drug = models.CharField(max_length=40)
    quantity = models.DecimalField(max_digits=10, decimal_places=3)
    unit = models.CharField(max_length=10)
    route = models.CharField(max_length=40, blank=True)
    given_at = models.DateTimeField()
    written_at = models.DateTimeField()


class Packet(Referenced):
    """A packet for an inspector that was made: which period, which lines, and the digest that was signed."""

    location = models.ForeignKey(Location, on_delete=models.PROTECT, related_name="packets")
    first_day = models.DateField()
    last_day = models.DateField()
    lines = models.PositiveIntegerField()
    head_hash = models.CharField(max_length=64, blank=True)
    manifest_sha256 = models.CharField(max_length=64)
    key_fingerprint = models.CharField(max_length=64)
    made_at = models.DateTimeField()
    by = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+")
