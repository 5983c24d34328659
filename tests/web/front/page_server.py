"""The front end alone: components in pages of their own, a live stream and posts that can be made to fail. For looking and for the tests.

.venv/bin/python tests/web/front/page_server.py --port 8765     then open /chart, /board, /parts, /patient, /signin
"""

from __future__ import annotations

import argparse
import json
import mimetypes
import queue
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlparse

import django
import session_fixture
from django.conf import settings
from scenes import PAGES, now_ms

HERE = Path(__file__).resolve().parent
WEB = HERE.parents[2] / "src" / "winddown" / "web"
CSP = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; worker-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)


class World:
    """What the pages talk to: who listens, what was posted, and whether the network is up."""

    def __init__(self) -> None:
        self.listeners: list[queue.Queue[str]] = []
        self.posts: list[dict[str, Any]] = []
        self.down = False
        self.silent = False
        self.locked_after_s = 0
        self.number = 100

    def announce(self, news: dict[str, Any]) -> None:
        self.number += 1
        body = {"n": self.number, "session": "S-1042", "chair": "3", "at": now_ms(), **news}
        for listener in list(self.listeners):
            listener.put(f"event: announcement\nid: {self.number}\ndata: {json.dumps(body)}\n\n")


WORLD = World()


def configure() -> None:
    settings.configure(
        DEBUG=True,
        SECRET_KEY="only for looking",
        USE_TZ=True,
        USE_I18N=True,
        LANGUAGE_CODE="en",
        STATIC_URL="/static/",
        ROOT_URLCONF=__name__,
        TIME_ZONE=session_fixture.ZONE,
        TEMPLATES=[
            {"BACKEND": "django.template.backends.django.DjangoTemplates", "DIRS": [HERE / "pages", WEB / "templates"], "OPTIONS": {}}
        ],
    )
    django.setup()


urlpatterns: list[Any] = []


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *args: Any) -> None: ...

    def do_GET(self) -> None:
        url = urlparse(self.path)
        if url.path in PAGES:
            from django.template.loader import render_to_string

            self._answer(render_to_string(*PAGES[url.path](WORLD.locked_after_s)), "text/html; charset=utf-8")
        elif url.path.startswith("/static/"):
            self._file(WEB / url.path.lstrip("/"))
        elif WORLD.down and not url.path.startswith("/control"):
            self.close_connection = True
        elif url.path == "/live/stream":
            self._stream()
        else:
            self._json(url.path, parse_qs(url.query))

    def _json(self, path: str, query: dict[str, list[str]]) -> None:
        now = now_ms()
        answers: dict[str, Any] = {
            "/session.json": lambda: session_fixture.session(now),
            "/forecast.json": lambda: session_fixture.session(now)["forecast"],
            "/what-if.json": lambda: session_fixture.what_if(now, float(query["rate_ml_per_h"][0])),
            "/control/posts": lambda: WORLD.posts,
            "/rate-change": lambda: query,
        }
        if path in answers:
            self._answer(json.dumps(answers[path]()), "application/json")
        else:
            self._answer("", "text/plain", 404)

    def do_POST(self) -> None:
        text = self.rfile.read(int(self.headers.get("Content-Length") or 0)).decode()
        path = urlparse(self.path).path
        if path.startswith("/control/"):
            self._control(path, json.loads(text or "{}"))
            return
        if WORLD.down:
            self.close_connection = True
            return
        fields = {name: values[-1] for name, values in parse_qs(text).items()}
        WORLD.posts.append(
            {"path": path, "fields": fields, "key": self.headers.get("Idempotency-Key"), "csrf": self.headers.get("X-CSRFToken")}
        )
        if path == "/lock/" and fields.get("secret") != "1234":
            self._answer('{"refused": "wrong"}', "application/json", 422)
        elif path == "/scores" and fields.get("value") == "13":
            self._answer('{"refused": "Pain is 0 to 10.", "way_out": "Choose one of them."}', "application/json", 422)
        else:
            self._answer("{}", "application/json")

    def _control(self, path: str, values: dict[str, Any]) -> None:
        if path == "/control/announce":
            WORLD.announce(values)
        elif path == "/control/network":
            WORLD.down, WORLD.silent = values.get("down", False), values.get("silent", False)
            if WORLD.down:
                for listener in list(WORLD.listeners):
                    listener.put("")
        elif path == "/control/lock-after":
            WORLD.locked_after_s = values["s"]
        elif path == "/control/forget":
            WORLD.posts.clear()
        self._answer("{}", "application/json")

    def _stream(self) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream")
        self.send_header("Connection", "close")
        self.end_headers()
        mine: queue.Queue[str] = queue.Queue()
        WORLD.listeners.append(mine)
        try:
            self._say(f'event: hello\ndata: {{"n": {WORLD.number}}}\n\n')
            while True:
                try:
                    words = mine.get(timeout=2)
                except queue.Empty:
                    words = "" if WORLD.down else None
                if words == "":
                    return
                if words is not None:
                    self._say(words)
                elif not WORLD.silent:
                    self._say(f'event: alive\ndata: {{"n": {WORLD.number}}}\n\n')
        except OSError:
            pass
        finally:
            WORLD.listeners.remove(mine)
            self.close_connection = True

    def _say(self, words: str) -> None:
        self.wfile.write(words.encode())
        self.wfile.flush()

    def _file(self, path: Path) -> None:
        if not path.is_file():
            self._answer("", "text/plain", 404)
            return
        self._answer(path.read_bytes(), mimetypes.guess_type(path.name)[0] or "application/octet-stream")

    def _answer(self, body: str | bytes, kind: str, status: int = 200) -> None:
        data = body.encode() if isinstance(body, str) else body
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(data)))
        self.send_header("Content-Security-Policy", CSP)
        self.end_headers()
        self.wfile.write(data)


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--port", type=int, default=8765)
    configure()
    server = ThreadingHTTPServer(("127.0.0.1", parser.parse_args().port), Handler)
    server.daemon_threads = True
    print(f"http://127.0.0.1:{server.server_port}", flush=True)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    threading.Event().wait()


if __name__ == "__main__":
    main()
