"""What several scenes of the stage show: the frame, the rows of scores, the form for two people. Invented people and numbers."""

from __future__ import annotations

import time
from datetime import UTC, datetime
from typing import Any

import session_fixture

ALARM_URLS = {
    "heartbeat": "/alarms/heartbeat",
    "mute": "/alarms/mute",
    "test_tone": "/alarms/test-tone",
    "acknowledge": "/alarms/__id__/acknowledge",
}
LOCK = {"url": "/lock/now/", "unlock_url": "/lock/", "after_s": 0}
LIVE = {"url": "/live/stream", "after": 100}


def now_ms() -> int:
    return int(time.time() * 1000)


def utc(ms: int) -> datetime:
    return datetime.fromtimestamp(ms / 1000, UTC)


class _Person:
    pk = 7
    is_authenticated = True

    def __str__(self) -> str:
        return "M. Okafor, RN"


def frame(lock_after_s: int) -> dict[str, Any]:
    names = [("Board", "/board", False), ("Chair 3", "/chart", True), ("Patients", "/parts", False), ("Drug ledger", "#", False)]
    return {
        "user": _Person(),
        "staff": None,
        "csrf_token": "token",
        "practice_name": "Lakeshore Pain & Mood",
        "location_name": "Sandusky",
        "live": LIVE,
        "lock": {**LOCK, "after_s": lock_after_s},
        "alarm_urls": ALARM_URLS,
        "sign_out_url": "/out",
        "nav_items": [{"url": url, "words": words, "current": current} for words, url, current in names],
    }


def _options(values: list[tuple[str, str, str]]) -> list[dict[str, str]]:
    return [{"value": value, "words": words, "level": level} for value, words, level in values]


def score_rows(start: int) -> list[dict[str, Any]]:
    at = utc(start + 20 * session_fixture.MINUTE)
    tens = [(str(n), "", "calm" if n < 4 else "watch" if n < 7 else "act") for n in range(11)]
    sedation = [
        ("5", "awake", "calm"),
        ("4", "sluggish", "watch"),
        ("3", "loud voice", "act"),
        ("2", "gentle shake", "act"),
        ("1", "squeeze", "act"),
        ("0", "none", "act"),
    ]
    feeling = [
        ("0", "none", "calm"),
        ("6", "mild", "calm"),
        ("12", "strong", "watch"),
        ("18", "very strong", "watch"),
        ("24", "most", "act"),
    ]
    return [
        {
            "scale": "moaas",
            "title": "Sedation",
            "hint": "MOAA/S",
            "url": "/scores",
            "options": _options(sedation),
            "last": {"value": "4", "words": "4, sluggish", "at": at},
        },
        {"scale": "cadss6", "title": "Dissociation", "hint": "CADSS-6", "url": "/scores", "options": _options(feeling), "last": None},
        {
            "scale": "nausea",
            "title": "Nausea",
            "hint": "0 to 10",
            "url": "/scores",
            "options": _options(tens),
            "last": {"value": "7", "words": "7, severe", "at": at},
        },
        {"scale": "pain", "title": "Pain", "hint": "0 to 10", "url": "/scores", "options": _options(tens), "last": None},
    ]


def two_person() -> dict[str, Any]:
    lines = [
        ("Drug", "ketamine, racemic"),
        ("Concentration", "1 mg/mL"),
        ("Rate", "52.5 mL/h = 0.75 mg/kg/h"),
        ("Volume to be infused", "35 mL"),
    ]
    return {
        "id": "two",
        "title": "Pump check by two people",
        "lines": [{"label": label, "value": value} for label, value in lines],
        "url": "/two",
        "first_name": "M. Okafor, RN",
        "people": [{"key": "8", "name": "R. Stein, RN"}, {"key": "9", "name": "L. Park, MD"}],
        "submit": "",
    }
