"""What the emulated monitors said before the curtain rose, sent down the same road as any message."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from winddown.devices.emulators.disturbances import CALM
from winddown.devices.emulators.monitor import Monitor
from winddown.devices.emulators.patient import EmulatedPatient
from winddown.devices.emulators.program import ProgramFile
from winddown.domain.wire.hl7v2.write import Envelope, vital_signs
from winddown.services.intake import Arrival, Intake

EVERY = timedelta(seconds=10)
BATCH = 12
LATEST = timedelta(minutes=20)


def tell_the_past(practice_id: int, zone: str, device: str, program: Path, *, seed: int, since: datetime, until: datetime) -> None:
    """One reading every ten seconds for at most the last twenty minutes, each received when it was observed."""
    monitor = Monitor(EmulatedPatient(ProgramFile(program).program, seed=seed), seed=seed, rates=CALM, capnography=False)
    intake = Intake(practice_id, ZoneInfo(zone))
    waiting: list[Arrival] = []
    at = max(since, until - LATEST)
    while at < until:
        signs = monitor.observe(at)
        if signs:
            raw = vital_signs(Envelope(device=device, sent_at=at, control_id=f"{device}-{at:%Y%m%d%H%M%S}"), signs)
            waiting.append(Arrival(raw, "127.0.0.1", at))
        if len(waiting) >= BATCH:
            intake.take(waiting, now=at)
            waiting = []
        at += EVERY
    if waiting:
        intake.take(waiting, now=until)
