"""One round of one practice."""

from __future__ import annotations

import logging
from datetime import datetime

from winddown.jobs import nightly
from winddown.jobs.table import ROUNDS
from winddown.record.scope import at_practice
from winddown.services import health

log = logging.getLogger("winddown.rounds")


class Rounds:
    """What was done when, for each practice. Holds no truth: after a restart all is due at once, and a second time changes nothing."""

    def __init__(self) -> None:
        self.last: dict[tuple[int, str], float] = {}

    def go(self, practice_id: int, *, now: datetime) -> None:
        """One look at one practice. A job that fails is logged and takes nothing from the others."""
        for job in ROUNDS:
            if now.timestamp() - self.last.get((practice_id, job.name), 0.0) < job.every_s:
                continue
            self.last[practice_id, job.name] = now.timestamp()
            try:
                job.run(practice_id, now=now)
            except Exception:
                log.exception("the job %s failed", job.name)
        nightly.look(practice_id, now=now)
        with at_practice(practice_id):
            health.beat("rounds", now=now)
