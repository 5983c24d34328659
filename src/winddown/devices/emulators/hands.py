"""The hands at the emulated pumps: in the demonstration, what a nurse charts as done at the pump is done to its emulator.

At a real chair a person turns the pump and then charts it. Here nobody stands at the pump, so this process follows the story and turns the
emulated one. It writes program files of emulators and nothing else; there is no road from Winddown to a real pump.
"""

from __future__ import annotations

import json
import logging
import os
import signal
import threading
from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

log = logging.getLogger("winddown.hands")

EVERY_S = 0.5
TURNS = ("started", "rate_changed", "resumed", "held", "stopped", "infusion_completed")


def turned(program: dict[str, Any], *, kind: str, rate_ml_per_h: str, at: datetime, left_ml: Decimal) -> dict[str, Any]:
    """The program after one turn at the pump: what was planned later is gone, and the pump ends when the ordered volume is in."""
    started = datetime.fromisoformat(program["started_at"]) if program["started_at"] else None
    if kind == "started" or started is None:
        started, program = at, {**program, "started_at": at.isoformat(), "steps": []}
    minute = round(max((at - started) / timedelta(minutes=1), 0.0), 3)
    steps = [step for step in program["steps"] if step[0] < minute]
    rate = Decimal(rate_ml_per_h or "0") if kind in ("started", "rate_changed", "resumed") else Decimal(0)
    steps.append([minute, format(rate, "f")])
    if rate > 0 and left_ml > 0:
        steps.append([round(minute + float(left_ml / rate * 60), 3), "0"])
    return {**program, "steps": steps}


def main() -> None:
    from django.conf import settings  # slow import

    from winddown.record.models import Practice  # slow import

    folder = settings.ENVIRONMENT.data / "demo"
    stop = threading.Event()
    for name in (signal.SIGTERM, signal.SIGINT):
        signal.signal(name, lambda *_: stop.set())
    seen = {practice.pk: _last(practice.pk) for practice in Practice.objects.all()}
    while not stop.wait(EVERY_S):
        for practice_id in seen:
            try:
                seen[practice_id] = _follow(practice_id, seen[practice_id], folder)
            except Exception:
                log.exception("the hands missed a turn")


def _last(practice_id: int) -> int:
    from winddown.record.models import SessionEvent  # slow import
    from winddown.record.scope import at_practice  # slow import

    with at_practice(practice_id):
        return SessionEvent.objects.order_by("-id").values_list("id", flat=True).first() or 0


def _follow(practice_id: int, last: int, folder: Path) -> int:
    from winddown.record.models import SessionEvent  # slow import
    from winddown.record.scope import at_practice  # slow import
    from winddown.services import clock, orders, picture  # slow import

    with at_practice(practice_id):
        rows = (
            SessionEvent.objects.filter(id__gt=last).order_by("id").only("id", "kind", "by", "data", "happened_at", "session", "practice")
        )
        for row in rows:
            last = row.pk
            path = program_path(folder, row.session.chair.location.name, row.session.chair.position)
            if row.kind not in TURNS or row.by_id is None or not path.exists():
                continue
            draft = orders.checked(row.session.order)
            left = draft.total_ml - picture.dose_of(row.session, now=clock.now()).programmed_ml
            program = json.loads(path.read_text())
            turn = turned(program, kind=row.kind, rate_ml_per_h=str(row.data.get("rate_ml_per_h", "")), at=row.happened_at, left_ml=left)
            _replace(path, json.dumps(turn, indent=1))
    return last


def program_path(folder: Path, location: str, position: int) -> Path:
    """Where the program of a chair's emulated pump is kept."""
    return folder / f"{location.lower()}-{position + 1}.json"


def _replace(path: Path, text: str) -> None:
    beside = path.with_suffix(".new")
    beside.write_text(text)
    os.replace(beside, path)
