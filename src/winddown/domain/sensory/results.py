"""All measures of one test at both sites, worked out anew from its entries each time."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from winddown.domain.sensory.answers import Standing
from winddown.domain.sensory.plan import SITES, Site, Step, form_of
from winddown.domain.sensory.score import (
    Measure,
    Result,
    Spoke,
    allodynia,
    area,
    mean_by_force,
    sensitivity,
    side_ratio,
    threshold,
    wind_up,
)
from winddown.domain.sensory.threshold import follow

BOTH_SITES: tuple[Measure, ...] = ("mps", "wur", "dma", "mpt")
AREAS: tuple[Measure, ...] = ("area", "brush_area")


@dataclass(frozen=True)
class Results:
    """by_site is measure -> site -> result; ratio is measure -> affected against control; curves is site -> force -> mean rating."""

    by_site: Mapping[Measure, Mapping[Site, Result]]
    ratio: Mapping[Measure, Result]
    curves: Mapping[Site, Mapping[int, float]]
    spokes: Mapping[Measure, tuple[Spoke, ...]]

    def value(self, measure: Measure, site: Site = "affected") -> float | None:
        found = self.by_site.get(measure, {}).get(site)
        return found.value if found else None


def results_of(test: Standing) -> Results:
    """Only what the form asks for is in it; a measure that was asked for and not answered says so."""
    by_site = {measure: {site: _measured(test, measure, site) for site in SITES} for measure in BOTH_SITES if _asked(test, measure)}
    ratio = {measure: side_ratio(measure, found["affected"], found["control"]) for measure, found in by_site.items()}
    spokes = {measure: _spokes(test, measure) for measure in AREAS if _asked(test, measure)}
    by_site |= {measure: {"affected": area(found)} for measure, found in spokes.items()}
    return Results(by_site, ratio, {site: mean_by_force(_by_force(test, site)) for site in SITES}, spokes)


def _asked(test: Standing, measure: Measure) -> bool:
    return any(_belongs(step, measure) for step in test.plan.steps)


def _belongs(step: Step, measure: Measure) -> bool:
    kinds = {"mps": ("pinprick",), "dma": ("touch",), "wur": ("single", "train"), "mpt": ("series",)}
    if measure in AREAS:
        return step.kind == "spoke" and bool(step.tool) == (measure == "brush_area")
    return step.kind in kinds[measure]


def _steps(test: Standing, measure: Measure, site: Site) -> list[Step]:
    return [step for step in test.plan.steps if step.site == site and _belongs(step, measure)]


def _measured(test: Standing, measure: Measure, site: Site) -> Result:
    steps = _steps(test, measure, site)
    if measure == "mpt":
        series = form_of(test.plan.form).series
        turns = [turn for step in steps for turn in follow(test.felt(step), series=series).turns]
        return threshold(turns, of=2 * series)
    if measure == "wur":
        return _wound_up(test, steps)
    ratings = [rating for step in steps if (rating := test.rating(step)) is not None]
    return (sensitivity if measure == "mps" else allodynia)(ratings, of=len(steps))


def _wound_up(test: Standing, steps: list[Step]) -> Result:
    """Pairs of one run; a run that lacks one of the two is left out."""
    rated = {(step.run, step.kind): test.rating(step) for step in steps}
    runs = sorted({step.run for step in steps})
    pairs = [(rated.get((run, "single")), rated.get((run, "train"))) for run in runs]
    whole = [(single, train) for single, train in pairs if single is not None and train is not None]
    return wind_up([single for single, _ in whole], [train for _, train in whole], of=len(runs))


def _by_force(test: Standing, site: Site) -> dict[int, list[int]]:
    found: dict[int, list[int]] = {}
    for step in _steps(test, "mps", site):
        rating = test.rating(step)
        if rating is not None and step.force_mn is not None:
            found.setdefault(step.force_mn, []).append(rating)
    return found


def _spokes(test: Standing, measure: Measure) -> tuple[Spoke, ...]:
    found = []
    for step in _steps(test, measure, "affected"):
        given = [entry for entry in test.by_step.get(step.number, ()) if entry.kind == "answer"]
        if given:
            found.append(Spoke(step.spoke, float(given[-1].data["distance_cm"]), bool(given[-1].data.get("to_the_edge"))))
    return tuple(found)
