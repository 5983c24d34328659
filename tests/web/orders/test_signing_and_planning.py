"""Signing an order, by one prescriber or two, and planning the visit under it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from tests import factories
from tests.web.orders.desk import Desk, fields, text_of
from tests.web.people.desk import signed_in
from winddown.domain.refusals import OutOfRange
from winddown.record.models import Order, OrderSignature, Session, Snapshot
from winddown.record.scope import at_practice
from winddown.web.orders.planning import start_at

ZONE = ZoneInfo("America/New_York")
ABOVE_CEILING = {"rows": "1", "amount_0": "0.66", "unit_0": "mg/kg", "minutes_0": "40"}


def with_reasons(desk: Desk) -> Order:
    """An order above the protocol's ceiling, every finding with its reason."""
    asked = desk.sends(**ABOVE_CEILING)
    return desk.kept(**ABOVE_CEILING, **{name: "no effect at 0.5" for name in fields(asked) if name.startswith("reason_")})


def test_one_signature_signs_an_order_within_the_limits_and_keeps_the_forecast_shown(house):
    desk = Desk(house)
    order = desk.kept()
    assert "Sign this order" in text_of(desk.browser.get(f"/orders/{order.ref}/"))
    desk.signs(order)
    with at_practice(house.id):
        kept = Snapshot.objects.get(order=order, moment="sign")
        assert OrderSignature.objects.get(order=order).by == house.prescriber
    assert kept.by_id == house.prescriber.pk
    assert len(kept.inputs_hash) == 64
    assert max(value or 0 for value in kept.content["plasma"]["p05"]) > 100
    page = text_of(desk.browser.get(f"/orders/{order.ref}/"))
    assert "Kept as it was shown at the signature" in page and "Plan the visit" in page


def test_above_the_ceiling_the_page_says_beforehand_that_two_prescribers_sign(house):
    answer = Desk(house).sends(**ABOVE_CEILING)
    text = text_of(answer)
    assert "Needs two signatures: Total 0.66 mg/kg is above the protocol's ceiling, 0.6 mg/kg." in text
    assert "Two prescribers sign this order: you and another one." in text


def test_above_the_ceiling_the_second_sees_the_first_and_the_same_one_twice_is_refused(house):
    desk = Desk(house)
    order = with_reasons(desk)
    desk.signs(order)
    twice = desk.signs(order)
    assert twice.status_code == 422
    assert f"{house.prescriber.name} has signed this order." in text_of(twice)
    first_again = text_of(desk.browser.get(f"/orders/{order.ref}/"))
    assert "You have signed. Another prescriber signs second" in first_again and "Plan the visit" not in first_again
    second = signed_in(house, "prescriber_2").get(f"/orders/{order.ref}/")
    assert house.prescriber.name in text_of(second) and "Sign as the second prescriber" in text_of(second)
    assert desk.signs(order, "prescriber_2").status_code == 302
    with at_practice(house.id):
        assert set(OrderSignature.objects.filter(order=order).values_list("by__name", flat=True)) == {
            house.prescriber.name,
            house.prescriber_2.name,
        }


@pytest.mark.parametrize("role", ["nurse", "front_desk", "director", "drug_officer", "administrator"])
def test_nobody_but_a_prescriber_signs(house, role):
    desk = Desk(house)
    order = desk.kept()
    assert desk.signs(order, role).status_code == 403
    with at_practice(house.id):
        assert not OrderSignature.objects.filter(order=order).exists()


def test_a_replaced_version_cannot_be_signed(house):
    desk = Desk(house)
    old = desk.kept()
    desk.kept(url=f"/orders/{old.ref}/change/", weight_kg="72")
    refused = desk.signs(old)
    assert (refused.status_code, "A newer version of this order exists." in text_of(refused)) == (422, True)


def plan_form(house, *, day: str, start: str = "10:00", chair: int = 0, minutes: str = "130") -> dict[str, str]:
    return {"place": str(house.location.ref), "day": day, "start": start, "chair": str(house.chairs[chair].ref), "minutes": minutes}


def tomorrow() -> str:
    return (datetime.now(tz=UTC).astimezone(ZONE) + timedelta(days=1)).date().isoformat()


def test_a_visit_is_planned_from_a_signed_order_at_the_places_own_time(house):
    desk = Desk(house)
    order = desk.kept()
    desk.signs(order)
    url = f"/orders/{order.ref}/plan/"
    assert 'value="130"' in desk.browser.get(url).content.decode()
    assert desk.browser.post(url, plan_form(house, day=tomorrow())).status_code == 302
    with at_practice(house.id):
        planned = Session.objects.get(order=order).planned
    assert planned.lower.astimezone(ZONE).strftime("%H:%M") == "10:00"
    assert planned.upper - planned.lower == timedelta(minutes=130)


def test_a_taken_chair_is_refused_at_its_field_and_the_day_shows_who_holds_it(house):
    desk = Desk(house)
    order = desk.kept()
    desk.signs(order)
    with at_practice(house.id):
        begin = datetime.fromisoformat(f"{tomorrow()}T09:30").replace(tzinfo=ZONE)
        factories.session(house, start=begin, now=datetime.now(tz=UTC))
    refused = desk.browser.post(f"/orders/{order.ref}/plan/", plan_form(house, day=tomorrow()))
    text = text_of(refused)
    assert refused.status_code == 422
    assert "Chair 1 is taken at that time. Choose another chair or time." in text
    assert "Chair 1 09:30–11:30, planned" in text and "Chair 2 free all day" in text
    assert 'value="10:00"' in refused.content.decode()
    assert desk.browser.post(f"/orders/{order.ref}/plan/", plan_form(house, day=tomorrow(), chair=1)).status_code == 302


def test_an_unsigned_or_replaced_order_is_not_planned(house):
    desk = Desk(house)
    order = desk.kept()
    unsigned = desk.browser.post(f"/orders/{order.ref}/plan/", plan_form(house, day=tomorrow()))
    assert (unsigned.status_code, "The order is not signed." in text_of(unsigned)) == (422, True)
    desk.signs(order)
    desk.kept(url=f"/orders/{order.ref}/change/", weight_kg="71")
    replaced = desk.browser.post(f"/orders/{order.ref}/plan/", plan_form(house, day=tomorrow()))
    assert (replaced.status_code, "Plan under the newest version." in text_of(replaced)) == (422, True)


def test_a_planned_visit_goes_on_under_the_new_version_once_that_is_signed(house):
    desk = Desk(house)
    old = desk.kept()
    desk.signs(old)
    desk.browser.post(f"/orders/{old.ref}/plan/", plan_form(house, day=tomorrow()))
    new = desk.kept(url=f"/orders/{old.ref}/change/", weight_kg="72")
    with at_practice(house.id):
        assert Session.objects.get().order_id == old.pk
    desk.signs(new)
    with at_practice(house.id):
        assert Session.objects.get().order_id == new.pk


def test_the_front_desk_plans_without_seeing_the_dose(house):
    desk = Desk(house)
    order = desk.kept()
    desk.signs(order)
    front = signed_in(house, "front_desk")
    page = text_of(front.get(f"/orders/{order.ref}/plan/"))
    assert "35 mg" not in page and "no known allergies" not in page
    assert front.post(f"/orders/{order.ref}/plan/", plan_form(house, day=tomorrow())).status_code == 302
    assert front.get(f"/orders/{order.ref}/").status_code == 403


def test_an_hour_that_the_clocks_skip_is_refused_and_of_a_repeated_one_the_first_is_meant():
    spring, autumn = datetime(2027, 3, 14), datetime(2026, 11, 1)
    with pytest.raises(OutOfRange) as refused:
        start_at(spring.date(), spring.replace(hour=2, minute=30).time(), ZONE)
    assert refused.value.code == "time_skipped"
    first = start_at(autumn.date(), autumn.replace(hour=1, minute=30).time(), ZONE)
    assert first == datetime(2026, 11, 1, 5, 30, tzinfo=UTC)
