"""Going home: the recovery gate filled by the record, and what was shown when a nurse signed."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from winddown.domain.recovery import gate
from winddown.domain.sessions.gate_line import GateLine
from winddown.domain.sessions.story import Event
from winddown.record.models import Session, Staff
from winddown.record.queries.stories import events_of
from winddown.services import gates, orders, picture, snapshots


def lines(session: Session, *, now: datetime, events: Sequence[Event] | None = None) -> list[GateLine]:
    """Every line of the recovery gate at this moment. It says "criteria recorded"; a nurse signs."""
    supervision = orders.supervision_of(session.order.course.protocol)
    story = events if events is not None else events_of(session)
    return gate.check(supervision.recovery, story, at=now, acceptances=gates.acceptances(story))


def open_lines(session: Session, *, now: datetime) -> list[GateLine]:
    return [line for line in lines(session, now=now) if line.state != "done"]


def keep_shown(session: Session, moment: str, *, by: Staff, now: datetime) -> None:
    """Keep the forecast and the gate as they stood on the screen."""
    shown: dict[str, Any] = picture.forecast_of(session, now=now) or {}
    gate_shown = [{"key": line.key, "state": line.state, "sentence": line.sentence} for line in lines(session, now=now)]
    snapshots.keep(moment, {**shown, "gate": gate_shown}, by=by, now=now, session=session, order=session.order)
