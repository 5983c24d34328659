"""What the monitor at the chair says now, for forms that need no typing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from winddown.domain.vitals.kinds import kind_of
from winddown.record.models import Device, Reading, Session
from winddown.services import devices, vitals

FRESH = timedelta(minutes=5)
VITALS = ("systolic", "diastolic", "pulse_rate", "respiratory_rate", "spo2")
_SISTER = {"pulse_rate": "heart_rate"}


@dataclass(frozen=True)
class Shown:
    """One number of the monitor, young enough to be charted as of now."""

    kind: str
    value: str
    words: str
    observed_at: datetime
    age_s: int


@dataclass(frozen=True)
class Monitor:
    """The monitor bound to the chair and its newest numbers by kind. `device` is None where none is bound."""

    device: Device | None
    shown: Mapping[str, Shown]

    @property
    def pulse(self) -> Shown | None:
        return self.shown.get("pulse_rate")

    @property
    def name(self) -> str:
        return (self.device.words or self.device.key) if self.device else ""


def monitor_of(session: Session, *, now: datetime) -> Monitor:
    """Two queries. A number older than five minutes is not offered: it would be charted as if it were of now."""
    bound = [device for device in devices.bound_now([session.chair]).get(session.chair_id, ()) if device.kind == "monitor"]
    return Monitor(bound[0] if bound else None, newest(session, VITALS, now=now))


def newest(session: Session, kinds: Sequence[str], *, now: datetime) -> dict[str, Shown]:
    """The newest accepted number of each kind from a monitor in the last five minutes; the heart rate stands in for a missing pulse."""
    wanted = [*kinds, *(sister for kind, sister in _SISTER.items() if kind in kinds)]
    rows = vitals.standing(
        Reading.objects.filter(
            session=session, source="monitor", label="accepted", kind__in=wanted, observed_at__gte=now - FRESH, value__isnull=False
        )
    )
    found = {row.kind: _shown(row, now) for row in rows.order_by("kind", "-observed_at", "-id").distinct("kind")}
    for kind, sister in _SISTER.items():
        if kind in kinds and kind not in found and sister in found:
            found[kind] = found[sister]
    return {kind: found[kind] for kind in kinds if kind in found}


def _shown(row: Reading, now: datetime) -> Shown:
    known = kind_of(row.kind)
    value = row.value or 0.0
    return Shown(
        row.kind, f"{value:.{known.decimals}f}", known.show(value), row.observed_at, max(0, int((now - row.observed_at).total_seconds()))
    )
