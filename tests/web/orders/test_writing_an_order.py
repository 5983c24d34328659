"""Writing an order: what is worked out while it is typed, what stops, what asks, and what is never lost."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from tests.web.orders.desk import CRPS, Desk, fields, text_of
from tests.web.people.desk import signed_in
from winddown.record.models import Order
from winddown.record.scope import at_practice
from winddown.services import orders, patients, rescue


def test_the_page_opens_with_the_latest_weight_the_order_worked_out_and_its_forecast(house):
    page = Desk(house).browser.get(Desk(house).url)
    text = text_of(page)
    assert "Latest: 70 kg" in text
    assert "Forty minutes 40 52.5 52.5 0.75 12.5 35 35" in text
    assert "The dose binds: 0.5 mg/kg at 70 kg is 52.5 mg/h." in text
    assert "Plasma peaks at" in text and "calibrated on simulated patients only" in text
    assert "a predicted level, not a discharge criterion" in text
    assert '<svg class="wd-fc"' in page.content.decode()


def test_a_look_while_typing_writes_nothing_and_follows_what_was_typed(house):
    desk = Desk(house)
    answer = desk.browser.post(
        f"/courses/{desk.course.ref}/orders/preview/", desk.opened() | {"weight_kg": "80"}, headers={"HX-Request": "true"}
    )
    assert "Forty minutes 40 60 60 0.75 12.5 40 40" in text_of(answer)
    assert desk.count() == 0


@pytest.mark.parametrize(
    ("amount", "unit", "named"),
    [
        ("5", "mg/kg", "This looks like a tenfold slip: 5 for 0.5 mg/kg."),
        ("12.5", "mg/kg/h", "This looks like a unit swap: 12.5 is the number in mcg/kg/min, not in mg/kg/h."),
    ],
)
def test_a_tenfold_entry_and_a_unit_swap_are_stopped_and_named(house, amount, unit, named):
    desk = Desk(house)
    answer = desk.own_dose(amount, unit, bag_mg="600", bag_ml="600")
    text = text_of(answer)
    assert answer.status_code == 422
    assert named in text and "Stops:" in text and "It does not go on like this." in text
    assert (fields(answer)["amount_0"], fields(answer)["bag_mg"]) == (amount, "600")
    assert desk.count() == 0


def test_a_finding_that_asks_wants_its_reason_and_keeps_it_with_the_order(house):
    desk = Desk(house)
    asked = desk.own_dose("0.6", "mg/kg")
    assert asked.status_code == 422
    assert "Total 0.6 mg/kg is above the usual limit, 0.5 mg/kg." in text_of(asked)
    reasons = {name: "tolerated 0.6 before" for name in fields(asked) if name.startswith("reason_")}
    assert sorted(reasons) == ["reason_rate_mg_per_kg_per_h_high", "reason_total_mg_per_kg_high"]
    order = desk.kept(rows="1", amount_0="0.6", unit_0="mg/kg", minutes_0="40", **reasons)
    assert {line["reason"] for line in order.findings} == {"tolerated 0.6 before"}
    assert "Reason given: tolerated 0.6 before" in text_of(desk.browser.get(f"/orders/{order.ref}/"))


def test_esketamine_is_refused_under_a_racemic_protocol(house):
    answer = Desk(house).sends(drug_form="esketamine")
    assert answer.status_code == 422
    assert "The order is for esketamine; the limits of this protocol are for racemic ketamine." in text_of(answer)


@pytest.mark.parametrize("typed", ["154 lb", "154lbs", "154 pounds"])
def test_pounds_are_refused_and_never_converted(house, typed):
    answer = Desk(house).sends(weight_kg=typed)
    assert answer.status_code == 422
    assert f"{typed} is in pounds. Weigh in kilograms. Pounds are never converted here." in text_of(answer)
    assert fields(answer)["weight_kg"] == typed


def test_from_a_body_mass_index_of_30_all_three_weights_are_shown_and_none_is_chosen(house):
    desk = Desk(house, weight_kg="110", height_cm="165")
    page = desk.browser.get(desk.url)
    text = text_of(page)
    assert "Actual weight 110 kg" in text and "Ideal weight (Devine) 56.9 kg" in text and "Adjusted weight 78.1 kg" in text
    assert "basis" not in fields(page)
    assert desk.sends().status_code == 422
    assert desk.kept(basis="ideal").figures["dosing_weight_kg"] == "56.9"


def test_below_it_actual_weight_is_used_and_said(house):
    assert "Dosed by actual weight, 70 kg: body mass index 23.7, below 30." in text_of(Desk(house).browser.get(Desk(house).url))


def test_rows_are_added_and_removed_without_scripts_and_nothing_typed_is_lost(house):
    desk = Desk(house)
    one = desk.sends(do="add_row", bag_ml="102")
    two = desk.browser.post(desk.url, fields(one) | {"do": "add_row", "amount_0": "0.2", "minutes_0": "20"})
    gone = desk.browser.post(desk.url, fields(two) | {"do": "remove_row_0", "amount_1": "0.3", "unit_1": "mg/kg/h"})
    assert (fields(one)["rows"], fields(two)["rows"], fields(gone)["rows"]) == ("1", "2", "1")
    assert (fields(two)["amount_0"], fields(gone)["amount_0"], fields(gone)["unit_0"]) == ("0.2", "0.3", "mg/kg/h")
    assert fields(gone)["bag_ml"] == "102"
    assert desk.count() == 0


def test_two_steps_of_ones_own_stand_as_two_rows_each_with_its_numbers(house):
    desk = Desk(house)
    own = {"rows": "2", "amount_0": "0.3", "unit_0": "mg/kg", "minutes_0": "30", "amount_1": "0.2", "unit_1": "mg/kg", "minutes_1": "20"}
    look = desk.browser.post(f"/courses/{desk.course.ref}/orders/preview/", desk.opened() | own)
    assert "Part 1 30 42 42 0.6 10 21 21" in text_of(look)
    assert "Part 2 20 42 42 0.6 10 14 14" in text_of(look)


def test_the_same_key_twice_is_one_order(house):
    desk = Desk(house)
    form = desk.opened() | {"do": "keep"}
    first, second = desk.browser.post(desk.url, form), desk.browser.post(desk.url, form)
    assert first["Location"] == second["Location"]
    assert desk.count() == 1


def test_an_as_needed_line_is_kept_with_dose_route_maximum_and_interval(house):
    desk = Desk(house)
    place = next(name.split("_")[1] for name in desk.opened() if name.endswith("_dose"))
    order = desk.kept(
        **{f"line_{place}_use": "on", f"line_{place}_dose": "4", f"line_{place}_maximum_doses": "2", f"line_{place}_interval_min": "30"}
    )
    with at_practice(house.id):
        assert [line.sentence for line in rescue.lines_of(order)] == [
            "ondansetron 4 mg intravenous, for nausea or vomiting; at most 2; not within 30 min."
        ]


def test_a_ticked_line_without_a_dose_is_refused_by_name(house):
    desk = Desk(house)
    answer = desk.sends(line_0_use="on", line_0_dose="")
    assert (answer.status_code, desk.count()) == (422, 0)
    assert "The as-needed line for ondansetron has no dose." in text_of(answer)


def test_a_line_of_the_protocol_that_the_allergies_name_is_not_ticked_and_is_refused_when_it_is(house):
    desk = Desk(house, key=CRPS, allergies=("midazolam, rash",))
    form = desk.opened()
    assert "line_0_use" not in form and form["line_1_use"] == "on"
    assert "The patient's allergies name 'midazolam, rash'; this line is midazolam." in text_of(desk.browser.get(desk.url))
    assert desk.sends(line_0_use="on").status_code == 422
    order = desk.kept()
    with at_practice(house.id):
        assert [line.drug for line in rescue.lines_of(order)] == ["clonidine"]


def test_a_nurse_reads_orders_but_neither_writes_nor_changes_one(house):
    desk = Desk(house)
    order, nurse = desk.kept(), signed_in(house, "nurse")
    assert nurse.get(f"/orders/{order.ref}/").status_code == 200
    assert [nurse.get(desk.url).status_code, nurse.post(desk.url).status_code, nurse.get(f"/orders/{order.ref}/change/").status_code] == [
        403
    ] * 3


def test_a_change_is_a_new_version_and_the_old_one_stays_as_it_was(house):
    desk = Desk(house)
    old = desk.kept()
    new = desk.kept(url=f"/orders/{old.ref}/change/", weight_kg="72")
    text = text_of(desk.browser.get(f"/orders/{new.ref}/"))
    assert (new.version, new.supersedes_id, old.draft["request"]["weight_kg"]) == (2, old.pk, "70")
    assert "What changed" in text and "Weight 70 kg 72 kg" in text
    assert "Version 2 took its place." in text_of(desk.browser.get(f"/orders/{old.ref}/"))


def test_editing_a_version_that_somebody_replaced_shows_both_and_loses_nothing(house):
    desk = Desk(house)
    old = desk.kept()
    form = desk.opened(f"/orders/{old.ref}/change/")
    theirs = desk.kept(url=f"/orders/{old.ref}/change/", weight_kg="72")
    late = desk.browser.post(f"/orders/{old.ref}/change/", form | {"do": "keep", "weight_kg": "74"})
    text = text_of(late)
    assert late.status_code == 409
    assert "A newer version of this order exists." in text and "Weight 70 kg 72 kg" in text
    assert fields(late)["weight_kg"] == "74"
    assert f'action="/orders/{theirs.ref}/change/"' in late.content.decode()
    again = desk.browser.post(f"/orders/{theirs.ref}/change/", fields(late) | {"do": "keep"})
    with at_practice(house.id):
        newest = Order.objects.get(ref=again["Location"].split("/")[2])
        assert (newest.version, newest.supersedes_id, newest.draft["request"]["weight_kg"]) == (3, theirs.pk, "74")


def test_the_next_order_of_a_course_opens_as_the_next_session_with_the_same_bag(house):
    desk = Desk(house)
    desk.kept(bag_mg="200", bag_ml="200")
    form = desk.opened()
    assert (form["session_number"], form["bag_mg"], form["bag_ml"]) == ("2", "200", "200")


def test_a_new_weight_is_offered_with_its_date(house):
    desk = Desk(house)
    with at_practice(house.id):
        later = datetime.now(tz=UTC) + timedelta(seconds=1)
        patients.learn(desk.patient, "weight", {"weight_kg": "71.5"}, by=house.nurse, observed_at=later, now=later)
    assert desk.opened()["weight_kg"] == "71.5"


def test_a_course_is_opened_from_the_patient_with_a_protocol_in_force(house):
    desk = Desk(house)
    with at_practice(house.id):
        ref = str(orders.newest_protocols()[0].ref)
    form = {
        "protocol": ref,
        "indication": "CRPS of the left foot",
        "icd10": "G90.522",
        "target": "walk to the shop",
        "planned_sessions": "10",
    }
    url = f"/patients/{desk.patient.ref}/courses/new/"
    opened = desk.browser.post(url, form)
    assert "walk to the shop" in text_of(desk.browser.get(opened["Location"]))
    assert desk.browser.post(url, form | {"indication": " "}).status_code == 422
    assert signed_in(house, "nurse").get(url).status_code == 403
