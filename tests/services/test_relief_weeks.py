"""The forecast of relief in the record: learned, kept, run again, scored, switched off, and turned into an offer that a person books."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import numpy as np
import pytest

from tests import factories
from tests.factories.relief import evenings, held_here, infused
from winddown.domain.relief.booster import FADES
from winddown.record.models import ReliefForecast, ReliefPrior, ReliefScore, Task
from winddown.record.scope import at_practice
from winddown.services import relief, relief_night

START = datetime(2026, 3, 2, 9, tzinfo=UTC)
FADING = {-4: 8, -3: 8, -2: 7, -1: 8} | {day: min(8, 2 + day // 4) for day in range(1, 13)}


@pytest.fixture
def fading(house):
    with at_practice(house.id):
        order = factories.order(house, now=START - timedelta(days=20))
        held_here(house, "mood-half-mg-per-kg-40min", START - timedelta(days=200))
        evenings(house, order.patient, START, FADING)
        infused(house, order, START)
        yield house, order.patient


def test_no_infusion_means_no_forecast_and_three_answers_mean_not_yet(house):
    with at_practice(house.id):
        held_here(house, "mood-half-mg-per-kg-40min", START - timedelta(days=200))
        order = factories.order(house, now=START - timedelta(days=20))
        assert relief.forecast(order.patient, now=START).silence == "no_infusion"
        evenings(house, order.patient, START, {-1: 8, 1: 5, 2: 5, 3: 5})
        infused(house, order, START)
        found = relief.forecast(order.patient, now=START + timedelta(days=4))
        assert (found.ahead.known, found.ahead.has_curve, found.proposal) == ("too_few", False, None)


def test_what_was_never_studied_is_foretold_in_silence_only_until_its_own_evenings_have_held(house):
    with at_practice(house.id):
        order = factories.order(house, now=START - timedelta(days=20))
        evenings(house, order.patient, START, FADING)
        infused(house, order, START)
        now = START + timedelta(days=13)
        found = relief.forecast(order.patient, now=now)
        assert (found.silence, found.unstudied.because, found.ahead, found.proposal) == ("unstudied", "indication", None, None)
        assert len(found.scores) == len(FADING)
        relief_night.nightly(house.id, now=now)
        kept = ReliefForecast.objects.get()
        assert (kept.moment, kept.about["protocol"], kept.about["beside"]) == ("night", "mood-half-mg-per-kg-40min", "unknown")
        assert not Task.objects.filter(patient=order.patient, kind="relief_review").exists()
        held_here(house, "mood-half-mg-per-kg-40min", START - timedelta(days=200), evenings_each=12)
        assert relief.forecast(order.patient, now=now).silence == "unstudied"
        held_here(house, "mood-half-mg-per-kg-40min", START - timedelta(days=200), evenings_each=2)
        assert relief.forecast(order.patient, now=now).ahead.has_curve


def test_the_answer_that_tips_it_opens_the_review_before_half_is_lost_and_the_next_one_does_not_again(house):
    with at_practice(house.id):
        held_here(house, "mood-half-mg-per-kg-40min", START - timedelta(days=200))
        order = factories.order(house, now=START - timedelta(days=20))
        opened = Task.objects.filter(patient=order.patient, kind="relief_review")
        evenings(house, order.patient, START, {-4: 8, -3: 8, -2: 7, -1: 8})
        infused(house, order, START)
        evenings(house, order.patient, START, {1: 2, 2: 2, 3: 2, 4: 3})
        assert opened.count() == 0
        evenings(house, order.patient, START, {5: 3, 6: 3, 7: 4, 8: 4, 9: 4})
        assert [task.words for task in opened] == [FADES]
        evenings(house, order.patient, START, {10: 4})
        assert opened.count() == 1
        assert ReliefForecast.objects.filter(patient=order.patient, moment="review").count() == 1


def test_beyond_the_weeks_that_were_studied_nothing_is_foretold(fading):
    _house, patient = fading
    assert relief.forecast(patient, now=START + timedelta(days=83)).silence == ""
    found = relief.forecast(patient, now=START + timedelta(days=85))
    assert (found.silence, found.ahead, len(found.episodes)) == ("long_ago", None, 1)


def test_a_kept_forecast_comes_out_the_same_years_later(fading):
    house, patient = fading
    now = START + timedelta(days=13)
    found = relief.forecast(patient, now=now)
    row = relief.keep(patient, found, moment="shown", by=house.nurse, now=now)
    again = relief.again(ReliefForecast.objects.get(pk=row.pk))
    assert again.as_data() == row.content
    assert np.array_equal(again.quantiles, found.ahead.quantiles)


def test_the_night_learns_keeps_scores_and_offers_once_what_has_probably_faded(fading):
    house, patient = fading
    first = START + timedelta(days=13)
    relief_night.nightly(house.id, now=first)
    assert ReliefPrior.objects.get().patients == 1
    assert set(ReliefForecast.objects.filter(patient=patient).values_list("moment", flat=True)) == {"night", "review"}
    assert [(task.kind, task.urgency) for task in Task.objects.filter(patient=patient)] == [("relief_review", "soon")]
    evenings(house, patient, START, {14: 5, 15: 6, 18: 7})
    relief_night.nightly(house.id, now=first + timedelta(days=6))
    assert ReliefScore.objects.filter(forecast__patient=patient, forecast__moment="night").count() == 3
    assert Task.objects.filter(patient=patient, kind="relief_review").count() == 1
    assert relief.honesty().every.evenings == 104 + 6


def test_an_infusion_after_the_forecast_ends_its_scoring(fading):
    house, patient = fading
    relief_night.nightly(house.id, now=START + timedelta(days=13))
    order = patient.orders.get()
    infused(house, order, START + timedelta(days=14))
    evenings(house, patient, START, {15: 2, 16: 2})
    assert relief_night.score_evenings(now=START + timedelta(days=17)) == 0
