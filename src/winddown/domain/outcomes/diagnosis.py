"""Families of diagnoses under which outcomes are counted, by their ICD-10 codes. What is in none keeps its own category."""

from __future__ import annotations

from collections.abc import Mapping

FAMILIES: Mapping[str, tuple[str, ...]] = {
    "crps": ("G90.5", "G56.4", "G57.7"),
    "depression": ("F32", "F33"),
    "neuropathic": ("B02.2", "G50", "G53", "G54", "G56", "G57", "G58", "G59", "G60", "G61", "G62", "G63", "M79.2", "G89.0"),
    "fibromyalgia": ("M79.7",),
    "headache": ("G43", "G44", "R51"),
    "chronic_pain": ("G89", "M54", "R52"),
}


def family(icd10: str) -> str:
    """The family with the longest matching beginning; without one the code's category; `none` without a code."""
    code = icd10.strip().upper()
    if not code:
        return "none"
    fits = [(len(start), name) for name, starts in FAMILIES.items() for start in starts if code.startswith(start)]
    return max(fits)[1] if fits else code.split(".")[0][:20]
