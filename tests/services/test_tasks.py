"""Tasks in the record: one for one thing, told onward by the clock, closed only with an outcome, whatever the code does."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from django.db import IntegrityError, connection, transaction

from tests import factories
from winddown.domain.figures import Figure
from winddown.domain.refusals import Missing, NotAllowed, OutOfRange, UnknownWord
from winddown.domain.tasks.escalation import Ladder
from winddown.domain.tasks.kinds import Closing
from winddown.record.models import Announcement, AuditEntry, Task, TaskAct
from winddown.record.scope import at_practice
from winddown.services import escalation, roster, tasks

NIGHT = datetime(2026, 3, 8, 6, 14, tzinfo=UTC)
CALL = {"called": "the patient, by phone", "next_check_at": NIGHT + timedelta(hours=10), "words": "safe with a plan"}


def after(minutes: float) -> datetime:
    return NIGHT + timedelta(minutes=minutes)


def opened(house, *, urgency="urgent", kind="suicide_risk", subject="patient:1", now=NIGHT, due=None, patient=None) -> Task:
    return tasks.open_task(
        kind=kind,
        urgency=urgency,
        words="a fictional reason",
        location=house.location,
        patient=patient,
        subject=subject,
        due_at=due or after(10),
        now=now,
    )


def on_call(house, person, rank=1, *, hours=8):
    span = {"starts_at": after(-60), "ends_at": after(60 * hours)}
    return roster.put_on_call(house.location, person, rank=rank, **span, by=house.director, now=after(-120))


def fresh(task: Task) -> Task:
    return Task.objects.get(pk=task.pk)


def test_an_urgent_task_goes_to_the_first_on_call_and_on_to_the_next_and_the_director(house):
    with at_practice(house.id):
        on_call(house, house.nurse), on_call(house, house.prescriber, 2)
        task = opened(house)
        seen = []
        for minute in range(16):
            escalation.look(now=after(minute))
            seen.append(fresh(task).assigned)
    assert seen[0:5] == [house.nurse] * 5
    assert seen[5:10] == [house.prescriber] * 5
    assert seen[10:15] == [house.director] * 5
    assert seen[15] == house.nurse


def test_with_nobody_on_call_the_director_has_it_at_once(house):
    with at_practice(house.id):
        assert opened(house).assigned == house.director


def test_an_acknowledged_task_stays_where_it_is_and_a_second_acknowledgement_is_none(house):
    with at_practice(house.id):
        on_call(house, house.nurse)
        task = opened(house)
        tasks.acknowledge(task, by=house.nurse, now=after(1))
        tasks.acknowledge(task, by=house.nurse, now=after(2))
        assert [escalation.look(now=after(minute)) for minute in (6, 20)] == [0, 0]
        assert TaskAct.objects.filter(task=task, kind="acknowledged").count() == 1
        assert fresh(task).acknowledged_by == house.nurse


def test_a_second_clinician_may_take_it_over(house):
    with at_practice(house.id):
        task = opened(house)
        tasks.acknowledge(task, by=house.nurse, now=after(1))
        tasks.acknowledge(task, by=house.prescriber, now=after(2))
        assert fresh(task).acknowledged_by == house.prescriber


def test_an_acknowledgement_without_a_call_recorded_goes_on_after_half_an_hour_and_a_tried_call_gives_more_time(house):
    with at_practice(house.id):
        on_call(house, house.nurse), on_call(house, house.prescriber, 2)
        task = opened(house)
        tasks.acknowledge(task, by=house.nurse, now=after(0))
        tasks.note(task, "no answer, rang out", tried=True, by=house.nurse, now=after(20))
        assert escalation.look(now=after(31)) == 0
        assert escalation.look(now=after(50)) == 1
        assert fresh(task).assigned == house.prescriber
        assert fresh(task).status == "open"


def test_the_steps_that_the_director_signed_are_the_ones_that_count(house):
    with at_practice(house.id):
        on_call(house, house.nurse), on_call(house, house.prescriber, 2)
        fast = Ladder(next_after_min=Figure(2, "min", "a test", "derived"))
        roster.sign_rules(fast, country="US", because="a small house", by=house.director, now=after(-5))
        task = opened(house)
        assert escalation.look(now=after(2)) == 1
        assert fresh(task).assigned == house.prescriber


def test_only_the_director_signs_the_rules_and_only_for_a_country_we_know(house):
    with at_practice(house.id):
        with pytest.raises(NotAllowed):
            roster.sign_rules(Ladder(), country="US", because="mine", by=house.nurse, now=NIGHT)
        with pytest.raises(UnknownWord):
            roster.sign_rules(Ladder(), country="XX", because="far away", by=house.director, now=NIGHT)


def test_the_same_subject_still_open_is_the_same_task_and_never_becomes_less_urgent(house):
    with at_practice(house.id):
        first = opened(house, urgency="same_day", due=after(300))
        again = opened(house, urgency="soon", due=after(900))
        assert first.pk == again.pk
        assert (fresh(first).urgency, fresh(first).due_at) == ("same_day", after(300))
        opened(house, urgency="urgent", due=after(10))
        assert (fresh(first).urgency, fresh(first).due_at, fresh(first).assigned) == ("urgent", after(10), house.director)


def test_news_of_a_higher_risk_takes_an_acknowledgement_back(house):
    with at_practice(house.id):
        task = opened(house, urgency="same_day")
        tasks.acknowledge(task, by=house.nurse, now=after(1))
        opened(house, urgency="urgent", now=after(2))
        assert fresh(task).status == "open"


def test_a_clinical_task_that_is_late_becomes_urgent_and_says_why(house):
    with at_practice(house.id):
        task = opened(house, urgency="same_day", kind="suicide_screener", due=after(20))
        assert escalation.look(now=after(19)) == 0
        escalation.look(now=after(20))
        assert fresh(task).urgency == "urgent"
        assert "UNFINISHED: it counts as high" in fresh(task).words


def test_closing_keeps_who_when_what_and_opens_the_next_check(house):
    with at_practice(house.id):
        patient = factories.patient(house, now=NIGHT)
        task = opened(house, patient=patient)
        tasks.close(task, Closing("safe_plan", called_at=after(4), **CALL), by=house.prescriber, now=after(6))
        act = TaskAct.objects.get(task=task, kind="closed")
        assert (act.called, act.called_at, act.outcome, act.by) == (CALL["called"], after(4), "safe_plan", house.prescriber)
        following = Task.objects.get(kind="suicide_next_check", patient=patient)
        assert (following.due_at, following.status) == (CALL["next_check_at"], "open")
        assert AuditEntry.objects.filter(act="close task", patient=patient).exists()


def test_a_refused_closing_leaves_the_task_open(house):
    with at_practice(house.id):
        task = opened(house)
        with pytest.raises(Missing):
            tasks.close(task, Closing("safe_plan"), by=house.prescriber, now=after(6))
        assert fresh(task).status == "open"


def test_the_database_itself_refuses_a_suicide_task_closed_without_a_call(house):
    with at_practice(house.id):
        task = opened(house)
    told = {"task_kind": "suicide_risk", "urgency": "urgent", "kind": "closed", "at": NIGHT, "outcome": "safe_plan", "words": "fine"}
    for missing in ({}, {"called": "x"}, {"called": "x", "called_at": NIGHT}, {"called_at": NIGHT, "next_check_at": after(9)}):
        with pytest.raises(IntegrityError, match="suicide_task_says_who_when_what_next"), at_practice(house.id):
            TaskAct(task=task, by=house.nurse, **told, **missing).save()
    with pytest.raises(IntegrityError, match="closed_task_has_its_outcome"), at_practice(house.id):
        TaskAct(task=task, by=house.nurse, **(told | {"outcome": "", "task_kind": "general"})).save()


def test_acts_are_written_once(house):
    with at_practice(house.id):
        task = opened(house)
        tasks.acknowledge(task, by=house.nurse, now=after(1))
    with pytest.raises(Exception, match="permission denied"), at_practice(house.id), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("update record_taskact set words = 'nothing happened'")


def test_handing_on_needs_a_reason_and_a_person_who_may(house):
    with at_practice(house.id):
        task = opened(house)
        with pytest.raises(Missing):
            tasks.hand_on(task, house.prescriber, because=" ", by=house.nurse, now=after(1))
        with pytest.raises(NotAllowed):
            tasks.hand_on(task, house.front_desk, because="knows her", by=house.nurse, now=after(1))
        tasks.hand_on(task, house.prescriber, because="knows her", by=house.nurse, now=after(1))
        assert (fresh(task).assigned, fresh(task).status) == (house.prescriber, "open")


def test_the_front_desk_may_not_act_on_a_clinical_task_but_may_on_its_own(house):
    with at_practice(house.id):
        with pytest.raises(NotAllowed):
            tasks.acknowledge(opened(house), by=house.front_desk, now=NIGHT)
        tasks.acknowledge(opened(house, kind="general", urgency="soon", subject=""), by=house.front_desk, now=NIGHT)


def test_a_note_sent_twice_is_one_note(house):
    with at_practice(house.id):
        task, key = opened(house), uuid4()
        for _ in range(2):
            tasks.note(task, "rang", by=house.nurse, now=after(1), key=key)
        assert TaskAct.objects.filter(task=task, kind="noted").count() == 1


def test_the_news_of_a_task_holds_no_words_and_no_name(house):
    with at_practice(house.id):
        patient = factories.patient(house, now=NIGHT)
        opened(house, patient=patient)
        told = str(list(Announcement.objects.filter(kind="task").values_list("body", flat=True)))
    assert "a fictional reason" not in told
    assert patient.family_name not in told


def test_two_firsts_on_call_at_once_are_refused_and_a_canceled_one_makes_room(house):
    with at_practice(house.id):
        row = on_call(house, house.nurse)
        with pytest.raises(OutOfRange):
            on_call(house, house.prescriber)
        roster.cancel(row, by=house.director, now=NIGHT)
        on_call(house, house.prescriber)


def test_watching_holds_until_it_is_ended_or_over(house):
    with at_practice(house.id):
        assert not roster.anyone_watching(house.location, now=NIGHT)
        roster.begin_watching(house.location, channel="screen", by=house.nurse, now=NIGHT)
        assert roster.anyone_watching(house.location, now=after(60))
        assert not roster.anyone_watching(house.location, now=after(12 * 60))
        roster.end_watching(house.location, by=house.nurse, now=after(90))
        assert not roster.anyone_watching(house.location, now=after(91))


def test_an_unknown_kind_or_urgency_stops(house):
    with at_practice(house.id):
        with pytest.raises(UnknownWord):
            opened(house, kind="whatever")
        with pytest.raises(UnknownWord):
            opened(house, urgency="hot")
