"""What the start gate is told besides the session's own story: the order, the consent, the credentials, the moment and the place."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, tzinfo
from decimal import Decimal

from winddown.domain.sessions.story import Event


@dataclass(frozen=True)
class OrderFacts:
    """What the gate needs of the signed order. The dose arithmetic is checked elsewhere, before signing."""

    drug: str
    weight_kg: Decimal
    concentration_mg_per_ml: Decimal
    rate_ml_per_h: Decimal
    volume_ml: Decimal
    signed_by: str = ""
    locked: bool = False
    affected_limb: str = ""


@dataclass(frozen=True)
class ConsentFacts:
    """The consent on file. renewed_on: the director asked for a new signature after it was signed."""

    signed_on: date | None = None
    expires_on: date | None = None
    withdrawn_on: date | None = None
    renewed_on: date | None = None


@dataclass(frozen=True)
class Credential:
    """One credential of a person in the room, valid through its last day."""

    holder: str
    role: str
    expires_on: date


@dataclass(frozen=True)
class Visit:
    """The moment and place of the check. zone is the location's, for what counts as today."""

    at: datetime
    planned_start: datetime
    zone: tzinfo

    @property
    def today(self) -> date:
        return self.at.astimezone(self.zone).date()

    @property
    def start(self) -> datetime:
        """The earliest moment the pump can start now."""
        return max(self.at, self.planned_start)


def instant(event: Event | None, key: str) -> datetime | None:
    """An ISO 8601 instant with its offset, or None: a time nobody can place is not recorded."""
    try:
        when = datetime.fromisoformat(event.text(key)) if event else None
    except ValueError:
        return None
    return when if when and when.tzinfo else None
