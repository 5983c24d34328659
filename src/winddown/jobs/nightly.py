"""The night: each job of the table once a night for each practice, in the small hours of its first place."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from winddown.jobs.table import NIGHTLY, Job
from winddown.record.models import Location, NightlyRun
from winddown.record.scope import at_practice
from winddown.services import clock

log = logging.getLogger("winddown.night")
BEGINS, ENDS = time(2, 30), time(6)


def night_of(now: datetime, zone: str) -> date | None:
    """The night that is running in this zone, named by its morning; None by day. The clock there decides, whatever it does that night."""
    there = now.astimezone(ZoneInfo(zone))
    return there.date() if BEGINS <= there.time() < ENDS else None


def look(practice_id: int, *, now: datetime, jobs: Sequence[Job] = NIGHTLY) -> int:
    """Do what this night has not seen yet; how many jobs were run. A job that fails is written down and waits for the next night."""
    with at_practice(practice_id):
        zone = Location.objects.order_by("id").values_list("time_zone", flat=True).first() or "UTC"
    night = night_of(now, zone)
    return 0 if night is None else sum(_once(job, practice_id, night, now) for job in jobs)


def _once(job: Job, practice_id: int, night: date, now: datetime) -> bool:
    with at_practice(practice_id):
        run = NightlyRun(practice_id=practice_id, job=job.name, night=night, began_at=now)
        NightlyRun.objects.bulk_create([run], ignore_conflicts=True)
        mine = NightlyRun.objects.filter(job=job.name, night=night, began_at=now, ended_at=None).first()
    if mine is None:
        return False
    try:
        outcome = str(job.run(practice_id, now=now) or "done")
    except Exception as why:
        log.exception("the job %s failed", job.name)
        outcome = f"failed: {type(why).__name__}"
    with at_practice(practice_id):
        mine.ended_at, mine.outcome = clock.now(), outcome[:300]
        mine.save(update_fields=["ended_at", "outcome"])
    return True
