"""These tests need the house: a database and Django."""

import pytest

from tests import factories
from tests.house import ready
from tests.web.sessions.chair import Chair

URLS = ready()


@pytest.fixture(scope="session")
def urls():
    return URLS


@pytest.fixture
def house():
    return factories.house(URLS)


@pytest.fixture
def running(house):
    return Chair(house)


@pytest.fixture
def made_ready(house):
    return Chair(house, minutes=None)
