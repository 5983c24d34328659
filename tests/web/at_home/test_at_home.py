"""What a patient reaches by a link, and what a link does not give away."""

from __future__ import annotations

import json
import random
import re
from datetime import UTC, datetime, timedelta

import pytest

from tests import factories
from tests.web.people.desk import anyone, signed_in, words_of
from winddown.domain.instruments import adaptive
from winddown.record.models import Answer
from winddown.record.scope import at_practice
from winddown.services import forms, instruments, links

NOW = datetime.now(tz=UTC)
JSON = {"HTTP_ACCEPT": "application/json"}


def bank_file() -> bytes:
    """A plainly fictional bank of 30 invented items."""
    chance = random.Random(3)
    words = ["never", "seldom", "sometimes", "often", "always"]
    items = []
    for n in range(30):
        thresholds = [x + chance.random() / 2 for x in (-1, 0, 1, 2)]
        items.append({"key": f"i{n}", "words": f"Fictional question {n}", "answers": words, "a": 2 + n / 30, "b": thresholds})
    head = {"bank": "bank-fictional", "version": "1", "name": "A fictional bank", "language": "en", "recall": "the last 7 days"}
    stop = {"standard_error": 3, "least": 4, "most": 12}
    return json.dumps(head | {"recall_days": 7, "worse": "higher", "stop": stop, "items": items}).encode()


@pytest.fixture
def sent(house):
    """A function that sends a set and gives its address and link."""

    def send(subject="set:evening", **options):
        with at_practice(house.id):
            patient = factories.patient(house, now=NOW, given_name="Quillon", family_name="Unlikelyname")
            link = forms.send(patient=patient, subject=subject, by=house.nurse, now=options.pop("now", NOW), **options)
            return link, links.path_of(link)

    return send


def kept(house, link):
    with at_practice(house.id):
        return list(Answer.objects.filter(link=link).order_by("id"))


def test_the_link_leads_to_its_forms_and_names_nobody(house, sent):
    _link, path = sent()
    browser = anyone()
    assert browser.get(path)["Location"] == f"{path}forms/"
    page = browser.get(f"{path}forms/")
    assert page.status_code == 200
    assert page["Cache-Control"] == "no-store"
    assert page["Referrer-Policy"] == "no-referrer"
    assert "Unlikelyname" not in words_of(page)
    assert 'name="pain-nrs.average"' in words_of(page)
    assert "pain-nrs.worst" not in words_of(page)


def test_a_plain_form_without_scripts_is_kept_and_thanks(house, sent):
    link, path = sent()
    browser = anyone()
    answer = browser.post(f"{path}forms/", {"pain-nrs.average": "6", "version:pain-nrs": "1", "mood.mood": "4", "version:mood": "1"})
    assert (answer.status_code, answer["Location"]) == (302, f"{path}forms/done/")
    assert [(row.instrument, row.score, row.source) for row in kept(house, link)] == [("pain-nrs", 6, "patient"), ("mood", 4, "patient")]
    assert "The clinic has your answers" in words_of(browser.get(f"{path}forms/"))


def test_what_is_answered_is_not_asked_again_and_a_repeated_key_is_one_answer(house, sent):
    link, path = sent()
    told = {
        "pain-nrs.average": "6",
        "version:pain-nrs": "1",
        "key:pain-nrs": "11111111-1111-4111-8111-111111111111",
        "at:pain-nrs": (NOW - timedelta(hours=3)).isoformat(),
    }
    for _ in range(2):
        assert anyone().post(f"{path}forms/", told, **JSON).json() == {"kept": ["pain-nrs"], "crisis": False}
    (row,) = kept(house, link)
    assert row.answered_at == NOW - timedelta(hours=3)
    assert "pain-nrs.average" not in words_of(anyone().get(f"{path}forms/"))


def test_a_red_answer_shows_help_at_once(house, sent):
    _link, path = sent("ask:phq-9")
    reply = anyone().post(f"{path}forms/", {"phq-9.9": "1", "version:phq-9": "1"}, **JSON)
    assert reply.json()["crisis"] is True
    assert "tel:988" in words_of(anyone().get(f"{path}forms/done/"))
    assert "No one at the clinic is watching at this moment" in words_of(anyone().get(f"{path}forms/done/"))


def test_every_link_that_does_not_work_answers_the_same(house, sent):
    ended, ended_path = sent(now=NOW - timedelta(days=30))
    revoked, revoked_path = sent()
    with at_practice(house.id):
        links.revoke(revoked, by=house.nurse, now=NOW)
        other = links.make(patient=ended.patient, purpose="consent", now=NOW, by=house.nurse)
        wrong_purpose = links.path_of(other)
    answers = [anyone().get(f"{path}forms/") for path in (ended_path, revoked_path, wrong_purpose, "/p/nonsense/")]
    assert {answer.status_code for answer in answers} == {404}
    assert len({words_of(answer).split("<main", 1)[1] for answer in answers}) == 1
    assert "Unlikelyname" not in words_of(answers[0])


def test_an_answer_that_was_given_in_time_is_taken_in_after_the_link_ended(house, sent):
    link, path = sent(now=NOW - timedelta(days=9))
    told = {"pain-nrs.average": "3", "version:pain-nrs": "1", "at:pain-nrs": (NOW - timedelta(days=3)).isoformat()}
    assert anyone().get(f"{path}forms/").status_code == 404
    assert anyone().post(f"{path}forms/", told, **JSON).status_code == 200
    assert kept(house, link)[0].answered_at == NOW - timedelta(days=3)


def test_an_instrument_that_the_link_does_not_ask_is_not_taken(house, sent):
    link, path = sent()
    anyone().post(f"{path}forms/", {"pcl-5.1": "4", "version:pcl-5": "1"}, **JSON)
    assert kept(house, link) == []


def test_the_page_speaks_the_language_of_the_link(sent):
    _link, path = sent(language="es")
    page = words_of(anyone().get(f"{path}forms/"))
    assert '<html lang="es"' in page
    assert "Su dolor en promedio" in page


def test_an_adaptive_bank_is_asked_question_by_question_and_kept_with_its_error(house, sent):
    with at_practice(house.id):
        instruments.bring_bank(bank_file(), license_words="A fictional bank for tests, made up here.", by=house.director, now=NOW)
    link, path = sent("ask:bank-fictional")
    browser, answers, given = anyone(), {}, {}
    page = words_of(browser.get(browser.get(f"{path}forms/")["Location"]))
    key = re.search(r'name="key" value="([\w-]+)"', page)[1]
    for question in range(20):
        item = re.search(r'name="asked" value="(\w+)"', page)[1]
        value = "3" if question else ""
        told = {f"told.{name}": value for name, value in answers.items()}
        reply = browser.post(f"{path}forms/adaptive/bank-fictional/", told | {f"bank-fictional.{item}": value, "asked": item, "key": key})
        answers[item] = value or "-"
        if reply.status_code == 302:
            break
        page = words_of(reply)
    given = {name: 3 for name, value in answers.items() if value == "3"}
    (row,) = kept(house, link)
    assert row.items == dict.fromkeys(given, "3")
    bank = adaptive.read(bank_file())
    found = adaptive.estimate(bank, given)
    assert float(row.score) == round(found.t, 1)
    assert row.judged["parts"] == {"standard_error": round(found.standard_error, 2)}
    assert found.standard_error <= bank.stop.standard_error or len(given) == bank.stop.most
    nurse = signed_in(house, "nurse")
    assert "standard error of T" in words_of(nurse.get(f"/patients/{link.patient.ref}/answers/{row.ref}/"))
    assert "A fictional bank" in words_of(nurse.get(f"/patients/{link.patient.ref}/scores/"))
