"""What is done by the clock: one line each. A job is `module:function`, called as `function(practice_id, now=now)`, in no transaction."""

from __future__ import annotations

import importlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any


@dataclass(frozen=True)
class Job:
    """One thing to do for each practice. every_s: how often; for a job of the night it says nothing."""

    name: str
    place: str
    every_s: float = 5.0

    def run(self, practice_id: int, *, now: datetime) -> Any:
        module, _, function = self.place.partition(":")
        deed: Callable[..., Any] = getattr(importlib.import_module(module), function)
        return deed(practice_id, now=now)


ROUNDS: tuple[Job, ...] = (
    Job("post", "winddown.jobs.post:send_due"),
    Job("at home", "winddown.services.at_home:look", every_s=60),
    Job("pick-up", "winddown.services.pick_up:look", every_s=120),
    Job("exports", "winddown.jobs.exports:begin", every_s=2.0),
    Job("rebuilds", "winddown.jobs.figures:begin", every_s=2.0),
    Job("offers", "winddown.jobs.offers:go_on", every_s=20.0),
)
NIGHTLY: tuple[Job, ...] = (
    Job("relief", "winddown.services.relief_night:nightly"),
    Job("letters", "winddown.services.letters_due:nightly"),
    Job("program figures", "winddown.jobs.figures:rebuild"),
)
