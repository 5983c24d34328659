"""How many questions each heavy page asks the database. One more is a choice, made here; one for each row is a fault."""

from __future__ import annotations

import pytest

from tests import factories
from tests.web.people.desk import queries, signed_in
from tests.web.walk.samples import samples

ASKED = {
    "/sessions/{sessions.ref}/chart.json": ("nurse", 18),
    "/sessions/{sessions.ref}/forecast.json": ("nurse", 11),
    "/sessions/{sessions.ref}/what-if.json?rate_ml_per_h=40": ("nurse", 11),
    "/sessions/{sessions.ref}/recovery/clock/": ("nurse", 9),
    "/sessions/{sessions.ref}/recovery/": ("nurse", 23),
    "/sessions/{sessions.ref}/start-gate/": ("nurse", 40),
    "/sessions/{sessions.ref}/start-gate/lines/": ("nurse", 32),
    "/courses/{courses.ref}/schedule/": ("nurse", 20),
    "/calendar/telephone/": ("nurse", 12),
    "/sessions/{sessions.ref}/record.pdf": ("nurse", 25),
    "/sessions/{sessions.ref}/acts/": ("nurse", 15),
    "/sessions/{sessions.ref}/story/": ("nurse", 17),
    "/courses/{courses.ref}/orders/new/": ("prescriber", 25),
    "/orders/{orders.ref}/": ("prescriber", 28),
    "/bookings/{bookings.ref}/": ("nurse", 20),
    "/calendar/book/": ("nurse", 17),
    "/patients/{patients.ref}/letter/": ("nurse", 26),
    "/programme/people/": ("director", 14),
}


@pytest.fixture(scope="module")
def practice(urls):
    house = factories.house(urls)
    return house, samples(house, "Own")


def test_each_heavy_page_asks_its_own_number_of_questions(practice):
    house, named = practice
    browsers = {role: signed_in(house, role) for role in ("nurse", "prescriber", "director")}
    found = {path: (role, queries(browsers[role], _filled(path, named))) for path, (role, _count) in ASKED.items()}
    assert found == ASKED


def _filled(path: str, named: dict[str, object]) -> str:
    for name, value in named.items():
        path = path.replace(f"{{{name}}}", str(value))
    return path
