"""A share with its interval, the difference of two shares, and a rate per thousand with exact limits."""

from __future__ import annotations

from dataclasses import dataclass
from math import sqrt

from winddown.domain.refusals import OutOfRange

Z95 = 1.959963984540054


@dataclass(frozen=True)
class Share:
    """count of `of`, with the Wilson interval; all None where nothing was counted."""

    count: int
    of: int
    value: float | None
    low: float | None
    high: float | None


@dataclass(frozen=True)
class Difference:
    """One quantity minus another, with its interval. None where it cannot be told."""

    value: float | None
    low: float | None
    high: float | None

    @property
    def is_clear(self) -> bool:
        """Whether the whole interval lies on one side of no difference."""
        return self.low is not None and self.high is not None and (self.low > 0 or self.high < 0)


@dataclass(frozen=True)
class Rate:
    """Events per thousand chances, with exact Poisson limits."""

    count: int
    of: int
    per_thousand: float | None
    low: float | None
    high: float | None


def share(count: int, of: int, z: float = Z95) -> Share:
    """Wilson's score interval (Wilson 1927, doi:10.1080/01621459.1927.10502953). Refuses OutOfRange."""
    if not 0 <= count <= of:
        raise OutOfRange(because=f"{count} of {of} cannot be.", way_out="Count again.", code="count")
    if of == 0:
        return Share(0, 0, None, None, None)
    value = count / of
    low, high = _wilson(value, of, z)
    return Share(count, of, value, low if count else 0.0, high if count < of else 1.0)


def difference(first: Share, second: Share) -> Difference:
    """first minus second, with Newcombe's hybrid score interval (method 10, doi:10.1002/(SICI)1097-0258(19980430)17:8<873)."""
    if first.value is None or second.value is None:
        return Difference(None, None, None)
    assert first.low is not None and first.high is not None and second.low is not None and second.high is not None
    value = first.value - second.value
    down = sqrt((first.value - first.low) ** 2 + (second.high - second.value) ** 2)
    up = sqrt((first.high - first.value) ** 2 + (second.value - second.low) ** 2)
    return Difference(value, value - down, value + up)


def rate(count: int, of: int, confidence: float = 0.95) -> Rate:
    """Events per 1,000 with Garwood's exact limits of a Poisson mean. Several events at one infusion count as several."""
    from scipy.special import gammaincinv  # slow import

    if of == 0:
        return Rate(count, 0, None, None, None)
    tail = (1 - confidence) / 2
    low = 0.0 if count == 0 else float(gammaincinv(count, tail))
    high = float(gammaincinv(count + 1, 1 - tail))
    return Rate(count, of, 1000 * count / of, 1000 * low / of, 1000 * high / of)


def _wilson(value: float, of: int, z: float) -> tuple[float, float]:
    middle = (value + z * z / (2 * of)) / (1 + z * z / of)
    half = z * sqrt(value * (1 - value) / of + z * z / (4 * of * of)) / (1 + z * z / of)
    return max(middle - half, 0.0), min(middle + half, 1.0)
