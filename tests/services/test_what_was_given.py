"""What was really given counts, and the next visit begins with how the last one went."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from tests import factories
from tests.factories.relief import infused
from winddown.record.scope import at_practice
from winddown.services import exposure, last_time, stories
from winddown.services.screening.checks import record
from winddown.services.screening.gather import checks_done

START = datetime(2026, 3, 2, 15, tzinfo=UTC)
DAY = timedelta(days=1)


@pytest.fixture
def course(house):
    with at_practice(house.id):
        yield house, factories.order(house, now=START - 20 * DAY)


def test_half_the_rate_is_half_the_milligrams_whatever_was_ordered(course):
    house, order = course
    infused(house, order, START, rate_ml_per_h="26.25")
    found = exposure.of_patient(order.patient, now=START + DAY)
    assert [(each.mg, each.ordered_mg, each.certain) for each in found.given] == [(Decimal("17.5"), Decimal("35"), True)]
    assert found.areas["norketamine"] > found.areas["ketamine"] > 0


def test_a_check_is_brought_forward_by_what_was_given_and_by_the_order_where_nothing_is_known(course):
    house, order = course
    today = START.date()
    record(order.patient, "urinalysis", {"result": "normal"}, done_on=today - DAY, today=today, by=house.nurse, now=START - DAY)
    infused(house, order, START, rate_ml_per_h="26.25")
    assert checks_done(order.patient)[0].exposure_since_mg == pytest.approx(17.5)
    silent = factories.session(house, order, start=START + 2 * DAY, now=START + 2 * DAY)
    stories.write(silent, "started", {"rate_ml_per_h": "52.5"}, by=house.nurse, now=START + 2 * DAY)
    stories.write(silent, "infusion_completed", {}, by=house.nurse, now=START + 2 * DAY + timedelta(minutes=40))
    assert checks_done(order.patient)[0].exposure_since_mg == pytest.approx(17.5 + 35)


def test_the_next_visit_opens_with_the_last_rate_and_what_it_did(course):
    house, order = course
    assert last_time.before(factories.session(house, order, start=START - DAY, now=START - 2 * DAY), now=START) is None
    first = infused(house, order, START)
    event = {"term": "nausea", "grade": 2, "words": "for ten minutes"}
    stories.write(
        first, "adverse_event", event, by=house.nurse, now=START + timedelta(minutes=50), happened_at=START + timedelta(minutes=20)
    )
    following = factories.session(house, order, start=START + 3 * DAY, now=START + 2 * DAY)
    found = last_time.before(following, now=START + 3 * DAY)
    assert (found.highest_mg_per_h, found.mg, found.slowed) == (Decimal("52.5"), Decimal("35.0"), False)
    assert [(each.words, each.grade) for each in found.reactions] == [("Nausea", 2)]
