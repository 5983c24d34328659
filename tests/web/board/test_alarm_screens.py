"""A screen counts as an alarm screen while it is awake, heard, and tested this shift; otherwise the watch says so everywhere else."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.web.board import floor
from tests.web.people.desk import signed_in
from winddown.record.models import Alarm, AlarmScreen
from winddown.record.scope import at_practice
from winddown.services import screens
from winddown.services.watch import Watch

AWAKE = {"visible": "true", "sound": "running", "muted_until": "", "connection": "live", "slept_ms": "0", "locked": "false"}


class Station:
    """A browser at the nurses' station of the first location."""

    def __init__(self, house, role: str = "nurse") -> None:
        self.house, self.browser = house, signed_in(house, role)
        self.url = f"/alarm-screen/{house.location.ref}/"

    def says(self, **other: str) -> dict:
        return self.browser.post(f"{self.url}heartbeat/", AWAKE | other).json()

    def hears(self, heard: str = "true", played: str = "true") -> dict:
        return self.browser.post(f"{self.url}test-tone/", {"heard": heard, "played": played}).json()

    def mutes(self, muted: str = "true") -> dict:
        return self.browser.post(f"{self.url}mute/", {"muted": muted, "muted_until": ""}).json()


@pytest.fixture
def station(house):
    floor.running(house)
    return Station(house)


def complaint(house, *, after: timedelta = timedelta(0)) -> str:
    """What the watch says about the alarm screens of the location, after one look; empty when it is content."""
    Watch(house.id).look(now=floor.now() + after)
    with at_practice(house.id):
        standing = Alarm.objects.filter(condition="alarm_screen_asleep").exclude(acts__kind="cleared")
        return standing.get().words if standing else ""


def test_no_screen_is_an_alarm_where_a_patient_is_under_watch(house, station):
    assert complaint(house) == "Sandusky: no alarm screen is open."


def test_a_screen_counts_only_after_somebody_heard_its_test_tone(house, station):
    assert station.says() | {"screen": ""} == {"screen": "", "counts": False, "tested": False}
    assert complaint(house) == "Sandusky: nobody has heard an alarm screen's test tone in the last 12 hours."
    assert station.hears()["counts"] is True
    assert complaint(house) == ""


def test_a_tone_that_was_not_heard_or_not_played_does_not_count(house, station):
    for heard, played in (("false", "true"), ("true", "false")):
        station.hears()
        assert station.hears(heard, played)["tested"] is False
    assert complaint(house) != ""


def test_the_next_shift_tests_again(house, station):
    station.hears()
    with at_practice(house.id):
        screen = AlarmScreen.objects.get()
        assert screens.is_tested(screen, now=screen.tone_heard_at + timedelta(hours=12))
        assert not screens.is_tested(screen, now=screen.tone_heard_at + timedelta(hours=12, seconds=1))


@pytest.mark.parametrize("change", [{"visible": "false"}, {"muted_until": "1767225600000"}, {"sound": "suspended"}])
def test_a_screen_that_is_hidden_muted_or_not_allowed_to_sound_does_not_count(house, station, change):
    station.hears()
    with at_practice(house.id):
        AlarmScreen.objects.update(seen_at=floor.now() - timedelta(seconds=20))
    assert station.says(**change)["counts"] is False
    assert complaint(house) == "Sandusky: every alarm screen is muted, hidden or has lost its connection."


def test_a_screen_that_says_nothing_for_half_a_minute_is_asleep(house, station):
    station.hears()
    assert complaint(house, after=timedelta(seconds=29)) == ""
    assert complaint(house, after=timedelta(seconds=31)) == "Sandusky: every alarm screen is muted, hidden or has lost its connection."


def test_a_mute_counts_at_once_and_ends_at_once(house, station):
    station.hears()
    assert station.mutes()["counts"] is False
    assert station.mutes("false")["counts"] is True


def test_a_second_tab_in_the_background_does_not_silence_the_first(house, station):
    station.hears()
    assert station.says(visible="false")["counts"] is True
    with at_practice(house.id):
        assert AlarmScreen.objects.count() == 1


def test_another_sign_in_at_the_same_place_is_another_screen(house, station):
    station.hears()
    assert Station(house, "prescriber").says()["tested"] is False
    with at_practice(house.id):
        assert AlarmScreen.objects.count() == 2


def test_the_heartbeat_goes_on_behind_a_locked_screen(house, station):
    station.hears()
    station.browser.post("/lock/now/")
    assert station.says()["counts"] is True


def test_the_board_asks_for_the_test_tone_until_it_was_heard(house, station):
    asks = "This screen does not count as an alarm screen until somebody hears its test tone."
    assert asks in floor.text_of(station.browser.get("/board/").content.decode())
    station.hears()
    page = station.browser.get("/board/").content.decode()
    assert asks not in page and "Test tone heard here at" in page
    assert f'data-heartbeat-url="{station.url}heartbeat/"' in page
