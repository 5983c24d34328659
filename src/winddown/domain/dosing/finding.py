"""One thing the dosing rules say about an order, a program, a bag or a course: with its numbers, its source and the way out."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any, Literal

from winddown.domain.refusals import UnknownWord

Severity = Literal["ask", "two_signatures", "stop"]
SEVERITIES: tuple[Severity, ...] = ("ask", "two_signatures", "stop")


@dataclass(frozen=True)
class Finding:
    """A verdict in the words the nurse reads.

    severity   ask: goes on with a reason; two_signatures: goes on with two prescribers; stop: a request does not go on
    value      what was found, and `limit` what it was held against, both as written, in `unit`
    source     the key of the figure's source, or the sentence that derives it
    at         the instant it is about, when it is about one; a finding on a fact is told, never enforced
    """

    code: str
    severity: Severity
    value: str
    limit: str
    unit: str
    source: str
    sentence: str
    way_out: str
    at: datetime | None = None

    def __post_init__(self) -> None:
        if self.severity not in SEVERITIES:
            raise UnknownWord("severity", self.severity, SEVERITIES)

    def as_data(self) -> dict[str, Any]:
        """Plain data for a snapshot of what was shown."""
        return {**asdict(self), "at": self.at.isoformat() if self.at else None}


def worst(findings: Iterable[Finding]) -> Severity | None:
    """The gravest severity among findings, None when there are none."""
    return max((finding.severity for finding in findings), key=SEVERITIES.index, default=None)


def gravest_first(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    return tuple(sorted(findings, key=lambda finding: -SEVERITIES.index(finding.severity)))
