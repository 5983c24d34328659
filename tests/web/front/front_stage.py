"""What the tests of the front end hold in their hands: the page server, a page that is watched, and patience without sleeping."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from urllib.request import Request, urlopen

from playwright.sync_api import Page

PATIENCE_S = 15.0


@dataclass
class Stage:
    """One running page server and what it was told."""

    url: str

    def tell(self, what: str, **values: Any) -> None:
        urlopen(Request(f"{self.url}/control/{what}", data=json.dumps(values).encode(), method="POST")).read()

    def posts(self, path: str) -> list[dict[str, Any]]:
        everything: list[dict[str, Any]] = json.load(urlopen(f"{self.url}/control/posts"))
        return [post for post in everything if post["path"] == path]

    def sent(self, path: str, count: int) -> list[dict[str, Any]]:
        """The posts to `path`, once there are `count` of them."""
        return until(lambda: found if len(found := self.posts(path)) >= count else None, f"{count} posts to {path}")


@dataclass
class Watched:
    """A page with the complaints of its console."""

    page: Page
    complaints: list[str] = field(default_factory=list)


Open = Callable[..., Watched]


def until(look: Callable[[], Any], what: str) -> Any:
    """What `look` finds, as soon as it finds something."""
    deadline = time.monotonic() + PATIENCE_S
    while not (found := look()):
        if time.monotonic() > deadline:
            raise AssertionError(f"waited {PATIENCE_S:g} s in vain for: {what}")
    return found


def comes_true(page: Page, condition: str) -> None:
    """Wait for a condition of the page. (Playwright's own wait needs eval, which the content security policy forbids.)"""
    until(lambda: page.evaluate(condition), condition)
