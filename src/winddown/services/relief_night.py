"""The night's work on relief: the prior moves to the practice's patients, forecasts are kept and scored, reviews are offered."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np
from django.db import transaction

from winddown.domain.outcomes.definition import PAIN
from winddown.domain.relief.learn import Told
from winddown.domain.relief.prior import MODEL_ID
from winddown.domain.relief.refit import refit
from winddown.domain.relief.simple import Group, carried_forward, crps, group_of, of_the_group
from winddown.record.models import Answer, Patient, ReliefForecast, ReliefPrior, ReliefScore
from winddown.record.queries.episodes import Treated, treated
from winddown.record.scope import at_practice
from winddown.services.relief import DAY, Belief, belief, honesty, in_silence, keep, of_course, told_of
from winddown.services.relief_offer import offer, with_person

# A forecast is made of patients who answered lately, once a week, and scored for as long as it reached ahead.
LATELY, AGAIN_AFTER, SCORED_FOR = timedelta(days=21), timedelta(days=6), timedelta(days=57)
NEVER = datetime.max.replace(tzinfo=UTC)
HALF, MOST = (4, -5), (0, -1)


def nightly(practice_id: int, *, now: datetime) -> str:
    """All of it, in the order that makes sense: what happened is scored before anything new is believed."""
    with at_practice(practice_id):
        scored = score_evenings(now=now)
        courses = treated(PAIN)
        stands = move_prior(courses, now=now)
        kept, offered = _look_ahead(courses, stands, now=now)
    return f"scored {scored}, learned from {stands.prior.patients}, kept {kept}, offered {offered}"


@transaction.atomic
def move_prior(courses: Sequence[Treated], *, now: datetime) -> Belief:
    """Tonight's prior from every course that has an infusion."""
    told = [told_of(course.scores, course.given) for course in courses if course.given]
    prior, group = refit(told), group_of(told)
    row = ReliefPrior(
        model_id=MODEL_ID,
        prior=prior.as_data(),
        group=group.as_data(),
        patients=prior.patients,
        evenings=group.evenings,
        made_at=now,
    )
    row.save()
    return Belief(prior, group, row)


def _look_ahead(courses: Sequence[Treated], stands: Belief, *, now: datetime) -> tuple[int, int]:
    """Keep a forecast of each patient who answers, shown or not, and offer a review where one that may be shown says that relief faded."""
    record, newest = honesty(), {course.patient_id: course for course in courses}
    made = set(ReliefForecast.objects.filter(at__gt=now - AGAIN_AFTER, moment="night").values_list("patient_id", flat=True))
    kept = offered = 0
    for patient in Patient.objects.filter(pk__in=list(newest)):
        course = newest[patient.pk]
        if not course.scores or course.scores[-1].at < now - LATELY:
            continue
        if patient.pk not in made:
            silent = in_silence(course, stands, record, now=now)
            kept += keep(patient, with_person(silent, patient, now=now), moment="night", by=None, now=now) is not None
        offered += offer(patient, of_course(course, stands, record, now=now), now=now)
    return kept, offered


@transaction.atomic
def score_evenings(*, now: datetime) -> int:
    """Lay every evening beside the forecasts that were made before it; how many were scored."""
    forecasts = list(ReliefForecast.objects.filter(at__gt=now - SCORED_FOR, model_id=MODEL_ID).order_by("id"))
    if not forecasts:
        return 0
    whose = {row.patient_id for row in forecasts}
    answers = Answer.objects.filter(
        patient_id__in=whose, instrument=PAIN.instrument, superseded_by__isnull=True, score__isnull=False, answered_at__gt=forecasts[0].at
    )
    by_patient: dict[int, list[Answer]] = defaultdict(list)
    for answer in answers.order_by("id"):
        by_patient[answer.patient_id].append(answer)
    done = set(ReliefScore.objects.filter(forecast__in=forecasts).values_list("forecast_id", "answer_id"))
    group = belief().group
    rows = [
        row
        for each in forecasts
        for row in score_one(each, by_patient[each.patient_id], until=_next_infusion(each), done=done, group=group, now=now)
    ]
    ReliefScore.objects.bulk_create(rows)
    return len(rows)


def score_one(
    row: ReliefForecast, answers: Sequence[Answer], *, until: datetime, done: set[tuple[int, int]], group: Group, now: datetime
) -> list[ReliefScore]:
    """One forecast's new evenings, not written yet. It spoke of the weeks without another infusion: the next one, `until`, ends it."""
    begins, content = datetime.fromisoformat(row.inputs["begins"]), row.content
    first, last = content["days"][0], content["days"][-1]
    days = {answer.pk: (answer.answered_at - begins) / DAY for answer in answers if answer.answered_at > row.at}
    fresh = [
        answer
        for answer in answers
        if answer.pk in days and (row.pk, answer.pk) not in done and days[answer.pk] <= last and answer.answered_at < until
    ]
    if not fresh:
        return []
    at = np.array([days[answer.pk] for answer in fresh])
    seen = np.array([float(answer.score or 0) for answer in fresh])
    own = np.array(content["quantiles"])[np.clip(np.rint(at - first), 0, len(content["days"]) - 1).astype(int)]
    told = _told(row.inputs)
    scores = [crps(each, seen) for each in (own, carried_forward(group, told, at), of_the_group(group, told, at))]
    return [
        ReliefScore(
            practice_id=row.practice_id,
            forecast=row,
            answer=answer,
            days_ahead=round((answer.answered_at - row.at) / DAY, 3),
            value=float(seen[place]),
            in_half=bool(own[place, HALF[0]] <= seen[place] <= own[place, HALF[1]]),
            in_most=bool(own[place, MOST[0]] <= seen[place] <= own[place, MOST[1]]),
            crps=float(scores[0][place]),
            crps_carried=float(scores[1][place]),
            crps_group=float(scores[2][place]),
            written_at=now,
        )
        for place, answer in enumerate(fresh)
    ]


def _next_infusion(row: ReliefForecast) -> datetime:
    later = [given.started_at for course in treated(PAIN, row.patient) for given in course.given if given.started_at > row.at]
    return min(later, default=NEVER)


def _told(inputs: Mapping[str, Any]) -> Told:
    return Told.of(list(zip(inputs["days"], inputs["pain"], strict=True)), inputs["infusions"], inputs["sizes"])
