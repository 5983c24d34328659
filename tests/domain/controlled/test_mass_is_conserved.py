"""Random histories of vials: whatever is done, every milligram has a place, and the levels are those of a simple tally."""

from __future__ import annotations

from decimal import Decimal
from random import Random

from hypothesis import given
from hypothesis import strategies as st

from winddown.domain.controlled.movements import KINDS, Line, accounts, level_ml

STRENGTH = {"A": 10, "B": 50, "C": 100}
OUT_OF_THE_VIAL = {"drawn", "broken", "destroyed", "lost", "sent", "sent_back"}
INTO_THE_VIAL = {"received", "overfill", "returned", "arrived", "found"}


def history(seed: int, length: int) -> tuple[list[Line], dict[str, Decimal]]:
    """Lines made by a clerk who keeps only a tally of mL for each vial, in tenths; some lines are corrected later."""
    chance, tally, lines = Random(seed), dict.fromkeys(STRENGTH, 0), []
    for number in range(1, length + 1):
        kind, vial = chance.choice(KINDS), chance.choice(sorted(STRENGTH))
        tenths = chance.randint(1, 60)
        if kind in OUT_OF_THE_VIAL:
            tenths = min(tenths, tally[vial])
            tally[vial] -= tenths
        elif kind in INTO_THE_VIAL:
            tally[vial] += tenths
        volume = Decimal(tenths) / 10
        lines.append(Line(number, kind, "ketamine", volume * STRENGTH[vial], volume, vial))
    return lines, {vial: Decimal(tenths) / 10 for vial, tenths in tally.items()}


@given(seed=st.integers(0, 10**9), length=st.integers(0, 120))
def test_every_milligram_lies_somewhere_and_each_vial_holds_what_the_tally_says(seed, length):
    lines, tally = history(seed, length)
    held = accounts(lines)
    assert sum(held.values()) == 0
    assert {vial: level_ml(lines, vial) for vial in STRENGTH} == tally
    assert held.get("stock", 0) == sum(ml * STRENGTH[vial] for vial, ml in tally.items())


@given(seed=st.integers(0, 10**9), which=st.integers(0, 29))
def test_a_superseded_line_counts_nowhere_and_its_successor_instead(seed, which):
    lines, _ = history(seed, 30)
    wrong = lines[which]
    struck = [*lines[:which], Line(**{**wrong.__dict__, "superseded": True}), *lines[which + 1 :]]
    anew = [*struck, Line(31, wrong.kind, wrong.drug, wrong.mg, wrong.ml, wrong.vial)]
    without = [*lines[:which], *lines[which + 1 :]]
    assert accounts(struck) == accounts(without)
    assert {name: mg for name, mg in accounts(anew).items() if mg} == {name: mg for name, mg in accounts(lines).items() if mg}
