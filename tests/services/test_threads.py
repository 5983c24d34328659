"""Messages between a patient and the clinic: kept once, red words at once, a task until answered, nothing said outside."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest

from tests import factories
from tests.factories import own
from winddown.domain.refusals import NotAllowed, Stale
from winddown.record.models import Message, Task, TaskAct, Thread, ThreadNote
from winddown.record.scope import at_practice
from winddown.services import answers, forms, links, own_access, suicide_safety, threads

RED = "I do not want to live any more."


@pytest.fixture
def wrote(house):
    """A patient with own pages, who wrote of a symptom two hours ago."""
    now = datetime.now(tz=UTC)
    with at_practice(house.id):
        access = own.access_of(house, factories.patient(house, now=now), now=now - timedelta(days=1))
        note = threads.write(access, "The nausea is back.", about="symptom", now=now - timedelta(hours=2))
        yield house, access, note, now


def test_a_message_waits_as_a_task_until_the_time_that_the_director_signed(wrote):
    house, access, note, now = wrote
    task = Task.objects.get(kind="patient_message", patient=access.patient)
    assert task.due_at == note.at + timedelta(hours=threads.UNSIGNED_HOURS)
    threads.sign_answer_time(4, because="we can keep it at weekends", by=house.director, now=now)
    later = threads.write(access, "And the headache.", about="symptom", now=now)
    assert Task.objects.get(kind="patient_message", subject=f"thread:{later.thread.ref}").due_at == now + timedelta(hours=4)
    with pytest.raises(NotAllowed):
        threads.sign_answer_time(8, because="no", by=house.nurse, now=now)


def test_the_second_note_of_a_matter_does_not_put_the_answer_off(wrote):
    _house, access, note, now = wrote
    due_at = Task.objects.get(kind="patient_message").due_at
    threads.write(access, "It is worse now.", thread=note.thread, now=now)
    assert Task.objects.get(kind="patient_message").due_at == due_at
    assert [row.pk for row in threads.inbox()] == [note.thread.pk]


def test_red_words_open_an_urgent_task_and_stand_on_top_of_the_inbox(wrote):
    _house, access, note, now = wrote
    red = threads.write(access, RED, about="mood", now=now)
    assert (red.red, note.red) == (True, False)
    task = Task.objects.get(kind="red_words", patient=access.patient)
    assert (task.urgency, task.due_at) == ("urgent", now + timedelta(minutes=10))
    assert RED not in task.words
    assert [row.pk for row in threads.inbox()] == [red.thread_id, note.thread_id]


def test_an_answer_closes_the_task_by_the_fact_and_leaves_a_red_one_open(wrote):
    house, access, note, now = wrote
    red = threads.write(access, RED, thread=note.thread, now=now)
    answered = threads.answer(note.thread, "I call you now.", seen=2, by=house.nurse, now=now)
    closed = TaskAct.objects.get(kind="closed", task__kind="patient_message")
    assert (closed.outcome, closed.fact, closed.by) == ("answered", f"note:{answered.ref}", None)
    assert red.red
    assert suicide_safety.told(access.patient).open
    assert list(threads.inbox()) == []


def test_the_notice_says_that_a_message_waits_and_nothing_of_it(wrote):
    house, access, note, now = wrote
    threads.answer(note.thread, "Take one tablet of ondansetron.", seen=1, by=house.nurse, now=now)
    notice = Message.objects.get(kind="new_message")
    assert (notice.address, notice.link) == (access.email, f"/me/messages/{note.thread.ref}/")
    for word in ("ondansetron", "nausea", "tablet", "symptom", house.nurse.name, access.patient.family_name):
        assert word not in notice.words + notice.title


def test_a_message_sent_twice_is_one_and_an_answer_to_what_was_not_read_is_refused(wrote):
    house, access, note, now = wrote
    key = uuid4()
    first, again = (threads.write(access, "Still here?", thread=note.thread, key=key, now=now) for _ in range(2))
    assert first.pk == again.pk
    with pytest.raises(Stale):
        threads.answer(note.thread, "Take one.", seen=1, by=house.nurse, now=now)
    assert ThreadNote.objects.filter(thread=note.thread, by__isnull=False).count() == 0
    with pytest.raises(NotAllowed):
        threads.answer(note.thread, "Take one.", seen=2, by=house.front_desk, now=now)


def test_read_without_an_answer_says_who_and_tells_the_patient_nothing(wrote):
    house, _access, note, now = wrote
    read = threads.needs_no_answer(note.thread, seen=1, by=house.nurse, now=now)
    thread = Thread.objects.get(pk=note.thread_id)
    assert (read.by, thread.waiting_since, thread.unread_by_patient) == (house.nurse, None, False)
    assert not Message.objects.filter(kind="new_message").exists()


def test_what_a_caregiver_answers_through_their_link_is_theirs_whatever_the_form_says(wrote):
    _house, access, _note, now = wrote
    helper = own_access.permit(
        access, name="Robin Helper", email=f"robin.{access.ref}@example.test", may=["diary"], until=now.date() + timedelta(days=3), now=now
    )
    link = links.make(patient=access.patient, purpose="forms", subject=forms.DUE, now=now, access=helper)
    told = {"instrument": "pain-nrs", "version": "1", "items": {"average": "6"}, "language": "en", "answered_at": now, "now": now}
    kept = answers.submit(patient=access.patient, source="patient", link=link, **told)
    assert (kept.source, kept.odd) == ("caregiver", "")
    own_access.end(helper, because="by the patient", now=now)
    with pytest.raises(NotAllowed):
        links.opened(link.ref, "forms", now=now)
    link.access.refresh_from_db()
    assert "no permission of the patient" in answers.submit(patient=access.patient, source="patient", link=link, **told).odd
