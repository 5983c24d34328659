"""The chart's data, judged against the dose and the model it stands for."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from itertools import pairwise

import pytest

from tests import factories
from tests.factories import visit
from winddown.record.scope import at_practice
from winddown.services import infusion
from winddown.web.sessions import chart

AT = datetime(2026, 3, 2, 14, 0, tzinfo=UTC)


@pytest.fixture
def running(house):
    with at_practice(house.id):
        session = factories.session(house, start=AT, now=AT - timedelta(hours=1))
        visit.make_ready(house, session, AT - timedelta(minutes=10))
        visit.start(house, session, AT)
    return session


def test_the_chart_of_a_running_infusion(house, running):
    now = AT + timedelta(minutes=20)
    with at_practice(house.id):
        data = chart.chart_data(running, now=now)
    assert data["session"]["status"] == "running"
    assert data["dose"]["pumped_mg"] == "17.5"
    assert data["dose"]["mg_per_kg"] == "0.25"
    assert data["dose"]["segments"][0] | {"words": ""} == {
        "from": chart.ms(AT),
        "to": chart.ms(now),
        "open": True,
        "ml_per_h": 52.5,
        "mg_per_h": 52.5,
        "mg_per_kg_h": 0.75,
        "kind": "running",
        "words": "",
    }
    assert data["session"]["finish_at"] == chart.ms(AT + timedelta(minutes=40))
    assert data["limits"]["systolic"]["relative_high"] == 161
    forecast = data["forecast"]
    at_end = forecast["times"].index(chart.ms(AT + timedelta(minutes=40)))
    assert 250 < forecast["plasma"]["p50"][at_end] < 340
    assert forecast["plasma"]["p50"][at_end + 5] < forecast["plasma"]["p50"][at_end]
    assert forecast["second"]["name"]
    assert forecast["clock"]["median_at"] > chart.ms(AT + timedelta(minutes=40))


def test_what_if_answers_fast_and_changes_nothing(house, running):
    now = AT + timedelta(minutes=20)
    with at_practice(house.id):
        before = running.events.count()
        chart.what_if_data(running, Decimal("40"), now=now)
        told = chart.what_if_data(running, Decimal("26.2"), now=now)
        assert running.events.count() == before
    assert told["took_ms"] < 400
    assert told["finish_at"] == pytest.approx(chart.ms(now) + 17.5 / 26.2 * 3_600_000, abs=2000)
    assert [finding["severity"] for finding in told["findings"]] == ["ask"]


def test_a_held_infusion_predicts_no_more_drug(house, running):
    with at_practice(house.id):
        infusion.hold(running, "pressure", by=house.nurse, now=AT + timedelta(minutes=20))
        forecast = chart.chart_data(running, now=AT + timedelta(minutes=21))["forecast"]
    held = next(place for place, t in enumerate(forecast["times"]) if t >= chart.ms(AT + timedelta(minutes=21)))
    after = forecast["plasma"]["p50"][held:]
    assert all(later <= earlier for earlier, later in pairwise(after))


def test_a_rate_nobody_can_read_draws_nothing_beyond_it(house, running):
    from winddown.services import stories

    with at_practice(house.id):
        stories.write(running, "rate_reported", {"raw": "17 furlongs"}, by=house.nurse, now=AT + timedelta(minutes=10))
        data = chart.chart_data(running, now=AT + timedelta(minutes=20))
    assert data["dose"]["certain"] is False
    assert data["forecast"]["unknown_from"] == pytest.approx(chart.ms(AT + timedelta(minutes=10)), abs=120_000)
    assert data["forecast"]["plasma"]["p50"][-1] is None
