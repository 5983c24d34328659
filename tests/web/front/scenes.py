"""What the pages of the stage show: invented people, chairs and numbers, in the words of the components."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import session_fixture
from django import forms
from scene_parts import frame, now_ms, score_rows, two_person, utc


def chart_page(lock_after_s: int) -> tuple[str, dict[str, Any]]:
    now = now_ms()
    start = now - 25 * session_fixture.MINUTE
    alarms = [
        {
            **alarm,
            "raised_at": utc(alarm["raised_at"]),
            "acknowledged_at": alarm["acknowledged_at"] and utc(alarm["acknowledged_at"]),
            "where": "Chair 3",
            "session": "S-1042",
            "acknowledge_url": f"/alarms/{alarm['id']}/acknowledge",
        }
        for alarm in session_fixture.session(now)["alarms"]
        if not alarm["acknowledged_at"]
    ]
    return "chart.html", frame(lock_after_s) | {
        "strip": {
            "name": "Alexandra Example",
            "age_words": "47 y",
            "weight_words": "70.0 kg today",
            "allergies_words": "Penicillin: rash",
            "allergies_level": "watch",
            "protocol_words": "Pain 0.5 mg/kg, 40 min, v3",
            "status_words": "Running since start",
            "pumped_mg": "17.5",
            "mg_per_kg": "0.25",
            "started_at": utc(start),
            "duty": {"words": "Pressure", "due_at": utc(now) + timedelta(minutes=3)},
            "people": [{"role": "Nurse", "name": "M. Okafor, RN"}, {"role": "Physician", "name": "L. Park, MD"}],
        },
        "chart": {
            "url": "/session.json",
            "what_if_url": "/what-if.json",
            "forecast_url": "/forecast.json",
            "session": "S-1042",
            "chair_name": "Chair 3",
            "rate_change_url": "/rate-change",
            "rate_now": "52.5",
            "rate_min": "0",
            "rate_max": "90",
            "rate_step": "0.5",
        },
        "alarms": alarms,
        "rows": score_rows(start),
        "dialog": two_person(),
        "duties": [
            {
                "words": "Scores, 5 taps",
                "because": "every 10 min",
                "due_at": utc(now) - timedelta(minutes=2, seconds=30),
                "button": {"words": "Score now", "url": "#score-moaas"},
            },
            {
                "words": "Pressure",
                "because": "15 min after the rate change",
                "due_at": utc(now) + timedelta(minutes=3),
                "button": {"words": "By hand", "url": "#pad"},
            },
            {
                "words": "IV site check",
                "because": "every 30 min",
                "due_at": utc(now) + timedelta(minutes=9),
                "button": {"words": "Site is clear", "url": "/iv", "method": "post", "queue": True},
            },
        ],
    }


def board_page(lock_after_s: int) -> tuple[str, dict[str, Any]]:
    now = utc(now_ms())
    rows = [
        (
            "1",
            "A. Rivera",
            "running",
            "Running, 12 of 40 min",
            30,
            "calm",
            "",
            "Pressure",
            4,
            "128/79, 2 min ago",
            "0,15 20,14 40,13 60,13 80,11 100,11",
        ),
        (
            "2",
            "B. Chen",
            "recovering",
            "Recovering, 20 of 60 min",
            33,
            "calm",
            "",
            "Orthostatic pressure",
            11,
            "118/74, 5 min ago",
            "0,8 20,9 40,12 60,14 80,16 100,16",
        ),
        (
            "3",
            "A. Example",
            "running",
            "Running, 25 of 42 min",
            60,
            "act",
            "High alarm: SpO₂ 91 %",
            "Scores",
            -3,
            "156/89, 1 min ago",
            "0,20 20,17 40,11 60,3 80,8 100,9",
        ),
        (
            "4",
            "D. Osei",
            "held",
            "Held for 3 min",
            48,
            "watch",
            "Held: recheck pressure",
            "Recheck pressure",
            2,
            "171/95, 3 min ago",
            "0,20 20,14 40,9 60,6 80,4 100,3",
        ),
    ]
    chairs = [
        {
            "key": key,
            "name": f"Chair {key}",
            "url": "/chart",
            "session": f"S-{key}",
            "patient": patient,
            "phase": phase,
            "phase_words": words,
            "percent": percent,
            "level": level,
            "level_words": level_words,
            "duty": {"words": duty, "due_at": now + timedelta(minutes=due)},
            "spark": {"points": points, "words": f"Systolic: {value}", "value_words": value, "high": 5},
            "button": {"words": "Score now" if due < 0 else "Open chart", "url": "/chart"},
        }
        for key, patient, phase, words, percent, level, level_words, duty, due, value, points in rows
    ]
    chairs.append(
        {"key": "5", "name": "Chair 5", "session": None, "next_words": "Next: 13:30, E. Novak", "button": {"words": "Check in", "url": "#"}}
    )
    return "board.html", frame(lock_after_s) | {"chairs": chairs}


def _order_form() -> list[dict[str, Any]]:
    class OrderForm(forms.Form):
        rate = forms.DecimalField(label="Rate", help_text="As on the pump.")
        because = forms.CharField(label="Reason", required=False)

    form = OrderForm({"rate": "417", "because": ""})
    refusal = {
        "because": "417 mL/h is 10 times the order of 41.7 mL/h; the limit is 2 times.",
        "way_out": "Enter 41.7, or ask the prescriber for a new order.",
    }
    return [
        {"field": form["rate"], "refusal": refusal, "unit": "mL/h", "limit_words": "Between 20.9 and 83.4 mL/h."},
        {"field": form["because"]},
    ]


def parts_page(lock_after_s: int) -> tuple[str, dict[str, Any]]:
    now = utc(now_ms())
    tile = {"unit": "mmHg", "source_words": "monitor chair 3", "stale_after_s": 600, "level": "calm"}
    return "parts.html", frame(lock_after_s) | {
        "tiles": [
            {
                **tile,
                "kind": "pressure",
                "label": "Pressure",
                "value": "182/96",
                "at": now - timedelta(minutes=2),
                "level": "act",
                "level_words": "above hold limit 180",
            },
            {**tile, "kind": "pulse_rate", "label": "Pulse", "value": "88", "unit": "/min", "at": now - timedelta(seconds=20)},
            {
                **tile,
                "kind": "spo2",
                "label": "SpO₂",
                "value": "93",
                "unit": "%",
                "at": now - timedelta(minutes=14),
                "level": "watch",
                "level_words": "below 94 on room air",
            },
            {"label": "Weight", "kind": "weight"},
        ],
        "gate": [
            {"state": "met", "words": "Identity confirmed", "at": now, "by": "M. Okafor"},
            {
                "state": "not_met",
                "words": "Weight today",
                "because": "The order was made for 70.0 kg.",
                "way_out": "Weigh now; more than 5 % asks the prescriber.",
                "button": {"words": "Weigh", "url": "#"},
            },
            {"state": "waiting", "words": "Pump read back by a second person"},
            {"state": "overridden", "words": "Escort", "because": "Escort arrives at 12:30.", "by": "L. Park, R. Stein", "at": now},
        ],
        "pad": {
            "key": "set",
            "title": "Vital signs",
            "url": "/set",
            "submit": "Save the set",
            "fields": [
                {"name": "systolic", "label": "Systolic", "unit": "mmHg"},
                {"name": "diastolic", "label": "Diastolic", "unit": "mmHg"},
                {"name": "pulse_rate", "label": "Pulse", "unit": "/min"},
                {"name": "spo2", "label": "SpO₂", "unit": "%"},
                {"name": "respiratory_rate", "label": "Breaths", "unit": "/min", "max_digits": 2},
                {"name": "temperature", "label": "Temperature", "unit": "°C", "decimals": True},
            ],
        },
        "fields": _order_form(),
        "dialog": two_person(),
        "photo": {"words": "Take a photo", "url": "#"},
    }


def patient_page(lock_after_s: int) -> tuple[str, dict[str, Any]]:
    return "patient.html", {**frame(lock_after_s), "nav_items": [], "row": score_rows(now_ms())[3]}


def signin_page(lock_after_s: int) -> tuple[str, dict[str, Any]]:
    class SignInForm(forms.Form):
        login = forms.EmailField(label="Email address")
        password = forms.CharField(label="Password", widget=forms.PasswordInput)

    form = SignInForm()
    return "signin.html", {
        "csrf_token": "token",
        "practice_name": "Lakeshore Pain & Mood",
        "fields": [{"field": form["login"]}, {"field": form["password"]}],
    }


PAGES = {"/chart": chart_page, "/board": board_page, "/parts": parts_page, "/patient": patient_page, "/signin": signin_page}
