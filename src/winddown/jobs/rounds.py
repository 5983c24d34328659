"""The rounds: every few seconds, every practice, the jobs that the clock drives; and the jobs of the night."""

from __future__ import annotations

import logging
import os
import signal
import threading
from types import FrameType

log = logging.getLogger("winddown.rounds")

EVERY_S = 2.0


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "winddown.config.settings")
    import django  # slow import

    django.setup()
    from django.db import connection  # slow import

    from winddown.jobs.going import Rounds  # slow import
    from winddown.record.models import Practice  # slow import
    from winddown.services import clock  # slow import

    stop = threading.Event()

    def asked(_signal: int, _frame: FrameType | None) -> None:
        stop.set()

    for name in (signal.SIGTERM, signal.SIGINT):
        signal.signal(name, asked)
    rounds = Rounds()
    log.info("going round")
    while not stop.is_set():
        try:
            connection.close_if_unusable_or_obsolete()
            for practice in Practice.objects.all():
                rounds.go(practice.pk, now=clock.now())
        except Exception:
            log.exception("a round broke off; the next one begins in a moment")
            connection.close()
        stop.wait(EVERY_S)


if __name__ == "__main__":
    main()
