"""The loop of a process that looks at every practice again and again until it is asked to end."""

from __future__ import annotations

import logging
import os
import signal
import threading
from collections.abc import Callable
from datetime import datetime
from types import FrameType

Look = Callable[[int, datetime], None]


def over_and_over(make: Callable[[], Look], *, every_s: float, least_rest_s: float, log: logging.Logger, broke: str) -> None:
    """Look at each practice until SIGTERM or SIGINT. What goes wrong in one look is written down and ends nothing.

    make          gives the look at one practice, by its number and the time, once Django stands
    every_s       from the beginning of one look at all to the next;  least_rest_s  the pause that a long one gets all the same
    broke         what the log says of a look that went wrong
    """
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "winddown.config.settings")
    import django  # slow import

    django.setup()
    from django.db import connection  # slow import

    from winddown.record.models import Practice  # slow import
    from winddown.services import clock  # slow import

    stop = threading.Event()

    def asked(_signal: int, _frame: FrameType | None) -> None:
        stop.set()

    for name in (signal.SIGTERM, signal.SIGINT):
        signal.signal(name, asked)
    look = make()
    while not stop.is_set():
        began = clock.now()
        try:
            connection.close_if_unusable_or_obsolete()
            for practice in Practice.objects.all():
                look(practice.pk, clock.now())
        except Exception:
            log.exception(broke)
            connection.close()
        spent = (clock.now() - began).total_seconds()
        stop.wait(max(least_rest_s, every_s - spent))
