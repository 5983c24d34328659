"""The chain: a digest that anyone can compute again, and every kind of tampering named."""

from __future__ import annotations

import hashlib
import json
from datetime import UTC, datetime, timedelta

import pytest

from winddown.domain.controlled import chain

AT = datetime(2026, 11, 2, 14, tzinfo=UTC)


def content(number: int, previous: str, form: int = 2) -> dict[str, object]:
    told = dict.fromkeys(("ref", "location", "session", "bag", "vial", "lot", "by", "witness", "second_witness", "supersedes"), "")
    return told | {
        "form": form,
        "previous_hash": previous,
        "number": number,
        "kind": "drawn",
        "drug": "ketamine",
        "mg": "100.000",
        "ml": "2.000",
        "words": f"line {number} ñ",
        "details": {"b": 1, "a": 2},
        "happened_at": "2026-11-02T14:00:00.000000+00:00",
        "written_at": "2026-11-02T14:00:00.000000+00:00",
    }


def row(count: int) -> list[chain.Link]:
    links, previous = [], chain.GENESIS
    for number in range(1, count + 1):
        told = content(number, previous)
        previous = chain.digest(told)
        links.append(chain.Link(told, previous, AT + timedelta(minutes=number)))
    return links


def test_the_digest_is_a_plain_sha_256_of_a_json_list():
    told = content(1, chain.GENESIS, form=1)
    order = "previous_hash ref location number kind drug mg ml session bag lot words happened_at written_at by witness supersedes"
    text = "[" + ",".join(json.dumps(told[name], ensure_ascii=False) for name in order.split()) + "]"
    assert chain.digest(told) == hashlib.sha256(text.encode("utf-8")).hexdigest()


def test_an_untouched_chain_holds_and_a_part_of_it_hangs_on_what_came_before():
    links = row(6)
    assert chain.breaks(links) == []
    assert chain.breaks(links[3:], after=links[2].hash, first=4) == []
    assert chain.breaks(links[3:]) == ["line 4: expected number 1", "line 4: does not follow the line before it"]


@pytest.mark.parametrize("name", ["mg", "ml", "words", "witness", "second_witness", "vial", "written_at", "form", "details"])
def test_any_changed_field_of_a_line_names_that_line(name):
    links = row(4)
    changed = {**links[1].told, name: 1 if name == "form" else {"a": 3} if name == "details" else "9"}
    links[1] = chain.Link(changed, links[1].hash, links[1].written_at)
    assert chain.breaks(links) == ["line 2: its content was changed after it was written"]


def test_a_line_taken_out_and_two_lines_exchanged_are_named():
    links = row(4)
    assert chain.breaks([links[0], *links[2:]]) == ["line 3: expected number 2", "line 3: does not follow the line before it"]
    assert len(chain.breaks([links[0], links[2], links[1], links[3]])) >= 4


def test_a_line_of_an_unknown_form_proves_nothing():
    told = {**content(1, chain.GENESIS), "form": 9}
    assert chain.breaks([chain.Link(told, "", AT)]) == []
    assert chain.digest(told) == ""


def test_a_clock_that_was_set_back_is_told_and_breaks_nothing():
    links = row(3)
    links[2] = chain.Link(links[2].told, links[2].hash, AT)
    assert (chain.breaks(links), chain.clock_steps(links)) == ([], [3])
