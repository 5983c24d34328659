"""Every address of the house, asked by everyone: who gets in, what another practice's reference answers, and what a look leaves behind.

A new address is found by itself. If it takes a value under a name that no room declares in its `sample.py`, these tests fail and say which.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import uuid4

import pytest
from django.urls import get_resolver

from tests import factories
from tests.web.people.desk import anyone, signed_in
from tests.web.walk.addresses import EVERY, GUARDED, Address, addresses, body
from tests.web.walk.samples import samples
from winddown.record.models import AuditEntry
from winddown.record.scope import at_practice
from winddown.services import permissions

FOREIGN = ("Foreignfamily", "Foreigngiven", "Foreignallergy", "Foreign-monitor")
IN_PLACE = {"HTTP_HX_REQUEST": "true"}


@pytest.fixture(scope="module")
def two(urls):
    """Practice A with its objects and a browser per role, and the objects of practice B, which nobody in A may see."""
    a, b = factories.house(urls, also=("researcher",)), factories.house(urls)
    foreign = samples(b, "Foreign")
    browsers = {role: _lenient(signed_in(a, role)) for role in permissions.ROLES}
    return a, samples(a, "Own"), foreign, browsers


@dataclass(frozen=True)
class Visit:
    """A permitted person asked for an address of their own practice."""

    address: Address
    role: str
    status: int
    leaked: tuple[str, ...]
    left_a_trace: bool


@pytest.fixture(scope="module")
def visits(two):
    house, mine, _foreign, browsers = two
    looks, found = _looks(house, mine), []
    for address, role in ((address, role) for address in GUARDED for role in sorted(address.allowed)):
        response = browsers[role].get(address.filled(mine))
        before, looks = looks, _looks(house, mine) if address.is_chart else looks
        found.append(Visit(address, role, response.status_code, tuple(leaks(response)), looks > before))
    return found


def _looks(house: Any, mine: dict[str, Any]) -> int:
    with at_practice(house.id):
        return AuditEntry.objects.filter(patient__ref=mine["patients.ref"], act="read chart").count()


def _lenient(browser: Any) -> Any:
    """A broken page is a 500 to report beside the others, not an exception that hides them."""
    browser.raise_request_exception = False
    return browser


def leaks(response: Any) -> list[str]:
    text = body(response)
    return [word for word in FOREIGN if word in text]


def wrong(address: Address, found: int, expected: tuple[int, ...], who: str) -> list[str]:
    return [] if found in expected else [f"{who}, {address.route}: {found}, not {expected}"]


def test_every_value_in_an_address_has_a_sample(two):
    _house, mine, _foreign, _browsers = two
    missing = {name for address in EVERY for name in address.parameters.values()} - set(mine)
    assert not missing, f"declare in the sample.py of a room of tests/web: {sorted(missing)}"


def test_every_view_says_who_may_enter_it():
    silent = [address.route for address in EVERY if not hasattr(address.view, "is_public")]
    assert not silent, f"decorate with @page, @desk or @public: {silent}"


def test_nothing_is_mounted_but_this_house_and_the_guarded_sign_in_library():
    mounted = [(str(entry.pattern), entry.urlconf_name) for entry in get_resolver().url_patterns]
    assert [prefix for prefix, _module in mounted] == ["accounts/", ""]
    library = list(addresses(get_resolver().url_patterns[0].url_patterns, "accounts/"))
    assert [address.route for address in library if not hasattr(address.view, "house_door")] == []


def test_a_stranger_gets_no_further_than_the_sign_in_page(two):
    _house, mine, _foreign, _browsers = two
    stranger, found = anyone(), []
    for address in GUARDED:
        for ask in (stranger.get, stranger.post):
            response = ask(address.filled(mine))
            found += wrong(address, response.status_code, (302, 401), "a stranger")
            if response.status_code == 302 and not response["Location"].startswith("/accounts/login/"):
                found.append(f"{address.route} leads a stranger to {response['Location']}")
    assert not found, "\n".join(found)


def test_each_role_enters_what_the_table_says_and_nothing_else(two, visits):
    _house, mine, _foreign, browsers = two
    found = [line for visit in visits for line in wrong(visit.address, visit.status, (200, 302, 405, 422), visit.role)]
    for address in GUARDED:
        for place, role in enumerate(sorted(set(browsers) - address.allowed)):
            for answer in _asked(browsers[role], address.filled(mine), place):
                found += wrong(address, answer.status_code, (403,), role)
    assert not found, "\n".join(found)


def _asked(browser: Any, path: str, place: int) -> list[Any]:
    """The first asks both ways, the others in turns: a door that forgets one way to ask is found, and nobody asks it all twice."""
    ways = [lambda: browser.get(path), lambda: browser.post(path, **IN_PLACE)]
    return [way() for number, way in enumerate(ways) if place == 0 or (place - number) % 2 == 0]


def test_a_reference_of_another_practice_is_not_found_and_gives_nothing_away(two):
    _house, mine, foreign, browsers = two
    found = []
    for address in GUARDED:
        for name in [name for name in address.parameters.values() if mine[name] != foreign[name]]:
            for place, role in enumerate(sorted(address.allowed)):
                found += _refused(address, browsers[role], mine | {name: foreign[name]}, f"{role} with B's {name}", place)
            nobodys = 2**31 if isinstance(mine[name], int) else uuid4()
            found += _refused(address, browsers[role], mine | {name: nobodys}, f"{role} with nobody's {name}", 0)
    assert not found, "\n".join(found)


def _refused(address: Address, browser: Any, values: dict[str, Any], who: str, place: int) -> list[str]:
    """Not found, asked for or posted to; one of the two may be no way to ask at all."""
    answers = _asked(browser, address.filled(values), place)
    found = [line for answer in answers for line in wrong(address, answer.status_code, (404, 405), who)]
    found += [f"{who}, {address.route}: leaks {words}" for answer in answers if (words := leaks(answer))]
    if [answer.status_code for answer in answers] == [405, 405]:
        found.append(f"{who}, {address.route}: answers neither GET nor POST")
    return found


def test_no_page_of_one_practice_names_anyone_of_another(visits):
    found = [f"{visit.role}, {visit.address.route}: names {visit.leaked}" for visit in visits if visit.leaked]
    assert not found, "\n".join(found)


def test_every_look_at_a_chart_leaves_a_line_about_that_patient(visits):
    charts = [visit for visit in visits if visit.address.is_chart and visit.status == 200]
    assert charts
    found = [f"{visit.role} reads {visit.address.route} without a trace" for visit in charts if not visit.left_a_trace]
    assert not found, "\n".join(found)


def test_an_empty_form_is_answered_in_words_and_never_breaks_the_page(urls):
    house = factories.house(urls, also=("researcher",))
    mine, browsers, found = samples(house, "Own"), {}, []
    for address in GUARDED:
        role = sorted(address.allowed)[-1]
        browser = browsers.get(role) or _lenient(signed_in(house, role))
        response = browser.post(address.filled(mine))
        browsers[role] = None if _shut_out(browser, response) else browser
        found += wrong(address, response.status_code, (200, 302, 400, 403, 404, 405, 409, 422), f"{role} posting nothing")
    assert not found, "\n".join(found)


def _shut_out(browser: Any, response: Any) -> bool:
    """Whether this deed locked the screen or ended the sign-in, so that the next address needs a person who is there."""
    return response.status_code == 302 or "locked" in browser.session
