"""Protocols on the screen: every number with where it comes from, and a new version with each change shown."""

from __future__ import annotations

from dataclasses import fields as fields_of
from dataclasses import is_dataclass
from typing import Any

import pytest

from tests.web.orders.desk import MOOD, text_of
from tests.web.people.desk import signed_in
from winddown.domain.booking.series_rules import series_rule
from winddown.domain.dosing.recipes import RECIPES, packaged_protocols
from winddown.domain.figures import Figure
from winddown.domain.sessions.supervision import read_supervision
from winddown.record.models import ProtocolVersion
from winddown.record.scope import at_practice
from winddown.services import orders

AMOUNT = "dosing.phases.0.amount"


def figures(value: Any) -> list[Figure]:
    """Every figure inside a frozen dataclass, found without the page's own walk."""
    if isinstance(value, Figure):
        return [value]
    if is_dataclass(value):
        return [found for each in fields_of(value) for found in figures(getattr(value, each.name))]
    if isinstance(value, dict):
        return [found for each in value.values() for found in figures(each)]
    return [found for each in value for found in figures(each)] if isinstance(value, list | tuple) else []


@pytest.fixture
def adopted(house):
    signed_in(house, "director").post("/protocols/adopt/")
    with at_practice(house.id):
        return ProtocolVersion.objects.get(key=MOOD)


def test_a_director_adopts_the_packaged_recipes_once_and_a_nurse_does_not(house):
    assert "No protocol is in force" in text_of(signed_in(house, "nurse").get("/protocols/"))
    assert signed_in(house, "nurse").post("/protocols/adopt/").status_code == 403
    director = signed_in(house, "director")
    for _twice in range(2):
        director.post("/protocols/adopt/")
    with at_practice(house.id):
        assert {(row.key, row.version) for row in ProtocolVersion.objects.all()} == {(recipe.key, 1) for recipe in RECIPES}
        assert {row.signed_by for row in ProtocolVersion.objects.select_related("signed_by")} == {house.director}


def test_every_number_stands_there_with_its_unit_source_and_status_and_the_unverified_say_so(house, adopted):
    page = signed_in(house, "nurse").get(f"/protocols/{adopted.ref}/")
    recipe = next(each for each in RECIPES if each.key == MOOD)
    data = next(data for data in packaged_protocols() if data["key"] == MOOD)
    known = figures(recipe) + figures(read_supervision(data)) + figures(series_rule(data))
    html, text = page.content.decode(), text_of(page)
    assert html.count("<tr") - html.count("<thead><tr") == len(known)
    for status, words in (("published", "published"), ("derived", "derived"), ("unverified", "unverified: confirm before use")):
        wanted = sum(figure.status == status for figure in known)
        assert f"{wanted} {status}" in text
        assert text.count(f" {words} ") >= wanted
    assert html.count('class="wd-unverified"') == sum(figure.status == "unverified" for figure in known)
    assert "Forty minutes › amount 0.5 mg/kg MUR13b published" in text


def edit(house: Any, row: ProtocolVersion, do: str, **typed: str) -> Any:
    return signed_in(house, "director").post(f"/protocols/{row.ref}/new/", {"do": do} | typed)


def test_a_change_is_shown_as_old_and_new_and_asks_for_its_source_before_it_is_signed(house, adopted):
    change = {f"value:{AMOUNT}": "0.4"}
    review = edit(house, adopted, "review", **change)
    assert "Forty minutes › amount 0.5 mg/kg → 0.4 mg/kg" in text_of(review)
    unsourced = edit(house, adopted, "sign", **change)
    assert unsourced.status_code == 422
    assert "Forty minutes › amount: 0.5 to 0.4 mg/kg has no source." in text_of(unsourced)
    with at_practice(house.id):
        assert ProtocolVersion.objects.filter(key=MOOD).count() == 1


def test_signing_makes_the_next_version_that_differs_there_and_nowhere_else(house, adopted):
    told = {f"value:{AMOUNT}": "0.4", f"source:{AMOUNT}": "the clinic's own audit", f"status:{AMOUNT}": "derived"}
    signed = edit(house, adopted, "sign", **told)
    with at_practice(house.id):
        new = ProtocolVersion.objects.get(key=MOOD, version=2)
        assert new.signed_by == house.director
        assert orders.newest_protocols()[1].pk == new.pk
    assert signed["Location"] == f"/protocols/{new.ref}/"
    amount = new.data["dosing"]["phases"][0]["amount"]
    assert amount == {"value": 0.4, "unit": "mg/kg", "source": "the clinic's own audit", "status": "derived"}
    new.data["dosing"]["phases"][0]["amount"] = adopted.data["dosing"]["phases"][0]["amount"]
    assert new.data | {"version": 1} == adopted.data
    page = text_of(signed_in(house, "nurse").get(f"/protocols/{new.ref}/"))
    assert "Changed from version 1" in page
    assert "0.5 mg/kg (MUR13b, published) → 0.4 mg/kg (the clinic's own audit, derived)" in page


def test_limits_out_of_order_are_refused_by_the_protocol_itself_and_what_was_typed_stays(house, adopted):
    path = "dosing.limits.total_mg_per_kg.ask"
    told = {f"value:{path}": "0.9", f"source:{path}": "a slip", f"status:{path}": "derived"}
    refused = edit(house, adopted, "sign", **told)
    assert refused.status_code == 422
    assert "are not in rising order" in text_of(refused)
    assert 'value="a slip"' in refused.content.decode()


def test_a_number_that_cannot_be_read_is_marked_at_its_field(house, adopted):
    wrong = edit(house, adopted, "review", **{f"value:{AMOUNT}": "0,4"})
    assert (wrong.status_code, "'0,4' has a comma. Type 0.4." in text_of(wrong)) == (422, True)


def test_a_version_signed_meanwhile_is_shown_beside_and_the_changes_carry_over(house, adopted):
    told = {f"value:{AMOUNT}": "0.4", f"source:{AMOUNT}": "ours", f"status:{AMOUNT}": "derived"}
    edit(house, adopted, "sign", **(told | {f"value:{AMOUNT}": "0.45"}))
    late = edit(house, adopted, "sign", **told)
    text = text_of(late)
    assert late.status_code == 409
    assert "Version 2 was signed meanwhile" in text and "version 2 says 0.45" in text
    with at_practice(house.id):
        newest = ProtocolVersion.objects.get(key=MOOD, version=2)
    assert f'action="/protocols/{newest.ref}/new/"' in late.content.decode()
    assert edit(house, newest, "sign", **told).status_code == 302
    with at_practice(house.id):
        assert ProtocolVersion.objects.get(key=MOOD, version=3).data["dosing"]["phases"][0]["amount"]["value"] == 0.4


def test_only_a_director_makes_a_new_version(house, adopted):
    answers = [
        signed_in(house, role).post(f"/protocols/{adopted.ref}/new/", {"do": "sign"}).status_code for role in ("prescriber", "nurse")
    ]
    assert answers == [403, 403]
