"""The forecast of relief of one patient: learned from the record each time it is asked for, under the practice's prior of the night."""

from __future__ import annotations

import math
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from hashlib import sha256
from threading import Lock
from typing import Any, Literal

from django.db import transaction
from django.db.models import Count, Q, Sum

from winddown.domain.booking.series_rules import BLOCK, SeriesRule, series_rule
from winddown.domain.outcomes.definition import PAIN
from winddown.domain.outcomes.episodes import Episode, Given, Score
from winddown.domain.refusals import Refusal
from winddown.domain.relief.ahead import FARTHEST, WEEKS_SHOWN, Ahead, foretell
from winddown.domain.relief.booster import Proposal, propose
from winddown.domain.relief.honesty import NO_RECORD, Held, Sums, by, together
from winddown.domain.relief.learn import Told
from winddown.domain.relief.prior import MODEL_ID, PUBLISHED, Prior
from winddown.domain.relief.regimen import Unstudied, may_draw, unstudied
from winddown.domain.relief.simple import Group
from winddown.record.models import Patient, ProtocolVersion, ReliefForecast, ReliefPrior, ReliefScore, Staff
from winddown.record.queries.episodes import Treated, treated
from winddown.services import audit

NEWEST, REMEMBERED, DECIMALS = 1000, 256, 5
DAY = timedelta(days=1)
HOUR = timedelta(hours=1)
Silence = Literal["", "no_infusion", "long_ago", "switched_off", "unstudied"]


@dataclass(frozen=True)
class Belief:
    """What stands tonight: the prior and the crowd, and the row they are kept in (None: the published ones)."""

    prior: Prior
    group: Group
    row: ReliefPrior | None


@dataclass(frozen=True)
class Forecast:
    """Everything a page of relief stands on.

    silence   why there is no forecast at all: no infusion yet, the last one too long ago, outside what was studied, or switched off
    ahead     the weeks ahead; has no curve where the own scores do not speak yet
    held      what stands behind it: the evenings of this protocol, or of the whole practice while those are too few
    own       the evenings of this protocol alone
    unstudied what the published trial did not study in this treatment; None inside it
    begins    the first infusion: day 0 of `ahead`
    """

    at: datetime
    silence: Silence
    scores: Sequence[Score]
    given: Sequence[Given]
    episodes: Sequence[Episode]
    held: Held
    patients: int
    own: Held = NO_RECORD
    unstudied: Unstudied | None = None
    begins: datetime | None = None
    told: Told | None = None
    ahead: Ahead | None = None
    proposal: Proposal | None = None
    prior_row: int | None = None
    protocol: str = ""
    about: Mapping[str, Any] = field(default_factory=dict)

    def moment(self, day: float) -> datetime | None:
        return self.begins + day * DAY if self.begins is not None and math.isfinite(day) else None


def belief() -> Belief:
    """The newest prior of this practice, else the published one. One query."""
    row: ReliefPrior | None = ReliefPrior.objects.filter(model_id=MODEL_ID).order_by("-id").first()
    if row is None:
        return Belief(PUBLISHED, Group(), None)
    return Belief(Prior.from_data(row.prior), Group.from_data(row.group), row)


@dataclass(frozen=True)
class Record:
    """The practice's forecasts against its own evenings: all of the newest, and those of each protocol by its key."""

    every: Held
    of_protocol: Mapping[str, Held]
    parts: Sequence[Sums] = ()

    def own(self, protocol: str) -> Held:
        return self.of_protocol.get(protocol, NO_RECORD)

    def judging(self, protocol: str) -> Held:
        """What judges a forecast under this protocol: its own evenings, or all while those are too few."""
        own = self.own(protocol)
        return own if own.verdict != "too_few" else self.every


def honesty() -> Record:
    """This practice's forecasts against its own evenings, the newest ones, added up by patient. One query."""
    newest = ReliefScore.objects.order_by("-id").values("pk")[:NEWEST]
    added = ReliefScore.objects.filter(pk__in=newest).values_list("forecast__patient_id", "forecast__about")
    rows = added.annotate(
        evenings=Count("pk"),
        half=Count("pk", filter=Q(in_half=True)),
        most=Count("pk", filter=Q(in_most=True)),
        own=Sum("crps"),
        carried=Sum("crps_carried"),
        group=Sum("crps_group"),
    )
    parts = [Sums(patient, *sums) for patient, *sums in ((row[0], *row[2:], row[1]) for row in rows)]
    return Record(together(parts), by(parts, lambda about: str(about.get("protocol", ""))), parts)


def forecast(patient: Patient, *, now: datetime) -> Forecast:
    """What is expected of this patient's pain, or why nothing is. A fixed number of queries; nothing is written."""
    courses = treated(PAIN, patient)
    return of_course(courses[-1] if courses else None, belief(), honesty(), now=now)


def of_course(course: Treated | None, stands: Belief, record: Record, *, now: datetime) -> Forecast:
    """The forecast of one course as it may be shown: none outside what was studied, and none that its own record has switched off."""
    found = in_silence(course, stands, record, now=now)
    if found.silence:
        return found
    if not may_draw(found.unstudied, found.own):
        return replace(found, silence="unstudied", ahead=None, proposal=None)
    if found.held.is_off:
        return replace(found, silence="switched_off", ahead=None, proposal=None)
    return found


def in_silence(course: Treated | None, stands: Belief, record: Record, *, now: datetime) -> Forecast:
    """The forecast of one course under what stands tonight, also where it may not be shown: the night keeps it, to be judged."""
    given = [each for each in course.given if each.started_at <= now] if course else []
    scores = [score for score in course.scores if score.at <= now] if course else []
    base: dict[str, Any] = {"at": now, "scores": scores, "given": given, "held": record.every, "patients": stands.prior.patients}
    if course is None or not given:
        return Forecast(silence="no_infusion", episodes=(), **base)
    protocol = ProtocolVersion.objects.filter(pk=course.protocol_id).first()
    key, form = (protocol.key, str(protocol.data.get("drug_form", ""))) if protocol else ("", "")
    base |= {"held": record.judging(key), "own": record.own(key), "protocol": protocol.name if protocol else ""}
    hours = [(each.ended_at - each.started_at) / HOUR if each.ended_at else None for each in given]
    base |= {"unstudied": unstudied(course.icd10, form, hours), "episodes": course.episodes(PAIN, at=now), "begins": given[0].started_at}
    if now - given[-1].end > 7 * FARTHEST.value * DAY:
        return Forecast(silence="long_ago", **base)
    told = told_of(scores, given)
    ahead = _ahead(told, stands, now=now, begins=given[0].started_at)
    return Forecast(
        silence="",
        told=told,
        ahead=ahead,
        proposal=_proposal(ahead, given, protocol, now=now),
        prior_row=stands.row.pk if stands.row else None,
        about={"protocol": key, "location": course.location_id},
        **base,
    )


def told_of(scores: Sequence[Score], given: Sequence[Given]) -> Told:
    """Scores and infusions in days from the first infusion."""
    begins = given[0].started_at
    rows = [(round((score.at - begins) / DAY, DECIMALS), score.value) for score in scores]
    return Told.of(rows, [round((each.started_at - begins) / DAY, DECIMALS) for each in given])


class _Remembered:
    """Forecasts by everything that went in; the ones last used are kept. Nothing here is the truth: the record is."""

    def __init__(self) -> None:
        self.known: OrderedDict[tuple[str, str, float], Ahead] = OrderedDict()
        self.lock = Lock()

    def ahead(self, told: Told, prior: Prior, from_day: float) -> Ahead:
        key = (told.digest(), digest_of(prior), from_day)
        with self.lock:
            found = self.known.get(key)
        if found is None:
            found = foretell(told, prior, from_day=from_day, until_day=from_day + 7 * WEEKS_SHOWN.value)
        with self.lock:
            self.known[key] = found
            self.known.move_to_end(key)
            while len(self.known) > REMEMBERED:
                self.known.popitem(last=False)
        return found


_remembered = _Remembered()


def digest_of(prior: Prior) -> str:
    return sha256(repr(prior).encode()).hexdigest()


def _ahead(told: Told, stands: Belief, *, now: datetime, begins: datetime) -> Ahead:
    """From the beginning of this day on, so that a look an hour later shows the same."""
    return _remembered.ahead(told, stands.prior, float(math.floor((now - begins) / DAY)))


def _proposal(ahead: Ahead, given: Sequence[Given], protocol: ProtocolVersion | None, *, now: datetime) -> Proposal | None:
    if ahead.known not in ("known", "faded"):
        return None
    begins = given[0].started_at
    faded = [(begins + float(day) * DAY, float(chance)) for day, chance in zip(ahead.days, ahead.faded, strict=True)]
    return propose(faded, [each.started_at for each in given], _rule(protocol), at=now)


def _rule(protocol: ProtocolVersion | None) -> SeriesRule | None:
    try:
        return series_rule(protocol.data) if protocol and BLOCK in protocol.data else None
    except Refusal:
        return None


@transaction.atomic
def keep(patient: Patient, found: Forecast, *, moment: str, by: Staff | None, now: datetime) -> ReliefForecast | None:
    """Keep a forecast with its inputs, so that it can be run again years later. Nothing to keep where there is no curve."""
    if found.ahead is None or found.told is None or not found.ahead.has_curve or found.begins is None:
        return None
    inputs = inputs_of(found.told, found.begins, found.prior_row)
    row = ReliefForecast(
        patient=patient,
        moment=moment,
        model_id=MODEL_ID,
        inputs_hash=found.ahead.digest,
        inputs=inputs,
        about=dict(found.about),
        content=found.ahead.as_data(),
        at=now,
        by=by,
    )
    row.save()
    if by is not None:
        audit.note("keep forecast of relief", by=by, now=now, patient=patient, subject=str(row.ref))
    return row


def inputs_of(told: Told, begins: datetime, prior_row: int | None) -> dict[str, Any]:
    rows = {"days": told.days, "pain": told.pain, "infusions": told.infusions, "sizes": told.sizes}
    return {
        "begins": begins.isoformat(),
        "prior": prior_row,
        **{name: [round(float(each), DECIMALS) for each in row] for name, row in rows.items()},
    }


def again(row: ReliefForecast) -> Ahead:
    """Run a kept forecast once more from its own inputs; the same numbers come out, or the model has changed."""
    prior = ReliefPrior.objects.get(pk=row.inputs["prior"]) if row.inputs["prior"] else None
    told = Told.of(list(zip(row.inputs["days"], row.inputs["pain"], strict=True)), row.inputs["infusions"], row.inputs["sizes"])
    days = row.content["days"]
    return foretell(told, Prior.from_data(prior.prior) if prior else PUBLISHED, from_day=days[0], until_day=days[-1])
