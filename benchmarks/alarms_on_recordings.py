"""How often the default alarms would have rung on two real recordings, and every reading that was held back from them, with its reason.

`python benchmarks/alarms_on_recordings.py`. One row a minute, intensive-care patients without ketamine: what this measures is how the
limits behave on real signals with probes off and artefacts, not what a ketamine session looks like.
"""

from __future__ import annotations

import argparse
import json
from datetime import UTC, datetime, timedelta

from winddown.devices.emulators.recording import packaged, rows
from winddown.domain.alarms.condition import Baseline
from winddown.domain.alarms.defaults import default_limits
from winddown.domain.alarms.evaluate import Watching
from winddown.domain.alarms.replay import Summary, summarize
from winddown.domain.vitals.kinds import kind_of
from winddown.domain.vitals.reading import Reading

START = datetime(2026, 1, 1, tzinfo=UTC)
WATCHED = ("heart_rate", "pulse_rate", "spo2", "respiratory_rate")
ROW_EVERY_S = 60.0


def readings(name: str) -> list[Reading]:
    """The recording as its monitor would have sent it, each reading received when it was observed."""
    found = []
    for minute, signs in rows(name):
        at = START + timedelta(minutes=minute)
        for kind, value in signs:
            found.append(Reading(f"min {minute:g} {kind}", kind, value, kind_of(kind).unit, at, at, "monitor", device="bedside"))
    return found


def replayed(name: str) -> Summary:
    """With silence judged as for a feed of one row a minute, and the first believable cuff pressure as this patient's own."""
    told = readings(name)
    own = {kind: next((each.value for each in told if each.kind == kind and each.value), None) for kind in ("systolic", "diastolic")}
    baseline = Baseline(**{kind: value for kind, value in own.items() if value})
    watching = Watching(since=dict.fromkeys(WATCHED, START), every_s=dict.fromkeys(WATCHED, ROW_EVERY_S))
    return summarize(told, limits=default_limits(), baseline=baseline, watching=watching, tick_s=20)


def as_data(name: str, summary: Summary) -> dict[str, object]:
    return {
        "recording": name,
        "hours": round(summary.hours, 2),
        "readings": summary.readings,
        "alarms": summary.raised,
        "alarms_per_chair_hour": round(summary.per_chair_hour, 2),
        "held_back": len(summary.held_back),
        "held_back_and_beyond_a_limit": sum(bool(each.would_touch) for each in summary.held_back),
        "reasons": [
            {"kind": kind, "label": label, "because": why, "count": count} for (kind, label, why), count in summary.reasons.items()
        ],
    }


if __name__ == "__main__":
    words = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    words.add_argument("--json", action="store_true", help="print the counts as JSON instead of the pages")
    told = words.parse_args()
    found = {name: replayed(name) for name in packaged()}
    if told.json:
        print(json.dumps([as_data(name, summary) for name, summary in found.items()], indent=1))
    else:
        for name, summary in found.items():
            print(f"{name}\n{summary.as_text()}\n")
