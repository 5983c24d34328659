"""These tests need the house: a database and Django."""

from collections.abc import Iterator
from typing import Any

import pytest

from tests import factories
from tests.house import ready
from tests.stories import live

URLS = ready()


@pytest.fixture(scope="session")
def urls():
    return URLS


@pytest.fixture
def house():
    return factories.house(URLS)


@pytest.fixture(scope="session")
def address(urls: Any) -> Iterator[str]:
    """One running house for all stories of this process: each story has a practice of its own in it."""
    with live.served() as where:
        yield where


@pytest.fixture(scope="module")
def one_browser() -> Iterator[Any]:
    """For the stories of one file: while it is open, this process has a running loop, which other tests need to start themselves."""
    with live.browser() as browser:
        yield browser


@pytest.fixture
def chromium(one_browser: Any) -> Iterator[Any]:
    """The browser of all stories; the windows that a story opened in it close with the story."""
    yield one_browser
    for context in list(one_browser.contexts):
        context.close()
