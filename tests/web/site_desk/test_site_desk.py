"""Staff keep the public site: what each role may do, and the one click that makes an answer public."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from tests.web.people.desk import anyone, queries, signed_in, words_of
from winddown.record.models import SiteQuestion, SiteText
from winddown.record.scope import at_practice
from winddown.services.site import questions, reading, texts

NOW = datetime.now(tz=UTC)
TYPED = {"language": "en", "title": "Eating before", "summary": "When to stop.", "body": "## When\n\nSix hours.", "because": "asked often"}


@pytest.fixture
def asked(house):
    with at_practice(house.id):
        text = "My name is Avery Sample. May I eat before?"
        return questions.ask(None, text, language="en", address="192.0.2.1", too_quick=False, trapped=False, now=NOW)


def test_an_article_is_written_by_one_and_approved_by_another_through_the_pages(house):
    nurse, prescriber = signed_in(house, "nurse"), signed_in(house, "prescriber")
    home = f"/clinic/{house.practice.slug}/en/articles/eating-before/"
    page = nurse.post("/site/texts/new/", TYPED)["Location"]
    assert anyone().get(home).status_code == 404
    with at_practice(house.id):
        seen = texts.newest_version(SiteText.objects.get(), "en").ref
    day = {"seen": seen, "next_review_on": (NOW + timedelta(days=300)).date().isoformat()}
    assert nurse.post(page + "approve/", day).status_code == 403
    assert prescriber.post(page + "approve/", day).status_code == 302
    assert "Six hours." in words_of(anyone().get(home))
    assert nurse.post(page + "withdraw/", {"words": "it was wrong"}).status_code == 302
    assert anyone().get(home).status_code == 404


def test_a_source_that_leads_nowhere_comes_back_on_the_form_with_all_that_was_typed(house):
    answer = signed_in(house, "nurse").post("/site/texts/new/", TYPED | {"body": "It cures [@NOBODY99]."})
    assert answer.status_code == 422 and "It cures [@NOBODY99]." in words_of(answer) and "NOBODY99" in words_of(answer)


def test_one_click_answers_and_releases_without_the_name(house, asked):
    nurse = signed_in(house, "nurse")
    page = f"/site/questions/{asked.ref}/"
    shown = words_of(nurse.get(page))
    assert "My name is Avery Sample" in shown and "[…]. May I eat before?" in shown
    typed = {"act": "answer_and_release", "answer": "Not for six hours."}
    refused = nurse.post(page, typed | {"shown_question": asked.words})
    assert refused.status_code == 422 and "still holds: name" in words_of(refused)
    assert nurse.post(page, typed | {"shown_question": "May I eat before?"}).status_code == 302
    library = words_of(anyone().get(f"/clinic/{house.practice.slug}/en/articles/"))
    assert "Not for six hours." in library and "Avery" not in library
    with at_practice(house.id):
        assert [row.question for row in reading.library()] == ["May I eat before?"]


def test_what_must_be_read_first_stands_on_top_and_the_queue_asks_a_fixed_number_of_questions(house, asked):
    nurse = signed_in(house, "nurse")
    alone = queries(nurse, "/site/questions/")
    with at_practice(house.id):
        for place, words in enumerate(("Does it hurt?", "I want to die", "Buy now at https://spam.test")):
            questions.ask(None, words, language="en", address=f"192.0.2.{place + 2}", too_quick=False, trapped=False, now=NOW)
    assert queries(nurse, "/site/questions/") == alone
    html = words_of(nurse.get("/site/questions/"))
    places = [html.index(words) for words in ("I want to die", "Avery Sample", "Does it hurt?", "spam.test")]
    assert places == sorted(places)


def test_the_front_desk_writes_and_posts_notices_but_sees_no_question(house, asked):
    desk = signed_in(house, "front_desk")
    overview = words_of(desk.get("/site/"))
    assert "Begin with the template" in overview and "wait for a clinician" not in overview
    assert desk.get("/site/questions/").status_code == 403
    days = {"starts_on": (NOW - timedelta(days=1)).date().isoformat(), "ends_on": (NOW + timedelta(days=9)).date().isoformat()}
    assert desk.post("/site/notices/", days | {"en": "Now open in Fargo."}).status_code == 302
    assert "Now open in Fargo." in words_of(anyone().get(f"/clinic/{house.practice.slug}/es/"))
    with at_practice(house.id):
        assert SiteQuestion.objects.get().status == "waiting"
