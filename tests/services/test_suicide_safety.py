"""What an answer sets off, in the record: the same transaction, at any hour, from any form, with the clock handed in."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest

from tests import factories
from winddown.domain.tasks.kinds import Closing
from winddown.record.models import Answer, Task
from winddown.record.scope import at_practice
from winddown.services import answers, escalation, links, suicide_safety, tasks

NIGHT = datetime(2026, 3, 8, 7, 12, tzinfo=UTC)
PHQ9_WITH_9 = {str(n): "0" for n in range(1, 9)} | {"9": "1"}


def after(minutes: float) -> datetime:
    return NIGHT + timedelta(minutes=minutes)


class Person:
    """A fictional patient with a link."""

    def __init__(self, house):
        self.house = house
        self.patient = factories.patient(house, now=NIGHT)
        self.link = links.make(patient=self.patient, purpose="forms", subject="set:two_weeks", by=house.nurse, now=NIGHT)

    def answers(self, instrument, items, *, now=NIGHT, staff=None, key=None):
        told = {"source": "staff", "by": staff} if staff else {"source": "patient", "link": self.link}
        return answers.submit(
            patient=self.patient, instrument=instrument, version="1", items=items, language="en", answered_at=now, now=now, key=key, **told
        )

    def tasks(self):
        return [(task.kind, task.urgency, task.status) for task in Task.objects.filter(patient=self.patient).order_by("id")]


@pytest.fixture
def person(house):
    with at_practice(house.id):
        yield Person(house)


def test_a_red_screener_at_night_opens_an_urgent_task_for_the_director_when_nobody_is_on_call(person):
    person.answers("c-ssrs", {"1": "1", "2": "1", "3": "0", "4": "1", "5": "0", "6": "0"})
    task = Task.objects.get(patient=person.patient)
    assert (task.kind, task.urgency, task.assigned, task.due_at) == ("suicide_risk", "urgent", person.house.director, after(10))


@pytest.mark.parametrize(
    ("items", "told"),
    [
        ({"1": "0", "2": "0", "6": "0"}, []),
        ({"1": "1", "2": "0", "6": "0"}, [("suicide_risk", "same_day", "open")]),
        ({"1": "1", "2": "1", "3": "1", "4": "0", "5": "0", "6": "0"}, [("suicide_risk", "same_day", "open")]),
        ({"1": "0", "2": "0", "6": "1"}, [("suicide_risk", "urgent", "open")]),
        ({"1": "0", "2": "0"}, [("suicide_risk", "urgent", "open")]),
        ({"1": "yes", "2": "sometimes", "6": "0"}, [("suicide_risk", "urgent", "open")]),
        ({}, [("suicide_risk", "urgent", "open")]),
    ],
)
def test_each_level_opens_its_task_and_what_cannot_be_read_counts_as_unfinished(person, items, told):
    person.answers("c-ssrs", items)
    assert person.tasks() == told


def test_item_9_at_home_without_the_licensed_text_counts_as_an_unfinished_screener(person):
    person.answers("phq-9", PHQ9_WITH_9)
    assert person.tasks() == [("suicide_risk", "urgent", "open")]


def test_item_9_with_a_nurse_present_asks_for_the_screener_and_the_screener_closes_that(person):
    person.answers("phq-9", PHQ9_WITH_9, staff=person.house.nurse)
    assert person.tasks() == [("suicide_screener", "same_day", "open")]
    person.answers("c-ssrs", {"1": "1", "2": "0", "6": "0"}, staff=person.house.nurse, now=after(4))
    assert person.tasks() == [("suicide_screener", "same_day", "closed"), ("suicide_risk", "same_day", "open")]


def test_an_unfinished_screener_does_not_close_the_task_that_asked_for_it(person):
    person.answers("phq-9", PHQ9_WITH_9, staff=person.house.nurse)
    person.answers("c-ssrs", {"1": "1", "2": "1"}, staff=person.house.nurse, now=after(4))
    assert ("suicide_screener", "same_day", "open") in person.tasks()
    assert ("suicide_risk", "urgent", "open") in person.tasks()


def test_a_screener_that_never_came_is_urgent_after_twenty_minutes(person):
    person.answers("phq-9", PHQ9_WITH_9, staff=person.house.nurse)
    escalation.look(now=after(19))
    assert person.tasks() == [("suicide_screener", "same_day", "open")]
    escalation.look(now=after(20))
    assert person.tasks() == [("suicide_screener", "urgent", "open")]


def test_a_low_total_does_not_hide_item_9_and_item_9_left_out_is_asked(person):
    person.answers("phq-9", {str(n): "0" for n in range(1, 9)})
    assert person.tasks() == [("item_unanswered", "same_day", "open")]


def test_a_second_red_answer_is_the_same_task_and_a_worse_one_takes_an_acknowledgement_back(person):
    person.answers("c-ssrs", {"1": "1", "2": "0", "6": "0"})
    tasks.acknowledge(Task.objects.get(patient=person.patient), by=person.house.nurse, now=after(1))
    person.answers("c-ssrs", {"1": "1", "2": "1", "3": "1", "4": "1", "5": "0", "6": "0"}, now=after(2))
    assert person.tasks() == [("suicide_risk", "urgent", "open")]


def test_the_same_answer_sent_twice_opens_one_task_and_one_answer(person):
    key = uuid4()
    for minute in (0, 3):
        person.answers("phq-9", PHQ9_WITH_9, key=key, now=after(minute))
    assert len(person.tasks()) == 1
    assert Answer.objects.filter(patient=person.patient).count() == 1


def test_red_words_in_any_free_text_open_an_urgent_task(person):
    person.answers("side-effects", {"other": "I don't want to live like this"})
    assert person.tasks() == [("red_words", "urgent", "open")]


def test_a_negated_mention_is_read_today_and_plain_words_open_nothing(person):
    person.answers("side-effects", {"other": "my back is killing me"})
    assert person.tasks() == []
    person.answers("side-effects", {"other": "no thoughts of suicide"}, now=after(1))
    assert person.tasks() == [("read_text", "same_day", "open")]


def test_red_words_where_a_number_was_asked_are_read_too(person):
    person.answers("pain-nrs", {"average": "I want to die"})
    assert ("red_words", "urgent", "open") in person.tasks()


def test_since_the_last_contact_a_behavior_is_recent(person):
    person.answers("c-ssrs-contact", {"1": "0", "2": "0", "6": "1"}, staff=person.house.nurse)
    assert person.tasks() == [("suicide_risk", "urgent", "open")]


def test_told_is_said_only_after_an_acknowledgement(person):
    assert suicide_safety.told(person.patient) == suicide_safety.Told(False, None)
    person.answers("phq-9", PHQ9_WITH_9)
    assert suicide_safety.told(person.patient) == suicide_safety.Told(True, None)
    task = Task.objects.get(patient=person.patient)
    tasks.acknowledge(task, by=person.house.nurse, now=after(2))
    assert suicide_safety.told(person.patient) == suicide_safety.Told(True, after(2))
    call = {"called": "the patient", "called_at": after(3), "next_check_at": after(600), "words": "safe"}
    tasks.close(task, Closing("safe_plan", **call), by=person.house.prescriber, now=after(5))
    assert suicide_safety.told(person.patient) == suicide_safety.Told(False, None)


def test_a_text_from_nowhere_opens_a_task_without_a_patient(house):
    with at_practice(house.id):
        assert suicide_safety.read_text("quiero morir", patient=None, location=house.location, subject="public:1", now=NIGHT)
        task = Task.objects.get(kind="red_words")
    assert (task.patient, task.urgency) == (None, "urgent")


def test_a_red_answer_on_a_form_that_is_never_sent_opens_the_task_and_the_form_later_is_the_same_one(person):
    assert suicide_safety.early_sign(person.patient, "phq-9", "9", 2, language="en", now=NIGHT)
    assert person.tasks() == [("suicide_risk", "urgent", "open")]
    person.answers("phq-9", PHQ9_WITH_9, now=after(1))
    assert person.tasks() == [("suicide_risk", "urgent", "open")]


@pytest.mark.parametrize(("instrument", "item", "value"), [("phq-9", "9", 0), ("phq-9", "1", 3), ("c-ssrs", "6", 1), ("nothing", "9", 3)])
def test_an_early_sign_is_only_for_questions_that_are_red_by_themselves(person, instrument, item, value):
    assert not suicide_safety.early_sign(person.patient, instrument, item, value, language="en", now=NIGHT)
    assert person.tasks() == []
