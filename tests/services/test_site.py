"""The public site in the record: who may approve, what a stranger may read, what becomes of a question."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from winddown.domain.public_site.packaged import Words
from winddown.domain.refusals import NotAllowed, OutOfRange, Refusal
from winddown.record.models import AuditEntry, SiteQuestion, SiteTextAct, Task
from winddown.record.scope import at_practice
from winddown.services import tasks
from winddown.services.site import around, questions, reading, texts

NOW = datetime(2026, 3, 2, 15, 0, tzinfo=UTC)
YEAR = timedelta(days=365)
WORDS = Words("A fictional article", "About nothing.", "## One\n\nWords [@SIGT09].")


@pytest.fixture
def scope(house):
    with at_practice(house.id):
        yield house


def ask(words, *, address="192.0.2.7", now=NOW, **how):
    return questions.ask(None, words, language="en", address=address, now=now, **{"too_quick": False, "trapped": False} | how)


def article(house, *, language="en", words=WORDS, approved=True, now=NOW):
    text = texts.open_article(words.title, by=house.nurse, now=now)
    version = texts.write(text, language, words, because="a test", by=house.nurse, now=now)
    if approved:
        texts.approve(version, next_review_on=(now + YEAR).date(), by=house.prescriber, now=now)
    return text, version


def open_tasks():
    return sorted((task.kind, task.urgency) for task in Task.objects.exclude(status="closed"))


def test_a_draft_is_not_public_until_a_clinician_who_did_not_write_it_approves_it(scope):
    _text, version = article(scope, approved=False)
    assert reading.shelf(on=NOW.date()) == []
    for who, code in ((scope.nurse, "not_permitted"), (scope.front_desk, "not_permitted")):
        with pytest.raises(NotAllowed) as refused:
            texts.approve(version, next_review_on=(NOW + YEAR).date(), by=who, now=NOW)
        assert refused.value.code == code
    texts.approve(version, next_review_on=(NOW + YEAR).date(), by=scope.prescriber, now=NOW)
    assert [(text.title, text.reviewer, text.lapsed) for text in reading.shelf(on=NOW.date())] == [
        ("A fictional article", scope.prescriber.name, False)
    ]


def test_nobody_approves_their_own_words_and_the_database_holds_it(scope):
    text = texts.open_article("Mine", by=scope.prescriber, now=NOW)
    version = texts.write(text, "en", WORDS, because="a test", by=scope.prescriber, now=NOW)
    with pytest.raises(NotAllowed):
        texts.approve(version, next_review_on=(NOW + YEAR).date(), by=scope.prescriber, now=NOW)
    from django.db import IntegrityError, transaction

    act = SiteTextAct(version=version, text=text, language="en", author=scope.prescriber, kind="approved", at=NOW, by=scope.prescriber)
    act.next_review_on = (NOW + YEAR).date()
    with pytest.raises(IntegrityError), transaction.atomic():
        act.save()


def test_a_new_version_waits_while_the_approved_one_stays_and_an_old_one_cannot_be_approved_past_it(scope):
    text, first = article(scope)
    changed = Words(WORDS.title, WORDS.summary, "## One\n\nOther words.")
    texts.write(text, "en", changed, because="clearer", by=scope.nurse, now=NOW)
    assert "Words [@SIGT09]" in reading.shelf(on=NOW.date())[0].body
    with pytest.raises(Refusal) as refused:
        texts.approve(first, next_review_on=(NOW + YEAR).date(), by=scope.director, now=NOW)
    assert refused.value.code == "newer_version"
    texts.approve(texts.newest_version(text, "en"), next_review_on=(NOW + YEAR).date(), by=scope.director, now=NOW)
    assert "Other words" in reading.shelf(on=NOW.date())[0].body


def test_a_text_taken_off_is_gone_and_a_lapsed_one_says_so(scope):
    _text, version = article(scope)
    assert reading.shelf(on=(NOW + YEAR + timedelta(days=1)).date())[0].lapsed
    texts.withdraw(version, words="wrong", by=scope.front_desk, now=NOW)
    assert reading.shelf(on=NOW.date()) == []


def test_words_of_harm_open_an_urgent_task_however_they_came_and_a_phone_number_too(scope):
    ask("I want to kill myself tonight", too_quick=True, trapped=True)
    assert open_tasks() == [("public_red_words", "urgent")]
    ask("suicide", address="192.0.2.8")
    ask("Please call 419 555 0142 about the pump", address="192.0.2.9")
    assert ("public_text", "urgent") in open_tasks()
    assert all(task.words == "" or "419" not in task.words for task in Task.objects.all())
    assert not AuditEntry.objects.filter(words__contains="419").exists()


def test_an_ordinary_question_waits_and_its_task_closes_when_nothing_waits(scope):
    one, two = ask("Does it help CRPS of the foot?"), ask("May I eat before?", address="192.0.2.8")
    assert open_tasks() == [("public_text", "soon")]
    assert reading.library() == []
    questions.answer(one, shown_question="Does it help CRPS?", words="Sometimes.", release=True, by=scope.nurse, now=NOW)
    assert open_tasks() == [("public_text", "soon")]
    questions.put_away(two, "declined", words="Ask at your visit.", by=scope.nurse, now=NOW)
    assert open_tasks() == []
    assert [(row.question, row.answer, row.by) for row in reading.library()] == [("Does it help CRPS?", "Sometimes.", scope.nurse.name)]


def test_an_answer_with_a_name_in_the_question_is_not_released(scope):
    question = ask("My name is Avery Sample, does it help?")
    with pytest.raises(OutOfRange) as refused:
        questions.answer(question, shown_question=question.words, words="Sometimes.", release=True, by=scope.nurse, now=NOW)
    assert refused.value.code == "not_nameless"
    questions.answer(question, shown_question=question.words, words="Sometimes.", release=False, by=scope.nurse, now=NOW)
    with pytest.raises(OutOfRange):
        questions.release(question, by=scope.nurse, now=NOW)
    assert reading.library() == [] and reading.asked(question.ref).answer == "Sometimes."


def test_an_answer_taken_back_leaves_the_library_and_stays_with_whoever_asked(scope):
    question = ask("May I eat before?")
    questions.answer(question, shown_question="May I eat?", words="No.", release=True, by=scope.nurse, now=NOW)
    questions.put_away(question, "taken_back", words="out of date", by=scope.nurse, now=NOW)
    assert reading.library() == [] and reading.asked(question.ref).answer == "No."


def test_the_front_desk_neither_reads_nor_answers(scope):
    with pytest.raises(NotAllowed):
        questions.answer(ask("May I eat before?"), shown_question="", words="No.", release=False, by=scope.front_desk, now=NOW)


def test_the_same_words_are_one_question_and_the_sixth_of_an_hour_is_refused(scope):
    first = ask("Does it help number 0?")
    assert ask("does it HELP number 0") == first
    for number in range(1, questions.PER_HOUR):
        ask(f"Does it help number {number}?")
    with pytest.raises(NotAllowed) as refused:
        ask("Does it help number nine?")
    assert refused.value.code == "too_many"
    ask("Does it help number nine?", address="198.51.100.1")
    ask("Does it help number ten?", now=NOW + timedelta(hours=2))
    ask("I want to end my life")
    assert SiteQuestion.objects.count() == questions.PER_HOUR + 3


def test_two_people_who_write_the_same_words_of_harm_are_two(scope):
    assert ask("I want to die") != ask("I want to die", address="198.51.100.1")


def test_the_mark_of_a_network_is_no_address_and_changes_every_day(scope):
    marks = [questions.network_mark("192.0.2.7", now=NOW + timedelta(days=day)) for day in range(2)]
    assert marks[0] == questions.network_mark("192.0.2.7", now=NOW) != marks[1]
    assert questions.network_mark("2001:db8::1", now=NOW) == questions.network_mark("2001:db8::ffff", now=NOW)


def test_a_machine_is_refused_with_the_way_out(scope):
    for how, code in (({"too_quick": True}, "too_quick"), ({"trapped": True}, "trapped")):
        with pytest.raises(NotAllowed) as refused:
            ask("Does it help?", **how)
        assert refused.value.code == code and refused.value.way_out


def test_a_notice_stands_from_its_first_to_its_last_day_in_the_time_of_its_place(scope):
    days = {"starts_on": datetime(2026, 3, 2).date(), "ends_on": datetime(2026, 3, 3).date()}
    notice = around.post_notice({"en": "Now open."}, location=scope.location, **days, by=scope.front_desk, now=NOW)
    seen = {
        at.isoformat(): reading.notices("es", now=at)
        for at in (datetime(2026, 3, 2, 4, tzinfo=UTC), datetime(2026, 3, 2, 6, tzinfo=UTC), datetime(2026, 3, 4, 4, tzinfo=UTC))
    }
    assert list(seen.values()) == [[], ["Now open."], ["Now open."]]
    around.end_notice(notice, by=scope.front_desk, now=NOW)
    assert reading.notices("en", now=NOW) == []


def test_a_stranger_of_one_practice_reads_nothing_of_another(house, urls):
    from tests import factories

    other = factories.house(urls)
    with at_practice(other.id):
        article(other)
        asked = ask("Does it help?")
        around.present_person(other.nurse, shown=True, letters="RN", position={}, words={}, place=0, by=other.nurse, now=NOW)
        assert reading.people("en")
    with at_practice(house.id):
        assert (reading.shelf(on=NOW.date()), reading.people("en"), reading.library(), reading.asked(asked.ref)) == ([], [], [], None)


def test_the_task_of_the_queue_can_be_taken_and_closed_by_anybody_on_the_staff(scope):
    ask("Does it help?")
    task = Task.objects.get(kind="public_text")
    tasks.acknowledge(task, by=scope.front_desk, now=NOW)
    assert task.subject == questions.WAITING
