"""Every row of the dosing pages: the numbers were worked out by hand, and the program must say the same."""

from __future__ import annotations

from datetime import timedelta

import pytest
from dosing_stories import TEN
from dosing_tables import named, number, order_data, protocol, rows, told

from winddown.domain.dosing.bag import BagRequest, check_preparation, prepare
from winddown.domain.dosing.balance import balance, counted, given, measured
from winddown.domain.dosing.limits import check, check_pump_program, check_rate_change
from winddown.domain.dosing.order import OrderDraft, draft_order
from winddown.domain.dosing.recipes.shared import CONCENTRATIONS
from winddown.domain.dosing.request import OrderRequest
from winddown.domain.quantities import display
from winddown.domain.refusals import Refusal


def drafted(row: dict[str, str]) -> OrderDraft:
    return draft_order(OrderRequest.from_data(order_data(row)), protocol(row["protocol"]))


def refused(row: dict[str, str]) -> str:
    return row["findings"].removeprefix("refused ") if row["findings"].startswith("refused") else ""


@pytest.mark.parametrize("row", rows("orders.md"), ids=named)
def test_an_order_becomes_what_the_page_says(row: dict[str, str]):
    if refused(row):
        with pytest.raises(Refusal) as refusal:
            drafted(row)
        assert refusal.value.code == refused(row)
        assert refusal.value.way_out
        return
    draft = drafted(row)
    (phase,) = draft.figures()["phases"]
    shown = {
        "mL/h": phase["rate_ml_per_h"],
        "mg/h": phase["rate_mg_per_h"],
        "mg/kg/h": phase["rate_mg_per_kg_per_h"],
        "mcg/kg/min": phase["rate_mcg_per_kg_per_min"],
        "total mg": draft.figures()["total_mg"],
        "bound": phase["bound"],
        "findings": told(check(draft, draft.protocol)),
    }
    assert shown == {column: row[column] for column in shown}


@pytest.mark.parametrize("row", rows("pump_programs.md"), ids=named)
def test_a_pump_program_is_judged_as_the_page_says(row: dict[str, str]):
    if refused(row):
        with pytest.raises(Refusal) as refusal:
            drafted(row)
        assert refusal.value.code == refused(row)
        return
    findings = check_pump_program(drafted(row), row["drug"], number(row["mg/mL"]), number(row["mL/h"]), number(row["mL"]))
    assert told(findings) == row["findings"]


@pytest.mark.parametrize("row", rows("rate_changes.md"), ids=named)
def test_a_rate_change_is_judged_as_the_page_says(row: dict[str, str]):
    at = TEN + timedelta(minutes=int(row["minute"]))
    assert told(check_rate_change(drafted(row), number(row["mL/h"]), at, started_at=TEN)) == row["findings"]


@pytest.mark.parametrize("row", rows("bags.md"), ids=named)
def test_a_bag_becomes_what_the_page_says(row: dict[str, str]):
    request = BagRequest(
        drug_form="racemic",
        vial_mg_per_ml=number(row["vial mg/mL"]) if row["vial mg/mL"] else None,
        total_mg=number(row["total mg"]),
        diluent_ml=number(row["bag mL"]),
        overfill_ml=number(row["overfill mL"]),
        filling=row["filling"],  # type: ignore[arg-type]
    )
    if refused(row):
        with pytest.raises(Refusal) as refusal:
            prepare(request)
        assert refusal.value.code == refused(row)
        return
    preparation = prepare(request)
    shown = {
        "draw mL": display(preparation.draw_ml, 2),
        "final mL": display(preparation.final_ml, 2),
        "mg/mL": display(preparation.concentration_mg_per_ml, 3),
        "findings": told(check_preparation(preparation, CONCENTRATIONS)),
    }
    assert shown == {column: row[column] for column in shown}


@pytest.mark.parametrize("row", rows("balances.md"), ids=named)
def test_the_drug_adds_up_or_not_as_the_page_says(row: dict[str, str]):
    parts = (
        given(number(row["given mg"])),
        measured("wasted", number(row["wasted mL"]), number(row["bag mg/mL"]), read_by=row["read by"]),
        counted("returned", number(row["returned mg"])),
    )
    found = balance(number(row["drawn mg"]), number(row["vial mg/mL"]), parts)
    verdict = "case" if not found.agrees else "agrees" if found.tells else "cannot tell"
    assert found.difference_mg == number(row["difference mg"])
    assert (display(found.uncertainty_mg, 1), verdict) == (row["uncertainty mg"], row["verdict"])
