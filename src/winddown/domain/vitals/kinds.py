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


def _range(low: float, high: float, unit: str) -> dict[str, Figure]:
    why = "engineering bound: the span a bedside monitor reports in an adult; it labels, it never drops"
    return {"plausible_low": Figure(low, unit, why, "derived"), "plausible_high": Figure(high, unit, why, "derived")}


_PRESSURE = {"unit": "mm[Hg]", "symbol": "mmHg"}
_PER_MINUTE = {"unit": "/min", "symbol": "/min"}

_TABLE = (
    Kind("systolic", "Systolic pressure", **_PRESSURE, **_range(30, 300, "mm[Hg]")),
    Kind("diastolic", "Diastolic pressure", **_PRESSURE, **_range(10, 200, "mm[Hg]")),
    Kind("mean_pressure", "Mean pressure", **_PRESSURE, **_range(20, 230, "mm[Hg]")),
    Kind("arterial_systolic", "Arterial systolic pressure", **_PRESSURE, **_range(30, 300, "mm[Hg]"), alarmed=False),
    Kind("arterial_diastolic", "Arterial diastolic pressure", **_PRESSURE, **_range(10, 200, "mm[Hg]"), alarmed=False),
    Kind("arterial_mean", "Arterial mean pressure", **_PRESSURE, **_range(20, 230, "mm[Hg]"), alarmed=False),
    Kind("heart_rate", "Heart rate", **_PER_MINUTE, **_range(15, 300, "/min"), continuous=True, sister="pulse_rate"),
    Kind("pulse_rate", "Pulse", **_PER_MINUTE, **_range(15, 300, "/min"), continuous=True, sister="heart_rate"),
    Kind("respiratory_rate", "Breaths", **_PER_MINUTE, **_range(0, 80, "/min"), continuous=True),
    Kind("spo2", "Oxygen saturation", "%", "%", **_range(20, 100, "%"), continuous=True),
    Kind("etco2", "End-tidal carbon dioxide", **_PRESSURE, **_range(0, 150, "mm[Hg]"), continuous=True),
    Kind("temperature", "Temperature", "Cel", "°C", **_range(28, 43, "Cel"), decimals=1, alarmed=False),
    Kind("weight", "Weight", "kg", "kg", **_range(25, 350, "kg"), decimals=1, alarmed=False),
    Kind("perfusion_index", "Perfusion index", "1", "", **_range(0, 30, "1"), decimals=1, alarmed=False),
)

KINDS: dict[str, Kind] = {kind.key: kind for kind in _TABLE}


def kind_of(key: str) -> Kind:
    """The kind by its key. Refuses UnknownWord: an unknown kind is never taken for a known one."""
    found = KINDS.get(key)
    if found is None:
        raise UnknownWord("vital sign", key, KINDS)
    return found
