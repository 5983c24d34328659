"""The front end alone: components in pages of their own, a live stream and posts that can be made to fail. For looking and for the tests.

    .venv/bin/python tests/web/front/page_server.py --port 8765     then open /chart, /board, /parts, /patient, /signin
"""

from __future__ import annotations

import argparse
import json
import mimetypes
import queue
import threading
import time
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlparse

import django
import session_fixture
from django.conf import settings

HERE = Path(__file__).resolve().parent
WEB = HERE.parents[2] / "src" / "winddown" / "web"
CSP = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; worker-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
LIVE = {"url": "/live/stream", "after": 100}
LOCK = {"url": "/lock/now/", "unlock_url": "/lock/", "after_s": 0}
ALARM_URLS = {"heartbeat": "/alarms/heartbeat", "mute": "/alarms/mute", "test_tone": "/alarms/test-tone", "acknowledge": "/alarms/__id__/acknowledge"}


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
        body = {"n": self.number, "session": "S-1042", "chair": "3", "at": _now_ms(), **news}
        for listener in list(self.listeners):
            listener.put(f"event: announcement\nid: {self.number}\ndata: {json.dumps(body)}\n\n")


WORLD = World()


def _now_ms() -> int:
    return int(time.time() * 1000)


def _utc(ms: int) -> datetime:
    return datetime.fromtimestamp(ms / 1000, UTC)


def configure() -> None:
    settings.configure(
        DEBUG=True, SECRET_KEY="only for looking", USE_TZ=True, USE_I18N=True, LANGUAGE_CODE="en", STATIC_URL="/static/", ROOT_URLCONF=__name__,
        TIME_ZONE=session_fixture.ZONE,
        TEMPLATES=[{"BACKEND": "django.template.backends.django.DjangoTemplates", "DIRS": [HERE / "pages", WEB / "templates"], "OPTIONS": {}}],
    )  # fmt: skip
    django.setup()


urlpatterns: list[Any] = []


class _Person:
    pk = 7
    is_authenticated = True

    def __str__(self) -> str:
        return "M. Okafor, RN"


def _frame() -> dict[str, Any]:
    names = [("Board", "/board", False), ("Chair 3", "/chart", True), ("Patients", "/parts", False), ("Drug ledger", "#", False)]
    return {
        "user": _Person(), "staff": None, "csrf_token": "token", "practice_name": "Lakeshore Pain & Mood", "location_name": "Sandusky",
        "live": LIVE, "lock": {**LOCK, "after_s": WORLD.locked_after_s}, "alarm_urls": ALARM_URLS, "sign_out_url": "/out",
        "nav_items": [{"url": url, "words": words, "current": current} for words, url, current in names],
    }  # fmt: skip


def _options(values: list[tuple[str, str, str]]) -> list[dict[str, str]]:
    return [{"value": value, "words": words, "level": level} for value, words, level in values]


def _score_rows(start: int) -> list[dict[str, Any]]:
    at = _utc(start + 20 * session_fixture.MINUTE)
    tens = [(str(n), "", "calm" if n < 4 else "watch" if n < 7 else "act") for n in range(11)]
    sedation = [("5", "awake", "calm"), ("4", "sluggish", "watch"), ("3", "loud voice", "act"), ("2", "gentle shake", "act"), ("1", "squeeze", "act"), ("0", "none", "act")]
    feeling = [("0", "none", "calm"), ("6", "mild", "calm"), ("12", "strong", "watch"), ("18", "very strong", "watch"), ("24", "most", "act")]
    return [
        {"scale": "moaas", "title": "Sedation", "hint": "MOAA/S", "url": "/scores", "options": _options(sedation), "last": {"value": "4", "words": "4, sluggish", "at": at}},
        {"scale": "cadss6", "title": "Dissociation", "hint": "CADSS-6", "url": "/scores", "options": _options(feeling), "last": None},
        {"scale": "nausea", "title": "Nausea", "hint": "0 to 10", "url": "/scores", "options": _options(tens), "last": {"value": "7", "words": "7, severe", "at": at}},
        {"scale": "pain", "title": "Pain", "hint": "0 to 10", "url": "/scores", "options": _options(tens), "last": None},
    ]  # fmt: skip


def _two_person() -> dict[str, Any]:
    lines = [("Drug", "ketamine, racemic"), ("Concentration", "1 mg/mL"), ("Rate", "52.5 mL/h = 0.75 mg/kg/h"), ("Volume to be infused", "35 mL")]
    return {
        "id": "two", "title": "Pump check by two people", "lines": [{"label": label, "value": value} for label, value in lines], "url": "/two",
        "first_name": "M. Okafor, RN", "people": [{"key": "8", "name": "R. Stein, RN"}, {"key": "9", "name": "L. Park, MD"}], "submit": "",
    }  # fmt: skip


def chart_page() -> tuple[str, dict[str, Any]]:
    now = _now_ms()
    start = now - 25 * session_fixture.MINUTE
    alarms = [
        {**alarm, "raised_at": _utc(alarm["raised_at"]), "acknowledged_at": alarm["acknowledged_at"] and _utc(alarm["acknowledged_at"]), "where": "Chair 3", "session": "S-1042",
         "acknowledge_url": f"/alarms/{alarm['id']}/acknowledge"}
        for alarm in session_fixture.session(now)["alarms"] if not alarm["acknowledged_at"]
    ]  # fmt: skip
    return "chart.html", _frame() | {
        "strip": {
            "name": "Alexandra Example", "age_words": "47 y", "weight_words": "70.0 kg today", "allergies_words": "Penicillin: rash", "allergies_level": "watch",
            "protocol_words": "Pain 0.5 mg/kg, 40 min, v3", "status_words": "Running since start", "pumped_mg": "17.5", "mg_per_kg": "0.25",
            "started_at": _utc(start), "duty": {"words": "Pressure", "due_at": _utc(now) + timedelta(minutes=3)},
            "people": [{"role": "Nurse", "name": "M. Okafor, RN"}, {"role": "Physician", "name": "L. Park, MD"}],
        },
        "chart": {
            "url": "/session.json", "what_if_url": "/what-if.json", "forecast_url": "/forecast.json", "session": "S-1042", "chair_name": "Chair 3", "rate_change_url": "/rate-change",
            "rate_now": "52.5", "rate_min": "0", "rate_max": "90", "rate_step": "0.5",
        },
        "alarms": alarms, "rows": _score_rows(start), "dialog": _two_person(),
        "duties": [
            {"words": "Scores, 5 taps", "because": "every 10 min", "due_at": _utc(now) - timedelta(minutes=2, seconds=30), "button": {"words": "Score now", "url": "#score-moaas"}},
            {"words": "Pressure", "because": "15 min after the rate change", "due_at": _utc(now) + timedelta(minutes=3), "button": {"words": "By hand", "url": "#pad"}},
            {"words": "IV site check", "because": "every 30 min", "due_at": _utc(now) + timedelta(minutes=9), "button": {"words": "Site is clear", "url": "/iv", "method": "post", "queue": True}},
        ],
    }  # fmt: skip


def board_page() -> tuple[str, dict[str, Any]]:
    now = _utc(_now_ms())
    rows = [
        ("1", "A. Rivera", "running", "Running, 12 of 40 min", 30, "calm", "", "Pressure", 4, "128/79, 2 min ago", "0,15 20,14 40,13 60,13 80,11 100,11"),
        ("2", "B. Chen", "recovering", "Recovering, 20 of 60 min", 33, "calm", "", "Orthostatic pressure", 11, "118/74, 5 min ago", "0,8 20,9 40,12 60,14 80,16 100,16"),
        ("3", "A. Example", "running", "Running, 25 of 42 min", 60, "act", "High alarm: SpO₂ 91 %", "Scores", -3, "156/89, 1 min ago", "0,20 20,17 40,11 60,3 80,8 100,9"),
        ("4", "D. Osei", "held", "Held for 3 min", 48, "watch", "Held: recheck pressure", "Recheck pressure", 2, "171/95, 3 min ago", "0,20 20,14 40,9 60,6 80,4 100,3"),
    ]  # fmt: skip
    chairs = [
        {
            "key": key, "name": f"Chair {key}", "url": "/chart", "session": f"S-{key}", "patient": patient, "phase": phase, "phase_words": words, "percent": percent, "level": level,
            "level_words": level_words, "duty": {"words": duty, "due_at": now + timedelta(minutes=due)}, "spark": {"points": points, "words": f"Systolic: {value}", "value_words": value, "high": 5},
            "button": {"words": "Score now" if due < 0 else "Open chart", "url": "/chart"},
        }
        for key, patient, phase, words, percent, level, level_words, duty, due, value, points in rows
    ]  # fmt: skip
    chairs.append({"key": "5", "name": "Chair 5", "session": None, "next_words": "Next: 13:30, E. Novak", "button": {"words": "Check in", "url": "#"}})
    return "board.html", _frame() | {"chairs": chairs}


def _order_form() -> list[dict[str, Any]]:
    from django import forms

    class OrderForm(forms.Form):
        rate = forms.DecimalField(label="Rate", help_text="As on the pump.")
        because = forms.CharField(label="Reason", required=False)

    form = OrderForm({"rate": "417", "because": ""})
    refusal = {"because": "417 mL/h is 10 times the order of 41.7 mL/h; the limit is 2 times.", "way_out": "Enter 41.7, or ask the prescriber for a new order."}
    return [{"field": form["rate"], "refusal": refusal, "unit": "mL/h", "limit_words": "Between 20.9 and 83.4 mL/h."}, {"field": form["because"]}]


def parts_page() -> tuple[str, dict[str, Any]]:
    now = _utc(_now_ms())
    tile = {"unit": "mmHg", "source_words": "monitor chair 3", "stale_after_s": 600, "level": "calm"}
    return "parts.html", _frame() | {
        "tiles": [
            {**tile, "kind": "pressure", "label": "Pressure", "value": "182/96", "at": now - timedelta(minutes=2), "level": "act", "level_words": "above hold limit 180"},
            {**tile, "kind": "pulse_rate", "label": "Pulse", "value": "88", "unit": "/min", "at": now - timedelta(seconds=20)},
            {**tile, "kind": "spo2", "label": "SpO₂", "value": "93", "unit": "%", "at": now - timedelta(minutes=14), "level": "watch", "level_words": "below 94 on room air"},
            {"label": "Weight", "kind": "weight"},
        ],
        "gate": [
            {"state": "met", "words": "Identity confirmed", "at": now, "by": "M. Okafor"},
            {"state": "not_met", "words": "Weight today", "because": "The order was made for 70.0 kg.", "way_out": "Weigh now; more than 5 % asks the prescriber.", "button": {"words": "Weigh", "url": "#"}},
            {"state": "waiting", "words": "Pump read back by a second person"},
            {"state": "overridden", "words": "Escort", "because": "Escort arrives at 12:30.", "by": "L. Park, R. Stein", "at": now},
        ],
        "pad": {"key": "set", "title": "Vital signs", "url": "/set", "submit": "Save the set", "fields": [
            {"name": "systolic", "label": "Systolic", "unit": "mmHg"}, {"name": "diastolic", "label": "Diastolic", "unit": "mmHg"}, {"name": "pulse_rate", "label": "Pulse", "unit": "/min"},
            {"name": "spo2", "label": "SpO₂", "unit": "%"}, {"name": "respiratory_rate", "label": "Breaths", "unit": "/min", "max_digits": 2}, {"name": "temperature", "label": "Temperature", "unit": "°C", "decimals": True},
        ]},
        "fields": _order_form(), "dialog": _two_person(), "photo": {"words": "Take a photo", "url": "#"},
    }  # fmt: skip


def patient_page() -> tuple[str, dict[str, Any]]:
    return "patient.html", {**_frame(), "nav_items": [], "row": _score_rows(_now_ms())[3]}


def signin_page() -> tuple[str, dict[str, Any]]:
    from django import forms

    class SignInForm(forms.Form):
        login = forms.EmailField(label="Email address")
        password = forms.CharField(label="Password", widget=forms.PasswordInput)

    form = SignInForm()
    return "signin.html", {"csrf_token": "token", "practice_name": "Lakeshore Pain & Mood", "fields": [{"field": form["login"]}, {"field": form["password"]}]}


PAGES = {"/chart": chart_page, "/board": board_page, "/parts": parts_page, "/patient": patient_page, "/signin": signin_page}


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *args: Any) -> None: ...

    def do_GET(self) -> None:
        url = urlparse(self.path)
        if url.path in PAGES:
            from django.template.loader import render_to_string

            self._answer(render_to_string(*PAGES[url.path]()), "text/html; charset=utf-8")
        elif url.path.startswith("/static/"):
            self._file(WEB / url.path.lstrip("/"))
        elif WORLD.down and not url.path.startswith("/control"):
            self.close_connection = True
        elif url.path == "/live/stream":
            self._stream()
        else:
            self._json(url.path, parse_qs(url.query))

    def _json(self, path: str, query: dict[str, list[str]]) -> None:
        now = _now_ms()
        answers: dict[str, Any] = {
            "/session.json": lambda: {**session_fixture.session(now), "announcement": WORLD.number},
            "/forecast.json": lambda: session_fixture.session(now)["forecast"],
            "/what-if.json": lambda: session_fixture.what_if(now, float(query["rate_ml_per_h"][0])),
            "/control/posts": lambda: WORLD.posts,
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
        WORLD.posts.append({"path": path, "fields": fields, "key": self.headers.get("Idempotency-Key"), "csrf": self.headers.get("X-CSRFToken")})
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
