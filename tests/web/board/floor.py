"""A floor of chairs with visits in them, and the page of a board read card by card."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from html import unescape
from typing import Any

from tests import factories
from tests.factories import visit
from winddown.record.models import Reading, Session
from winddown.record.scope import at_practice
from winddown.services import infusion

UNITS = {"systolic": "mm[Hg]", "diastolic": "mm[Hg]", "pulse_rate": "/min", "spo2": "%", "respiratory_rate": "/min"}


def now() -> datetime:
    return datetime.now(tz=UTC)


def running(house: Any, *, chair: int = 0, minutes: float = 20, **identity: str) -> Session:
    """A visit whose infusion began `minutes` ago in one chair."""
    start = now() - timedelta(minutes=minutes)
    with at_practice(house.id):
        person = factories.patient(house, now=start - timedelta(hours=2), **identity)
        order = factories.order(house, person, now=start - timedelta(hours=2))
        session = factories.session(house, order, start=start, chair=chair, now=start - timedelta(hours=1))
        visit.make_ready(house, session, start - timedelta(minutes=10))
        infusion.start(session, Decimal(order.figures["phases"][0]["rate_ml_per_h"]), by=house.nurse, now=start)
    return session


def reading(session: Session, kind: str, value: float, *, seconds_ago: float = 5, label: str = "accepted") -> None:
    """What a monitor at the chair sent."""
    at = now() - timedelta(seconds=seconds_ago)
    told = {"kind": kind, "value": value, "unit": UNITS[kind], "raw_value": str(value), "observed_at": at, "received_at": at}
    with at_practice(session.practice_id):
        Reading(session=session, chair=session.chair, source="monitor", label=label, **told).save()


def cards(response: Any) -> dict[str, str]:
    """The text of each card by the chair's reference, in the order of the page."""
    html = response.content.decode()
    pieces = re.split(r'(?=<article [^>]*data-chair=")', html)[1:]
    return {re.search(r'data-chair="([^"]+)"', piece)[1]: text_of(piece.split("</article>")[0]) for piece in pieces}


def text_of(html: str) -> str:
    """What a reader sees: tags away, spaces one."""
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", html))).strip()
