"""A registry on an embedded engine says of each series what the practice's own definition says, and draws the domain's own curve."""

from __future__ import annotations

import random
from datetime import UTC, datetime

import ibis
import numpy as np
import pyarrow as pa
import pytest

from winddown.analytics import registry
from winddown.domain.outcomes import survival
from winddown.domain.outcomes.definition import FUNCTION, MOOD, PAIN, Definition
from winddown.domain.outcomes.episodes import DAY, Episode, Given, Score, episodes
from winddown.domain.refusals import OutOfRange

LAST = datetime(2026, 3, 2, tzinfo=UTC)
SAID = {"yes": True, "no": False}


def person(chance: random.Random, most: int) -> dict:
    """Answers that come and stay away, a gain that comes early, late or never and fades; some stop, some are treated again."""
    began, until = -chance.choice([0, 0, 3, 11]), chance.choice([6, 20, 30, 61, 120, 250])
    often, stops, gain = chance.choice([0.03, 0.3, 0.8]), chance.choice([-40, 5, 40, 999]), chance.choice([0, 0.3, 0.5, 0.9])
    base, fades = chance.randint(1, most), chance.choice([10, 40, 400])
    answers = []
    for day in range(-36, until + 2):
        level = base * (1 - gain * 2 ** -(max(day, 0) / fades)) if day > began else base
        score = min(max(round(level + chance.choice([-1, 0, 0, 1])), 0), most)
        if chance.random() < often and day <= stops:
            answers.append((day, score))
    chance.shuffle(answers)
    return {"began": began, "until": until, "retreated": until > 14 and chance.random() < 0.4, "answers": answers}


def by_the_definition(definition: Definition, who: dict) -> Episode:
    days = sorted({who["began"], 0}) + ([who["until"]] if who["retreated"] else [])
    at = LAST + (who["until"] + who["retreated"]) * DAY
    return episodes(
        definition, [Score(LAST + day * DAY, value) for day, value in who["answers"]], [Given(LAST + day * DAY) for day in days], at=at
    )[0]


def as_tables(people: list[dict]) -> tuple[ibis.Table, ibis.Table]:
    rows = [(number, day, score) for number, who in enumerate(people) for day, score in who["answers"]]
    answers = {name: [row[place] for row in rows] for place, name in enumerate(("series_id", "day", "score"))}
    kinds = {"series_id": pa.int32(), "day": pa.int16(), "score": pa.int8(), "began": pa.int16(), "until": pa.int16()}
    followed = {name: [who[name] for who in people] for name in ("began", "until", "retreated")} | {"series_id": list(range(len(people)))}
    return tuple(
        ibis.memtable(pa.table({name: pa.array(values, kinds.get(name)) for name, values in columns.items()}))
        for columns in (answers, followed)
    )


@pytest.mark.parametrize(("definition", "most"), [(PAIN, 10), (MOOD, 27)])
def test_registry_and_practice_say_the_same_of_each_series(definition, most):
    chance = random.Random(20261123)
    people = [person(chance, most) for _ in range(350)]
    wanted = [by_the_definition(definition, who) for who in people]
    answers, followed = as_tables(people)
    told = registry.series(answers, followed, definition).order_by("series_id").to_pyarrow().to_pylist()
    assert registry.series(registry.packed(answers), followed, definition).order_by("series_id").to_pyarrow().to_pylist() == told
    ends = set()
    for found, episode in zip(told, wanted, strict=True):
        ends.add((episode.response, episode.end))
        held = max(episode.since, episode.responded.by) if episode.responded else episode.since
        assert (found["responded"], found["waiting"]) == (SAID.get(episode.response), episode.response == "waiting")
        assert found["baseline"] == (episode.baseline.value if episode.baseline else None)
        assert (found["relapsed"], found["lost"]) == (episode.relapse is not None, episode.end == "lost")
        ended = episode.relapse.by if episode.relapse else episode.watched_until or held
        assert found["days"] == max((ended - held) / DAY, 0)
        assert found["relapse_after"] == (max((episode.relapse.after - held) / DAY, 0) if episode.relapse else None)
    wished = {
        ("yes", "relapse"),
        ("yes", "lost"),
        ("yes", "open"),
        ("yes", "retreated"),
        ("no", "none"),
        ("waiting", "open"),
        ("unknown", "lost"),
    }
    assert wished <= ends
    shares = registry.response_shares(registry.series(answers, followed, definition)).to_pyarrow().to_pylist()[0]
    assert shares["series"] == shares["responded"] + shares["did_not"] + shares["waiting"] + shares["not_known"] == 350


def test_a_form_scored_in_parts_of_a_point_is_refused_by_name():
    with pytest.raises(OutOfRange, match="parts of a point"):
        registry.series(*as_tables([person(random.Random(1), 10)]), FUNCTION)


def test_the_curve_is_that_of_the_domain_to_the_last_digit():
    rng = np.random.default_rng(4)
    days, relapsed = rng.integers(1, 60, 400), rng.random(400) < 0.6
    days[:3], relapsed[:3] = 61, True
    columns = {"series_id": range(400), "responded": [True] * 400, "relapsed": relapsed.tolist(), "days": days.tolist()}
    found = registry.relapse_curve(ibis.memtable(pa.table(columns))).to_pyarrow().to_pydict()
    ours = survival.kaplan_meier(days.tolist(), relapsed.tolist())
    assert found["day"] == ours.times.tolist()
    assert (found["at_risk"], found["lost"], found["left"]) == (ours.at_risk.tolist(), ours.relapsed.tolist(), ours.left.tolist())
    assert found["survival"] == pytest.approx(ours.survival.tolist(), abs=1e-12)
    assert found["error"][:-1] == pytest.approx(ours.error.tolist()[:-1], abs=1e-12)
    inside = [place for place, low in enumerate(found["low"]) if low is not None]
    assert [found["low"][n] for n in inside] == pytest.approx([ours.low[n] for n in inside], abs=1e-12)
    assert [found["high"][n] for n in inside] == pytest.approx([ours.high[n] for n in inside], abs=1e-12)
