"""The story of one session: append-only events, and what stands of them once repeats and corrections are settled.

A fact is never refused here. An event that arrives twice is one event; a wrong event is superseded, never edited.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal, InvalidOperation
from typing import Any

RETRACTED = "retracted"
LATE_AFTER = timedelta(minutes=2)


@dataclass(frozen=True)
class Event:
    """One fact of a session.

    id           given by the writer; the same id twice is one event
    sequence     grows by arrival within the session
    happened_at  when it was true, aware UTC
    written_at   when it was recorded, aware UTC; both are kept for ever
    data         numbers as decimal strings, instants as ISO 8601 UTC strings
    supersedes   the id of the event this one corrects or retracts
    second       the other person who confirmed it
    """

    id: str
    sequence: int
    kind: str
    happened_at: datetime
    written_at: datetime
    by: str
    data: Mapping[str, Any] = field(default_factory=dict)
    supersedes: str | None = None
    second: str | None = None

    def __post_init__(self) -> None:
        if self.happened_at.tzinfo is None or self.written_at.tzinfo is None:
            raise TypeError("An event needs aware instants.")

    @property
    def late(self) -> bool:
        """Written more than two minutes after it happened. It counts in full from `happened_at`; it is only marked."""
        return self.written_at - self.happened_at > LATE_AFTER

    @property
    def ahead(self) -> bool:
        """Said to have happened more than two minutes after it was written: a plan, or a wrong clock."""
        return self.happened_at - self.written_at > LATE_AFTER

    def number(self, key: str) -> Decimal | None:
        """The number under `key`, or None where it is missing or cannot be read as one. Never a guess."""
        value = self.data.get(key)
        if value is None or isinstance(value, bool):
            return None
        try:
            number = Decimal(str(value).strip())
        except InvalidOperation:
            return None
        return number if number.is_finite() else None

    def text(self, key: str) -> str:
        """The words under `key`, or an empty string."""
        value = self.data.get(key)
        return "" if value is None else str(value).strip()


class Settled(tuple[Event, ...]):
    """What `effective` made of a story. It stands already: to settle it again is to look at it, and to walk it again is to remember.

    places   what `lifecycle.walk` made of it, once it was walked; the story cannot change, so neither can they
    """

    places: tuple[Any, ...] | None = None


def once(events: Iterable[Event]) -> tuple[Event, ...]:
    """One event per id. If two with one id differ, the one that arrived first stands."""
    first: dict[str, Event] = {}
    for event in sorted(events, key=_arrival):
        first.setdefault(event.id, event)
    return tuple(first.values())


def effective(events: Iterable[Event]) -> Settled:
    """The events that stand, ordered by (happened_at, sequence); the order of arrival does not matter.

    All corrections of one fact, and corrections of those, are one family. The member that nobody supersedes speaks for it; of
    several, the last written. If that one is a retraction, the family is silent: what was superseded never comes back, it is written
    anew. A correction whose target has not arrived yet stands alone and takes its place when the target comes.
    """
    if isinstance(events, Settled):
        return events
    told = tuple(events)
    if _nothing_replaced(told):
        return Settled(sorted((event for event in told if event.kind != RETRACTED), key=_order))
    spoken = (members[-1] for members in _families(told) if members[-1].kind != RETRACTED)
    return Settled(sorted(spoken, key=_order))


def up_to(events: Iterable[Event], at: datetime) -> Settled:
    """What had happened by `at`, settled."""
    if isinstance(events, Settled) and (not events or events[-1].happened_at <= at):
        return events
    return effective(event for event in events if event.happened_at <= at)


def _nothing_replaced(events: tuple[Event, ...]) -> bool:
    """No repeats and no corrections: every event is a family of its own, which most stories are, and which costs nothing to settle."""
    return all(event.supersedes is None for event in events) and len({event.id for event in events}) == len(events)


def contested(events: Iterable[Event]) -> tuple[tuple[Event, ...], ...]:
    """Facts with two or more corrections that did not know of each other: each family's rivals, the one that stands last."""
    rivals = []
    for members in _families(events):
        replaced = {member.supersedes for member in members}
        tips = tuple(member for member in members if member.id not in replaced)
        if len(tips) > 1:
            rivals.append(tips)
    return tuple(sorted(rivals, key=lambda tips: _order(tips[-1])))


def as_known_at(events: Iterable[Event], at: datetime) -> tuple[Event, ...]:
    """What stood at `at` by what had been written by then: the story a person saw."""
    return effective(event for event in events if event.written_at <= at)


def history_of(events: Iterable[Event], event_id: str) -> tuple[Event, ...]:
    """Every version of one fact, oldest first, the version that stands (or the retraction) last."""
    for members in _families(events):
        if any(member.id == event_id for member in members):
            return members
    return ()


def of_kind(events: Iterable[Event], *kinds: str) -> tuple[Event, ...]:
    return tuple(event for event in events if event.kind in kinds)


def latest(events: Iterable[Event], *kinds: str, at: datetime | None = None) -> Event | None:
    """The last of `kinds` that happened by `at` (or at all), among events already in effect."""
    chosen = [event for event in events if event.kind in kinds and (at is None or event.happened_at <= at)]
    return max(chosen, key=_order) if chosen else None


def _order(event: Event) -> tuple[datetime, int, str]:
    return (event.happened_at, event.sequence, event.id)


def _arrival(event: Event) -> tuple[int, datetime, datetime, str, str, str]:
    return (event.sequence, event.written_at, event.happened_at, event.kind, event.by, repr(sorted(event.data.items())))


def _families(events: Iterable[Event]) -> list[tuple[Event, ...]]:
    """Events grouped by the fact they are about; in each family superseded ones first, then by arrival, so the last one speaks."""
    by_id = {event.id: event for event in once(events)}
    groups: dict[str, list[Event]] = defaultdict(list)
    for event in by_id.values():
        groups[_root(event, by_id)].append(event)
    families = []
    for members in groups.values():
        replaced = {member.supersedes for member in members}
        families.append(tuple(sorted(members, key=lambda member: (member.id not in replaced, member.sequence, member.id))))
    return families


def _root(event: Event, by_id: Mapping[str, Event]) -> str:
    """The id at the end of the chain of `supersedes`, present or not; a ring of corrections answers with its smallest id."""
    seen = [event.id]
    while event.supersedes is not None:
        if event.supersedes in seen:
            return min(seen[seen.index(event.supersedes) :])
        seen.append(event.supersedes)
        if event.supersedes not in by_id:
            return event.supersedes
        event = by_id[event.supersedes]
    return seen[-1]
