"""What became of a score against the patient's own baseline, by the published figures of its instrument and no others."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from winddown.domain.figures import Figure
from winddown.domain.instruments.instrument import Instrument

Way = Literal["better", "worse", "same", "different"]


@dataclass(frozen=True)
class Moved:
    """A change. None where the instrument has no figure for it: unknown is not no.

    points      score now less the baseline
    percent     the same in percent of the baseline; None where the baseline is too low for a percent to mean anything
    way         better or worse by the instrument's own direction
    important   at least the published important change, in points or in percent
    substantial  the same for the substantial change
    reliable    beyond the instrument's own error
    response    the fall that is called a response; `remission` the score that is called one
    """

    points: float
    percent: float | None
    way: Way
    important: bool | None
    substantial: bool | None
    reliable: bool | None
    response: bool | None
    remission: bool | None


def moved(form: Instrument, *, baseline: float, now: float) -> Moved:
    """The change of a score from `baseline` to `now`."""
    points, figures = now - baseline, form.change
    percent = 100 * points / baseline if baseline > 0 and _percent_means_something(form, baseline) else None
    return Moved(
        points=points,
        percent=percent,
        way=_way(form, points),
        important=_reached(points, percent, figures.important, figures.important_percent),
        substantial=_reached(points, percent, figures.substantial, figures.substantial_percent),
        reliable=None if figures.reliable is None else abs(points) >= figures.reliable.value,
        response=None
        if figures.response_percent is None or percent is None
        else _way(form, points) == "better" and abs(percent) >= figures.response_percent.value,
        remission=_remission(form, now),
    )


def _percent_means_something(form: Instrument, baseline: float) -> bool:
    least = form.change.percent_from
    return least is None or baseline >= least.value


def _way(form: Instrument, points: float) -> Way:
    if points == 0:
        return "same"
    if form.worse == "neither":
        return "different"
    return "worse" if (points > 0) == (form.worse == "higher") else "better"


def _reached(points: float, percent: float | None, by_points: Figure | None, by_percent: Figure | None) -> bool | None:
    """Either published limit is enough; None when neither can be asked."""
    asked = [abs(points) >= by_points.value] if by_points else []
    asked += [abs(percent) >= by_percent.value] if by_percent and percent is not None else []
    return any(asked) if asked else None


def _remission(form: Instrument, now: float) -> bool | None:
    below, at_most = form.change.remission_below, form.change.remission_at_most
    if below is not None:
        return now < below.value
    return now <= at_most.value if at_most is not None else None
