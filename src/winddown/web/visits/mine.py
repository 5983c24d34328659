"""A patient's own visits as cards, and the page of other times: the same behind a link and behind a door of one's own."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any
from uuid import uuid4

from winddown.domain.refusals import Refusal
from winddown.record.models import Booking
from winddown.services import own_visits
from winddown.services.own_visits import OwnVisit

Address = Callable[[str, Booking], str]
"""(what: answer, cancel, move or file; which visit) -> where."""


def cards(visits: Iterable[OwnVisit], address: Address, *, may_act: bool = True) -> list[dict[str, Any]]:
    """One for each visit. may_act: whether whoever looks may answer, cancel and move."""
    return [
        {
            "row": each.row,
            "answer": each.answer,
            "asked": may_act and each.asked,
            "may_change": may_act and each.may_change,
            "may_act": may_act,
            "to": {what: address(what, each.row) for what in ("answer", "cancel", "move", "file")},
            "key": uuid4(),
        }
        for each in visits
    ]


def other_times(row: Booking, *, now: datetime, refusal: Refusal | None) -> dict[str, Any]:
    """Where the visit may be moved to."""
    days = own_visits.free_days(row, now=now)
    return {"row": row, "days": list(days.items()), "refusal": refusal, "key": uuid4()}
