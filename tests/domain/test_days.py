"""Years between two days, as people count them."""

from __future__ import annotations

from datetime import date

from winddown.domain.days import age_on


def test_someone_born_on_the_29th_of_february_turns_older_on_the_first_of_march():
    born = date(2000, 2, 29)
    assert [age_on(born, day) for day in (date(2026, 2, 28), date(2026, 3, 1), date(2028, 2, 28), date(2028, 2, 29))] == [25, 26, 27, 28]


def test_nobody_turns_older_before_the_birthday_however_many_leap_years_they_lived_through():
    """At 76 years the leap days make 19 days: a count of days by 365 has the birthday that much too early."""
    born = date(1950, 3, 20)
    assert [age_on(born, day) for day in (date(2026, 3, 2), date(2026, 3, 19), date(2026, 3, 20))] == [75, 75, 76]
