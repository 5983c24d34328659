"""The front end alone in a real browser: no database, no Django project, only templates, scripts and styles."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from front_stage import Open, Stage, Watched, comes_true
from playwright.sync_api import Browser, sync_playwright

HERE = Path(__file__).resolve().parent
CHROMIUM = "/usr/bin/chromium"
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]
WATCH_CSP = "addEventListener('securitypolicyviolation', (event) => console.error(`CSP ${event.violatedDirective} ${event.blockedURI}`));"


@pytest.fixture(scope="module")
def stage() -> Iterator[Stage]:
    server = subprocess.Popen([sys.executable, str(HERE / "page_server.py"), "--port", "0"], stdout=subprocess.PIPE, text=True)
    assert server.stdout
    yield Stage(server.stdout.readline().strip())
    server.terminate()
    server.wait()


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield chromium
        chromium.close()


@pytest.fixture
def open_page(stage: Stage, browser: Browser) -> Iterator[Open]:
    """Open a page of the stage: open_page("chart", width=390, scheme="dark"). A new person on a new device each time."""
    stage.tell("network", down=False, silent=False)
    stage.tell("lock-after", s=0)
    stage.tell("forget")
    contexts = []

    def opener(name: str, *, width: int = 1280, scheme: str = "light", clock: bool = False) -> Watched:
        context = browser.new_context(viewport={"width": width, "height": 844}, color_scheme=scheme, has_touch=width < 600)  # type: ignore[arg-type]
        contexts.append(context)
        page = context.new_page()
        watched = Watched(page)
        page.on("console", lambda message: watched.complaints.append(message.text) if message.type in ("error", "warning") else None)
        page.on("pageerror", lambda error: watched.complaints.append(str(error)))
        page.add_init_script(WATCH_CSP)
        if clock:
            page.clock.install()
        page.goto(f"{stage.url}/{name}")
        if name == "chart":
            comes_true(page, "document.querySelectorAll('#chart canvas').length >= 9 && document.querySelector('.wd-cell') !== null")
            page.wait_for_selector('[data-connection="live"]')
        return watched

    yield opener
    for context in contexts:
        context.close()
