"""These tests need the house: a database and Django."""

from datetime import UTC, datetime

import pytest

from tests import factories
from tests.house import ready

URLS = ready()


@pytest.fixture(scope="session")
def urls():
    return URLS


@pytest.fixture
def house():
    return factories.house(URLS)


@pytest.fixture
def stocked(house):
    """A house with three vials on its shelf since the morning of 2026-11-23, and the test inside its practice."""
    from tests.factories import shelf
    from winddown.record.scope import at_practice

    at = datetime(2026, 11, 23, 14, tzinfo=UTC)
    with at_practice(house.id):
        shelf.registered(house, now=at)
        yield house, shelf.received(house, 3, now=at)
