"""The watch: once a second, every practice, everything that no arrival can raise."""

from __future__ import annotations

import logging
from datetime import datetime

from winddown.jobs.loop import Look, over_and_over

log = logging.getLogger("winddown.watch")

EVERY_S = 1.0


def main() -> None:
    over_and_over(_watching, every_s=EVERY_S, least_rest_s=0.05, log=log, broke="the watch could not look; it looks again in a second")


def _watching() -> Look:
    from winddown.services.watch import Watch  # slow import

    watches: dict[int, Watch] = {}

    def look(practice: int, now: datetime) -> None:
        watches.setdefault(practice, Watch(practice)).look(now=now)

    log.info("watching")
    return look


if __name__ == "__main__":
    main()
