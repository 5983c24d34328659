"""Risks as counted here, with exact intervals, beside what was published: the figures a patient signs beside (their day's, kept)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from winddown.domain.figures import Figure
from winddown.domain.refusals import OutOfRange

CONFIDENCE = 0.95


@dataclass(frozen=True)
class Interval:
    """Both ends as shares between 0 and 1."""

    low: float
    high: float


def interval(count: int, of: int, *, confidence: float = CONFIDENCE) -> Interval:
    """The exact (Clopper-Pearson) interval of a share: never too narrow, wide where little was counted. With nothing counted, 0 to 1.

    refuses  OutOfRange for a count that is not between 0 and `of`
    """
    from scipy.special import betaincinv  # slow import

    if not 0 <= count <= of:
        raise OutOfRange(because=f"{count} of {of} cannot be.", way_out="Count again.", code="count")
    if of == 0:
        return Interval(0.0, 1.0)
    tail = (1 - confidence) / 2
    low = 0.0 if count == 0 else float(betaincinv(count, of - count + 1, tail))
    high = 1.0 if count == of else float(betaincinv(count + 1, of - count, 1 - tail))
    return Interval(low, high)


@dataclass(frozen=True)
class Risk:
    """One risk: its words, its published figure, and what the published figure is a share of. `counted`: whether this clinic counts it."""

    key: str
    words: str
    published: Figure
    per: str
    counted: bool = True


RISKS: tuple[Risk, ...] = (
    Risk(
        "pressure",
        "Severe rise of blood pressure (180/110 mmHg or more here; the published study has its own limit)",
        Figure(0.98, "%", "YALE24", "published"),
        "of 2342 infusions",
    ),
    Risk(
        "stopped",
        "The infusion was stopped early (published: stopped for good because of an unwanted effect)",
        Figure(0.7, "%", "FEIF20", "published"),
        "of 6630 patients",
    ),
    Risk(
        "perception",
        "Dissociation or hallucinations written down as an adverse event (published: any psychotomimetic effect in infusions over days)",
        Figure(76, "%", "SIGT09", "published"),
        "of patients given S-ketamine",
    ),
    Risk("nausea", "Nausea or vomiting written down as an adverse event", Figure(20, "%", "SINGH16", "published"), "of patients, or more"),
    Risk("worse_mood", "More depressive symptoms after a course", Figure(8.4, "%", "MCI22", "published"), "of 537 patients", counted=False),
    Risk(
        "suicidal_thoughts",
        "More thoughts of suicide after a course",
        Figure(6.0, "%", "MCI22", "published"),
        "of 537 patients",
        counted=False,
    ),
)


@dataclass(frozen=True)
class Line:
    """One line of the table as it is shown and signed. count and of are None where this clinic does not count the risk."""

    risk: Risk
    count: int | None
    of: int | None

    @property
    def share(self) -> Interval | None:
        return interval(self.count, self.of) if self.count is not None and self.of else None

    def as_data(self) -> dict[str, Any]:
        share = self.share
        return {
            "key": self.risk.key,
            "words": self.risk.words,
            "published": self.risk.published.as_data(),
            "per": self.risk.per,
            "count": self.count,
            "of": self.of,
            "low": share.low if share else None,
            "high": share.high if share else None,
        }


def table(counts: Mapping[str, int], infusions: int) -> tuple[Line, ...]:
    """Every risk with this clinic's own count among all infusions given here, none left out because it looks bad or good."""
    return tuple(Line(risk, counts.get(risk.key, 0), infusions) if risk.counted else Line(risk, None, None) for risk in RISKS)
