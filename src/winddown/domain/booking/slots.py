"""Free slots: moments at which everything that a visit needs is free at once. The search proposes; the database decides.

All instants are aware; spans are half-open. A person who may look after several patients has as many lanes; a visit that needs the whole
person takes every lane.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from itertools import pairwise

from winddown.domain.booking.hours import Span
from winddown.domain.refusals import OutOfRange


@dataclass(frozen=True)
class Need:
    """One thing that a visit needs, for a part of it.

    kind      chair, nurse, prescriber, pump, monitor
    from_min  when in the visit it is first needed, minutes after the start
    to_min    when it is free again
    whole     nobody else may share it meanwhile
    """

    kind: str
    from_min: int
    to_min: int
    whole: bool = False

    def __post_init__(self) -> None:
        if not 0 <= self.from_min < self.to_min:
            raise OutOfRange(
                f"{self.kind} needed from minute {self.from_min} to {self.to_min}.",
                way_out="Let it be needed for at least a minute after the start.",
                code="need_span",
                where=self.kind,
            )

    def span(self, start: datetime) -> Span:
        return start + timedelta(minutes=self.from_min), start + timedelta(minutes=self.to_min)


@dataclass(frozen=True)
class Taken:
    """A lane of a resource that is not free for a span."""

    lane: int
    span: Span


@dataclass(frozen=True)
class Resource:
    """A chair, a person on shift, a device.

    key        its own name among resources of all kinds
    available  when it may be used at all: opening hours, a shift
    lanes      how many visits it can serve at once
    taken      what is booked already
    """

    key: str
    kind: str
    available: tuple[Span, ...]
    lanes: int = 1
    taken: tuple[Taken, ...] = field(default=(), compare=False)

    def free_lanes(self, span: Span) -> tuple[int, ...]:
        """The lanes that are free during the whole span; none when it is not available throughout."""
        first, last = span
        for opens, closes in self.available:
            if opens <= first and last <= closes:
                break
        else:
            return ()
        busy = {each.lane for each in self.taken if each.span[0] < last and first < each.span[1]}
        return tuple([lane for lane in range(self.lanes) if lane not in busy]) if busy else tuple(range(self.lanes))

    def within(self, span: Span) -> Resource | None:
        """The same resource with only what bears on this opening; None when it cannot be used in it at all. No slot of it changes."""
        available = tuple(each for each in self.available if overlap(each, span))
        if not available:
            return None
        first, last = min(opens for opens, _closes in available), max(closes for _opens, closes in available)
        return replace(self, available=available, taken=tuple(each for each in self.taken if overlap(each.span, (first, last))))

    def idle_before(self, span: Span) -> timedelta:
        """How long it has stood free when the span begins: a short gap is better used than a long one broken."""
        ends = [each.span[1] for each in self.taken if each.span[1] <= span[0]]
        opens = [opens for opens, closes in self.available if opens <= span[0] < closes]
        return span[0] - max([*ends, *opens], default=span[0])


@dataclass(frozen=True)
class Use:
    """What a slot takes of one resource."""

    kind: str
    key: str
    lanes: tuple[int, ...]
    span: Span


@dataclass(frozen=True)
class Slot:
    """A start at which all needs are met, with who and what would serve it."""

    start: datetime
    end: datetime
    uses: tuple[Use, ...]

    def key_of(self, kind: str) -> str:
        return next((use.key for use in self.uses if use.kind == kind), "")


def free_slots(
    open_spans: Iterable[Span], needs: Sequence[Need], resources: Sequence[Resource], *, step_min: int, earliest: datetime
) -> Iterator[Slot]:
    """Every slot on the grid of each opening span, in the order of time.

    open_spans  when the place is open, in UTC; the grid begins with each opening, so it keeps its wall-clock minutes on every day
    earliest    no slot begins before: now, and the notice the place asks for
    """
    if step_min < 1:
        raise OutOfRange(f"A grid of {step_min} minutes.", way_out="Give at least one minute.", code="grid_step")
    length = timedelta(minutes=max(need.to_min for need in needs))
    for opens, closes in sorted(open_spans):
        there = [near for each in resources if (near := each.within((opens, closes))) is not None]
        by_kind = {need.kind: _unlike([each for each in there if each.kind == need.kind]) for need in needs}
        start = opens
        while start + length <= closes:
            uses = _serve(start, needs, by_kind) if start >= earliest else None
            if uses is not None:
                yield Slot(start, start + length, uses)
            start += timedelta(minutes=step_min)


def _unlike(resources: Iterable[Resource]) -> list[Resource]:
    """One of those that are open and taken alike, the first: it would be chosen before the others at every start, so no slot changes."""
    first: dict[object, Resource] = {}
    for each in resources:
        first.setdefault((each.available, each.lanes, each.taken), each)
    return list(first.values())


def serve_at(start: datetime, needs: Sequence[Need], resources: Sequence[Resource]) -> Slot | None:
    """The slot at one given start, or None when something is missing. Opening hours are the resources' own."""
    by_kind = {need.kind: [each for each in resources if each.kind == need.kind] for need in needs}
    uses = _serve(start, needs, by_kind)
    return None if uses is None else Slot(start, start + timedelta(minutes=max(need.to_min for need in needs)), uses)


def missing_at(start: datetime, needs: Sequence[Need], resources: Sequence[Resource]) -> tuple[str, ...]:
    """The kinds of which nothing is free at this start, for the sentence that says why a time is not offered."""
    return tuple(need.kind for need in needs if _use(start, need, [each for each in resources if each.kind == need.kind]) is None)


def overlap(one: Span, other: Span) -> bool:
    return one[0] < other[1] and other[0] < one[1]


def merged(spans: Iterable[Span]) -> list[Span]:
    """Spans that touch or overlap become one."""
    found: list[Span] = []
    for start, end in sorted(spans):
        if found and start <= found[-1][1]:
            found[-1] = (found[-1][0], max(found[-1][1], end))
        else:
            found.append((start, end))
    return found


def without(spans: Iterable[Span], holes: Iterable[Span]) -> list[Span]:
    """What is left of the spans when the holes are cut out."""
    cuts = merged(holes)
    found: list[Span] = []
    for start, end in spans:
        edges = [start]
        for hole_start, hole_end in cuts:
            if overlap((start, end), (hole_start, hole_end)):
                edges += [max(start, hole_start), min(end, hole_end)]
        edges.append(end)
        found += [(left, right) for left, right in list(pairwise(edges))[::2] if left < right]
    return found


def _serve(start: datetime, needs: Sequence[Need], by_kind: dict[str, list[Resource]]) -> tuple[Use, ...] | None:
    uses = []
    for need in needs:
        use = _use(start, need, by_kind[need.kind])
        if use is None:
            return None
        uses.append(use)
    return tuple(uses)


def _use(start: datetime, need: Need, resources: Sequence[Resource]) -> Use | None:
    """The best resource for a need: the one that breaks the shortest gap, then the least occupied person, then the first in order."""
    span = need.span(start)
    fits = []
    for resource in resources:
        lanes = resource.free_lanes(span)
        if lanes and (not need.whole or len(lanes) == resource.lanes):
            fits.append((resource, lanes))
    if not fits:
        return None
    resource, lanes = fits[0] if len(fits) == 1 else min(fits, key=lambda fit: (fit[0].lanes - len(fit[1]), fit[0].idle_before(span)))
    return Use(need.kind, resource.key, lanes if need.whole else lanes[:1], span)
