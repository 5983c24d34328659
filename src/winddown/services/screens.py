"""Screens that promise to sound alarms: when each was last awake, whether it is muted or covered, and who heard its test tone.

A screen is one browser sign-in at one location, however many tabs it has open; it is as good as its best tab.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID, uuid5

from django.db import transaction

from winddown.domain.refusals import Missing
from winddown.record.models import AlarmScreen, Location, Staff
from winddown.services import audit, permissions

ASLEEP_AFTER = timedelta(seconds=30)
SHIFT = timedelta(hours=12)
BEAT = timedelta(seconds=10)
_ANOTHER_TAB = BEAT * 1.5


@dataclass(frozen=True)
class Beat:
    """What a screen says of itself. `sound`: the browser lets it play; `muted`: a person silenced it for a while."""

    visible: bool
    sound: bool
    muted: bool

    @property
    def can_be_heard(self) -> bool:
        return self.visible and self.sound and not self.muted


def ref_for(sign_in: str, location: Location) -> UUID:
    """The screen of one sign-in at one location; `sign_in` is the browser's session, which is not kept."""
    if not sign_in:
        raise Missing(because="This browser has no sign-in.", way_out="Sign in again.", code="no_sign_in")
    return uuid5(location.ref, sign_in)


def screen_of(sign_in: str, location: Location) -> AlarmScreen | None:
    found: AlarmScreen | None = AlarmScreen.objects.filter(ref=ref_for(sign_in, location)).first()
    return found


@transaction.atomic
def beat(sign_in: str, location: Location, said: Beat, *, by: Staff, now: datetime) -> AlarmScreen:
    """Open the screen or say that it is awake. What a silent tab says is left aside while another tab can be heard."""
    permissions.require(by, "board.see")
    screen: AlarmScreen
    screen, opened = AlarmScreen.objects.get_or_create(
        ref=ref_for(sign_in, location),
        defaults={
            "location": location,
            "staff": by,
            "opened_at": now,
            "seen_at": now,
            "muted": said.muted or not said.sound,
            "hidden": not said.visible,
        },
    )
    another_is_heard = not screen.muted and not screen.hidden and now - screen.seen_at <= _ANOTHER_TAB
    if not opened and (said.can_be_heard or not another_is_heard):
        screen.seen_at, screen.muted, screen.hidden = now, said.muted or not said.sound, not said.visible
        screen.save(update_fields=["seen_at", "muted", "hidden"])
    return screen


@transaction.atomic
def mute(sign_in: str, location: Location, muted: bool, *, by: Staff, now: datetime) -> AlarmScreen:
    """A person silenced this screen for a while, or ended the silence: it counts at once."""
    screen = beat(sign_in, location, Beat(visible=True, sound=True, muted=muted), by=by, now=now)
    screen.muted = muted
    screen.save(update_fields=["muted"])
    audit.note("mute alarm screen" if muted else "unmute alarm screen", by=by, now=now, subject=str(screen.ref))
    return screen


@transaction.atomic
def answer_tone(sign_in: str, location: Location, *, heard: bool, by: Staff, now: datetime) -> AlarmScreen:
    """A person said whether they heard the test tone here. Not heard: the screen no longer counts."""
    screen = beat(sign_in, location, Beat(visible=True, sound=heard, muted=False), by=by, now=now)
    screen.tone_heard_at = now if heard else None
    screen.save(update_fields=["tone_heard_at"])
    audit.note("heard the test tone" if heard else "did not hear the test tone", by=by, now=now, subject=str(screen.ref))
    return screen


def is_tested(screen: AlarmScreen, *, now: datetime) -> bool:
    """Somebody heard its test tone this shift."""
    return screen.tone_heard_at is not None and now - screen.tone_heard_at <= SHIFT


def is_awake(screen: AlarmScreen, *, now: datetime) -> bool:
    """It would be heard now: seen lately, not muted, not covered, and tested this shift."""
    return now - screen.seen_at <= ASLEEP_AFTER and not screen.muted and not screen.hidden and is_tested(screen, now=now)


def why_none_awake(screens: Iterable[AlarmScreen], *, now: datetime) -> str:
    """Why no screen of a location would be heard; empty when one would."""
    listed = list(screens)
    if any(is_awake(screen, now=now) for screen in listed):
        return ""
    if not listed:
        return "no alarm screen is open"
    if any(now - screen.seen_at <= ASLEEP_AFTER and not screen.muted and not screen.hidden for screen in listed):
        return f"nobody has heard an alarm screen's test tone in the last {SHIFT // timedelta(hours=1)} hours"
    return "every alarm screen is muted, hidden or has lost its connection"


def open_at(location: Location, *, now: datetime) -> list[AlarmScreen]:
    """The screens opened here within a working day and not closed."""
    return open_by_place([location], now=now)[location.pk]


def open_by_place(locations: Iterable[Location], *, now: datetime) -> dict[int, list[AlarmScreen]]:
    """The same for many locations, by location id. One query."""
    found: dict[int, list[AlarmScreen]] = {location.pk: [] for location in locations}
    opened = AlarmScreen.objects.filter(location_id__in=found, closed_at__isnull=True, opened_at__gte=now - timedelta(hours=16))
    for screen in opened:
        found[screen.location_id].append(screen)
    return found
