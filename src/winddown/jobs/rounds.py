"""The rounds: every few seconds, every practice, the jobs that the clock drives; and the jobs of the night."""

from __future__ import annotations

import logging
from datetime import datetime

from winddown.jobs.loop import Look, over_and_over

log = logging.getLogger("winddown.rounds")

EVERY_S = 2.0


def main() -> None:
    over_and_over(_going, every_s=EVERY_S, least_rest_s=EVERY_S, log=log, broke="a round broke off; the next one begins in a moment")


def _going() -> Look:
    from winddown.jobs.going import Rounds  # slow import

    rounds = Rounds()

    def look(practice: int, now: datetime) -> None:
        rounds.go(practice, now=now)

    log.info("going round")
    return look


if __name__ == "__main__":
    main()
