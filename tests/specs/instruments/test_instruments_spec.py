"""Each page beside this file is the manual of one instrument's scoring and its test: answers in, score and band out."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.specs import tables
from winddown.domain.instruments import INSTRUMENTS, instrument_of
from winddown.domain.instruments.instrument import Instrument
from winddown.domain.instruments.scoring import Scored, score

PAGES = sorted(Path(__file__).parent.glob("*.md"))
ROWS = [(page.stem, row) for page in PAGES for row in tables.rows(page)]


def answers_of(form: Instrument, words: str) -> dict[str, str]:
    """`all=1, 9=0; without 4 5`: every scored item, then single ones, then those left out. `none` is an empty form."""
    told, _, without = words.partition("; without ")
    found: dict[str, str] = {}
    for part in [] if told == "none" else told.split(", "):
        key, _, value = part.partition("=")
        if key == "all":
            found |= {item.key: value for item in form.items if not item.optional}
        else:
            found[key] = value
    return {key: value for key, value in found.items() if key not in without.split()}


def also(scored: Scored) -> str:
    """What the page says beside the number."""
    if scored.why == "odd":
        return f"odd {', '.join(scored.odd)}"
    if scored.why == "not_summed":
        return "no number"
    if scored.why == "missing":
        return f"missing {', '.join(scored.lacking)}"
    if scored.prorated:
        return f"filled in for {', '.join(scored.lacking)}"
    return ", ".join(scored.findings)


@pytest.mark.parametrize(("key", "row"), ROWS, ids=[f"{key}: {row['Answers'][:60]}" for key, row in ROWS])
def test_answers_score_as_the_page_says(key, row):
    form = instrument_of(key)
    scored = score(form, answers_of(form, row["Answers"]))
    shown = "" if scored.value is None else f"{scored.value:g}"
    found = (shown, scored.band.key if scored.band else "", set(also(scored).removeprefix("missing ").split(", ")))
    assert found == (row["Score"], row["Band"], set(row["Also"].removeprefix("missing ").split(", ")))


def test_every_instrument_has_its_page_and_every_page_its_instrument():
    assert {page.stem for page in PAGES} == set(INSTRUMENTS)
