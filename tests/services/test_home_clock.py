"""The clock of the diary: what is sent when, what becomes a task, and what nobody hears twice."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db import connection

from tests.factories.home import infused
from winddown.record.models import Message, Task
from winddown.record.queries import followup
from winddown.record.scope import at_practice
from winddown.services import answers, at_home, contacts, diary, forms, mornings
from winddown.services.contacts import Wishes

ZONE = "America/New_York"
MONDAY = date(2026, 5, 4)
BOTH_WAYS = Wishes(email="one@example.org", phone="+14195550100", channel="sms", hour=19, zone=ZONE)


def there(day: int, hour: float) -> datetime:
    """That hour of the day so many days after the infusion, on the patient's clock."""
    wall = datetime(MONDAY.year, MONDAY.month, MONDAY.day, tzinfo=ZoneInfo(ZONE)) + timedelta(days=day, hours=hour)
    return wall.astimezone(UTC)


class AtHome:
    def __init__(self, house, **told):
        self.house = house
        with at_practice(house.id):
            self.patient = infused(house, there(0, 15), **({"wishes": BOTH_WAYS} | told))

    def look(self, day, hour):
        return at_home.look(self.house.id, now=there(day, hour))

    def live(self, days, step_h=1.0):
        """Every hour of these days the clock is looked at."""
        moment = there(days[0], 0)
        while moment < there(days[-1] + 1, 0):
            at_home.look(self.house.id, now=moment)
            moment += timedelta(hours=step_h)

    def answer(self, day, hour, instrument="pain-nrs", **items):
        with at_practice(self.house.id):
            link = diary.link_for(self.patient, now=there(day, hour))
            told = {"version": "1", "language": "en", "source": "patient", "link": link}
            items = items or {"average": 4}
            return answers.submit(
                patient=self.patient, instrument=instrument, items=items, answered_at=there(day, hour), now=there(day, hour), **told
            )

    def sent(self, kind=None):
        with at_practice(self.house.id):
            rows = Message.objects.filter(patient=self.patient, **({"kind": kind} if kind else {})).order_by("id")
            return [(row.kind, row.key.rsplit(":", 1)[1], row.channel) for row in rows]

    def tasks(self, kind):
        with at_practice(self.house.id):
            return list(Task.objects.filter(kind=kind).order_by("id"))


@pytest.fixture
def person(house):
    return AtHome(house)


def test_the_evening_is_asked_once_at_the_hour_and_once_more_when_nobody_answers(person):
    assert person.look(1, 18.9) == 0 or person.sent("diary") == []
    for hour in (19, 19.1, 21, 22, 22.5, 23):
        person.look(1, hour)
    assert person.sent("diary") == [("diary", "2026-05-05", "sms")]
    assert person.sent("diary_again") == [("diary_again", "2026-05-05", "sms")]


def test_an_answer_ends_the_asking_of_that_day(person):
    person.look(1, 19)
    person.answer(1, 19.5)
    person.look(1, 22.5)
    assert person.sent("diary_again") == []


def test_a_silent_patient_is_asked_less_then_the_other_way_and_then_a_person_calls(person):
    person.live(range(1, 60), step_h=3.0)
    asked = person.sent("diary")
    assert len(asked) == 10
    assert [channel for _kind, _day, channel in asked][:4] == ["sms", "sms", "email", "email"]
    assert len(person.tasks("diary_silent")) == 1
    assert len(person.sent("diary_again")) == 2


def test_nothing_is_asked_of_somebody_who_stopped_paused_or_gave_no_address(house):
    stopped = AtHome(house, wishes=Wishes(email="a@example.org", zone=ZONE, stopped=True))
    paused = AtHome(house, wishes=Wishes(email="b@example.org", zone=ZONE, paused_until=date(2026, 5, 8)), family_name="Paused")
    nobody = AtHome(house, wishes=None, family_name="Unreached")
    for each in (stopped, paused, nobody):
        each.look(1, 19.5)
    assert stopped.sent() == paused.sent() == nobody.sent() == []
    paused.look(4, 19.5)
    assert [day for _kind, day, _way in paused.sent("diary")] == ["2026-05-08"]


def test_the_morning_after_is_sent_by_itself_and_unanswered_at_noon_it_is_a_task(person):
    person.look(1, 8)
    person.look(1, 9)
    assert person.sent("morning_check") == [("morning_check", "2026-05-05", "sms")]
    person.look(1, 11.9)
    assert person.tasks("morning_unanswered") == []
    person.look(1, 12)
    person.look(1, 13)
    [task] = person.tasks("morning_unanswered")
    assert task.urgency == "same_day"
    good = dict.fromkeys(("nausea", "distress", "unreal", "dreams", "unsteady", "bladder", "low", "drove"), 0)
    person.answer(1, 14, "next-morning", **good)
    [task] = person.tasks("morning_unanswered")
    assert task.status == "closed" and person.tasks("review_answer") == []


def test_a_bad_morning_and_a_drive_open_a_task_at_once(person):
    told = dict.fromkeys(("distress", "unreal", "dreams", "unsteady", "bladder", "low"), 0)
    person.answer(1, 9, "next-morning", nausea=3, drove=1, **told)
    [task] = person.tasks("review_answer")
    assert task.urgency == "same_day" and "Feeling sick" in task.words
    with at_practice(person.house.id):
        assert mornings.DROVE in [act.words for act in task.acts.all()]
    person.look(1, 12.5)
    assert person.tasks("morning_unanswered") == []


def test_on_the_mood_track_a_person_asks_the_suicide_questions_where_there_is_no_text(house):
    mood, pain = AtHome(house), AtHome(house, key="pain-80mg-150min", family_name="Painful")
    for day in (1, 7, 14, 28):
        mood.look(day, 10)
        mood.look(day, 11)
    with at_practice(house.id):
        rows = Task.objects.filter(kind="contact_check").order_by("id")
        assert [(row.patient_id, row.words.split(":")[0]) for row in rows] == [(mood.patient.pk, f"Day {day}") for day in (1, 7, 14, 28)]
    assert pain.patient.pk != mood.patient.pk


def test_the_suicide_questions_asked_by_telephone_the_evening_before_are_not_asked_again(house):
    """On the sixth evening, and entered: the task of day 7 does not open. Asked before the infusion they do not count for day 1."""
    mood = AtHome(house)
    mood.answer(0, 9, "c-ssrs-contact", **{"1": 0, "2": 0, "6": 0})
    mood.answer(6, 20, "c-ssrs-contact", **{"1": 0, "2": 0, "6": 0})
    for day in (1, 7, 14):
        mood.look(day, 10)
    assert [row.words.split(":")[0] for row in mood.tasks("contact_check")] == ["Day 1", "Day 14"]


def test_a_form_answered_a_moment_ago_is_not_sent_again(person):
    person.answer(1, 10, "phq-9", **{str(number): 0 for number in range(1, 10)})
    with at_practice(person.house.id):
        from winddown.domain.refusals import Refusal

        with pytest.raises(Refusal, match="too short a time ago"):
            forms.send(patient=person.patient, subject="ask:phq-9", by=person.house.nurse, now=there(8, 10))
        assert forms.send(patient=person.patient, subject="ask:phq-9", by=person.house.nurse, now=there(15, 10))
        link = diary.link_for(person.patient, now=there(14, 20))
        assert "phq-9" not in [ask.instrument for ask in forms.asks_of(link, now=there(14, 20))]
        assert "phq-9" in [ask.instrument for ask in forms.asks_of(link, now=there(15, 20))]


def test_a_patient_who_moves_is_asked_by_the_new_clock(person):
    with at_practice(person.house.id):
        row = contacts.of(person.patient)
        west = contacts.wishes_of(row)
        contacts.write(person.patient, Wishes(**{**west.__dict__, "zone": "America/Los_Angeles"}), by=None, now=there(1, 1))
    person.look(1, 19.5)
    assert person.sent("diary") == []
    person.look(1, 22.1)
    assert len(person.sent("diary")) == 1


def test_the_job_asks_the_same_number_of_questions_of_the_database_for_one_and_for_three(house):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    counts = []
    for number in (1, 2):
        AtHome(house, family_name=f"Count{number}")
        if number == 2:
            AtHome(house, family_name="Count3")
        at_home.look(house.id, now=there(3, 3))
        with CaptureQueriesContext(connection) as asked:
            at_home.look(house.id, now=there(3, 3))
        counts.append(len(asked))
    assert counts[0] == counts[1]


def test_the_minute_reads_the_ends_of_infusions_and_no_other_event(house):
    """In the order asked for, from an index that holds nothing else. Among few rows the planner must be told that sorting is dear."""
    with at_practice(house.id), connection.cursor() as cursor:
        for way in ("seqscan", "bitmapscan", "sort", "incremental_sort"):
            cursor.execute(f"set local enable_{way} = off")
        cursor.execute(f"explain {followup.INFUSIONS_ENDED}", [house.id, there(-400, 0)])
        plan = "\n".join(line for (line,) in cursor.fetchall())
    assert "event_infusion_ended" in plan
