"""A number from medicine: one home, with its source and how well founded it is, so that the user can see both."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

from winddown.domain.refusals import UnknownWord

Status = Literal["published", "derived", "unverified"]
STATUSES: tuple[Status, ...] = ("published", "derived", "unverified")


@dataclass(frozen=True)
class Figure:
    """One figure.

    value    the number, in `unit`
    unit     UCUM or plain words, never empty for a dimensioned figure
    source   the key in docs/sources.md, or the sentence that derives it
    status   published (read in the source), derived (our arithmetic or engineering), unverified (confirm before use)
    """

    value: float
    unit: str
    source: str
    status: Status

    def __post_init__(self) -> None:
        if self.status not in STATUSES:
            raise UnknownWord("figure status", self.status, STATUSES)

    def as_data(self) -> dict[str, Any]:
        """Plain data for a versioned protocol row."""
        return {"value": self.value, "unit": self.unit, "source": self.source, "status": self.status}

    @classmethod
    def from_data(cls, data: dict[str, Any]) -> Figure:
        return cls(float(data["value"]), data["unit"], data["source"], data["status"])
