"""Protocols as data: nothing unknown, nothing half understood, every clinical number with its source."""

from __future__ import annotations

import copy
import json
from collections.abc import Iterator
from typing import Any

import pytest

from winddown.domain.dosing.protocol import Protocol, Tiers
from winddown.domain.dosing.recipes import RECIPES, packaged_protocols
from winddown.domain.figures import STATUSES, Figure
from winddown.domain.refusals import Missing, OutOfRange, Refusal, UnknownWord
from winddown.domain.sessions.supervision import read_supervision


def data() -> dict[str, Any]:
    return copy.deepcopy(packaged_protocols()[0])


def figures(value: Any) -> Iterator[dict[str, Any]]:
    if isinstance(value, dict):
        if set(value) == {"value", "unit", "source", "status"}:
            yield value
        for item in value.values():
            yield from figures(item)
    elif isinstance(value, list):
        for item in value:
            yield from figures(item)


@pytest.mark.parametrize("packaged", packaged_protocols(), ids=lambda packaged: packaged["key"])
def test_a_packaged_protocol_survives_json_and_is_read_by_dosing_and_by_supervision(packaged: dict[str, Any]):
    stored = json.loads(json.dumps(packaged))
    assert Protocol.from_data(stored) in RECIPES
    assert read_supervision(stored).rescue


@pytest.mark.parametrize("packaged", packaged_protocols(), ids=lambda packaged: packaged["key"])
def test_every_figure_of_a_packaged_protocol_has_a_source_and_a_status(packaged: dict[str, Any]):
    found = list(figures(packaged["dosing"]))
    assert len(found) > 20
    assert all(figure["source"] and figure["unit"] and figure["status"] in STATUSES for figure in found)


def test_no_bare_number_hides_in_the_dosing_block_of_a_packaged_protocol():
    def bare(value: Any, path: str) -> Iterator[str]:
        if isinstance(value, dict) and set(value) != {"value", "unit", "source", "status"}:
            for key, item in value.items():
                yield from bare(item, f"{path}.{key}")
        elif isinstance(value, list):
            for item in value:
                yield from bare(item, path)
        elif isinstance(value, int | float):
            yield path

    for packaged in packaged_protocols():
        assert set(bare(packaged["dosing"], "dosing")) == {"dosing.steps.from_session"}


def test_the_adjuncts_of_the_published_protocol_fill_the_rescue_set():
    lines = {item["key"]: item.get("order_line", "") for item in data()["rescue"]}
    assert lines["midazolam"] == "midazolam-2mg-iv"
    assert lines["clonidine"] == "clonidine-0.1mg-oral"
    assert lines["labetalol"] == ""


@pytest.mark.parametrize("place", [(), ("dosing",), ("dosing", "caps"), ("dosing", "ratio"), ("dosing", "concentrations")])
def test_an_unknown_key_is_refused_wherever_it_is(place: tuple[str, ...]):
    changed = data()
    block = changed
    for key in place:
        block = block[key]
    block["ceilling"] = 1
    with pytest.raises(UnknownWord, match="ceilling"):
        Protocol.from_data(changed)


@pytest.mark.parametrize("key", ["phases", "steps", "caps", "limits", "ratio", "concentrations", "weight_bases", "use_by_h"])
def test_a_missing_block_is_refused_by_name(key: str):
    changed = data()
    del changed["dosing"][key]
    with pytest.raises(Missing, match=key):
        Protocol.from_data(changed)


def figure(value: float, unit: str) -> dict[str, Any]:
    return {"value": value, "unit": unit, "source": "test", "status": "derived"}


@pytest.mark.parametrize(
    ("path", "value", "refusal"),
    [
        (("dosing", "phases", 0, "amount"), figure(0.35, "mg/lb/h"), UnknownWord),
        (("dosing", "phases", 0, "amount"), figure(0, "mg/kg/h"), OutOfRange),
        (("dosing", "phases", 0, "minutes"), figure(4, "h"), UnknownWord),
        (("dosing", "caps", "mg_per_h"), figure(25, "mg"), UnknownWord),
        (("dosing", "limits", "rate_mg_per_h", "stop"), figure(10, "mg/h"), OutOfRange),
        (("dosing", "limits", "rate_mg_per_h", "stop"), figure(100, "mg/kg/h"), UnknownWord),
        (("dosing", "limits", "rate_ml"), {}, UnknownWord),
        (("dosing", "ratio", "ask_below"), figure(1.5, "1"), OutOfRange),
        (("dosing", "steps", 0, "from_session"), 2, OutOfRange),
        (("dosing", "steps"), [], Missing),
        (("dosing", "weight_bases"), ["lean"], UnknownWord),
        (("dosing", "concentrations", "listed"), [], Missing),
        (("dosing", "concentrations", "listed"), [figure(1, "mg")], UnknownWord),
        (("drug_form",), "S", UnknownWord),
        (("track",), "sleep", UnknownWord),
        (("dosing", "use_by_h"), {"value": 4, "unit": "h"}, Missing),
    ],
    ids=str,
)
def test_a_wrong_value_is_refused(path: tuple[Any, ...], value: Any, refusal: type[Refusal]):
    changed = data()
    block: Any = changed
    for key in path[:-1]:
        block = block[key]
    block[path[-1]] = value
    with pytest.raises(refusal):
        Protocol.from_data(changed)


def test_the_limits_of_a_step_win_over_those_of_the_protocol():
    changed = data()
    changed["dosing"]["steps"][0]["limits"] = {"rate_mg_per_h": {"stop": figure(20, "mg/h")}}
    dosing = Protocol.from_data(changed).dosing
    assert dosing.limits_for(dosing.step_for(1))["rate_mg_per_h"] == Tiers(stop=Figure(20, "mg/h", "test", "derived"))
    assert dosing.limits_for(dosing.step_for(2))["rate_mg_per_h"] == dosing.limits["rate_mg_per_h"]


def test_steps_are_found_by_the_session_of_the_series():
    dosing = Protocol.from_data(data()).dosing
    assert [dosing.step_for(session).fraction.value for session in (1, 2, 3, 4, 10)] == [50, 75, 100, 100, 100]
    with pytest.raises(OutOfRange):
        dosing.step_for(0)
