"""Each person's draws beside those of their peers, with the chance of a false alarm stated (domain/controlled/usage.py)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from winddown.domain.controlled.usage import Handled, Review, review
from winddown.record.models import LedgerEntry, Location, Staff
from winddown.services import permissions

TOP_SHARE = Decimal("0.1")
MEASURES: tuple[str, ...] = ("wasted", "corrected", "broken")


@dataclass(frozen=True)
class Measured:
    """One thing that was compared, and what stands out."""

    measure: str
    review: Review


def compare(location: Location, *, since: datetime, until: datetime, by: Staff) -> tuple[list[Measured], dict[str, Staff]]:
    """Everybody who drew in the period, by three measures; with the people by reference.

    wasted     the draw is among the tenth of which most, in mg, was poured away
    corrected  a line of the draw's visit had to be said anew by the officer
    broken     a breakage that this person wrote, counted beside their draws
    """
    permissions.require(by, "ledger.packet")
    lines = list(
        LedgerEntry.objects.filter(location=location, happened_at__gte=since, happened_at__lt=until)
        .select_related("by", "supersedes", "superseded_by")
        .order_by("number")
    )
    standing = [line for line in lines if not hasattr(line, "superseded_by")]
    draws = [line for line in standing if line.kind == "drawn" and not line.words.startswith("rest")]
    people = {str(line.by.ref): line.by for line in draws}
    drawn = Counter(str(line.by.ref) for line in draws)
    notable = {
        "wasted": _most_wasted(draws, standing),
        "corrected": _corrected(draws, lines),
        "broken": Counter(str(line.by.ref) for line in standing if line.kind == "broken" and str(line.by.ref) in drawn),
    }
    return [
        Measured(measure, review({ref: Handled(max(count, notable[measure][ref]), notable[measure][ref]) for ref, count in drawn.items()}))
        for measure in MEASURES
    ], people


def _most_wasted(draws: list[LedgerEntry], standing: Iterable[LedgerEntry]) -> Counter[str]:
    """Draws whose visit's waste is among the largest tenth of all draws with a visit."""
    waste: Counter[int | None] = Counter()
    for line in standing:
        if line.kind == "wasted" and line.session_id:
            waste[line.session_id] += line.mg  # type: ignore[assignment]
    with_visit = [line for line in draws if line.session_id]
    ranked = sorted(with_visit, key=lambda line: (-waste[line.session_id], line.number))
    top = ranked[: int(len(ranked) * TOP_SHARE)]
    return Counter(str(line.by.ref) for line in top if waste[line.session_id] > 0)


def _corrected(draws: list[LedgerEntry], lines: Iterable[LedgerEntry]) -> Counter[str]:
    """Draws of visits in which the officer had to correct a line. The dose that follows the pump's later word is no correction."""
    wrong = {line.session_id for line in lines if line.supersedes_id and line.words.startswith("correction:")}
    return Counter(str(line.by.ref) for line in draws if line.session_id in wrong)
