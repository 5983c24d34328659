"""A visit in which every criterion of the way home is recorded, and the short language in which the page changes one thing of it."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from winddown.domain.recovery.gate import check
from winddown.domain.sessions.gate_line import GateLine
from winddown.domain.sessions.story import Event
from winddown.domain.sessions.supervision import default_supervision, read_supervision

TEN = datetime(2026, 3, 2, 15, 0, tzinfo=UTC)
NOON_LESS_A_QUARTER = 105
RULES = {track: read_supervision(default_supervision(track)).recovery for track in ("pain", "mood")}

ALDRETE = {"activity": 2, "respiration": 2, "circulation": 2, "consciousness": 2, "saturation": 2}
PADSS = {"vitals": 2, "walking": 2, "nausea": 2, "pain": 2, "bleeding": 2}

STORY: dict[str, tuple[float, str, dict[str, Any]]] = {
    "checked_in": (-40, "checked_in", {}),
    "baseline": (-20, "baseline_taken", {"systolic": "124", "cadss6": "0", "pain": "7"}),
    "made_ready": (-5, "made_ready", {}),
    "started": (0, "started", {"rate_ml_per_h": "52.5"}),
    "infusion_completed": (40, "infusion_completed", {}),
    "observations": (100, "observation_set_taken", {"missing": []}),
    "aldrete": (100, "recovery_scored", {"variant": "aldrete-percent-92", "items": ALDRETE}),
    "padss": (100, "recovery_scored", {"variant": "padss-modified", "items": PADSS}),
    "moaas": (100, "score_taken", {"scale": "moaas", "value": "5"}),
    "cadss6": (100, "score_taken", {"scale": "cadss6", "value": "1"}),
    "pain": (100, "score_taken", {"scale": "pain", "value": "8"}),
    "orthostatic": (
        101,
        "orthostatic_taken",
        {"lying_systolic": "126", "standing_systolic": "118", "lying_diastolic": "78", "standing_diastolic": "76", "symptoms": False},
    ),
    "iv_removed": (102, "iv_removed", {}),
    "escort_present": (103, "escort_present", {"name": "Ana Ortiz"}),
    "no_drive_text_given": (103, "no_drive_text_given", {}),
}


@dataclass
class Visit:
    story: dict[str, tuple[float, str, dict[str, Any]]] = field(
        default_factory=lambda: {key: (at, kind, dict(data)) for key, (at, kind, data) in STORY.items()}
    )
    track: str = "pain"
    second: str | None = None

    def events(self) -> list[Event]:
        return [
            Event(key, place, kind, TEN + timedelta(minutes=at), TEN + timedelta(minutes=at), "Kim", data, second=self.second)
            for place, (key, (at, kind, data)) in enumerate(self.story.items())
        ]

    def lines(self, at: float = NOON_LESS_A_QUARTER) -> Sequence[GateLine]:
        return check(RULES[self.track], self.events(), at=TEN + timedelta(minutes=at))


def changed(words: str) -> Visit:
    """Apply the page's words: 'without X', 'mood track', 'X at=90, value=3', or a new fact 'rescue_given at=50, drug=Midazolam'."""
    visit = Visit()
    for part in (each.strip() for each in words.split(";") if each.strip()):
        verb, _, rest = part.partition(" ")
        if part == "mood track":
            visit.track = "mood"
        elif verb == "without":
            del visit.story[rest]
        else:
            _change(visit, verb, dict(pair.split("=", 1) for pair in rest.split(", ")))
    return visit


def _change(visit: Visit, key: str, pairs: dict[str, str]) -> None:
    at, kind, data = visit.story.get(key, (50.0, key, {}))
    at = float(pairs.pop("at", at))
    if "as_before" in pairs:
        data["at_baseline"] = pairs.pop("as_before").split("+")
    if "missing" in pairs:
        data["missing"] = json.loads(pairs.pop("missing"))
    if "items" in data:
        data["items"] = {**data["items"], **pairs}
    else:
        data.update(pairs)
    visit.story[key] = (at, kind, data)
