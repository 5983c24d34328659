"""Which vital sign a code names, and which unit a unit code names. The number decides, never the text beside it.

Sources: ISO/IEEE 11073-10101 codes as they appear in the IHE PCD technical framework and in the messages of tests/domain/wire/published;
decimal prefixes of 11073 units are an offset on the base code (milli 18, kilo 3), checked on the units of those messages. LOINC from
the HL7 vital signs panel. A code that is not here is not a vital sign for us; a unit that is not here is never converted.
"""

from __future__ import annotations

from dataclasses import dataclass

from winddown.domain.vitals.kinds import KINDS

MDC_KINDS: dict[int, str] = {
    150021: "systolic",  # MDC_PRESS_BLD_NONINV_SYS, and the two below it
    150022: "diastolic",
    150023: "mean_pressure",
    150033: "arterial_systolic",  # MDC_PRESS_BLD_ART_SYS
    150034: "arterial_diastolic",
    150035: "arterial_mean",
    150037: "arterial_systolic",  # MDC_PRESS_BLD_ART_ABP_SYS
    150038: "arterial_diastolic",
    150039: "arterial_mean",
    147842: "heart_rate",  # MDC_ECG_HEART_RATE, formerly MDC_ECG_CARD_BEAT_RATE
    149530: "pulse_rate",  # MDC_PULS_OXIM_PULS_RATE
    149546: "pulse_rate",  # MDC_PULS_RATE_NON_INV
    151562: "respiratory_rate",  # MDC_RESP_RATE
    151570: "respiratory_rate",  # MDC_AWAY_RESP_RATE
    151578: "respiratory_rate",  # MDC_TTHOR_RESP_RATE
    151594: "respiratory_rate",  # MDC_CO2_RESP_RATE
    150456: "spo2",  # MDC_PULS_OXIM_SAT_O2
    151708: "etco2",  # MDC_CONC_AWAY_CO2_ET
    150344: "temperature",  # MDC_TEMP
    150364: "temperature",  # MDC_TEMP_BODY
    188736: "weight",  # MDC_MASS_BODY_ACTUAL
    68063: "weight",  # MDC_ATTR_PT_WEIGHT
    150448: "perfusion_index",  # MDC_PULS_OXIM_PERF_REL
}
LOINC_KINDS: dict[str, str] = {
    "8480-6": "systolic",
    "8462-4": "diastolic",
    "8478-0": "mean_pressure",
    "8867-4": "heart_rate",
    "8889-8": "pulse_rate",
    "9279-1": "respiratory_rate",
    "2708-6": "spo2",
    "59408-5": "spo2",
    "19891-1": "etco2",
    "8310-5": "temperature",
    "29463-7": "weight",
    "3141-9": "weight",
    "61006-3": "perfusion_index",
}

MDC_UNITS: dict[int, str] = {
    266016: "mm[Hg]",
    265987: "kPa",
    264864: "/min",  # beats
    264896: "/min",  # pulses
    264928: "/min",  # breaths
    262688: "%",
    262656: "1",
    268192: "Cel",
    266560: "[degF]",
    263875: "kg",
    263872: "g",
    263904: "[lb_av]",
    265266: "mL/h",
    263762: "mL",
    264306: "mg/mL",
    263890: "mg",
    264320: "s",
    264352: "min",
    265619: "ug/kg/min",
}
UNIT_WORDS: dict[str, str] = {
    "mm[Hg]": "mm[Hg]",
    "mmHg": "mm[Hg]",
    "mm(hg)": "mm[Hg]",
    "kPa": "kPa",
    "/min": "/min",
    "1/min": "/min",
    "bpm": "/min",
    "rpm": "/min",
    "%": "%",
    "1": "1",
    "Cel": "Cel",
    "degC": "Cel",
    "[degF]": "[degF]",
    "degF": "[degF]",
    "kg": "kg",
    "g": "g",
    "[lb_av]": "[lb_av]",
    "mL/h": "mL/h",
    "mL/hr": "mL/h",
    "ml/h": "mL/h",
    "mL": "mL",
    "ml": "mL",
    "mg/mL": "mg/mL",
    "mg": "mg",
    "s": "s",
    "min": "min",
    "ug/kg/min": "ug/kg/min",
}
UCUM_ANNOTATIONS = ("{beat}", "{beats}", "{pulse}", "{pulses}", "{breath}", "{breaths}", "{resp}")

KPA_IN_MMHG = 101.325 / 760.0  # 1 mmHg in kPa; UCUM defines m[Hg] as 133.3220 kPa, which agrees to 3 in 10^6
LB_IN_KG = 0.45359237  # exact by definition


@dataclass(frozen=True, slots=True)
class Code:
    """An observation's identifier: `MDC:150021`, `LN:8480-6`, or the text as sent when it is neither."""

    text: str
    mdc: int | None = None
    kind: str | None = None


def code_of(components: list[str]) -> Code:
    """The identifier of OBX-3 (or OBX-5 coded): the first or the alternate triplet that we know how to read."""
    triplets = [components[start : start + 3] for start in (0, 3) if components[start : start + 1] not in ([], [""])]
    codes = [_code(*[*triplet, "", ""][:3]) for triplet in triplets]
    known = next((code for code in codes if code.kind), None) or next((code for code in codes if code.mdc is not None), None)
    return known or (codes[0] if codes else Code(""))


def _code(identifier: str, _text: str, system: str) -> Code:
    identifier, system = identifier.strip(), system.strip().upper()
    if identifier.isascii() and identifier.isdigit() and len(identifier) <= 9 and system in ("", "MDC"):
        number = int(identifier)
        return Code(f"MDC:{number}", number, MDC_KINDS.get(number))
    if system in ("LN", "LOINC") or (not system and identifier in LOINC_KINDS):
        return Code(f"LN:{identifier}", None, LOINC_KINDS.get(identifier))
    return Code(f"{system}:{identifier}" if system else identifier)


def unit_of(components: list[str]) -> str | None:
    """The unit of OBX-6 as one of our words, from the first triplet that is known; None when unknown or absent."""
    for start in (0, 3):
        identifier, _, system = [*components[start : start + 3], "", "", ""][:3]
        unit = _unit(identifier.strip(), system.strip().upper())
        if unit:
            return unit
    return None


def _unit(identifier: str, system: str) -> str | None:
    if identifier.isascii() and identifier.isdigit() and len(identifier) <= 9 and system in ("", "MDC") and identifier != "1":
        return MDC_UNITS.get(int(identifier))
    for annotation in UCUM_ANNOTATIONS:
        identifier = identifier.replace(annotation, "")
    return UNIT_WORDS.get(identifier)


def our_unit(kind: str) -> str:
    """The unit in which a kind is stored."""
    return KINDS[kind].unit


def converted(kind: str, value: float, unit: str) -> float | None:
    """The value in our unit, or None where no certain conversion exists."""
    if unit == our_unit(kind):
        return value
    match our_unit(kind), unit:
        case "mm[Hg]", "kPa":
            return value / KPA_IN_MMHG
        case "Cel", "[degF]":
            return (value - 32.0) / 1.8
        case "kg", "g":
            return value / 1000.0
        case "kg", "[lb_av]":
            return value * LB_IN_KG
        case "%", "1":  # a fraction says so by being one; 98 in unit 1 is a device that means percent, or an error: not for us to choose
            return value * 100.0 if 0.0 < value <= 1.0 else None
        case "1", "%":  # the perfusion index is itself a percentage, sent under either unit with the same number
            return value
    return None
