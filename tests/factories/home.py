"""A patient at home: an infusion behind them and an address to write to."""

from __future__ import annotations

import itertools
from datetime import UTC, datetime, timedelta

from tests import factories

_apart = itertools.count()
LONG_AGO = datetime(2024, 1, 1, tzinfo=UTC)


def infused(house, ended: datetime, *, key: str = "mood-half-mg-per-kg-40min", wishes=None, **person):
    """A patient whose infusion ended then. wishes: how they are reached; None for nobody who can be."""
    from winddown.record.models import SessionEvent
    from winddown.services import contacts

    at = ended - timedelta(hours=2)
    patient = factories.patient(house, now=at, **person)
    order = factories.order(house, patient, key=key, now=at)
    session = factories.session(house, order, start=LONG_AGO + timedelta(hours=3 * next(_apart)), now=at)
    for kind, moment in (("started", ended - timedelta(minutes=40)), ("infusion_completed", ended)):
        SessionEvent(session=session, kind=kind, happened_at=moment, written_at=moment, by=house.nurse).save()
    if wishes is not None:
        contacts.write(patient, wishes, by=house.front_desk, now=at)
    return patient
