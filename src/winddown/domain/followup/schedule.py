"""When a patient is asked what. Days are the patient's own days: a time is an hour on their clock, whatever the clocks do that night.

A schedule is data: a row of it is a `Due`. It comes from the course, else from the protocol's version, else from the packaged rows.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, Literal
from zoneinfo import ZoneInfo

from winddown.domain.instruments.sets import FormSet, set_of
from winddown.domain.refusals import OutOfRange, UnknownWord

Anchor = Literal["course", "session"]
BLOCK = "follow_up"
YEAR, HOUR = 364, 19
MORNING, NOON = 8, 12


@dataclass(frozen=True)
class Home:
    """Where the patient's clock stands: an IANA zone, and the hour they chose."""

    zone: str = "UTC"
    hour: int = HOUR

    def at(self, day: date, hour: float | None = None) -> datetime:
        """That hour of that day there, as an instant. An hour that the clocks leave out is an hour later; of a doubled one the first."""
        minutes = round((self.hour if hour is None else hour) * 60)
        wall = datetime.combine(day, time(), ZoneInfo(self.zone)).replace(hour=0) + timedelta(minutes=minutes)
        return wall.astimezone(UTC)

    def day_of(self, at: datetime) -> date:
        return at.astimezone(ZoneInfo(self.zone)).date()


@dataclass(frozen=True)
class Due:
    """A set asked on certain days after an anchor: the opening of the course, or the end of an infusion.

    open_days    how long the form stays open, counted on the patient's clock; after that a missing answer is missing
    at_hour      the hour at which it opens; None: the hour the patient chose
    then_every   after the last of `days` it goes on, every so many days, to `until_day`
    """

    form_set: str
    anchor: Anchor
    days: tuple[int, ...]
    open_days: float
    at_hour: int | None = None
    then_every: int = 0
    until_day: int = 0

    def __post_init__(self) -> None:
        if not self.days or list(self.days) != sorted(set(self.days)) or self.days[0] < 0:
            raise OutOfRange(
                because=f"The days {list(self.days)} of {self.form_set} do not rise.",
                way_out="Name each day once, in order, from 0 on.",
                code="days_out_of_order",
            )
        if (
            self.open_days <= 0
            or self.then_every < 0
            or self.until_day > 2 * YEAR
            or (self.at_hour is not None and not 0 <= self.at_hour < 24)
        ):
            raise OutOfRange(
                because=f"A row of the schedule for {self.form_set} cannot be.",
                way_out="It stays open for some time, opens at an hour from 0 to 23, and ends within two years.",
                code="schedule_row",
            )

    def all_days(self) -> tuple[int, ...]:
        more = range(self.days[-1] + self.then_every, self.until_day + 1, self.then_every) if self.then_every else ()
        return (*self.days, *more)


@dataclass(frozen=True)
class Slot:
    """One time at which one set is asked, and the patient's own day that it belongs to."""

    form_set: FormSet
    opens_at: datetime
    closes_at: datetime
    day: date
    after_days: int = 0


_FIRST_WEEKS = (*range(1, 15), 21, 28)
_BOTH: tuple[Due, ...] = (
    Due("intake", "course", (0,), 14),
    Due("morning", "session", (1,), 0.5, at_hour=MORNING),
    Due("evening", "session", _FIRST_WEEKS, 1, then_every=7, until_day=84),
    Due("evening", "session", (112,), 2, then_every=28, until_day=YEAR),
    Due("week", "session", (7, 14, 21, 28), 3, then_every=28, until_day=YEAR),
    Due("two_weeks", "session", (14, 28), 7, then_every=28, until_day=YEAR),
)
_MOOD: tuple[Due, ...] = (*_BOTH, Due("contact", "session", (1, 7, 14, 28), 2, at_hour=MORNING + 1))
PACKAGED: Mapping[str, tuple[Due, ...]] = {"pain": _BOTH, "mood": _MOOD}
SOURCE = "clinical rules, section 6: follow-up default, and section 0 item 9 on the two weeks of the PHQ-9"
_NAMES = ("form_set", "anchor", "days", "open_days", "at_hour", "then_every", "until_day")


def packaged(track: str) -> tuple[Due, ...]:
    """The rows for a track. Refuses UnknownWord."""
    if track not in PACKAGED:
        raise UnknownWord("track", track, PACKAGED)
    return PACKAGED[track]


def packaged_block(track: str) -> dict[str, Any]:
    """The block `follow_up` of a fresh protocol: the rows with where they come from. A director signs them with the version."""
    return {"rows": as_data(packaged(track)), "source": SOURCE, "status": "derived"}


def as_data(schedule: Sequence[Due]) -> list[dict[str, Any]]:
    """The rows as plain data, as a protocol's version or a course keeps them."""
    return [{name: list(due.days) if name == "days" else getattr(due, name) for name in _NAMES} for due in schedule]


def from_data(rows: Iterable[Mapping[str, Any]]) -> tuple[Due, ...]:
    """A schedule as it was stored. Refuses UnknownWord for a set, an anchor or a name that is not known."""
    found = []
    for row in rows:
        for name in row:
            if name not in _NAMES:
                raise UnknownWord("name in a schedule", name, _NAMES)
        if row["anchor"] not in ("course", "session"):
            raise UnknownWord("anchor of a schedule", row["anchor"], ("course", "session"))
        told = {**row, "form_set": set_of(row["form_set"]).key, "days": tuple(int(day) for day in row["days"])}
        found.append(Due(**{**told, "open_days": float(row["open_days"])}))
    return tuple(found)


def slots(
    schedule: Sequence[Due],
    *,
    course_opened_at: datetime,
    sessions_ended_at: Sequence[datetime],
    home: Home,
    between: tuple[date, date] | None = None,
) -> tuple[Slot, ...]:
    """Every time at which something is asked, in order of opening.

    Day 1 is the patient's next day after the anchor. A day counts from an infusion only until the next one: the fourteenth day after the
    first infusion is not asked when the second came on the tenth, because the answer would belong to that one.

    between   only the patient's days from the first to the second of these
    """
    ended = sorted(sessions_ended_at)
    found = []
    for due in schedule:
        starts = [course_opened_at] if due.anchor == "course" else ended
        for place, start in enumerate(starts):
            next_one = starts[place + 1] if place + 1 < len(starts) else None
            found += [slot for slot in _after(due, start, home, between) if next_one is None or slot.opens_at < next_one]
    return tuple(sorted(found, key=lambda slot: (slot.opens_at, slot.form_set.key)))


def _after(due: Due, start: datetime, home: Home, between: tuple[date, date] | None) -> Iterable[Slot]:
    first, form_set = home.day_of(start), set_of(due.form_set)
    hour = home.hour if due.at_hour is None else due.at_hour
    for number in due.all_days():
        day = first + timedelta(days=number)
        if between is not None and not between[0] <= day <= between[1]:
            continue
        opens = start if number == 0 else home.at(day, hour)
        closes = home.at(day, hour + due.open_days * 24)
        yield Slot(form_set, opens, max(closes, opens + timedelta(hours=1)), day, number)


def allowed_from(last: datetime, interval_days: float, home: Home) -> datetime:
    """From when an instrument may be asked again after this answer. Whole days are the patient's own: the evening of day 14 is 14 days."""
    if interval_days < 1:
        return last + timedelta(days=interval_days)
    return home.at(home.day_of(last) + timedelta(days=round(interval_days)), 0)


def too_soon(given: Iterable[datetime], interval_days: float, home: Home, *, at: datetime) -> bool:
    """Whether the answers would overlap those of an earlier one: then the form is not asked."""
    before = [each for each in given if each <= at]
    return bool(before) and at < allowed_from(max(before), interval_days, home)


def answered(slot: Slot, instrument: str, answered_at: Iterable[datetime]) -> bool:
    """Whether an answer to this instrument came while the slot was open."""
    return any(slot.opens_at <= at < slot.closes_at for at in answered_at)


def open_now(schedule_slots: Iterable[Slot], *, at: datetime) -> tuple[Slot, ...]:
    return tuple(slot for slot in schedule_slots if slot.opens_at <= at < slot.closes_at)


def missed(
    schedule_slots: Iterable[Slot],
    instrument: str,
    answered_at: Sequence[datetime],
    *,
    at: datetime,
    interval_days: float = 0.0,
    home: Home | None = None,
) -> tuple[datetime, ...]:
    """When this instrument was asked and not answered. An open slot is not missed yet, nor one that came too soon to be asked at all."""
    found = []
    for slot in schedule_slots:
        if slot.closes_at > at or instrument not in slot.form_set.instruments or answered(slot, instrument, answered_at):
            continue
        before = [each for each in answered_at if each < slot.opens_at]
        never_asked = before and home is not None and allowed_from(max(before), interval_days, home) >= slot.closes_at
        if not never_asked:
            found.append(slot.opens_at)
    return tuple(found)
