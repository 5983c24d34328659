"""Links open one thing for one patient; answers are kept as they came."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest

from tests import factories
from winddown.domain.refusals import NotAllowed, OutOfRange, Refusal, Stale
from winddown.record.models import Answer
from winddown.record.queries import answers as answer_queries
from winddown.record.scope import at_practice
from winddown.services import answers, forms, links, patients

NOW = datetime(2026, 3, 2, 21, 0, tzinfo=UTC)
ALL_ONES = {str(number): "1" for number in range(1, 10)}


@pytest.fixture
def evening(house):
    with at_practice(house.id):
        patient = factories.patient(house, now=NOW)
        yield house, patient, forms.send(patient=patient, subject="set:evening", by=house.nurse, now=NOW)


def answer(patient, link, **changed):
    told = {
        "patient": patient,
        "instrument": "phq-9",
        "version": "1",
        "items": ALL_ONES,
        "language": "en",
        "answered_at": NOW,
        "source": "patient",
        "link": link,
        "now": NOW,
    }
    return answers.submit(**(told | changed))


def test_a_token_leads_back_to_its_link_and_a_changed_letter_to_nothing(evening):
    house, _patient, link = evening
    token = links.token_of(link)
    assert links.read_token(token) == (house.id, link.ref)
    for place in range(len(token)):
        other = token[:place] + ("A" if token[place] != "A" else "B") + token[place + 1 :]
        with pytest.raises(NotAllowed) as refusal:
            links.read_token(other)
        assert refusal.value.code == "link_gone"


@pytest.mark.parametrize("token", ["", "A", "é", "A" * 48, "A" * 400, "../../etc"])
def test_what_is_no_token_is_answered_like_a_link_that_ended(token):
    with pytest.raises(NotAllowed) as refusal:
        links.read_token(token)
    assert refusal.value.code == "link_gone"


def test_a_link_ends_is_taken_back_and_serves_one_purpose(evening):
    house, _patient, link = evening
    assert links.opened(link.ref, "forms", now=NOW) == link
    for purpose, at in (("consent", NOW), ("forms", NOW + timedelta(days=8)), ("forms", link.expires_at)):
        with pytest.raises(NotAllowed):
            links.opened(link.ref, purpose, now=at)
    links.revoke(link, by=house.nurse, now=NOW)
    with pytest.raises(NotAllowed):
        links.opened(link.ref, "forms", now=NOW)


def test_a_link_of_one_practice_opens_nothing_in_another(house, urls):
    with at_practice(house.id):
        link = forms.send(patient=factories.patient(house, now=NOW), subject="set:evening", by=house.nurse, now=NOW)
    with at_practice(factories.house(urls).id), pytest.raises(NotAllowed):
        links.opened(link.ref, "forms", now=NOW)


def test_a_link_for_ever_is_refused(evening):
    house, patient, _link = evening
    with pytest.raises(OutOfRange):
        links.make(patient=patient, purpose="forms", subject="set:evening", expires_at=NOW + timedelta(days=400), now=NOW, by=house.nurse)


def test_the_administrator_sends_no_link(evening):
    house, patient, _link = evening
    with pytest.raises(NotAllowed):
        forms.send(patient=patient, subject="set:evening", by=house.administrator, now=NOW)


def test_the_same_key_twice_is_one_answer(evening):
    _house, patient, link = evening
    key = uuid4()
    first, again = answer(patient, link, key=key), answer(patient, link, key=key)
    assert first == again
    assert Answer.objects.filter(patient=patient).count() == 1
    assert (first.score, first.judged["band"]) == (9, "mild")


def test_an_odd_answer_is_kept_as_it_came_and_gets_no_score(evening):
    _house, patient, link = evening
    kept = answer(patient, link, items=ALL_ONES | {"4": "7", "beetle": "2"})
    assert kept.items["4"] == "7"
    assert kept.score is None
    assert kept.judged["why"] == "odd"
    assert kept.odd == "no allowed answer: 4, beetle"


def test_a_phone_with_a_wrong_clock_is_set_to_the_time_of_arrival_and_says_so(evening):
    _house, patient, link = evening
    early, late, fine = (
        answer(patient, link, answered_at=at) for at in (NOW - timedelta(days=900), NOW + timedelta(days=1), NOW - timedelta(hours=9))
    )
    assert (early.answered_at, late.answered_at, fine.answered_at) == (NOW, NOW, NOW - timedelta(hours=9))
    assert early.odd.startswith("the device said 2023-")
    assert fine.odd == ""


def test_a_correction_supersedes_and_the_first_entry_stays(evening):
    house, patient, link = evening
    first = answer(patient, link)
    second = answers.correct(first, ALL_ONES | {"9": "0"}, because="misread", by=house.nurse, now=NOW + timedelta(minutes=5))
    assert [row.pk for row in answer_queries.series(patient, "phq-9")] == [second.pk]
    assert Answer.objects.get(pk=first.pk).items["9"] == "1"
    with pytest.raises(Stale):
        answers.correct(first, ALL_ONES, because="again", by=house.nurse, now=NOW)
    with pytest.raises(Refusal):
        answers.correct(second, ALL_ONES, because=" ", by=house.nurse, now=NOW)


def test_answers_of_a_merged_record_are_this_patients(evening):
    house, patient, link = evening
    stays = factories.patient(house, now=NOW)
    before = answer(patient, link)
    patients.merge(patient, stays, because="the same person", by=house.nurse, now=NOW)
    patient.refresh_from_db()
    after = answer(patient, link, answered_at=NOW + timedelta(seconds=1), now=NOW + timedelta(seconds=1))
    assert after.patient == stays
    assert [row.pk for row in answer_queries.series(stays, "phq-9")] == [before.pk, after.pk]
