"""The instruments as this practice has them: those that ship with words, and those whose licensed text it brought itself."""

from __future__ import annotations

from winddown.domain.instruments import INSTRUMENTS, instrument_of
from winddown.domain.instruments.instrument import Instrument


def form_of(key: str) -> Instrument:
    return instrument_of(key)


def form_for(key: str, language: str) -> tuple[Instrument, str]:
    """The instrument with its words, and the language to show it in."""
    return instrument_of(key), language


def everything() -> tuple[Instrument, ...]:
    return tuple(INSTRUMENTS.values())
