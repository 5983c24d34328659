"""What counts as response, remission, relapse, loss and worsening: one written, versioned definition for each thing that is followed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from winddown.domain.figures import Figure
from winddown.domain.instruments.instrument import Instrument
from winddown.domain.instruments.pain_nrs import PAIN_NRS
from winddown.domain.instruments.peg import PEG
from winddown.domain.instruments.phq9 import PHQ9
from winddown.domain.refusals import Missing, UnknownWord

_HALF = Figure(50, "% of the gain", "clinic default: loss of half the gain", "derived")
_SERIES_GAP = Figure(14, "d", "the longest wait between two visits of a packaged series", "derived")
_RESPOND_WITHIN = Figure(28, "d", "the last day of the packaged schedule of questions", "derived")
_BASELINE_DAYS = Figure(28, "d", "an older score says little of the pain before this treatment", "derived")
_WEEK = Figure(7, "d", "the mean of a week of evenings is the primary pain score", "derived")
_WEEK_LEAST = Figure(4, "answers", "a week counts from four evenings", "derived")
_LOST = Figure(45, "d", "one month between two questions, and half a month more", "derived")


def _in_a_row(number: float, why: str) -> Figure:
    return Figure(number, "answers in a row", why, "derived")


@dataclass(frozen=True)
class Definition:
    """How the answers to one instrument are read. A change of anything here is a new version.

    response_percent   fall from the baseline that is a response; only from a baseline of `floor` upward
    remission_below    a score under this is remission; None where no figure is published
    worse_by           points above the baseline that are a worsening
    gain_lost          share of the gain whose loss is a relapse
    confirm            so many scored answers in a row are needed for response, relapse or worsening: one evening alone proves nothing
    baseline_days      how old a baseline may be; `week` and `week_least`: a diary of days is steadied over a week, from so many answers
    respond_within     days after the last infusion of a series in which a response still counts as its own
    series_gap         infusions no further apart than this belong to one series
    lost_after         days without a scored answer after which the patient is lost to follow-up
    """

    key: str
    version: int
    instrument: str
    floor: Figure
    response_percent: Figure
    worse_by: Figure
    confirm: Figure
    remission_below: Figure | None = None
    gain_lost: Figure = _HALF
    baseline_days: Figure = _BASELINE_DAYS
    week: Figure | None = None
    week_least: Figure = _WEEK_LEAST
    respond_within: Figure = _RESPOND_WITHIN
    series_gap: Figure = _SERIES_GAP
    lost_after: Figure = _LOST

    @property
    def id(self) -> str:
        return f"{self.key}/{self.version}"


def _needed(form: Instrument, name: str) -> Figure:
    figure: Figure | None = getattr(form.change, name)
    if figure is None:
        raise Missing(f"{form.key} has no figure for {name}.", code="no_figure", where=form.key)
    return figure


def _defined(key: str, form: Instrument, *, confirm: Figure, week: Figure | None = None, worse: str = "important") -> Definition:
    return Definition(
        key=key,
        version=1,
        instrument=form.key,
        floor=_needed(form, "percent_from"),
        response_percent=_needed(form, "response_percent"),
        remission_below=form.change.remission_below,
        worse_by=_needed(form, worse),
        confirm=confirm,
        week=week,
    )


PAIN = _defined("pain", PAIN_NRS, confirm=_in_a_row(2, "the evenings of one person swing by a point or two"), week=_WEEK)
FUNCTION = _defined("function", PEG, confirm=_in_a_row(1, "asks about a week"))
MOOD = _defined("mood", PHQ9, confirm=_in_a_row(1, "asks about two weeks"), worse="reliable")

DEFINITIONS: Mapping[str, Definition] = {each.key: each for each in (PAIN, FUNCTION, MOOD)}
BY_INSTRUMENT: Mapping[str, Definition] = {each.instrument: each for each in DEFINITIONS.values()}


def definition_of(key: str) -> Definition:
    """The definition by its key: `pain`, `function` or `mood`. A protocol's track names the one that leads. Refuses UnknownWord."""
    found = DEFINITIONS.get(key)
    if found is None:
        raise UnknownWord("definition of an episode", key, DEFINITIONS)
    return found
