"""The watch: once a second, every practice, everything that no arrival can raise."""

from __future__ import annotations

import logging
import os
import signal
import threading
from types import FrameType

log = logging.getLogger("winddown.watch")

EVERY_S = 1.0


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "winddown.config.settings")
    import django  # slow import

    django.setup()
    from django.db import connection  # slow import

    from winddown.record.models import Practice  # slow import
    from winddown.services import clock  # slow import
    from winddown.services.watch import Watch  # slow import

    stop = threading.Event()

    def asked(_signal: int, _frame: FrameType | None) -> None:
        stop.set()

    for name in (signal.SIGTERM, signal.SIGINT):
        signal.signal(name, asked)
    watches: dict[int, Watch] = {}
    log.info("watching")
    while not stop.is_set():
        began = clock.now()
        try:
            connection.close_if_unusable_or_obsolete()
            for practice in Practice.objects.all():
                watches.setdefault(practice.pk, Watch(practice.pk)).look(now=clock.now())
        except Exception:
            log.exception("the watch could not look; it looks again in a second")
            connection.close()
        spent = (clock.now() - began).total_seconds()
        stop.wait(max(0.05, EVERY_S - spent))


if __name__ == "__main__":
    main()
