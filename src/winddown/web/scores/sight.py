"""What the pages of scores know of one patient: every answer judged, the baseline, what was asked and missed, and when infusions ran."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
from typing import Any

from django.utils.translation import gettext as _

from winddown.domain.followup.schedule import Home, Slot
from winddown.domain.instruments.change import Moved, moved
from winddown.domain.instruments.instrument import Instrument, said
from winddown.record.models import Answer, Patient
from winddown.record.queries.answers import all_of
from winddown.record.queries.infusions import Infusion, infusions_of
from winddown.services import forms, instruments
from winddown.web.scores.curve import Course, Drawing, Point, draw

SPANS: Mapping[str, int | None] = {"30": 30, "90": 90, "365": 365, "all": None}
LONG_AGO = timedelta(days=36500)
# A diary asks about a day, and one evening alone swings too much to hold a whole course against: a week with enough evenings does.
WEEK, DIARY_DAYS, LEAST_OF_A_WEEK = timedelta(days=7), 1, 4


@dataclass(frozen=True)
class Baseline:
    """What later scores are held against: one answer, or the mean of a week of a diary that ends with it."""

    answer: Answer
    value: float
    number: int

    @property
    def answered_at(self) -> datetime:
        return self.answer.answered_at


@dataclass(frozen=True)
class Line:
    """One answer in words."""

    answer: Answer
    score: str
    band: Any
    why: str
    moved: Moved | None
    is_baseline: bool
    source: str


class Sight:
    """Read once for a page: a fixed number of queries, however long the history."""

    def __init__(self, patient: Patient, *, now: datetime, language: str) -> None:
        self.patient, self.now, self.language = patient, now, language

    @cached_property
    def forms(self) -> dict[str, Instrument]:
        return instruments.everything()

    @cached_property
    def answers(self) -> dict[str, list[Answer]]:
        return all_of(self.patient)

    @cached_property
    def infusions(self) -> list[Infusion]:
        return infusions_of(self.patient)

    @cached_property
    def home(self) -> Home:
        return forms.home_of(self.patient)

    @cached_property
    def slots(self) -> tuple[Slot, ...]:
        return forms.slots_of(self.patient, self.home)

    def baseline(self, key: str) -> Baseline | None:
        """The newest score before the first infusion, else the first there is. A diary of days is steadied: the mean of its last week."""
        scored = [answer for answer in self.answers.get(key, ()) if answer.score is not None]
        first = self.infusions[0].started_at if self.infusions else None
        before = [answer for answer in scored if first is not None and answer.answered_at <= first]
        if not scored:
            return None
        chosen = before[-1] if before else scored[0]
        week = [float(answer.score) for answer in before if answer.score is not None and answer.answered_at > chosen.answered_at - WEEK]
        if self.forms[key].recall_days <= DIARY_DAYS and len(week) >= LEAST_OF_A_WEEK:
            return Baseline(chosen, round(sum(week) / len(week), 1), len(week))
        return Baseline(chosen, float(chosen.score or 0), 1)

    def lines(self, key: str) -> list[Line]:
        """The answers to one instrument, newest first."""
        form, base = self.forms[key], self.baseline(key)
        return [_line(form, answer, base, self.language) for answer in reversed(self.answers.get(key, []))]

    def missed(self, key: str) -> tuple[datetime, ...]:
        given = [answer.answered_at for answer in self.answers.get(key, ())]
        return forms.missed(self.slots, key, given, home=self.home, now=self.now)

    def drawing(self, key: str, *, days: int | None) -> Drawing:
        base = self.baseline(key)
        course = Course(
            form=self.forms[key],
            points=[
                Point(answer.answered_at, None if answer.score is None else float(answer.score), bool(answer.judged.get("prorated")))
                for answer in self.answers.get(key, ())
            ],
            missed=self.missed(key),
            infusions=[infusion.started_at for infusion in self.infusions],
            baseline=base.value if base else None,
        )
        since = self.now - (LONG_AGO if days is None else timedelta(days=days))
        return draw(course, since=since, until=self.now, language=self.language)


def _line(form: Instrument, answer: Answer, base: Baseline | None, language: str) -> Line:
    score = None if answer.score is None else float(answer.score)
    band = form.band(score)
    later = base is not None and answer.pk != base.answer.pk and answer.answered_at >= base.answered_at
    return Line(
        answer=answer,
        score="" if score is None else f"{score:g}",
        band={"words": said(band.words, language), "level": band.level} if band else None,
        why=why_not(answer),
        moved=moved(form, baseline=base.value, now=score) if later and base is not None and score is not None else None,
        is_baseline=base is not None and answer.pk == base.answer.pk,
        source=source_words(answer),
    )


def why_not(answer: Answer) -> str:
    """Why there is no number, or what was filled in, in words; empty when nothing needs saying."""
    told = answer.judged
    if told.get("why") == "version":
        return _("Answered on a version that this program does not know; kept as it came.")
    if told.get("why") == "odd":
        return _("Not scored: no allowed answer to %(items)s.") % {"items": _items(told["odd"])}
    if told.get("why") == "missing":
        return _("Not scored: no answer to %(items)s.") % {"items": _items(told["lacking"])}
    if told.get("why") == "not_summed":
        return _("This instrument has no number: read the answers.")
    if told.get("prorated"):
        return _("No answer to %(items)s: filled in by the published rule.") % {"items": _items(told["lacking"])}
    return ""


def _items(keys: Sequence[str]) -> str:
    return ", ".join(keys)


def source_words(answer: Answer) -> str:
    if answer.source == "staff" and answer.by:
        return _("entered by %(who)s") % {"who": answer.by.name}
    if answer.source == "caregiver" and answer.link and answer.link.access:
        return _("%(who)s, caregiver") % {"who": answer.link.access.name}
    return _("a caregiver, by link") if answer.source == "caregiver" else _("the patient, by link") if answer.link_id else _("the patient")


def moved_words(change: Moved | None) -> str:
    """A change in words: how much, and which published limits it reached. Never a verdict on the treatment."""
    if change is None:
        return ""
    if change.way == "same":
        return _("no change")
    way = {"better": _("better"), "worse": _("worse"), "different": _("different")}[change.way]
    parts = [f"{change.points:+g}", way]
    if change.percent is not None:
        parts.append(f"{change.percent:+.0f} %")
    if change.substantial:
        parts.append(_("substantial"))
    elif change.important is not None:
        parts.append(_("important") if change.important else _("too small to be important"))
    if change.reliable is not None:
        parts.append(_("beyond error") if change.reliable else _("within error"))
    if change.response:
        parts.append(_("response"))
    if change.remission:
        parts.append(_("remission range"))
    return ", ".join(parts)
