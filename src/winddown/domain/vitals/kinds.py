"""The kinds of vital sign: what they are called, their unit, and the range in which a number can be true.

The plausible range only labels. It is wide on purpose: a real collapse must never be taken for a fault of the device.
Zero stays plausible for breathing and carbon dioxide, because there it can mean that the patient is not breathing.
"""

from __future__ import annotations

from dataclasses import dataclass

from winddown.domain.figures import Figure
from winddown.domain.refusals import UnknownWord


@dataclass(frozen=True)
class Kind:
    """One kind of vital sign.

    words       English, translatable
    unit        UCUM
    symbol      the unit as a nurse writes it
    plausible_low, plausible_high   outside them the label is `implausible`; the reading is kept
    decimals    how many are shown
    continuous  a monitor sends it all the time, so silence means something
    alarmed     invasive pressures are stored and drawn, never alarmed
    sister      another kind that measures the same thing by another road
    """

    key: str
    words: str
    unit: str
    symbol: str
    plausible_low: Figure
    plausible_high: Figure
    decimals: int = 0
    continuous: bool = False
    alarmed: bool = True
    sister: str = ""

    def is_plausible(self, value: float) -> bool:
        return self.plausible_low.value <= value <= self.plausible_high.value

    def show(self, value: float) -> str:
        """The value as it is read aloud, with its unit: '182 mmHg', '36.6 °C', '97 %'."""
        return f"{value:.{self.decimals}f} {self.symbol}".rstrip()


_WHY = "engineering bound: the span a bedside monitor reports in an adult; it labels, it never drops"


def _kind(
    key: str,
    words: str,
    units: tuple[str, str],
    span: tuple[float, float],
    *,
    sister: str = "",
    decimals: int = 0,
    live: bool = False,
    alarmed: bool = True,
) -> Kind:
    unit, symbol = units
    low, high = (Figure(bound, unit, _WHY, "derived") for bound in span)
    return Kind(key, words, unit, symbol, low, high, decimals=decimals, continuous=live, alarmed=alarmed, sister=sister)


_PRESSURE = ("mm[Hg]", "mmHg")
_PER_MINUTE = ("/min", "/min")

_TABLE = (
    _kind("systolic", "Systolic pressure", _PRESSURE, (30, 300)),
    _kind("diastolic", "Diastolic pressure", _PRESSURE, (10, 200)),
    _kind("mean_pressure", "Mean pressure", _PRESSURE, (20, 230)),
    _kind("arterial_systolic", "Arterial systolic pressure", _PRESSURE, (30, 300), alarmed=False),
    _kind("arterial_diastolic", "Arterial diastolic pressure", _PRESSURE, (10, 200), alarmed=False),
    _kind("arterial_mean", "Arterial mean pressure", _PRESSURE, (20, 230), alarmed=False),
    _kind("heart_rate", "Heart rate", _PER_MINUTE, (5, 300), live=True, sister="pulse_rate"),
    _kind("pulse_rate", "Pulse", _PER_MINUTE, (5, 300), live=True, sister="heart_rate"),
    _kind("respiratory_rate", "Breaths", _PER_MINUTE, (0, 80), live=True),
    _kind("spo2", "Oxygen saturation", ("%", "%"), (20, 100), live=True),
    _kind("etco2", "End-tidal carbon dioxide", _PRESSURE, (0, 150), live=True),
    _kind("temperature", "Temperature", ("Cel", "°C"), (28, 43), decimals=1, alarmed=False),
    _kind("weight", "Weight", ("kg", "kg"), (25, 350), decimals=1, alarmed=False),
    _kind("perfusion_index", "Perfusion index", ("1", ""), (0, 30), decimals=1, alarmed=False),
)

KINDS: dict[str, Kind] = {kind.key: kind for kind in _TABLE}


def kind_of(key: str) -> Kind:
    """The kind by its key. Refuses UnknownWord: an unknown kind is never taken for a known one."""
    found = KINDS.get(key)
    if found is None:
        raise UnknownWord("vital sign", key, KINDS)
    return found
