"""The text tables of tests/specs/dosing, row by row, each named by its file and first cells."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from pathlib import Path
from typing import Any

from winddown.domain.dosing.finding import Finding
from winddown.domain.dosing.protocol import Protocol
from winddown.domain.dosing.recipes import RECIPES

SPECS = Path(__file__).parents[2] / "specs" / "dosing"
SHORT = {"ask": "ask", "two_signatures": "two", "stop": "stop"}


def rows(name: str) -> list[dict[str, str]]:
    """Every row of every table of a page, as a dict by the table's own heading."""
    found: list[dict[str, str]] = []
    heading: list[str] = []
    for line in (SPECS / name).read_text().splitlines():
        if not line.startswith("|"):
            heading = []
        elif not heading:
            heading = _cells(line)
        elif not set(line) <= set("|- "):
            found.append(dict(zip(heading, _cells(line), strict=True)))
    return found


def named(row: dict[str, str]) -> str:
    return " ".join(value for value in row.values() if value)[:90]


def _cells(line: str) -> list[str]:
    return [cell.strip() for cell in line.strip().strip("|").split("|")]


def protocol(key: str) -> Protocol:
    return next(recipe for recipe in RECIPES if recipe.key == key)


def bag(text: str) -> dict[str, str]:
    milligrams, milliliters = text.removesuffix(" mL").split(" mg in ")
    return {"bag_mg": milligrams, "bag_ml": milliliters}


def order_data(row: dict[str, str]) -> dict[str, Any]:
    """A row of the orders page as the data an order is read from."""
    entered = row.get("entered", "")
    amount, _, minutes = entered.partition(" over ")
    return {
        "session_number": row["session"],
        "weight_kg": row["kg"],
        "height_cm": row.get("cm", ""),
        "sex": row.get("sex", ""),
        "basis": row.get("basis", "actual"),
        "phases": [{"amount": amount, "minutes": minutes}] if entered else [],
        **bag(row["bag"]),
    }


def told(findings: Iterable[Finding]) -> str:
    return ", ".join(f"{SHORT[finding.severity]} {finding.code}" for finding in findings)


def number(text: str) -> Decimal:
    return Decimal(text)
