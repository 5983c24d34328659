"""Instruments whose words belong to somebody: what ships is structure and arithmetic, with items that only have a number."""

from __future__ import annotations

from collections.abc import Sequence

from winddown.domain.instruments.instrument import Item, choices


def numbered(count: int, low: int, high: int, *, kind: str = "choice", prefix: str = "") -> tuple[Item, ...]:
    """`count` items without words, each with the answers from `low` to `high`."""
    allowed = choices(*((value, str(value), str(value)) for value in range(low, high + 1)))
    return tuple(
        Item(
            f"{prefix}{number}",
            kind="slider" if kind == "slider" else "choice",
            choices=() if kind == "slider" else allowed,
            low=low,
            high=high,
        )
        for number in range(1, count + 1)
    )


def keys(items: Sequence[Item]) -> tuple[str, ...]:
    return tuple(item.key for item in items)
