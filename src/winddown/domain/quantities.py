"""Mass, rate, concentration and spans of time: the only file that knows 60 and 1000.

Every function takes and gives `Decimal`, computed to 34 digits; a float is refused by the type, because 0.1 mL/h is not a float.
Where thirds must stay exact (the integral of a pump's course) the functions that end in `_exact` give a `Fraction`.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import ROUND_FLOOR, ROUND_HALF_EVEN, Context, Decimal, DivisionByZero, InvalidOperation, Overflow
from fractions import Fraction

from winddown.domain.refusals import OutOfRange, Refusal, UnknownWord

MINUTES_PER_HOUR = Decimal(60)
SECONDS_PER_MINUTE = Decimal(60)
MICROGRAMS_PER_MILLIGRAM = Decimal(1000)
RATE_STEP_ML_PER_H = Decimal("0.1")

_EXACT = Context(prec=34, rounding=ROUND_HALF_EVEN, traps=[InvalidOperation, DivisionByZero, Overflow])
_SETTLED = Decimal("1e-12")
_MICROSECOND = timedelta(microseconds=1)
_MICROSECONDS_PER_MINUTE = 60_000_000
_MICROSECONDS_PER_HOUR = 3_600_000_000

# --- arithmetic -----------------------------------------------------------------------------------------------------------------


def _times(left: Decimal, right: Decimal) -> Decimal:
    return _EXACT.multiply(left, right)


def _over(above: Decimal, below: Decimal, name: str) -> Decimal:
    if below <= 0:
        raise OutOfRange(
            because=f"The {name} is {format_decimal(below)}; it must be above zero.",
            way_out=f"Record the {name} first.",
            code="not_above_zero",
            where=name.replace(" ", "_"),
        )
    return _EXACT.divide(above, below)


def mg_from_mg_per_kg(mg_per_kg: Decimal, weight_kg: Decimal) -> Decimal:
    return _times(mg_per_kg, weight_kg)


def mg_per_kg(mg: Decimal, weight_kg: Decimal) -> Decimal:
    return _over(mg, weight_kg, "weight")


def mg_per_h_over(mg: Decimal, minutes: Decimal) -> Decimal:
    """The rate that gives `mg` in `minutes`."""
    return _over(_times(mg, MINUTES_PER_HOUR), minutes, "duration")


def mg_over(mg_per_h: Decimal, minutes: Decimal) -> Decimal:
    """What a rate gives in `minutes`."""
    return _EXACT.divide(_times(mg_per_h, minutes), MINUTES_PER_HOUR)


def minutes_for(mg: Decimal, mg_per_h: Decimal) -> Decimal:
    """How long a rate needs for `mg`."""
    return _over(_times(mg, MINUTES_PER_HOUR), mg_per_h, "rate")


def mg_per_h_from_mg_per_kg_per_h(mg_per_kg_per_h: Decimal, weight_kg: Decimal) -> Decimal:
    return _times(mg_per_kg_per_h, weight_kg)


def mg_per_kg_per_h(mg_per_h: Decimal, weight_kg: Decimal) -> Decimal:
    return _over(mg_per_h, weight_kg, "weight")


def mcg_per_kg_per_min(mg_per_h: Decimal, weight_kg: Decimal) -> Decimal:
    return _EXACT.divide(_over(_times(mg_per_h, MICROGRAMS_PER_MILLIGRAM), weight_kg, "weight"), MINUTES_PER_HOUR)


def mg_per_kg_per_h_from_mcg_per_kg_per_min(value: Decimal) -> Decimal:
    return _EXACT.divide(_times(value, MINUTES_PER_HOUR), MICROGRAMS_PER_MILLIGRAM)


def mcg_per_kg_per_min_from_mg_per_kg_per_h(value: Decimal) -> Decimal:
    return _EXACT.divide(_times(value, MICROGRAMS_PER_MILLIGRAM), MINUTES_PER_HOUR)


def mg_per_h_from_mg_per_min(value: Decimal) -> Decimal:
    return _times(value, MINUTES_PER_HOUR)


def mg_from_mcg(mcg: Decimal) -> Decimal:
    return _EXACT.divide(mcg, MICROGRAMS_PER_MILLIGRAM)


def ml_per_h(mg_per_h: Decimal, concentration_mg_per_ml: Decimal) -> Decimal:
    """The pump's rate for a drug rate. Exact; `round_rate_down_ml_per_h` makes it a number a pump can take."""
    return _over(mg_per_h, concentration_mg_per_ml, "concentration")


def mg_per_h(rate_ml_per_h: Decimal, concentration_mg_per_ml: Decimal) -> Decimal:
    """The drug rate of a pump's rate: the dose is re-derived from the rounded mL/h with this."""
    return _times(rate_ml_per_h, concentration_mg_per_ml)


def ml_from_mg(mg: Decimal, concentration_mg_per_ml: Decimal) -> Decimal:
    return _over(mg, concentration_mg_per_ml, "concentration")


def mg_from_ml(ml: Decimal, concentration_mg_per_ml: Decimal) -> Decimal:
    return _times(ml, concentration_mg_per_ml)


def concentration_mg_per_ml(mg: Decimal, ml: Decimal) -> Decimal:
    return _over(mg, ml, "volume")


def ml_over(rate_ml_per_h: Decimal, minutes: Decimal) -> Decimal:
    """The volume a rate moves in `minutes`."""
    return _EXACT.divide(_times(rate_ml_per_h, minutes), MINUTES_PER_HOUR)


def minutes_for_ml(ml: Decimal, rate_ml_per_h: Decimal) -> Decimal:
    """How long a rate needs to move `ml`: the delay of a line, the life of a bag."""
    return _over(_times(ml, MINUTES_PER_HOUR), rate_ml_per_h, "rate")


def ratio(entered: Decimal, ordered: Decimal) -> Decimal:
    return _over(entered, ordered, "ordered value")


def round_rate_down_ml_per_h(rate_ml_per_h: Decimal, step_ml_per_h: Decimal = RATE_STEP_ML_PER_H) -> Decimal:
    """The highest rate a pump can take that is not above `rate_ml_per_h`.

    The twelfth decimal is settled first: 49.9 mL/h that went to mg/kg/h and back must not lose a tenth at each trip.
    refuses   OutOfRange when a rate above zero would become zero
    """
    settled = rate_ml_per_h.quantize(_SETTLED, rounding=ROUND_HALF_EVEN, context=_EXACT)
    steps = _EXACT.divide(settled, step_ml_per_h).to_integral_value(rounding=ROUND_FLOOR)
    if steps < 1 and settled > 0:
        raise OutOfRange(
            because=f"{display(rate_ml_per_h, 3)} mL/h is below the smallest step of the pump, {format_decimal(step_ml_per_h)} mL/h.",
            way_out="Use a weaker concentration.",
            code="rate_below_pump_step",
            where="rate_ml_per_h",
        )
    return _times(steps, step_ml_per_h)


# --- spans of time --------------------------------------------------------------------------------------------------------------


def minutes_between_exact(start: datetime, stop: datetime) -> Fraction:
    """Minutes from one aware instant to another, exact to the microsecond."""
    return Fraction((stop - start) // _MICROSECOND, _MICROSECONDS_PER_MINUTE)


def hours_between_exact(start: datetime, stop: datetime) -> Fraction:
    """Hours from one aware instant to another, exact to the microsecond."""
    return Fraction((stop - start) // _MICROSECOND, _MICROSECONDS_PER_HOUR)


def span_of_minutes(minutes: Fraction | Decimal) -> timedelta:
    """A time span to the nearest microsecond."""
    return round(Fraction(minutes) * _MICROSECONDS_PER_MINUTE) * _MICROSECOND


def span_of_seconds(seconds: Decimal) -> timedelta:
    return span_of_minutes(Fraction(seconds) / Fraction(SECONDS_PER_MINUTE))


def per_minute_exact(per_hour: Fraction) -> Fraction:
    return per_hour / Fraction(MINUTES_PER_HOUR)


def decimal_from_exact(value: Fraction, places: int) -> Decimal:
    """An exact number as a Decimal with `places` decimals, half to even."""
    scaled = round(value * 10**places)
    return Decimal(scaled).scaleb(-places, context=_EXACT)


# --- writing --------------------------------------------------------------------------------------------------------------------


def format_decimal(value: Decimal) -> str:
    """A number as a dose is written: a zero before the point, no zero at the end, no exponent, nothing lost."""
    text = format(value, "f")
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return "0" if text in ("-0", "") else text


def display(value: Decimal | Fraction, places: int = 2) -> str:
    """A number for reading, rounded to `places`, never rounded away to a bare 0."""
    rounded = decimal_from_exact(Fraction(value), places)
    if rounded == 0 and value > 0:
        return "<" + format_decimal(Decimal(1).scaleb(-places))
    return format_decimal(rounded)


# --- reading --------------------------------------------------------------------------------------------------------------------

_PLAIN = re.compile(r"[0-9]+(\.[0-9]+)?")
_LONGEST_NUMBER = 20


def parse_decimal(text: str, *, where: str = "") -> Decimal:
    """A number typed by a person: digits, and a point with digits on both sides.

    refuses   a comma, an exponent, a sign, an empty field, `.5`, `5.` and `05`, each by name and with what to type
    """
    typed = text.strip()
    if _PLAIN.fullmatch(typed) and len(typed) <= _LONGEST_NUMBER and not re.match(r"0[0-9]", typed):
        return Decimal(typed)
    code, because, way_out = _number_fault(typed)
    raise Refusal(because=because, way_out=way_out, code=code, where=where)


def _number_fault(typed: str) -> tuple[str, str, str]:
    """Which fault a typed number has: (code, sentence, what to type)."""
    if not typed:
        return "empty_number", "The number is empty.", "Type it in digits, as in 41.7."
    if typed.startswith(("-", "−")):
        return "negative_number", f"{typed!r} is below zero.", "Type a number without a sign."
    if re.fullmatch(r"[0-9]{1,3},[0-9]{1,2}", typed):
        return "comma_in_number", f"{typed!r} has a comma.", f"Type {typed.replace(',', '.')}."
    if "," in typed:
        return "comma_in_number", f"{typed!r} has a comma.", "Use a point for decimals and nothing between thousands, as in 1000 or 41.7."
    if re.fullmatch(r"[0-9.]+[eE][+-]?[0-9]+", typed):
        return "exponent_in_number", f"{typed!r} has an exponent.", "Type all the digits, as in 1000 or 0.001."
    if re.fullmatch(r"\.[0-9]+", typed):
        return "point_without_zero", f"{typed!r} has no zero before the point.", f"Type 0{typed}."
    if re.fullmatch(r"[0-9]+\.", typed):
        return "point_without_digits", f"{typed!r} ends with a point.", f"Type {typed[:-1]}."
    if re.fullmatch(r"0[0-9]+(\.[0-9]+)?", typed):
        return (
            "zero_without_point",
            f"{typed!r} starts with a zero and has no point after it.",
            f"Type 0.{typed[1:]} or {typed.lstrip('0') or '0'}.",
        )
    if _PLAIN.fullmatch(typed):
        return "number_too_long", f"A number of {len(typed)} characters is too long.", "Type at most 20 characters."
    return "not_a_number", f"{typed!r} is not a number.", "Type it in digits, as in 41.7."


@dataclass(frozen=True)
class Quantity:
    """A number with its unit, as written in an order or on a command line."""

    value: Decimal
    unit: str

    def __str__(self) -> str:
        return f"{format_decimal(self.value)} {self.unit}"


_SPELLINGS = {
    "mg": ("mg",),
    "mcg": ("mcg", "ug", "µg", "μg"),
    "mg/kg": ("mg/kg",),
    "mcg/kg": ("mcg/kg", "ug/kg", "µg/kg", "μg/kg"),
    "mg/h": ("mg/h", "mg/hr"),
    "mg/min": ("mg/min",),
    "mg/kg/h": ("mg/kg/h", "mg/kg/hr"),
    "mcg/kg/min": ("mcg/kg/min", "ug/kg/min", "µg/kg/min", "μg/kg/min"),
    "mL": ("mL", "ml"),
    "mL/h": ("mL/h", "ml/h", "mL/hr", "ml/hr"),
    "mg/mL": ("mg/mL", "mg/ml"),
    "kg": ("kg",),
    "h": ("h", "hr"),
    "min": ("min",),
    "s": ("s",),
}
UNITS: dict[str, str] = {spelling: unit for unit, spellings in _SPELLINGS.items() for spelling in spellings}
TIME_UNITS = ("h", "min", "s")


def parse_unit(text: str) -> str:
    """The unit's one name. A spelling that is not on the list is refused; capitals matter (Mg is not mg)."""
    unit = UNITS.get(text.strip())
    if unit is None:
        raise UnknownWord("unit", text.strip(), _SPELLINGS)
    return unit


class NoUnit(UnknownWord):
    """A number that could be anything."""

    def __init__(self, number: str, allowed: Collection[str]) -> None:
        super().__init__("unit", "", allowed)
        self.because = f"{number!r} has no unit."
        self.way_out = f"Write {number} and one of: {', '.join(sorted(allowed))}."


def parse_quantity(text: str, *, allowed: Collection[str] = tuple(_SPELLINGS), where: str = "") -> Quantity:
    """A number and a unit: "0.5mg/kg", "0.14 mg/kg/h", "40min", "4 h", "52.5 mL/h".

    refuses   UnknownWord for a unit that is missing, unknown or not among `allowed`; Refusal for the number (see `parse_decimal`)
    """
    stripped = text.strip()
    split = next((index for index, letter in enumerate(stripped) if letter.isalpha() and not _is_exponent(stripped, index)), len(stripped))
    number, unit_text = stripped[:split], stripped[split:]
    value = parse_decimal(number, where=where)
    if not unit_text:
        raise NoUnit(number.strip(), allowed)
    unit = UNITS.get(unit_text.strip())
    if unit is None:
        raise UnknownWord("unit", unit_text.strip(), allowed)
    if unit not in allowed:
        raise UnknownWord("unit here", unit, allowed)
    return Quantity(value, unit)


def _is_exponent(text: str, index: int) -> bool:
    return text[index] in "eE" and index > 0 and re.match(r"[eE][+-]?[0-9]", text[index:]) is not None


def parse_minutes(text: str, *, where: str = "") -> Decimal:
    """A duration in minutes: "40min", "4 h", "90 s"."""
    return as_minutes(parse_quantity(text, allowed=TIME_UNITS, where=where))


def as_minutes(quantity: Quantity) -> Decimal:
    if quantity.unit == "min":
        return quantity.value
    if quantity.unit == "h":
        return _times(quantity.value, MINUTES_PER_HOUR)
    if quantity.unit == "s":
        return _EXACT.divide(quantity.value, SECONDS_PER_MINUTE)
    raise UnknownWord("unit of time", quantity.unit, TIME_UNITS)


def parse_steps(text: str) -> tuple[tuple[Quantity, Decimal], ...]:
    """Steps of a titration, "0.14mg/kg/h:60min,0.28mg/kg/h:60min": each a rate and its minutes."""
    steps = []
    for part in text.split(","):
        rate, separator, duration = part.partition(":")
        if not separator:
            raise Refusal(
                because=f"The step {part.strip()!r} has no duration.",
                way_out="Write rate:duration, as in 0.14mg/kg/h:60min.",
                code="step_without_duration",
            )
        steps.append((parse_quantity(rate, allowed=("mg/kg/h", "mcg/kg/min", "mg/h", "mL/h")), parse_minutes(duration)))
    return tuple(steps)
