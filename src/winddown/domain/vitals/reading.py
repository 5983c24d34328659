"""One number from a monitor or a hand, with the two times it carries."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal

Source = Literal["monitor", "hand"]
Label = Literal["accepted", "duplicate", "late", "implausible", "artefact", "not_verified", "demo"]
LABELS: tuple[Label, ...] = ("accepted", "duplicate", "late", "implausible", "artefact", "not_verified", "demo")

# A reading without a nurse's verification, or one that came late, is still about the patient: it is drawn marked and it may alarm.
USABLE: frozenset[Label] = frozenset({"accepted", "not_verified", "late"})


@dataclass(frozen=True)
class Reading:
    """One reading. Every one is stored, whatever its label.

    value        None when the device sent the kind without a number ("---")
    unit         UCUM, as converted by the wire; another unit than the kind's is labelled, never converted by a guess
    observed_at  the device's word; received_at ours; sent_at the device's clock when it sent the message, where it says so
    device       the device's reference; empty for a hand
    status       what the device said of the value (HL7 OBX-11 and the like), kept as sent
    verified     False when the device marked the value as not validated
    live         it came over a connection that is meant to be immediate
    demo         a training or test message
    problem      why it cannot be charted as it stands, in words
    """

    id: str
    kind: str
    value: float | None
    unit: str
    observed_at: datetime
    received_at: datetime
    source: Source
    device: str = ""
    status: str = ""
    verified: bool = True
    label: Label | None = None
    problem: str = ""
    sent_at: datetime | None = None
    live: bool = True
    demo: bool = False

    @property
    def identity(self) -> tuple[str, str, datetime, float | None]:
        """Two readings with the same identity are one, sent twice."""
        return (self.device, self.kind, self.observed_at, self.value)

    @property
    def usable(self) -> bool:
        """May be drawn as the patient's and may alarm."""
        return self.value is not None and self.label in USABLE

    def labelled(self, label: Label, problem: str = "") -> Reading:
        return replace(self, label=label, problem=problem or self.problem)
