"""What a real monitor does to the truth: probes come off, leads come loose, the line goes quiet, a number jumps."""

from __future__ import annotations

import math
import random
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

Coding = Literal["flag", "zero"]


@dataclass(frozen=True)
class Rates:
    """How often, per hour of monitoring; `cuff_fault` is a share of the cuff cycles."""

    probe_off: float = 1.5
    lead_off: float = 0.5
    silence: float = 0.3
    wild: float = 1.0
    cuff_fault: float = 0.04


CALM = Rates(0.0, 0.0, 0.0, 0.0, 0.0)


class Disturbances:
    """The faults of one monitor, drawn from its own seed. Ask for moments in order."""

    def __init__(self, rates: Rates, *, seed: int) -> None:
        self._rates, self._draw = rates, random.Random(f"faults {seed}")
        self._until: dict[str, datetime] = {}
        self._last: datetime | None = None
        self.coding: Coding = "flag"

    def advance(self, at: datetime) -> None:
        """Let time pass; faults begin by chance and end by themselves."""
        hours = max(0.0, (at - self._last).total_seconds() / 3600) if self._last else 0.0
        self._last = at
        for name, rate, longest_s in (
            ("probe_off", self._rates.probe_off, 90.0),
            ("lead_off", self._rates.lead_off, 120.0),
            ("silence", self._rates.silence, 60.0),
            ("wild", self._rates.wild, 4.0),
        ):
            if not self.now(name, at) and self._draw.random() < 1 - math.exp(-rate * hours):
                self._until[name] = at + timedelta(seconds=self._draw.uniform(1.0, longest_s))
                self.coding = self._draw.choice(("flag", "zero"))

    def now(self, name: str, at: datetime) -> bool:
        """Whether that fault is present."""
        until = self._until.get(name)
        return until is not None and at < until

    def cuff_fault(self) -> float:
        """mmHg to add to a cuff reading: mostly none, now and then a moved arm."""
        return self._draw.choice((-1, 1)) * self._draw.uniform(25.0, 60.0) if self._draw.random() < self._rates.cuff_fault else 0.0

    def wild_pulse(self) -> float:
        return self._draw.uniform(170.0, 277.0)

    def wild_oxygen(self) -> float:
        return self._draw.uniform(42.0, 84.0)
