"""Diagnosis codes (ICD-10-CM) and the referring doctor's number (NPI): the form is checked, and what is often mistyped is named."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from winddown.domain.refusals import OutOfRange

_ICD10 = re.compile(r"[A-Z][0-9][0-9A-Z](?:\.[0-9A-Z]{1,4})?")
NPI_PREFIX = "80840"

COMMON: Mapping[str, str] = {
    "G90.50": "CRPS I, unspecified",
    "G90.511": "CRPS I of right upper limb",
    "G90.512": "CRPS I of left upper limb",
    "G90.513": "CRPS I of upper limb, bilateral",
    "G90.519": "CRPS I of unspecified upper limb",
    "G90.521": "CRPS I of right lower limb",
    "G90.522": "CRPS I of left lower limb",
    "G90.523": "CRPS I of lower limb, bilateral",
    "G90.529": "CRPS I of unspecified lower limb",
    "G90.59": "CRPS I of other specified site",
    "G56.41": "CRPS II (causalgia) of right upper limb",
    "G56.42": "CRPS II (causalgia) of left upper limb",
    "G57.71": "CRPS II (causalgia) of right lower limb",
    "G57.72": "CRPS II (causalgia) of left lower limb",
    "G89.4": "chronic pain syndrome",
    "G89.29": "other chronic pain",
    "G89.21": "chronic pain due to trauma",
    "F33.2": "recurrent depression, severe (code unverified)",
    "F32.2": "single episode of depression, severe (code unverified)",
    "R45.851": "suicidal ideation (code unverified)",
}
NOT_BILLABLE: Mapping[str, str] = {"G90.5": "G90.50 to G90.59", "G90.51": "G90.511 to G90.519", "G90.52": "G90.521 to G90.529"}
CRPS_I, CRPS_II = ("G90.5",), ("G56.4", "G57.7")


def read_icd10(text: str) -> str:
    """The code as it is kept. Refuses what has not the form of one, and CRPS codes that lack their last digit."""
    code = text.strip().upper()
    if len(code) > 3 and "." not in code:
        code = f"{code[:3]}.{code[3:]}"
    if not _ICD10.fullmatch(code):
        raise OutOfRange(
            because=f"{text!r} has not the form of an ICD-10-CM code: a letter, two signs, a point, up to four signs.",
            way_out="For example G90.511. Leave it empty if it is not known.",
            code="icd10_form",
            where="icd10",
        )
    if code in NOT_BILLABLE:
        raise OutOfRange(
            because=f"{code} is a heading and lacks its last digit.",
            way_out=f"Choose one of {NOT_BILLABLE[code]}.",
            code="icd10_heading",
            where="icd10",
        )
    return code


def excluded_together(codes: Iterable[str]) -> str:
    """CRPS I and CRPS II cannot both be coded (Excludes1); the sentence, or empty."""
    held = list(codes)
    first = [code for code in held if code.startswith(CRPS_I)]
    second = [code for code in held if code.startswith(CRPS_II)]
    return f"{first[0]} (CRPS I) and {second[0]} (CRPS II) exclude each other." if first and second else ""


def read_npi(text: str) -> str:
    """Ten digits whose check digit fits (Luhn over 80840 and the number). Empty stays empty."""
    digits = re.sub(r"[\s-]", "", text)
    if not digits:
        return ""
    if not re.fullmatch(r"[12][0-9]{9}", digits) or not _luhn(NPI_PREFIX + digits):
        raise OutOfRange(
            because=f"{text!r} is not a national provider number: ten digits, the last a check digit.",
            way_out="Read it again from the letter, or leave it empty and write it in the words.",
            code="npi",
            where="npi",
        )
    return digits


def _luhn(digits: str) -> bool:
    total = 0
    for place, digit in enumerate(reversed(digits)):
        value = int(digit) * (2 if place % 2 else 1)
        total += value - 9 if value > 9 else value
    return total % 10 == 0
