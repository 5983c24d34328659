"""The supervision blocks of a protocol: complete, sourced, read back as written, and never half understood."""

from __future__ import annotations

import copy
import json
from collections.abc import Iterator
from typing import Any

import pytest

from winddown.domain.refusals import Missing, OutOfRange, UnknownWord
from winddown.domain.sessions import plain
from winddown.domain.sessions.blocks import TRACKS
from winddown.domain.sessions.supervision import BLOCKS, default_supervision, read_supervision


def numbers(data: Any, where: str = "") -> Iterator[tuple[str, Any]]:
    """Every bare number that does not stand inside a figure."""
    if isinstance(data, dict):
        if set(data) == {"value", "unit", "source", "status"}:
            return
        for key, item in data.items():
            yield from numbers(item, f"{where}.{key}")
    elif isinstance(data, list):
        for item in data:
            yield from numbers(item, where)
    elif isinstance(data, int | float) and not isinstance(data, bool):
        yield where, data


@pytest.mark.parametrize("track", TRACKS)
def test_the_default_goes_through_json_and_comes_back_the_same(track):
    data = default_supervision(track)
    assert tuple(data) == BLOCKS
    assert plain.write(read_supervision(json.loads(json.dumps(data)))) == data


@pytest.mark.parametrize("track", TRACKS)
def test_no_clinical_number_stands_without_its_source(track):
    assert list(numbers(default_supervision(track))) == []


def test_only_the_mood_track_asks_for_the_suicide_follow_up():
    assert [read_supervision(default_supervision(track)).recovery.suicide_follow_up for track in TRACKS] == [False, True]


def test_no_rescue_drug_carries_a_dose():
    assert {rescue.order_line for rescue in read_supervision(default_supervision("pain")).rescue} == {""}


def test_an_unknown_key_is_refused_by_its_name():
    data = default_supervision("pain")
    data["observations"]["intervall_min"] = data["observations"]["interval_min"]
    with pytest.raises(UnknownWord, match="intervall_min"):
        read_supervision(data)


def test_a_missing_block_is_refused_by_its_name():
    data = default_supervision("pain")
    del data["recovery"]
    with pytest.raises(Missing, match="recovery"):
        read_supervision(data)


def test_a_number_without_its_source_is_refused():
    data = default_supervision("pain")
    data["recovery"]["minimum_stay_min"] = {"value": 30, "unit": "min"}
    with pytest.raises(Missing, match="needs value, unit, source and status"):
        read_supervision(data)


def test_a_hold_limit_milder_than_the_notice_is_refused():
    data = copy.deepcopy(default_supervision("pain"))
    high = next(each for each in data["alarms"]["conditions"] if each["key"] == "systolic_high")
    high["steps"][1]["limit"]["value"] = 150
    with pytest.raises(OutOfRange, match="further out"):
        read_supervision(data)


def test_an_unknown_tier_or_track_is_refused():
    data = default_supervision("pain")
    data["stop_rules"][0]["tier"] = "pause"
    with pytest.raises(UnknownWord):
        read_supervision(data)
    with pytest.raises(UnknownWord):
        default_supervision("anaesthesia")  # type: ignore[arg-type]
