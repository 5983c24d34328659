"""A registry's curve on an embedded engine is the curve of the domain's own arithmetic."""

from __future__ import annotations

import ibis
import numpy as np
import pyarrow as pa
import pytest

from winddown.analytics import registry
from winddown.domain.outcomes import survival


def table(rows: list[tuple[int, int, float]]) -> ibis.Table:
    names = ("patient_id", "day", "score")
    return ibis.memtable(pa.table({name: [row[place] for row in rows] for place, name in enumerate(names)}))


def read(rows: list[tuple[int, int, float]]) -> dict[int, dict]:
    found = registry.series(table(rows)).to_pyarrow().to_pylist()
    return {row["patient_id"]: row for row in found}


def test_each_kind_of_patient_is_read_as_the_words_say():
    told = read(
        [
            *[(1, day, 8.0) for day in (-2, -1, 0)],
            *[(1, day, score) for day, score in ((3, 4.0), (10, 4.5), (20, 6.5), (30, 8.0))],
            *[(2, day, 8.0) for day in (-1, 5, 40)],
            *[(3, -1, 8.0), (3, 5, 3.0), (3, 60, 3.5)],
            *[(4, -1, 2.0), (4, 5, 0.0)],
            *[(5, -1, 8.0), (5, 90, 2.0)],
        ]
    )
    assert (told[1]["responded"], told[1]["responded_day"], told[1]["relapsed"], told[1]["days"]) == (True, 3, True, 17)
    assert (told[2]["responded"], told[2]["relapsed"]) == (False, False)
    assert (told[3]["responded"], told[3]["relapsed"], told[3]["days"]) == (True, False, 55)
    assert (told[4]["responded"], told[5]["responded"]) == (None, None)


def test_the_curve_is_that_of_the_domain_to_the_last_digit():
    rng = np.random.default_rng(4)
    days, relapsed = rng.integers(1, 60, 400), rng.random(400) < 0.6
    days[:3], relapsed[:3] = 61, True
    followed = ibis.memtable(
        pa.table({"patient_id": range(400), "responded": [True] * 400, "relapsed": relapsed.tolist(), "days": days.tolist()})
    )
    found = registry.relapse_curve(followed).to_pyarrow().to_pydict()
    ours = survival.kaplan_meier(days.tolist(), relapsed.tolist())
    assert found["day"] == ours.times.tolist()
    assert (found["at_risk"], found["lost"], found["left"]) == (ours.at_risk.tolist(), ours.relapsed.tolist(), ours.left.tolist())
    assert found["survival"] == pytest.approx(ours.survival.tolist(), abs=1e-12)
    assert found["error"][:-1] == pytest.approx(ours.error.tolist()[:-1], abs=1e-12)
    inside = [place for place, low in enumerate(found["low"]) if low is not None]
    assert [found["low"][n] for n in inside] == pytest.approx([ours.low[n] for n in inside], abs=1e-12)
    assert [found["high"][n] for n in inside] == pytest.approx([ours.high[n] for n in inside], abs=1e-12)


def test_those_who_cannot_be_judged_are_counted_and_not_dropped():
    rows = [(1, -1, 8.0), (1, 5, 2.0), (2, -1, 1.0), (2, 5, 1.0), (3, -1, 9.0), (3, 6, 9.0)]
    assert registry.response_shares(registry.series(table(rows))).to_pyarrow().to_pylist() == [
        {"patients": 3, "responded": 1, "did_not": 1, "not_known": 1}
    ]
