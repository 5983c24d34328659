"""The manual page on episodes, row by row."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.specs.tables import rows
from winddown.domain.outcomes.definition import definition_of
from winddown.domain.outcomes.episodes import Between, Episode, Given, Score, episodes, worsening

PAGE = Path(__file__).with_name("what-an-episode-is.md")
START = datetime(2026, 3, 2, 9, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


def _at(day: str | float) -> datetime:
    return START + timedelta(days=float(day))


def _read(row: dict[str, str]) -> tuple[list[Score], list[Given]]:
    scores = [Score(_at(day), float(value)) for day, value in (each.split(":") for each in row["Answers"].split())]
    return scores, [Given(_at(day)) for day in row["Infusions"].split()]


def _days(between: Between | None) -> str:
    if between is None:
        return ""
    return "-".join(f"{(at - START) / timedelta(days=1):g}" for at in (between.after, between.by))


def _told(episode: Episode) -> dict[str, str]:
    watched = episode.watched_until
    return {
        "Baseline": f"{episode.baseline.value:g}" if episode.baseline else "",
        "Response": episode.response,
        "Came": _days(episode.responded),
        "Remission": episode.remission,
        "End": episode.end,
        "Lost between": _days(episode.relapse),
        "Watched until": f"{(watched - START) / timedelta(days=1):g}" if watched else "",
    }


@pytest.mark.parametrize("row", rows(PAGE, "Episodes"), ids=lambda row: row["What"])
def test_an_episode_is_what_its_row_says(row: dict[str, str]) -> None:
    scores, given = _read(row)
    found = episodes(definition_of(row["Definition"]), scores, given, at=_at(row["Asked on"]))
    expected = {name: row[name] for name in _told(found[0])}
    assert _told(found[-1] if "own episode" in row["What"] else found[0]) == expected


@pytest.mark.parametrize("row", rows(PAGE, "Worsening"), ids=lambda row: row["What"])
def test_a_worsening_is_what_its_row_says(row: dict[str, str]) -> None:
    scores, given = _read(row)
    found = worsening(definition_of(row["Definition"]), scores, given, at=_at(400))
    assert ("yes" if found else "no") == row["Worse"]
