"""The house as it is served: a web process of its own on a free port, on this test process's database, with its browser beside it."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from playwright.sync_api import expect

ROOT = Path(__file__).resolve().parents[2]
CHROMIUM = os.environ.get("CHROMIUM", "/usr/bin/chromium")
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]
AXE = ROOT / "tests" / "web" / "front" / "vendor" / "axe" / "axe.min.js"
READY_AFTER_S = 20
PATIENCE_S = 15.0
expect.set_options(timeout=PATIENCE_S * 1000)
# Clicks of a person, counted over every page of a story.
COUNT_CLICKS = """sessionStorage.clicks ??= 0;
addEventListener("click", ({isTrusted}) => { if (isTrusted) sessionStorage.clicks = Number(sessionStorage.clicks) + 1; }, true);"""


@contextmanager
def served() -> Iterator[str]:
    """The address of a running house. The listening socket is handed over, so no other process can take the port."""
    with socket.create_server(("127.0.0.1", 0)) as door:
        serve = [sys.executable, "-m", "uvicorn", "winddown.config.asgi:application", "--log-level", "critical"]
        serve += ["--fd", str(door.fileno()), "--timeout-graceful-shutdown", "1"]
        process = subprocess.Popen(serve, pass_fds=[door.fileno()], cwd=ROOT, env=dict(os.environ))
        address = f"http://127.0.0.1:{door.getsockname()[1]}"
        try:
            _until_it_answers(f"{address}/accounts/login/")
            yield address
        finally:
            process.terminate()
            process.wait(timeout=10)


def _until_it_answers(url: str) -> None:
    """The first answer can take a moment: the socket holds the question until the house is there."""
    started = time.monotonic()
    with urllib.request.urlopen(url, timeout=READY_AFTER_S) as answer:
        assert answer.status == 200, f"{url} answered {answer.status} after {time.monotonic() - started:.1f} s"


@contextmanager
def browser() -> Iterator[object]:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield chromium
        chromium.close()


def cookie_of(staff) -> dict[str, str]:
    """A signed-in browser session of this person, as signing in makes it."""
    from django.conf import settings
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
    from django.contrib.sessions.backends.db import SessionStore

    store = SessionStore()
    store[SESSION_KEY] = str(staff.account_id)
    store[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
    store[HASH_SESSION_KEY] = staff.account.get_session_auth_hash()
    store.create()
    return {"name": settings.SESSION_COOKIE_NAME, "value": store.session_key}


def context_for(chromium, address: str, staff, **options):
    """A browser context in which this person is signed in."""
    context = chromium.new_context(base_url=address, **options)
    context.add_cookies([cookie_of(staff) | {"url": address}])
    return context


def eventually(look: Callable[[], Any], wanted: Any) -> None:
    """What `look` finds in the record is `wanted`, at once or as soon as what is under way has arrived; else both are shown."""
    deadline = time.monotonic() + PATIENCE_S
    while (found := look()) != wanted and time.monotonic() < deadline:
        time.sleep(0.05)
    assert found == wanted


def violations(page) -> list[str]:
    """What the accessibility checker finds on the whole page as it stands: one line each, empty when it is clean."""
    page.wait_for_load_state()
    page.evaluate(AXE.read_text())
    found = page.evaluate("() => axe.run(document, {resultTypes: ['violations']})")
    return [f"{one['id']}: {node['target']} {node['failureSummary']}" for one in found["violations"] for node in one["nodes"]]
