"""How long the server works on the pages of one visit: `.venv/bin/python -m tests.web.sessions.measure [--calls 50] [--events 300]`.

`took_ms` is what the what-if says of itself; the others are wall and processor time of a whole request, sign-in and template included.
"""

from __future__ import annotations

import argparse
import statistics
from time import perf_counter, thread_time

PATHS = ("", "now/", "acts/", "chart.json", "forecast.json", "what-if.json", "story/", "emergency/")


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--calls", type=int, default=50)
    asked.add_argument("--events", type=int, default=300)
    options = asked.parse_args()
    from tests import factories
    from tests.house import ready

    urls = ready()
    from tests.web.sessions.chair import Chair

    chair = Chair(factories.house(urls))
    chair.add_readings(1200)
    chair.add_notes(options.events)
    took = [_what_if(chair, 20 + place % 60) for place in range(options.calls + 3)][3:]
    print(f"what-if took_ms over {options.calls} calls: median {statistics.median(took):.1f}, worst {max(took):.1f}")
    for path in PATHS:
        walls, works = zip(*[_request(chair, path) for _ in range(options.calls // 2)], strict=True)
        told = f"{statistics.median(walls):6.1f} ms wall, {statistics.median(works):6.1f} ms processor"
        print(f"{chair.url(path)[46:] or 'page':14} {told}, median of {len(walls)}")


def _what_if(chair: object, rate: int) -> float:
    return float(chair.get("what-if.json", rate_ml_per_h=str(rate)).json()["took_ms"])  # type: ignore[attr-defined]


def _request(chair: object, path: str) -> tuple[float, float]:
    asked = {"rate_ml_per_h": "40"} if path == "what-if.json" else {}
    wall, work = perf_counter(), thread_time()
    assert chair.get(path, **asked).status_code == 200  # type: ignore[attr-defined]
    return (perf_counter() - wall) * 1000, (thread_time() - work) * 1000


if __name__ == "__main__":
    main()
