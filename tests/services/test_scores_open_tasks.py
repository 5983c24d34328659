"""Scores are looked at as they come, in the record."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from tests import factories
from tests.factories.relief import answered, evenings, infused
from winddown.domain.outcomes.definition import PAIN
from winddown.record.models import Task
from winddown.record.queries.episodes import treated
from winddown.record.scope import at_practice

START = datetime(2026, 3, 2, 9, tzinfo=UTC)


@pytest.fixture
def treated_patient(house):
    with at_practice(house.id):
        order = factories.order(house, now=START - timedelta(days=20))
        evenings(house, order.patient, START, {-3: 8, -2: 8})
        infused(house, order, START)
        yield house, order.patient


def _tasks(patient):
    rows = Task.objects.filter(patient=patient).order_by("id")
    return [(task.kind, task.urgency, task.status) for task in rows]


def test_a_lost_response_opens_one_review_and_no_second_one_when_it_goes_on(treated_patient):
    house, patient = treated_patient
    evenings(house, patient, START, {1: 4, 2: 3, 7: 4, 10: 8, 11: 7, 12: 8})
    assert _tasks(patient) == [("relief_review", "soon", "open")]
    found = treated(PAIN, patient)[0].episodes(PAIN, at=START + timedelta(days=20))
    assert [(each.end, each.infusions, each.scored) for each in found] == [("relapse", 1, 6)]
    assert found[0].days_to_relapse == pytest.approx((7.389, 10.389), abs=0.001)


def test_two_evenings_worse_than_before_open_a_call_of_the_same_day_by_the_answer_itself(treated_patient):
    house, patient = treated_patient
    evenings(house, patient, START, {1: 10})
    assert _tasks(patient) == []
    evenings(house, patient, START, {2: 10})
    assert _tasks(patient) == [("worsening", "same_day", "open")]
    task = Task.objects.get(patient=patient)
    assert task.due_at == START + timedelta(days=2, hours=18)


def test_someone_who_was_never_treated_is_held_against_their_first_answer(house):
    with at_practice(house.id):
        person = factories.patient(house, now=START)
        told = [dict.fromkeys(map(str, range(1, 10)), 0), dict.fromkeys(map(str, range(1, 9)), 1) | {"9": 0}]
        for weeks, items in enumerate(told):
            answered(house, person, "phq-9", items, START + timedelta(days=14 * weeks))
        assert [row[0] for row in _tasks(person)] == ["worsening"]


def test_the_practice_reads_all_its_courses_without_mixing_them(treated_patient):
    house, patient = treated_patient
    other = factories.order(house, now=START - timedelta(days=20))
    infused(house, other, START + timedelta(days=1))
    told = {each.patient_id: len(each.given) for each in treated(PAIN)}
    assert told == {patient.pk: 1, other.patient_id: 1}
