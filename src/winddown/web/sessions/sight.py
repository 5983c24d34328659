"""One session seen at one instant, read once: what the chart, the page, the acts and the what-if are made of."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

from winddown.domain.dosing.order import OrderDraft
from winddown.domain.pharmacology.chart import ChartForecast
from winddown.domain.sessions.blocks import Supervision
from winddown.domain.sessions.lifecycle import OVER
from winddown.domain.sessions.story import Event, effective
from winddown.record.models import Session
from winddown.record.queries.stories import told_of
from winddown.services import orders, picture

AFTERWARDS = timedelta(minutes=5)  # after the last fact of a visit that is over its record still speaks of it


def ms(at: datetime | None) -> int | None:
    """An instant as the browser counts it."""
    return None if at is None else int(at.timestamp() * 1000)


@dataclass(frozen=True)
class Sight:
    """One session seen at one instant: everything the chart, the page and the what-if are made of, read once.

    every   all events as written, superseded ones too
    story   those that stand
    odd     what the lifecycle frowned on, by event id
    writers the staff who wrote each event, by event id; None for a device
    """

    session: Session
    every: tuple[Event, ...]
    story: tuple[Event, ...]
    odd: Mapping[str, str]
    writers: Mapping[str, int | None]
    draft: OrderDraft
    dose: picture.Dose
    supervision: Supervision
    now: datetime

    @classmethod
    def of(cls, session: Session, now: datetime) -> Sight:
        told = told_of(session)
        every = tuple(each.event for each in told)
        story = effective(every)
        return cls(
            session=session,
            every=every,
            story=story,
            odd={each.event.id: each.odd for each in told if each.odd},
            writers={each.event.id: each.by_id for each in told},
            draft=orders.checked(session.order),
            dose=picture.dose_of(session, now=now, events=story),
            supervision=orders.supervision_of(session.order.course.protocol),
            now=now,
        )

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.session.location.time_zone)

    @property
    def moment(self) -> datetime:
        """What is spoken of: now, or the end of a visit that is over. A forecast from then to a year later would be drawn by the day."""
        if self.session.status in OVER and self.story:
            return min(self.now, self.story[-1].happened_at + AFTERWARDS)
        return self.now

    def at_its_end(self) -> Sight:
        """The same, seen at that moment: for what judges by the time that has passed."""
        if self.moment == self.now:
            return self
        return replace(self, now=self.moment, dose=picture.dose_of(self.session, now=self.moment, events=self.story))

    @property
    def since(self) -> datetime | None:
        """The first thing that happened."""
        return self.story[0].happened_at if self.story else None

    @property
    def strength_mg_per_ml(self) -> Decimal:
        """Of the bag that hangs; before one hangs, or where its label cannot be read, the ordered one."""
        hung = self.dose.hung
        if hung is None or hung.concentration_mg_per_ml is None:
            return self.draft.concentration_mg_per_ml
        return Decimal(hung.concentration_mg_per_ml.numerator) / Decimal(hung.concentration_mg_per_ml.denominator)

    def forecast(self, rate_ml_per_h: Decimal | None = None) -> tuple[ChartForecast, datetime, picture.Ahead] | None:
        return picture.forecast(self.session, self.draft, self.story, self.dose, now=self.moment, rate_ml_per_h=rate_ml_per_h)

    def typical(self) -> tuple[ChartForecast, datetime, picture.Ahead] | None:
        """The typical patient's lines and clock, the same as in the forecast, for a page that shows nothing else."""
        return picture.forecast(self.session, self.draft, self.story, self.dose, now=self.moment, typical_alone=True)
