"""The Arabic of own pages: no sentence of theirs is left out, each keeps its places and its numbers, and it says that nobody checked it."""

from __future__ import annotations

import gettext
import re

from django.utils import translation
from django.utils.translation.template import templatize

from tests.web.people.desk import anyone, words_of
from tests.web.test_languages import PACKAGE, _calls, _readable, places

FOLDER = PACKAGE / "locale" / "ar" / "LC_MESSAGES"


def sentences() -> set[str]:
    found: set[str] = set()
    for path in (PACKAGE / "web" / "templates" / "me").glob("*.html"):
        found |= {words for _context, words in _calls(_readable(templatize(path.read_text(encoding="utf-8"))))}
    for path in (PACKAGE / "web" / "me").glob("*.py"):
        found |= {words for _context, words in _calls(path.read_text(encoding="utf-8"))}
    return found


def catalogue() -> dict:
    with (FOLDER / "django.mo").open("rb") as file:
        return gettext.GNUTranslations(file)._catalog


def test_every_sentence_of_own_pages_has_its_arabic():
    known = {key[0] if isinstance(key, tuple) else key for key in catalogue()}
    assert len(sentences()) > 150
    assert sentences() - known == set()


def test_the_arabic_keeps_places_and_numbers():
    wrong = []
    for key, text in catalogue().items():
        source = key[0] if isinstance(key, tuple) else key
        numbers = [sorted(re.findall(r"\d+", re.sub(r"%\(\w+\)s", "", each))) for each in (source, text)]
        if source and (places(source) != places(text) or numbers[0] != numbers[1]):
            wrong.append(source)
    assert wrong == []


def test_a_page_in_arabic_reads_from_right_to_left_and_says_that_nobody_checked_it():
    client = anyone()
    client.cookies["django_language"] = "ar"
    page = words_of(client.get("/me/sign-in/"))
    assert 'dir="rtl"' in page
    assert "Translation not checked yet." in page
    assert 'dir="ltr"' in words_of(client.get("/accounts/login/"))
    with translation.override("ar"):
        assert translation.gettext("Help now") == "مساعدة الآن"
