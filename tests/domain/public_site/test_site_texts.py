"""How long an approval holds, and that the shipped page names only sources there are."""

from __future__ import annotations

from datetime import date

import pytest

from winddown.domain.public_site.citations import cited
from winddown.domain.public_site.packaged import LANGUAGES, therapy
from winddown.domain.public_site.review import Review, until
from winddown.domain.refusals import OutOfRange, UnknownWord

APPROVED = date(2026, 3, 1)


def test_a_review_covers_its_last_day_and_lapses_the_day_after():
    review = Review(APPROVED, date(2027, 3, 1))
    assert [review.has_lapsed(day) for day in (date(2027, 3, 1), date(2027, 3, 2))] == [False, True]
    assert [review.is_due_soon(day) for day in (date(2027, 1, 1), date(2027, 2, 20), date(2027, 3, 2))] == [False, True, False]


@pytest.mark.parametrize("day", [APPROVED, date(2026, 2, 1), date(2029, 1, 1)])
def test_a_next_review_today_in_the_past_or_years_away_is_refused(day):
    with pytest.raises(OutOfRange):
        until(APPROVED, day)


def test_a_claim_that_names_no_known_source_is_refused():
    assert cited("It helps [@SIGT09] and [@COHEN18-GC], says [@SIGT09].") == ("SIGT09", "COHEN18-GC")
    with pytest.raises(UnknownWord):
        cited("It cures [@NOBODY99].")


def test_the_shipped_page_says_the_same_with_the_same_sources_in_both_languages():
    pages = therapy()
    assert set(pages) == set(LANGUAGES)
    assert len({cited(words.body) for words in pages.values()}) == 1
    assert all(words.body.count("\n## ") == pages["en"].body.count("\n## ") for words in pages.values())


def test_the_shipped_page_says_off_label_and_worse_mood_and_promises_nothing():
    english = therapy()["en"].body.lower()
    assert "{off-label}" in english and "thoughts of suicide" in english and "not a cure" in therapy()["en"].summary
    assert not [word for word in ("safe", "guarantee", "proven", "cures", "eligible", "breakthrough") if word in english]
