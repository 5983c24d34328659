"""A stranger in despair asks at night while the network goes away; help stands first, a clinician is told. Another question is answered."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import expect

from tests.stories import live
from winddown.domain.public_site.packaged import Words
from winddown.record.models import SiteQuestion, Task
from winddown.record.scope import at_practice
from winddown.services.site import questions, texts

pytestmark = pytest.mark.story
PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True}
NIGHT = "I cannot sleep with this pain and I want to end my life."


@pytest.fixture
def article(house):
    now = datetime.now(tz=UTC)
    with at_practice(house.id):
        text = texts.open_article("Nights with pain", by=house.nurse, now=now)
        words = Words("Nights with pain", "What others do.", "## One\n\nWords.")
        version = texts.write(text, "en", words, because="a story", by=house.nurse, now=now)
        texts.approve(version, next_review_on=(now + timedelta(days=300)).date(), by=house.director, now=now)
        questions.ask(text, "May I take my tablets that day?", language="en", address="192.0.2.1", too_quick=False, trapped=False, now=now)
    return f"/clinic/{house.practice.slug}/en/articles/nights-with-pain/"


def test_help_stands_first_and_another_question_joins_the_library(house, article, address, chromium):
    phone = chromium.new_context(base_url=address, **PHONE)
    page = given_words_typed_without_a_network(phone, article)
    when_the_network_is_back(phone, page)
    then_help_stands_before_everything_else(page)
    and_the_page_meets_the_accessibility_baseline(page)
    and_an_urgent_task_is_open(house)
    when_a_nurse_answers_and_releases_another(live.context_for(chromium, address, house.nurse), house)
    then_everybody_reads_the_answer_and_nobody_the_night(phone, article)
    assert phone.cookies() == []


def given_words_typed_without_a_network(phone, article):
    page = phone.new_page()
    page.goto(article)
    page.wait_for_selector("form[data-holding]")
    page.get_by_label("Your question").fill(NIGHT)
    phone.set_offline(True)
    page.get_by_role("button", name="Send the question").click()
    page.get_by_text("No connection. Your words are kept").wait_for()
    expect(page.get_by_label("Your question")).to_have_value(NIGHT)
    return page


def when_the_network_is_back(phone, page):
    phone.set_offline(False)
    page.wait_for_url("**/asked/**", timeout=20_000)


def then_help_stands_before_everything_else(page):
    call = page.locator(".loud-first a[href='tel:988']")
    call.wait_for()
    assert call.bounding_box()["y"] < page.get_by_role("heading", level=1).bounding_box()["y"]


def and_the_page_meets_the_accessibility_baseline(page):
    assert live.violations(page) == []


def and_an_urgent_task_is_open(house):
    with at_practice(house.id):
        assert Task.objects.get(kind="public_red_words").urgency == "urgent"
        assert SiteQuestion.objects.get(words=NIGHT).held == ["red"]


def when_a_nurse_answers_and_releases_another(desk, house):
    page = desk.new_page()
    page.goto("/site/questions/")
    page.get_by_text("May I take my tablets").click()
    page.get_by_label("Your answer").fill("Ask us before the visit: it depends on which ones.")
    page.get_by_role("button", name="Answer and release into the library").click()
    page.get_by_text("In the library").first.wait_for()


def then_everybody_reads_the_answer_and_nobody_the_night(phone, article):
    page = phone.new_page()
    page.goto(article + "?fresh")
    page.get_by_text("it depends on which ones").wait_for()
    assert "end my life" not in page.content()
