"""The public site as a stranger, a search engine and a cache see it."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime, timedelta
from pathlib import Path
from time import process_time

import pytest
from django.core.signing import TimestampSigner, b62_encode

from tests.web.people.desk import anyone, queries, words_of
from winddown.domain.public_site.packaged import Words
from winddown.record.models import SiteQuestion, Task
from winddown.record.scope import at_practice
from winddown.services import orders
from winddown.services.site import around, questions, reading, texts
from winddown.web.public import words

STATIC = Path(words.__file__).resolve().parents[1] / "static"
YEAR = timedelta(days=365)
MOST_BYTES, MOST_QUERIES, MOST_SECONDS = 100_000, 14, 0.05
TYPED = "Does it help my left foot, and may I eat before?"


def approved(house, title, bodies, *, at, days=365):
    text = texts.open_article(title, by=house.nurse, now=at)
    for language, body in bodies.items():
        version = texts.write(text, language, Words(title, "A summary.", body), because="a test", by=house.nurse, now=at)
        texts.approve(version, next_review_on=(at + timedelta(days=days)).date(), by=house.director, now=at)
    return text


@pytest.fixture
def site(house):
    """A practice whose site is open: therapy page, an article in one language, a lapsed one, a person, a question in the library."""
    now = datetime.now(tz=UTC)
    with at_practice(house.id):
        orders.adopt_packaged(by=house.director, now=now)
        therapy = texts.therapy_page(by=house.nurse, now=now)
        for language in texts.LANGUAGES:
            version = texts.newest_version(therapy, language)
            texts.approve(version, next_review_on=(now + YEAR).date(), by=house.director, now=now)
        approved(house, "Fresh words", {"en": "## One\n\nWords [@SIGT09]. <script>alert(1)</script> [x](javascript:alert(1))"}, at=now)
        approved(house, "Old words", {"en": "Words."}, at=now - timedelta(days=500))
        told = {"position": {"en": "Nurse"}, "words": {"en": "Is with you."}, "letters": "RN", "place": 0}
        around.present_person(house.nurse, shown=True, **told, by=house.nurse, now=now)
        asked = questions.ask(None, "May I eat before?", language="en", address="192.0.2.1", too_quick=False, trapped=False, now=now)
        questions.answer(asked, shown_question="May I eat?", words="Not for six hours.", release=True, by=house.nurse, now=now)
    house.home = f"/clinic/{house.practice.slug}/en/"
    return house


def pages(house):
    rest = ("", "treatment/", "in-the-room/", "places/", "places/sandusky/", "people/", "articles/", "articles/fresh-words/", "ask/")
    return [house.home + path for path in rest]


def weight(html: str) -> int:
    """The page with every style and script that it names."""
    files = re.findall(r'(?:href|src)="/static/([^"]+)"', html)
    return len(html.encode()) + sum((STATIC / name).stat().st_size for name in set(files))


def stamp(age_s: float = 60) -> str:
    class Earlier(TimestampSigner):
        def timestamp(self) -> str:
            return b62_encode(int(datetime.now(tz=UTC).timestamp() - age_s))

    return Earlier(salt="winddown.site.ask").sign("ask")


def test_every_page_is_light_quick_whole_without_a_script_and_leaves_no_cookie(site):
    browser, found = anyone(), {}
    for path in pages(site):
        browser.get(path)
        begun = process_time()
        answer = browser.get(path)
        seconds = process_time() - begun
        html = words_of(answer)
        assert answer.status_code == 200 and not answer.cookies and "Cookie" not in answer.get("Vary", ""), path
        assert html.count("<h1") == 1 and "csrf" not in html, path
        found[path] = (weight(html), queries(browser, path), seconds)
    assert max(each[0] for each in found.values()) < MOST_BYTES, found
    assert max(each[1] for each in found.values()) <= MOST_QUERIES, found
    assert sorted(each[2] for each in found.values())[len(found) // 2] < MOST_SECONDS, found


def test_a_reader_who_has_the_page_is_not_sent_it_again(site):
    browser = anyone()
    first = browser.get(site.home)
    assert first["Cache-Control"] == "public, max-age=300"
    again = browser.get(site.home, headers={"If-None-Match": first["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert browser.get(site.home + "ask/")["Cache-Control"] == "no-store"


def test_the_front_door_leads_to_the_readers_language_and_each_page_names_the_other(site):
    door = anyone().get(f"/clinic/{site.practice.slug}/", headers={"Accept-Language": "es-MX"})
    assert door.status_code == 302 and door["Location"].endswith("/es/") and "Accept-Language" in door["Vary"]
    html = words_of(anyone().get(site.home + "treatment/"))
    assert f'hreflang="es" href="http://localhost/clinic/{site.practice.slug}/es/treatment/"' in html
    assert f'rel="canonical" href="http://localhost{site.home}treatment/"' in html
    assert 'lang="es"' in words_of(anyone().get(site.home.replace("/en/", "/es/")))


def test_an_article_in_one_language_says_so_and_points_robots_at_it(site):
    html = words_of(anyone().get(site.home.replace("/en/", "/es/") + "articles/fresh-words/"))
    assert '<article class="column read" lang="en">' in html
    assert f'rel="canonical" href="http://localhost{site.home}articles/fresh-words/"' in html


def test_words_of_an_editor_cannot_run_anything(site):
    html = words_of(anyone().get(site.home + "articles/fresh-words/"))
    assert "<script>alert" not in html and 'href="javascript' not in html
    assert '<sup class="cite"><a href="#source-SIGT09"' in html and 'id="source-SIGT09"' in html


def test_machines_are_told_the_clinic_its_hours_and_who_reviewed(site):
    kinds = {}
    for path in pages(site):
        for block in re.findall(r'<script type="application/ld\+json">(.*?)</script>', anyone().get(path).content.decode()):
            told = json.loads(block)
            kinds.setdefault(told["@type"], told)
    assert set(kinds) >= {"MedicalOrganization", "MedicalClinic", "MedicalWebPage", "FAQPage"}
    assert kinds["MedicalWebPage"]["reviewedBy"]["name"] == site.director.name
    assert kinds["FAQPage"]["mainEntity"][0]["acceptedAnswer"]["text"] == "Not for six hours."


def test_a_lapsed_review_says_so_and_leaves_the_search_engines(site):
    browser = anyone()
    html = words_of(browser.get(site.home + "articles/old-words/"))
    assert 'content="noindex"' in html and "This text is out of review." in html and "canonical" not in html
    told = browser.get(f"/clinic/{site.practice.slug}/sitemap.xml").content.decode()
    assert "articles/fresh-words/" in told and "old-words" not in told
    assert 'name="robots"' not in words_of(browser.get(site.home + "articles/fresh-words/"))


def test_a_place_hidden_from_booking_keeps_its_page_and_robots_are_sent_away(site):
    now, path = datetime.now(tz=UTC), "places/sandusky/"
    assert 'name="robots"' not in words_of(anyone().get(site.home + path))
    with at_practice(site.id):
        around.show_place(site.location, bookable=False, slug="", map_url="", directions={}, by=site.front_desk, now=now)
    answer = anyone().get(site.home + path)
    assert answer.status_code == 200 and 'content="noindex"' in words_of(answer)
    assert "Visits here are arranged by telephone." in words_of(answer)
    assert path not in anyone().get(f"/clinic/{site.practice.slug}/sitemap.xml").content.decode()


def test_nothing_unapproved_is_shown_and_a_closed_site_is_not_for_robots(house):
    home = f"/clinic/{house.practice.slug}/en/"
    with at_practice(house.id):
        texts.therapy_page(by=house.nurse, now=datetime.now(tz=UTC))
    assert anyone().get(home + "treatment/").status_code == 404
    assert anyone().get(f"/clinic/{house.practice.slug}/sitemap.xml").status_code == 404
    assert 'content="noindex"' in words_of(anyone().get(home))
    assert anyone().get("/clinic/no-such-clinic/en/").status_code == 404


def test_the_room_is_told_from_the_protocol_in_force(site):
    html = words_of(anyone().get(site.home + "in-the-room/"))
    assert "every 5 minutes for the first 15 minutes" in html and "at least 60 minutes" in html
    assert "Before you leave, the nurse asks about thoughts of suicide." in html


def test_words_of_harm_lead_to_help_before_anything_else_and_to_an_urgent_task(site):
    browser = anyone()
    sent = browser.post(site.home + "articles/fresh-words/ask/", {"words": "I want to end my life", "stamp": stamp(0)})
    assert sent.status_code == 303 and not sent.cookies
    html = words_of(browser.get(sent["Location"]))
    assert 0 < html.index("loud-first") < html.index('href="tel:988"') < html.index("<h1")
    assert "no one is watching now" in html and 'content="noindex"' in html
    with at_practice(site.id):
        assert Task.objects.filter(kind="public_red_words", urgency="urgent").count() == 1
        assert SiteQuestion.objects.get(status="waiting").text.slug == "fresh-words"
    assert "end my life" not in words_of(browser.get(site.home + "articles/"))


def test_a_refused_question_comes_back_with_what_was_typed(site):
    for field, says in (({"stamp": stamp(0)}, "faster than a person types"), ({"stamp": stamp(), "website": "x"}, "must stay empty")):
        answer = anyone().post(site.home + "ask/", {"words": TYPED} | field)
        assert answer.status_code == 422 and TYPED in words_of(answer) and says in words_of(answer)
    assert anyone().post(site.home + "ask/", {"words": TYPED, "stamp": "forged"}).status_code == 422
    assert (
        anyone().post(site.home + "ask/", {"words": TYPED, "stamp": stamp()}, headers={"Sec-Fetch-Site": "cross-site"}).status_code == 422
    )
    with at_practice(site.id):
        assert not SiteQuestion.objects.filter(status="waiting").exists()


def test_whoever_asked_reads_the_answer_at_their_own_address(site):
    sent = anyone().post(site.home + "ask/", {"words": TYPED, "stamp": stamp()})
    assert "loud-first" not in words_of(anyone().get(sent["Location"]))
    with at_practice(site.id):
        row = SiteQuestion.objects.get(status="waiting")
        questions.answer(row, shown_question="", words="Call us.", release=False, by=site.nurse, now=datetime.now(tz=UTC))
        assert len(reading.library()) == 1
    assert "Call us." in words_of(anyone().get(sent["Location"]))
    assert "Call us." not in words_of(anyone().get(site.home + "articles/"))
