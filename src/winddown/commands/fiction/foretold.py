"""What the forecasts of last year would have said of the fictional people, laid beside what they answered: by the product's own code.

Nothing is made up here: each forecast is learned from the evenings before its day alone, and scored by those after it.
"""

from __future__ import annotations

from collections import defaultdict
from datetime import timedelta

from winddown.commands.fiction.cast import CRPS
from winddown.domain.outcomes.definition import PAIN
from winddown.domain.relief.honesty import NO_RECORD
from winddown.domain.relief.prior import PUBLISHED
from winddown.domain.relief.simple import group_of
from winddown.record.models import Answer, Patient, ProtocolVersion, ReliefForecast, ReliefScore
from winddown.record.queries.episodes import Treated, treated
from winddown.services import relief, relief_night
from winddown.services.relief import Belief, Record
from winddown.services.relief_offer import with_person

FORETOLD_AFTER = timedelta(days=12)


def tell() -> None:
    """Once. One forecast for each person of one protocol, as if each had been made on its day."""
    if ReliefForecast.objects.exists():
        return
    every = treated(PAIN)
    stands = Belief(PUBLISHED, group_of([relief.told_of(each.scores, each.given) for each in every if each.given]), None)
    signed = set(ProtocolVersion.objects.filter(key=CRPS).values_list("pk", flat=True))
    courses = [each for each in every if each.given and each.protocol_id in signed]
    people = Patient.objects.in_bulk([each.patient_id for each in courses])
    answers = defaultdict(list)
    for row in Answer.objects.filter(instrument=PAIN.instrument, score__isnull=False, patient__in=people).order_by("id"):
        answers[row.patient_id].append(row)
    scores: list[ReliefScore] = []
    for course in courses:
        scores += _told(course, people[course.patient_id], answers[course.patient_id], stands)
    ReliefScore.objects.bulk_create(scores)


def _told(course: Treated, patient: Patient, answers: list[Answer], stands: Belief) -> list[ReliefScore]:
    first = [each for each in course.given if each.started_at < course.given[0].started_at + timedelta(days=40)]
    at = first[-1].end + FORETOLD_AFTER
    if not answers or answers[-1].answered_at <= at:
        return []
    found = relief.in_silence(course, stands, Record(NO_RECORD, {}), now=at)
    row = relief.keep(patient, with_person(found, patient, now=at), moment="night", by=None, now=at)
    until = min((each.started_at for each in course.given if each.started_at > at), default=relief_night.NEVER)
    return relief_night.score_one(row, answers, until=until, done=set(), group=stands.group, now=answers[-1].answered_at) if row else []
