"""The program's figures, rebuilt in the night and on demand: kept with their date and the versions of the definitions."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from statistics import fmean
from typing import Any
from uuid import UUID

from django.db import transaction

from winddown.domain.outcomes import casemix, control_chart, diagnosis, summary
from winddown.domain.outcomes.definition import DEFINITIONS, Definition
from winddown.domain.outcomes.episodes import Episode
from winddown.domain.outcomes.shares import rate
from winddown.domain.outcomes.summary import Series
from winddown.record.models import FollowedSeries, Location, ProgrammeRebuild, Staff
from winddown.record.queries import outcomes
from winddown.record.queries.episodes import Treated, treated
from winddown.record.queries.outcomes import Visit
from winddown.record.scope import current_practice_id
from winddown.services import audit, permissions

DAY_S = 86_400
YEAR_DAYS = 365.25
MONTHS = 24
UNIQUE = ("practice", "programme", "session")


@dataclass(frozen=True)
class Step:
    """How far a rebuild has come: what is done now (a program's key, or events), and how many of the parts are done."""

    doing: str
    done: int
    of: int


def _unseen(_step: Step) -> None:
    return None


@transaction.atomic
def rebuild(*, as_of: datetime, now: datetime, by: Staff | None = None, say: Callable[[Step], None] = _unseen) -> ProgrammeRebuild:
    """Read every course anew, keep each series in its row, and the figures of all of them. by: empty for the night's work.

    as_of   nothing later is looked at; earlier figures can be made again
    say     hears before each part which it is
    """
    if by is not None:
        permissions.require(by, "programme.see")
    begun = time.perf_counter()
    figures: dict[str, Any] = {}
    visits = outcomes.visits()
    parts = len(DEFINITIONS) + 1
    for place, (key, definition) in enumerate(DEFINITIONS.items()):
        say(Step(key, place, parts))
        _follow(definition, visits, as_of)
        figures[key] = _figures(outcomes.series(key))
    say(Step("events", parts - 1, parts))
    figures["events"] = _events(as_of)
    row = ProgrammeRebuild(
        as_of=as_of,
        written_at=now,
        by=by,
        definitions={key: definition.id for key, definition in DEFINITIONS.items()},
        figures=figures,
        took_ms=round((time.perf_counter() - begun) * 1000),
    )
    row.save()
    audit.note("rebuild program figures", by=by, now=now, subject=str(row.ref))
    return row


def _follow(definition: Definition, visits: Mapping[UUID, Visit], as_of: datetime) -> None:
    """Each series in its row; one that is gone no longer stands. Who was never asked, nor should have been, is no series here."""
    courses = [course for course in treated(definition) if course.track == definition.key or course.scores]
    found = [(course, episode, place) for course in courses for episode, place in _placed(course.episodes(definition, at=as_of))]
    rows = [
        _row(definition, course, episode, course.sessions[place : place + episode.infusions], visits, as_of)
        for course, episode, place in found
    ]
    FollowedSeries.objects.bulk_create(
        rows, update_conflicts=True, unique_fields=UNIQUE, update_fields=FollowedSeries.changes, batch_size=500
    )
    kept = [row.session_id for row in rows]
    FollowedSeries.objects.filter(programme=definition.key, standing=True).exclude(session_id__in=kept).update(standing=False)


def _placed(episodes: Sequence[Episode]) -> list[tuple[Episode, int]]:
    """Each episode with the place of its first infusion in the course."""
    found, place = [], 0
    for episode in episodes:
        found.append((episode, place))
        place += episode.infusions
    return found


def _row(
    definition: Definition, course: Treated, episode: Episode, refs: Sequence[UUID], visits: Mapping[UUID, Visit], as_of: datetime
) -> FollowedSeries:
    first = visits[refs[0]]
    doses = [dose for ref in refs if (dose := visits[ref].mg_per_kg) is not None]
    held = max(episode.since, episode.responded.by) if episode.responded else episode.since
    return FollowedSeries(
        practice_id=current_practice_id(),
        programme=definition.key,
        session_id=first.session_id,
        definition=definition.id,
        as_of=as_of,
        standing=True,
        patient_id=course.patient_id,
        course_id=course.course_id,
        location_id=first.location_id,
        prescriber_id=first.prescriber_id,
        protocol_id=course.protocol_id,
        diagnosis=diagnosis.family(course.icd10),
        began_at=episode.began_at,
        since=episode.since,
        infusions=episode.infusions,
        mg_per_kg=fmean(doses) if doses else None,
        total_mg_per_kg=sum(doses) if doses else None,
        baseline=episode.baseline.value if episode.baseline else None,
        age_years=(episode.began_at.date() - first.born).days / YEAR_DAYS,
        response=episode.response,
        because=episode.because,
        remission=episode.remission,
        ending=episode.end,
        relapse_after_days=_days(held, episode.relapse.after) if episode.relapse else None,
        relapse_by_days=_days(held, episode.relapse.by) if episode.relapse else None,
        watched_days=_days(held, episode.watched_until) if episode.watched_until else 0.0,
        scored=episode.scored,
    )


def _days(since: datetime, until: datetime) -> float:
    return max((until - since).total_seconds() / DAY_S, 0.0)


def _figures(rows: Sequence[Series]) -> dict[str, Any]:
    """All of one program, and in groups."""
    return {
        "all": summary.summarize(rows).as_data(),
        "splits": {
            split: [{"key": key, **summary.summarize(group).as_data()} for key, group in summary.by(rows, split).items()]
            for split in summary.SPLITS
        },
        "funnel": {split: asdict(casemix.funnel_of(rows, split)) for split in ("location", "clinician")},
        "dose": {"": asdict(casemix.dose_response(rows))}
        | {key: asdict(casemix.dose_response(group)) for key, group in summary.by(rows, "protocol").items()},
    }


def _events(as_of: datetime) -> dict[str, Any]:
    """Adverse events by month, all and serious ones, with the limits of chance; and the terms behind them."""
    zone = Location.objects.order_by("id").values_list("time_zone", flat=True).first() or "UTC"
    months = outcomes.events_by_month(zone, as_of, MONTHS)
    terms: dict[str, int] = {}
    for month in months:
        for term, count in month.terms.items():
            terms[term] = terms.get(term, 0) + count
    return {
        "zone": zone,
        "all": asdict(control_chart.u_chart([(f"{month.first:%Y-%m}", month.events, month.infusions) for month in months])),
        "serious": asdict(control_chart.u_chart([(f"{month.first:%Y-%m}", month.serious, month.infusions) for month in months])),
        "terms": [
            {"key": key, **asdict(rate(count, sum(month.infusions for month in months)))}
            for key, count in sorted(terms.items(), key=lambda item: (-item[1], item[0]))
        ],
    }
