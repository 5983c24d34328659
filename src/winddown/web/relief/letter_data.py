"""What the letter after a series says: doses, what became of pain, mood and function, unwanted effects, and the writer's own words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from winddown.domain.instruments import instrument_of
from winddown.domain.instruments.instrument import said as words_of
from winddown.domain.outcomes.definition import DEFINITIONS, Definition
from winddown.domain.outcomes.episodes import Episode
from winddown.domain.pharmacology.effects.weeks import NO_VALIDATED_PREDICTION
from winddown.domain.quantities import display
from winddown.record.models import CareContact, Patient, SeriesLetter, Staff
from winddown.record.queries.episodes import Treated, treated_by
from winddown.services import last_time
from winddown.services.last_time import LastTime
from winddown.web.relief import present
from winddown.web.sessions.last_time import reactions_words

ROWS = 8


@dataclass(frozen=True)
class Writing:
    """A letter about to be pressed. `signed`: by whom it is being signed; None for a draft, which says so on the page."""

    patient: Patient
    episode: Episode
    letter: SeriesLetter
    contacts: Mapping[str, CareContact]
    writer: Staff
    place: str
    at: datetime
    signed: bool


def letter_data(told: Writing) -> dict[str, Any]:
    newest = told.episode
    infusions = [each for each in last_time.all_of(told.patient, now=told.at) if newest.began_at <= each.at <= newest.until]
    return {
        "about": _about(told),
        "text": _text(told),
        "day": present.day(told.at),
        "to": [contact.name for contact in told.contacts.values() if contact.letters] or [_("To whom it may concern")],
        "patient": {
            "name": told.patient.name,
            "born": _("born %(day)s") % {"day": date_format(told.patient.birth_date, "j M Y")},
            "number": told.patient.record_number,
        },
        "words": told.letter.words,
        "doses": _doses(newest, infusions),
        "response": _response(told.patient, newest.began_at, told.at),
        "events": _events(infusions),
        "plan": told.letter.plan or _("To be agreed with the patient."),
    }


def _about(told: Writing) -> dict[str, str]:
    version = _("Version %(n)s") % {"n": told.letter.version} if told.letter.version else ""
    return {
        "title": _("Letter after a series"),
        "language": "en",
        "practice": told.writer.practice.name,
        "location": told.place,
        "draft": "" if told.signed else _("Draft, not signed"),
        "printed": " · ".join(
            filter(None, [version, _("Printed %(at)s by %(who)s") % {"at": present.day(told.at), "who": told.writer.name}])
        ),
        "advises": _("Winddown advises and records; it never commands a pump."),
        "page": _("Page"),
        "of": _("of"),
        "continues": _("continued"),
    }


def _text(told: Writing) -> dict[str, Any]:
    who = {"who": told.writer.name, "day": present.day(told.at)}
    return {
        "title": _("After a series of ketamine infusions"),
        "to": _("To:"),
        "about": _("About"),
        "doses": _("Doses"),
        "columns": [_("Day"), _("Given"), _("Fastest rate"), _("Unwanted effects")],
        "response": _("Response"),
        "measures": [_("Measure"), _("Before"), _("Newest"), _("What became of it")],
        "missing": _("A missing answer is missing: it is never taken as zero or as the last one. Dates lie between two answers."),
        "events": _("Unwanted effects"),
        "plan": _("Plan"),
        "signed": _("Signed by %(who)s, %(day)s") % who if told.signed else _("Not signed yet"),
        "limits": _(NO_VALIDATED_PREDICTION),
    }


def _doses(episode: Episode, infusions: Sequence[LastTime]) -> dict[str, Any]:
    number = len(infusions)
    total = sum((each.mg for each in infusions), start=Decimal(0))
    told = {"n": number, "mg": display(total, 1), "a": present.day(episode.began_at), "b": present.day(episode.since)}
    summary = (
        ngettext("%(n)s infusion on %(a)s, %(mg)s mg in all.", "%(n)s infusions from %(a)s to %(b)s, %(mg)s mg in all.", number) % told
    )
    left = max(0, number - ROWS)
    more = (
        ngettext("%(n)s earlier infusion is not listed.", "%(n)s earlier infusions are not listed.", left) % {"n": left} if left > 0 else ""
    )
    return {"summary": summary, "rows": [_dose(each) for each in infusions[-ROWS:]], "more": more if left else ""}


def _dose(each: LastTime) -> list[str]:
    given = f"{display(each.mg, 1)} mg" if each.certain else _("at least %(mg)s mg") % {"mg": display(each.mg, 1)}
    rate = f"{display(each.highest_mg_per_h, 1)} mg/h" if each.highest_mg_per_h is not None else "–"
    return [date_format(each.day, "j M Y"), given, rate, reactions_words(each)]


def _events(infusions: Sequence[LastTime]) -> list[str]:
    counted: dict[str, list[int]] = {}
    for each in infusions:
        for one in each.reactions:
            counted.setdefault(one.words, []).append(one.grade)
    if not counted:
        return [_("None was written down at the infusions.")]
    return [
        _("%(words)s: %(n)s times, worst grade %(grade)s") % {"words": _(words), "n": len(grades), "grade": max(grades)}
        for words, grades in counted.items()
    ]


def _response(patient: Patient, began_at: datetime, at: datetime) -> list[list[str]]:
    """A line for each definition, from one reading of the record."""
    every = treated_by(DEFINITIONS.values(), patient)
    return [_measure(each, _course(every[each.key], began_at), began_at, at) for each in DEFINITIONS.values()]


def _measure(definition: Definition, course: Treated | None, began_at: datetime, at: datetime) -> list[str]:
    """One line of the table: before, newest, and what became of it by the written definition."""
    name = words_of(instrument_of(definition.instrument).name, "en")
    episodes = course.episodes(definition, at=at) if course else ()
    newest = next((each for each in episodes if each.began_at == began_at), None)
    if course is None or newest is None or not newest.scored:
        return [name, "–", "–", _("not asked")]
    since = [score.value for score in course.scores if newest.began_at < score.at <= newest.until]
    before = f"{newest.baseline.value:.1f}".rstrip("0").rstrip(".") if newest.baseline else "–"
    told = present.response_words(newest)
    if newest.response == "yes":
        told = f"{told}; {present.end_words(newest)}"
    return [name, before, f"{since[-1]:g}" if since else "–", told]


def _course(courses: Sequence[Treated], began_at: datetime) -> Treated | None:
    return next((each for each in courses if any(one.started_at == began_at for one in each.given)), None)
