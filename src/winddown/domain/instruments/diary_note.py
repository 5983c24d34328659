"""A few words beside the day's numbers. They are read for red words like every text, and scored by nobody."""

from __future__ import annotations

from collections.abc import Mapping

from winddown.domain.instruments import common
from winddown.domain.instruments.instrument import Instrument, Item, Outcome, both


def no_number(_values: Mapping[str, float]) -> Outcome:
    """Words have no score."""
    return Outcome(None)


DIARY_NOTE = Instrument(
    key="diary-note",
    version="1",
    name=both("Note of the day", "Nota del día"),
    purpose=both("what the numbers do not say", "lo que los números no dicen"),
    intro=both("", ""),
    items=(Item("note", both("A note, if you like", "Una nota, si quiere"), "words"),),
    rule=no_number,
    low=0,
    high=0,
    license=common.OWN,
    recall=common.LAST_DAY,
    recall_days=1,
    minimum_interval_days=common.every(0, "whenever there is something to say"),
    translations=(common.OWN_ENGLISH, common.OWN_SPANISH),
    notes=("Red words in it open a task at once; a text without them proves nothing.",),
)
