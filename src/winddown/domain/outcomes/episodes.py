"""From answers and infusions to episodes: the weeks after a series, by a written definition.

An answer that is not there is not there: it is never zero and never the last one carried forward. So nothing here has a date that is more
exact than the answers: a response or a relapse lies between two of them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise
from statistics import fmean
from typing import Literal

from winddown.domain.outcomes.definition import Definition

Said = Literal["yes", "no", "waiting", "unknown"]
Remission = Literal["yes", "no", "waiting", "unknown", "undefined"]
End = Literal["relapse", "retreated", "lost", "open", "none"]
Because = Literal["", "no_baseline", "low_baseline", "no_answers"]
DAY = timedelta(days=1)


@dataclass(frozen=True)
class Score:
    """One scored answer. Answers without a score, and those that never came, are not among the scores."""

    at: datetime
    value: float


@dataclass(frozen=True)
class Given:
    """One infusion. `ended_at` is None where its end was never charted: then its start stands in."""

    started_at: datetime
    ended_at: datetime | None = None

    @property
    def end(self) -> datetime:
        return self.ended_at or self.started_at


@dataclass(frozen=True)
class Baseline:
    """The score before the first infusion: one answer, or the mean of `number` answers of the week that ends with the newest."""

    at: datetime
    value: float
    number: int


@dataclass(frozen=True)
class Between:
    """Something happened after the one answer and by the other."""

    after: datetime
    by: datetime


@dataclass(frozen=True)
class Episode:
    """One series and the weeks after it.

    began_at      the first infusion of the series; `since` the end of its last, from which durations count
    until         when looking ended: the next series, or the moment of asking
    response      `waiting` while it may still come; `unknown` with its reason in `because`
    responded     between which answers the response came; `relapse` between which it was lost
    remission     `undefined` where no figure is published for this instrument
    end           how it stands: relapse, retreated while it held, lost to follow-up, open (still followed), none (no response to lose)
    watched_until  the newest scored answer of the episode; None without one
    scored        how many scored answers it rests on
    """

    definition: str
    began_at: datetime
    since: datetime
    until: datetime
    infusions: int
    baseline: Baseline | None
    response: Said
    because: Because
    remission: Remission
    end: End
    scored: int
    responded: Between | None = None
    remitted: Between | None = None
    relapse: Between | None = None
    watched_until: datetime | None = None

    @property
    def days_to_relapse(self) -> tuple[float, float] | None:
        """Days from the end of the series between which the response was lost."""
        if self.relapse is None:
            return None
        return (self.relapse.after - self.since) / DAY, (self.relapse.by - self.since) / DAY

    @property
    def days_watched(self) -> float:
        """Days from the end of the series to the newest scored answer: as long as this patient counts as at risk."""
        return max(0.0, (self.watched_until - self.since) / DAY) if self.watched_until else 0.0


def episodes(definition: Definition, scores: Sequence[Score], given: Sequence[Given], *, at: datetime) -> tuple[Episode, ...]:
    """The episodes of one course of treatment, oldest first.

    scores   every scored answer of the course to the instrument of the definition, those before the first infusion too
    at       the moment of asking: nothing later is looked at
    """
    told = sorted((score for score in scores if score.at <= at), key=lambda score: score.at)
    runs = series(definition, [each for each in given if each.started_at <= at])
    if not runs:
        return ()
    base = baseline(definition, told, runs[0][0].started_at)
    ends = [*(run[0].started_at for run in runs[1:]), None]
    return tuple(_episode(definition, told, run, base, next_at, at) for run, next_at in zip(runs, ends, strict=True))


def series(definition: Definition, given: Sequence[Given]) -> list[list[Given]]:
    """Infusions that belong together, by their distance."""
    ordered = sorted(given, key=lambda each: each.started_at)
    runs = [[each] for each in ordered[:1]]
    for earlier, later in pairwise(ordered):
        if later.started_at - earlier.started_at <= definition.series_gap.value * DAY:
            runs[-1].append(later)
        else:
            runs.append([later])
    return runs


def baseline(definition: Definition, scores: Sequence[Score], first_at: datetime) -> Baseline | None:
    """The newest score before `first_at` that is not too old; of a diary the mean of its last week when that has enough answers."""
    before = [score for score in scores if first_at - definition.baseline_days.value * DAY <= score.at <= first_at]
    if not before:
        return None
    newest = max(before, key=lambda score: score.at)
    if definition.week is not None:
        week = [score.value for score in before if score.at > newest.at - definition.week.value * DAY]
        if len(week) >= definition.week_least.value:
            return Baseline(newest.at, fmean(week), len(week))
    return Baseline(newest.at, newest.value, 1)


def _episode(
    definition: Definition, scores: Sequence[Score], run: Sequence[Given], base: Baseline | None, next_at: datetime | None, at: datetime
) -> Episode:
    began, since = run[0].started_at, max(each.end for each in run)
    until = next_at or at
    inside = [score for score in scores if began < score.at < until or score.at == until == at]
    response, because, responded = _response(definition, inside, base, began, since, until, retreated=next_at is not None)
    remission, remitted = _remission(definition, inside, base, began, since, response)
    relapse = _relapse(definition, inside, base, responded, since) if base and responded else None
    watched = inside[-1].at if inside else None
    return Episode(
        definition=definition.id,
        began_at=began,
        since=since,
        until=until,
        infusions=len(run),
        baseline=base,
        response=response,
        because=because,
        remission=remission,
        end=_end(definition, response, relapse, watched or since, until, retreated=next_at is not None),
        scored=len(inside),
        responded=responded,
        remitted=remitted,
        relapse=relapse,
        watched_until=watched,
    )


def _response(
    definition: Definition,
    inside: Sequence[Score],
    base: Baseline | None,
    began: datetime,
    since: datetime,
    until: datetime,
    *,
    retreated: bool,
) -> tuple[Said, Because, Between | None]:
    if base is None:
        return "unknown", "no_baseline", None
    if base.value < definition.floor.value:
        return "unknown", "low_baseline", None
    last_day = since + definition.respond_within.value * DAY
    window = [score for score in inside if score.at <= last_day]
    level = base.value * (1 - definition.response_percent.value / 100)
    place = _in_a_row(definition, [score.value <= level for score in window])
    if place is not None:
        return "yes", "", Between(window[place - 1].at if place else began, window[place].at)
    if until < last_day and not retreated:
        return "waiting", "", None
    after = [score for score in window if score.at > since]
    return ("no", "", None) if len(after) >= definition.confirm.value else ("unknown", "no_answers", None)


def _in_a_row(definition: Definition, reached: Sequence[bool]) -> int | None:
    """Where the first run of enough answers begins."""
    length = int(definition.confirm.value)
    return next((place for place in range(len(reached) - length + 1) if all(reached[place : place + length])), None)


def _remission(
    definition: Definition, inside: Sequence[Score], base: Baseline | None, began: datetime, since: datetime, response: Said
) -> tuple[Remission, Between | None]:
    """Remission within the window of the response; a patient who began below the limit cannot remit."""
    limit = definition.remission_below
    if limit is None:
        return "undefined", None
    if base is None or base.value < limit.value:
        return "unknown", None
    window = [score for score in inside if score.at <= since + definition.respond_within.value * DAY]
    place = _in_a_row(definition, [score.value < limit.value for score in window])
    if place is not None:
        return "yes", Between(window[place - 1].at if place else began, window[place].at)
    return ("no" if response == "yes" else response), None


def _relapse(definition: Definition, inside: Sequence[Score], base: Baseline, responded: Between, since: datetime) -> Between | None:
    """Between which two answers the response was lost.

    The gain is the baseline less the best mean of `confirm` answers in a row seen so far; the response is lost with the first of `confirm`
    answers in a row, after the end of the series, that leave less than the kept share of it.
    """
    length = int(definition.confirm.value)
    told = [score for score in inside if score.at >= responded.by]
    best, held_at = base.value, responded.by
    for place in range(len(told) - length + 1):
        run = told[place : place + length]
        level = base.value - (base.value - best) * (1 - definition.gain_lost.value / 100)
        lost = [score.at > since and score.value >= level for score in run]
        if best < base.value and all(lost):
            return Between(max(held_at, since), run[0].at)
        if not lost[0]:
            held_at = run[0].at
        best = min(best, fmean(score.value for score in run))
    return None


def _end(definition: Definition, response: Said, relapse: Between | None, watched: datetime, until: datetime, *, retreated: bool) -> End:
    if relapse is not None:
        return "relapse"
    if response != "no" and until - watched > definition.lost_after.value * DAY:
        return "lost"
    if response == "yes":
        return "retreated" if retreated else "open"
    return "open" if response == "waiting" else "none"


@dataclass(frozen=True)
class Worse:
    """The newest answers are worse than before treatment by at least the limit, `number` of them in a row."""

    value: float
    baseline: float
    limit: float
    number: int
    newest_at: datetime


def worsening(definition: Definition, scores: Sequence[Score], given: Sequence[Given], *, at: datetime) -> Worse | None:
    """Whether the newest answers are a worsening; None when they are not.

    Held against the score before the first infusion; where there is none, against the first answer on record, so that a missing baseline
    hides nobody.
    """
    told = sorted((score for score in scores if score.at <= at), key=lambda score: score.at)
    first = min((each.started_at for each in given if each.started_at <= at), default=None)
    base = baseline(definition, told, first) if first else None
    reference = base.value if base else told[0].value if told else None
    newest = told[-int(definition.confirm.value) :]
    if reference is None or len(newest) < definition.confirm.value or (base and newest[0].at <= base.at):
        return None
    least = min(score.value for score in newest)
    if least - reference < definition.worse_by.value:
        return None
    return Worse(newest[-1].value, reference, definition.worse_by.value, len(newest), newest[-1].at)
