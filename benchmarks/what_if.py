"""How long the chart and a what-if take on the longest session there is: four hours with one reading a second.

`python benchmarks/what_if.py`. Measures the two views' data inside one process, on a real database, with nothing else running:
`chart_data` is what a page asks for when it opens, `what_if_data` what it asks for while a rate is tried.
"""

from __future__ import annotations

import argparse
import json
import statistics
import sys
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from time import perf_counter

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from tests import factories, house

URLS = house.ready()

from django.db import connection  # noqa: E402 - Django must be set up first

from tests.factories import visit  # noqa: E402
from winddown.record.scope import at_practice  # noqa: E402
from winddown.services import bags, infusion, sessions  # noqa: E402
from winddown.web.sessions import chart  # noqa: E402

HOURS = 4
KINDS = {
    "heart_rate": ("/min", 72),
    "pulse_rate": ("/min", 72),
    "spo2": ("%", 97),
    "respiratory_rate": ("/min", 14),
    "etco2": ("mm[Hg]", 38),
}
FILL = """insert into record_reading (practice_id, session_id, chair_id, kind, value, unit, raw_value, observed_at, received_at, source,
            label, problem)
          select %s, %s, %s, %s, %s + 3 * sin(second / 40.0), %s, '', %s + second * interval '1 second', %s + second * interval '1 second',
            'monitor', 'accepted', ''
          from generate_series(0, %s) as second"""


def long_session(clinic: factories.House, now: datetime):
    """A running four-hour infusion, four hours in, with a rate change every twenty minutes."""
    begun = now - timedelta(hours=HOURS) + timedelta(minutes=1)
    earlier = begun - timedelta(hours=1)
    order = factories.order(clinic, key="crps-outpatient-4h", now=earlier)
    session = factories.session(clinic, order, start=begun, minutes=400, now=earlier)
    sessions.check_in(session, by=clinic.nurse, now=begun - timedelta(minutes=20))
    sessions.weigh(session, "70", by=clinic.nurse, now=begun - timedelta(minutes=18))
    bag = bags.make(session, visit.BAG, by=clinic.nurse, second=clinic.nurse_2, now=begun - timedelta(minutes=10))
    bags.hang(bag, by=clinic.nurse, now=begun - timedelta(minutes=9))
    rate = Decimal(session.order.figures["phases"][0]["rate_ml_per_h"])
    infusion.start(session, rate, by=clinic.nurse, now=begun, as_fact=True)
    for step in range(1, HOURS * 3):
        changed = rate - Decimal(step % 3) / 10
        at = begun + timedelta(minutes=20 * step)
        infusion.change_rate(session, changed, because="as ordered", by=clinic.nurse, now=at, as_fact=True)
    with connection.cursor() as cursor:
        for kind, (unit, value) in KINDS.items():
            told = [clinic.id, session.pk, session.chair_id, kind, value, unit, begun, begun, HOURS * 3600]
            cursor.execute(FILL, told)
        cursor.execute("select count(*) from record_reading where session_id = %s", [session.pk])
        assert cursor.fetchone()[0] >= HOURS * 3600 * len(KINDS)
    return session


def timed(act: Callable[[], object], times: int) -> dict[str, float]:
    act()
    took = []
    for _ in range(times):
        begun = perf_counter()
        act()
        took.append((perf_counter() - begun) * 1000)
    return {"p50_ms": round(statistics.median(took), 1), "p95_ms": round(sorted(took)[int(0.95 * len(took))], 1)}


def main(times: int) -> dict[str, object]:
    clinic, now = factories.house(URLS), datetime.now(tz=UTC)
    with at_practice(clinic.id):
        session = long_session(clinic, now)
    with at_practice(clinic.id):
        sizes = {
            "chart_json_kb": round(len(json.dumps(chart.chart_data(session, now=now))) / 1000),
            "what_if_json_kb": round(len(json.dumps(chart.what_if_data(session, Decimal(20), now=now))) / 1000),
        }
        return {
            "hours": HOURS,
            "readings": HOURS * 3600 * len(KINDS),
            "chart_data": timed(lambda: chart.chart_data(session, now=now), times),
            "what_if_data": timed(lambda: chart.what_if_data(session, Decimal("20"), now=now), times),
            **sizes,
        }


if __name__ == "__main__":
    words = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    words.add_argument("--times", type=int, default=40)
    print(json.dumps(main(words.parse_args().times), indent=1))
