"""The page `what-the-ratings-come-to.md` is the test: each row gives answers and what they must come to."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.specs.tables import rows
from winddown.domain.sensory import score
from winddown.domain.sensory.score import Result, Spoke
from winddown.domain.sensory.threshold import Turn

PAGE = Path(__file__).with_name("what-the-ratings-come-to.md")


def told(found: Result, digits: int = 2) -> str:
    """A result as the page writes it."""
    return found.why if found.value is None else f"{found.bound} {found.value:.{digits}f}".strip()


def numbers(cell: str) -> list[int]:
    return [] if cell == "none" else [int(each) for each in cell.split(",")]


def turns(cell: str, direction: str) -> list[Turn]:
    if cell == "none":
        return []
    return [Turn(direction, int(each.strip().rstrip("+-")), each.strip()[-1] in "+-") for each in cell.split(",")]


def result(cell: str) -> Result:
    values = [] if cell == "none" else [float(each) for each in cell.split(",")]
    return Result(score.geometric_mean(values) if values else None, "")


def section(name: str):
    return pytest.mark.parametrize("row", rows(PAGE, name), ids=lambda row: " / ".join(row.values())[:60])


@section("Mechanical pain sensitivity")
def test_sensitivity(row):
    assert told(score.sensitivity(numbers(row["Ratings"]), of=5)) == row["Result"]


@section("Mechanical pain threshold")
def test_threshold(row):
    assert told(score.threshold([*turns(row["Up"], "up"), *turns(row["Down"], "down")], of=10), 1) == row["Result"]


@section("Wind-up ratio")
def test_wind_up(row):
    assert told(score.wind_up(numbers(row["Singles"]), numbers(row["Trains"]), of=5)) == row["Result"]


@section("Pain at soft touch")
def test_soft_touch(row):
    assert told(score.allodynia(numbers(row["Ratings"]), of=15)) == row["Result"]


@section("Area of secondary hyperalgesia")
def test_area(row):
    cells = row["Distances in cm, clockwise from the head"].split(",")
    found = [Spoke(n, float(cell.strip().rstrip("*")), "*" in cell) for n, cell in enumerate(cells, start=1) if "?" not in cell]
    assert told(score.area(found), 1) == row["Result"]


@section("One side against the other")
def test_sides(row):
    assert told(score.side_ratio(row["Measure"], result(row["Affected"]), result(row["Control"]))) == row["Ratio"]
