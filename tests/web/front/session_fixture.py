"""A session 25 minutes in, in the chart's JSON contract. Shapes to look at, not pharmacology: nothing here is a published figure."""

from __future__ import annotations

import math
from typing import Any

MINUTE = 60_000
STEP = 30_000
ZONE = "America/New_York"
WEIGHT_KG = 70.0
LIMITS = {
    "systolic": {"notify_high": 160, "relative_high": 166, "hold_high": 180, "low": 100},
    "diastolic": {"notify_high": 100, "hold_high": 110},
    "heart_rate": {"notify_high": 110, "hold_high": 130, "low": 50},
    "pulse_rate": {"notify_high": 110, "hold_high": 130, "low": 50},
    "spo2": {"notify_low": 92, "hold_low": 90},
    "respiratory_rate": {"notify_low": 10, "hold_low": 8},
    "etco2": {"notify_high": 50, "notify_low": 30},
}


def _rate_at(at: int, steps: list[tuple[int, int, float]]) -> float:
    return next((rate for start, end, rate in steps if start <= at < end), 0.0)


def _levels(
    times: list[int], steps: list[tuple[int, int, float]], *, elimination: float = 0.035
) -> tuple[list[float], list[float], list[float]]:
    """Plasma, effect site and norketamine of a toy model driven by (from, to, mL/h)."""
    plasma = effect = norketamine = 0.0
    out: tuple[list[float], list[float], list[float]] = ([], [], [])
    for at in times:
        minutes = STEP / MINUTE
        plasma += (_rate_at(at, steps) * 0.235 - elimination * plasma * 1.6) * minutes
        effect += (plasma - effect) * 0.14 * minutes
        norketamine += (0.018 * plasma - 0.012 * norketamine) * minutes
        for course, value in zip(out, (plasma, effect, norketamine), strict=True):
            course.append(round(value, 2))
    return out


def _fan(course: list[float], wide: float) -> dict[str, list[float]]:
    factors = {
        "p05": math.exp(-1.64 * wide),
        "p25": math.exp(-0.67 * wide),
        "p50": 1.0,
        "p75": math.exp(0.67 * wide),
        "p95": math.exp(1.64 * wide),
    }
    return {name: [round(value * factor, 2) for value in course] for name, factor in factors.items()}


def forecast(start: int, now: int, steps: list[tuple[int, int, float]], *, unknown_from: int | None = None) -> dict[str, Any]:
    times = list(range(start - 5 * MINUTE, now + 150 * MINUTE, STEP))
    plasma, effect, norketamine = _levels(times, steps)
    slower, _, _ = _levels(times, steps, elimination=0.048)
    rise = {name: [round(value * 0.15, 2) for value in course] for name, course in _fan(effect, 0.5).items()}
    feeling = {
        name: [round(100 / (1 + (140 / max(value, 0.5)) ** 2.2), 2) for value in course] for name, course in _fan(effect, 0.45).items()
    }
    below = next((at for at, value in zip(times, effect, strict=True) if at > now + 10 * MINUTE and value < 40), None)
    return {
        "model": {"id": "example", "name": "Example model", "site": "arterial", "words": "calibrated on simulated patients only"},
        "times": times,
        "plasma": _fan(plasma, 0.28),
        "effect_site": _fan(effect, 0.3),
        "norketamine": {"p50": norketamine},
        "second": {"name": "Second model", "plasma_p50": slower, "differs": True},
        "dissociation": {"p05": feeling["p05"], "p50": feeling["p50"], "p95": feeling["p95"], "rating": "exploratory"},
        "systolic_rise": {"p05": rise["p05"], "p50": rise["p50"], "p95": rise["p95"], "rating": "exploratory"},
        "thresholds": [
            {"ng_per_ml": 100, "words": "range asked for, 100 ng/mL"},
            {"ng_per_ml": 40, "words": "predicted level at discharge, 40 ng/mL"},
        ],
        "clock": {
            "median_at": below,
            "ninety_at": below and below + 22 * MINUTE,
            "words": "Below 40 ng/mL: a predicted level, not a discharge criterion",
        },
        "unknown_from": unknown_from,
        "warnings": ["Predicted pressure and dissociation are exploratory and never rank or gate a dose."],
    }


def _segment(start: int, end: int, ml_per_h: float | None, kind: str = "running") -> dict[str, Any]:
    mg_per_h = None if ml_per_h is None else ml_per_h * 1.0
    return {
        "from": start,
        "to": end,
        "ml_per_h": ml_per_h,
        "mg_per_h": mg_per_h,
        "mg_per_kg_h": None if mg_per_h is None else round(mg_per_h / WEIGHT_KG, 3),
        "kind": kind,
    }


def rate_steps(start: int, now: int, next_rate: float = 52.5) -> list[tuple[int, int, float]]:
    return [
        (start, start + 9 * MINUTE, 35.0),
        (start + 9 * MINUTE, start + 15 * MINUTE, 52.5),
        (start + 17 * MINUTE, now, 52.5),
        (now, start + 42 * MINUTE, next_rate),
    ]


def _every(start: int, end: int, step: int, course: Any, where: str = "monitor chair 3") -> list[list[Any]]:
    return [[at, course((at - start) / MINUTE), "accepted", "monitor", where] for at in range(start, end, step)]


def _cuffs(start: int) -> tuple[list[list[Any]], list[list[Any]]]:
    rows = [
        (-4, 128, 78),
        (2, 131, 80),
        (5, 136, 82),
        (8, 141, 84),
        (10, 148, 86),
        (13, 162, 92),
        (15.5, 171, 95),
        (18, 158, 90),
        (21, 154, 88),
        (23.5, 156, 89),
    ]
    systolic = [[start + int(minute * MINUTE), high, "accepted", "monitor", "monitor chair 3"] for minute, high, _ in rows]
    diastolic = [[start + int(minute * MINUTE), low, "accepted", "monitor", "monitor chair 3"] for minute, _, low in rows]
    late = start + int(16.8 * MINUTE)
    systolic.append([late, 165, "late", "hand", "by hand, M. Okafor, written 4 min later"])
    diastolic.append([late, 93, "late", "hand", "by hand, M. Okafor, written 4 min later"])
    odd = start + int(6.6 * MINUTE)
    systolic.append([odd, 262, "implausible", "monitor", "monitor chair 3"])
    return systolic, diastolic


def readings(start: int, now: int) -> dict[str, list[list[Any]]]:
    systolic, diastolic = _cuffs(start)
    heart = _every(
        start - 4 * MINUTE,
        now - 4_000,
        10_000,
        lambda m: round(72 + 16 / (1 + math.exp(-(m - 12) / 3)) + 2 * math.sin(m * 2.1) + 9 * math.exp(-((m - 20) ** 2) / 3)),
    )
    saturation = _every(
        start - 4 * MINUTE, now - 4_000, 10_000, lambda m: round(98 + 0.6 * math.sin(m * 1.7) - 7.4 * math.exp(-((m - 23.2) ** 2) / 0.8))
    )
    breaths = _every(start - 4 * MINUTE, now - 4_000, 20_000, lambda m: round(15 + 1.6 * math.sin(m * 1.3) - m / 14))
    return {
        "systolic": systolic,
        "diastolic": diastolic,
        "heart_rate": heart,
        "pulse_rate": [],
        "spo2": saturation,
        "respiratory_rate": breaths,
        "etco2": [],
    }


def _scores(start: int) -> list[dict[str, Any]]:
    def score(scale: str, value: str, minute: float, words: str, level: str = "calm", late: bool = False) -> dict[str, Any]:
        return {"scale": scale, "value": value, "at": start + int(minute * MINUTE), "words": words, "level": level, "late": late}

    return [
        score("moaas", "5", -4, "awake"),
        score("moaas", "5", 10, "awake"),
        score("moaas", "4", 20, "sluggish reply to name", "watch"),
        score("cadss6", "0", -4, "none"),
        score("cadss6", "6", 10, "mild"),
        score("cadss6", "14", 20, "strong, at ease", "watch"),
        score("nausea", "0", -4, "none"),
        score("nausea", "2", 10, "slight"),
        score("nausea", "7", 20, "severe", "act"),
        score("pain", "8", -4, "baseline", "watch"),
        score("pain", "5", 10, "less", "calm"),
        score("pain", "3", 20, "mild", "calm", True),
    ]


def _marks(start: int) -> list[dict[str, Any]]:
    def mark(key: str, kind: str, minute: float, words: str, late: bool = False) -> dict[str, Any]:
        at = start + int(minute * MINUTE)
        return {
            "id": key,
            "kind": kind,
            "at": at,
            "words": words,
            "late": late,
            "written_at": at + (4 * MINUTE if late else 0),
            "by": "M. Okafor",
        }

    return [
        mark("m1", "iv_check", -2, "IV site clear, left forearm"),
        mark("m2", "comfort", 4, "Blanket, lights down"),
        mark("m3", "note", 15.2, "Held: pressure"),
        mark("m4", "photo", 16.2, "Photo of IV site", True),
        mark("m5", "rescue", 21, "Ondansetron 4 mg IV"),
        mark("m6", "help", 22.4, "Help pressed"),
    ]


def _alarms(start: int, now: int) -> list[dict[str, Any]]:
    return [
        {
            "id": "a1",
            "severity": "medium",
            "words": "Systolic 171 mmHg, above own baseline limit 166",
            "next_step": "Hold the pump, recheck in 5 min.",
            "raised_at": start + int(15.5 * MINUTE),
            "acknowledged_at": start + int(15.5 * MINUTE) + 42_000,
            "acknowledged_by": "M. Okafor",
            "cleared_at": None,
        },
        {
            "id": "a2",
            "severity": "high",
            "words": "SpO₂ 91 %, below notify limit 92",
            "next_step": "Look at the patient. Open the airway, give oxygen, call for help.",
            "raised_at": now - 75_000,
            "acknowledged_at": None,
            "acknowledged_by": None,
            "cleared_at": None,
        },
    ]


def session(now: int) -> dict[str, Any]:
    """The whole answer of the chart's data address, 25 minutes after the start."""
    start = now - 25 * MINUTE
    steps = rate_steps(start, now)
    return {
        "now": now,
        "announcement": 100,
        "session": {
            "ref": "S-1042",
            "status": "running",
            "status_words": "Running",
            "started_at": start,
            "planned_stop_at": start + 42 * MINUTE,
            "finish_at": start + 42 * MINUTE,
            "zone": ZONE,
        },
        "dose": {
            "pumped_mg": "17.5",
            "reached_mg": "15.1",
            "mg_per_kg": "0.25",
            "concentration_mg_per_ml": "1",
            "segments": [
                _segment(start, start + 9 * MINUTE, 35.0),
                _segment(start + 9 * MINUTE, start + 15 * MINUTE, 52.5),
                _segment(start + 15 * MINUTE, start + 17 * MINUTE, 0.0, "held"),
                _segment(start + 17 * MINUTE, now, 52.5),
                {**_segment(start + 60_000, start + 90_000, 200.0, "bolus"), "words": "bolus 2 mL"},
            ],
            "planned": [_segment(now, start + 42 * MINUTE, 52.5)],
        },
        "readings": readings(start, now),
        "baseline": {"systolic": 128, "diastolic": 78, "pulse_rate": 72, "respiratory_rate": 15, "spo2": 98},
        "limits": LIMITS,
        "scores": _scores(start),
        "marks": _marks(start),
        "alarms": _alarms(start, now),
        "forecast": forecast(start, now, steps),
    }


def what_if(now: int, rate_ml_per_h: float) -> dict[str, Any]:
    start = now - 25 * MINUTE
    left_ml = 52.5 * 17 / 60
    finish = now + int(left_ml / rate_ml_per_h * 60 * MINUTE) if rate_ml_per_h > 0 else None
    steps = [*rate_steps(start, now)[:-1], (now, finish or now, rate_ml_per_h)]
    findings = []
    if rate_ml_per_h > 78.75:
        findings.append(
            {
                "severity": "ask",
                "words": f"{rate_ml_per_h:g} mL/h is {rate_ml_per_h / 52.5:.2f} times the order; the protocol asks above 1.25",
            }
        )
    return {
        "rate": {"ml_per_h": str(rate_ml_per_h), "mg_per_h": str(rate_ml_per_h), "mg_per_kg_h": f"{rate_ml_per_h / WEIGHT_KG:.3f}"},
        "forecast": forecast(start, now, steps),
        "finish_at": finish,
        "findings": findings,
        "took_ms": 9,
    }
