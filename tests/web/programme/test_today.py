"""The director's morning: five numbers that are true, that lead to their lists, and that cost the same however much goes on."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

from tests import factories
from tests.web.people.desk import queries, signed_in, words_of
from winddown.record.models import Alarm, Staff
from winddown.record.scope import at_practice
from winddown.services import cases, people, sessions, tasks


def numbers(page: str) -> list[str]:
    return [text.strip() for text in re.findall(r'class="wpr-tile-number">(\d+)', page)]


def busy(house, *, visits: int) -> None:
    """Visits that have come, one late and one coming task, an alarm nobody saw, a case."""
    now = datetime.now(tz=UTC)
    with at_practice(house.id):
        for number in range(visits):
            visit = factories.session(house, now=now, chair=number, minutes=60)
            sessions.check_in(visit, by=house.nurse, now=now)
        for hours, subject in ((-3, "a"), (5, "b")):
            told = {"kind": "general", "urgency": "soon", "words": "call the pharmacy", "location": house.location, "subject": subject}
            tasks.open_task(**told, due_at=now + timedelta(hours=hours), by=house.nurse, now=now)
        Alarm(location=house.location, condition="x", severity="high", words="high", raised_at=now, written_at=now).save()
        drug = {"drug": "ketamine", "words": "a vial stood open", "since": now - timedelta(days=1)}
        cases.tell(location=house.location, **drug, by=house.nurse, now=now)


def test_the_five_numbers_are_those_of_the_lists_they_lead_to(urls):
    house = factories.house(urls, chairs=4)
    busy(house, visits=2)
    page = words_of(signed_in(house, "director").get("/programme/"))
    assert numbers(page) == ["1", "1", "1", "2", "2"]
    assert "1 not acknowledged" in page
    assert "the oldest 3 hours late" in page
    assert "<small> / 4</small>" in page
    late = words_of(signed_in(house, "director").get("/tasks/?whose=all&late=1"))
    assert late.count('class="wd-task-row ') == 1


def test_the_page_costs_the_same_on_a_quiet_and_on_a_busy_day(urls):
    house = factories.house(urls, chairs=6)
    client = signed_in(house, "director")
    quiet = queries(client, "/programme/")
    busy(house, visits=6)
    assert queries(client, "/programme/") == quiet


def test_a_number_of_one_location_leads_to_the_list_of_that_location(house):
    now = datetime.now(tz=UTC)
    with at_practice(house.id):
        other = people.open_location(name="Fargo", time_zone="America/Chicago", now=now, chairs=["Chair 1"])
        told = {"kind": "general", "urgency": "soon", "words": "call the pharmacy", "location": other, "subject": "a"}
        tasks.open_task(**told, due_at=now - timedelta(hours=1), by=house.nurse, now=now)
    director = signed_in(house, "director")
    page = words_of(director.get("/programme/"))
    address = next(each for each in re.findall(r'href="(/tasks/\?place=[^"]+)"', page) if str(other.ref) in each)
    listed = words_of(director.get(address.replace("&amp;", "&")))
    assert "Fargo" in listed
    assert listed.count('class="wd-task-row ') == 1


def test_only_the_director_reads_it(house):
    assert signed_in(house, "director").get("/programme/").status_code == 200
    assert [signed_in(house, role).get("/programme/").status_code for role in ("nurse", "front_desk", "administrator")] == [403, 403, 403]
    with at_practice(house.id):
        assert Staff.objects.filter(roles__contains=["director"]).count() == 1


def test_before_the_first_night_the_page_says_that_nothing_was_counted(house):
    assert "No figures yet." in words_of(signed_in(house, "director").get("/programme/"))
