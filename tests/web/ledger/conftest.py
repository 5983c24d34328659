"""These tests need the house: a database and Django."""

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
