"""A year of 300 patients in three time zones over both clock changes, through the edges that they touch: the clock of the house, the
outbox, and the address of the diary. They answer late, twice, offline for days, in part, or not at all."""

from __future__ import annotations

import os
import random
import time
from collections import Counter, defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest

from tests.factories.home import infused
from tests.web.people.desk import anyone
from winddown.jobs import nightly, post
from winddown.record.models import Answer, Message, NightlyRun, Patient, Task
from winddown.record.scope import at_practice
from winddown.services import at_home, clock
from winddown.services.contacts import Wishes

PATIENTS = int(os.environ.get("YEAR_PATIENTS", "300"))
DAYS = int(os.environ.get("YEAR_DAYS", "365"))
ZONES = ("America/New_York", "America/Los_Angeles", "Europe/Madrid")
BEGIN = datetime(2026, 1, 5, tzinfo=UTC)
PROTOCOLS = ("mood-half-mg-per-kg-40min", "pain-80mg-150min", "crps-outpatient-4h")


@dataclass
class Person:
    """One invented patient: how likely they answer, and what their phone still has to send."""

    patient: Patient
    zone: str
    hour: int
    ended: datetime
    answers: float
    path: str = ""
    waiting: list[tuple[datetime, dict[str, str]]] = field(default_factory=list)
    meant: dict[str, tuple[int, datetime]] = field(default_factory=dict)


class Year:
    def __init__(self, house, monkeypatch):
        self.house, self.chance, self.browser = house, random.Random(2026), anyone()
        self.now = BEGIN
        monkeypatch.setattr(clock, "now", lambda: self.now)
        self.spent: dict[str, float] = defaultdict(float)
        self.people = [self.person(number) for number in range(PATIENTS)]
        self.by_address = {f"person{number}@example.org": person for number, person in enumerate(self.people)}
        self.posted: Counter = Counter()

    def person(self, number: int) -> Person:
        zone, hour = ZONES[number % 3], self.chance.choice((6, 12, 18, 19, 20, 21, 23))
        ended = BEGIN + timedelta(days=self.chance.uniform(0, min(300, DAYS * 0.8)), hours=15)
        with at_practice(self.house.id):
            wishes = Wishes(email=f"person{number}@example.org", zone=zone, hour=hour)
            patient = infused(self.house, ended, key=PROTOCOLS[number % 3], wishes=wishes, family_name=f"Year{number}")
        return Person(patient, zone, hour, ended, self.chance.choice((0.0, 0.4, 0.8, 0.98)))

    def send(self, message) -> str:
        """The provider of this year: the phone of the patient gets it."""
        person = self.by_address[message.address]
        self.posted[message.address] += 1
        person.path = message.words.split("/p/")[1].split("/")[0]
        if self.chance.random() < person.answers:
            at = self.now + timedelta(minutes=self.chance.expovariate(1 / 40))
            level, key = self.chance.randint(0, 10), str(uuid4())
            told = {
                "pain-nrs.average": str(level),
                "version:pain-nrs": "1",
                "language:pain-nrs": "en",
                "key:pain-nrs": key,
                "at:pain-nrs": at.isoformat(),
            }
            person.meant[key] = (level, at)
            offline = timedelta(days=self.chance.choice((1, 2, 6))) if self.chance.random() < 0.15 else timedelta(0)
            for _copy in range(self.chance.choice((1, 1, 1, 2, 3))):
                person.waiting.append((at + offline + timedelta(seconds=self.chance.uniform(0, 90)), told))
        return "ok"

    def phones(self) -> None:
        """What waits on the phones and has a network again is sent to the diary's address."""
        for person in self.people:
            due = [entry for entry in person.waiting if entry[0] <= self.now]
            person.waiting = [entry for entry in person.waiting if entry[0] > self.now]
            for _at, told in due:
                answer = self.browser.post(f"/p/{person.path}/diary/", told, HTTP_ACCEPT="application/json")
                assert answer.status_code == 200, answer.content

    def lived(self) -> None:
        while self.now < BEGIN + timedelta(days=DAYS):
            self.spends("phones", self.phones)
            self.spends("asking", lambda: at_home.look(self.house.id, now=self.now))
            self.spends("carrying", lambda: post.carry(self.house.id, {"email": self, "sms": self}, now=self.now))
            if self.now.weekday() == 0:
                self.spends("nights", lambda: nightly.look(self.house.id, now=self.now))
            if (self.now.day, self.now.hour) == (1, 0):
                print(f"{self.now:%Y-%m-%d}: {self.told()}", flush=True)
            self.now += timedelta(hours=3)
        self.now += timedelta(days=13)
        self.phones()

    def spends(self, what: str, deed: Callable[[], object]) -> None:
        began = time.monotonic()
        deed()
        self.spent[what] += time.monotonic() - began

    def told(self) -> str:
        return ", ".join(f"{what} {seconds:.0f} s" for what, seconds in self.spent.items())


@pytest.mark.proof
def test_a_year_of_three_hundred_patients_keeps_every_promise(house, monkeypatch):
    began = time.monotonic()
    year = Year(house, monkeypatch)
    year.lived()
    with at_practice(house.id):
        kept = list(Answer.objects.filter(instrument="pain-nrs").values_list("patient_id", "ref", "items", "answered_at", "odd"))
        sent = list(Message.objects.values_list("patient_id", "kind", "key", "due_at", "state", "next_at"))
        nights = Counter(NightlyRun.objects.values_list("job", "outcome"))
        tasks = list(Task.objects.values_list("patient_id", "kind", "subject"))
    took = f"{time.monotonic() - began:.0f} s ({year.told()})"
    print(f"{PATIENTS} patients, {DAYS} days: {len(sent)} messages, {len(kept)} answers, {len(tasks)} tasks, {took}")
    assert nights and not [told for told in nights if told[1].startswith("failed")], nights
    _every_answer_once_with_its_own_time(year, kept)
    _no_day_asked_twice_and_nobody_at_night(year, sent)
    _the_silent_are_left_alone_and_called(year, sent, tasks)
    _every_unanswered_morning_is_one_task(year, tasks)


def _every_answer_once_with_its_own_time(year, kept):
    """What was meant is what is kept: nothing lost, nothing doubled, nothing invented, each at the time at which it was given."""
    meant = {key: (person.patient.pk, *told) for person in year.people for key, told in person.meant.items()}
    assert len(kept) == len({ref for _patient, ref, *_rest in kept})
    assert {str(ref): (patient, int(items["average"]), at) for patient, ref, items, at, _odd in kept} == meant
    assert {odd for *_rest, odd in kept} <= {""}


def _no_day_asked_twice_and_nobody_at_night(year, sent):
    zone_of = {person.patient.pk: (ZoneInfo(person.zone), person.hour) for person in year.people}
    assert len({key for _patient, _kind, key, *_rest in sent}) == len(sent)
    a_day: Counter = Counter()
    for patient, kind, key, due_at, state, next_at in sent:
        zone, hour = zone_of[patient]
        left = next_at.astimezone(zone)
        assert state in ("sent", "too_late", "waiting"), (kind, state)
        assert 8 <= left.hour < 21 or state != "sent" or (kind == "diary" and left.hour == hour)
        a_day[patient, kind, key.rsplit(":", 1)[1]] += 1
        if kind == "diary":
            there = due_at.astimezone(zone)
            since = (there.hour - hour) % 24
            assert since < 6, "asked at the patient's hour, or soon after it"
    assert set(a_day.values()) <= {1}


def _the_silent_are_left_alone_and_called(year, sent, tasks):
    silent = {person.patient.pk for person in year.people if person.answers == 0.0 and person.ended < BEGIN + timedelta(days=DAYS - 120)}
    asked: dict = defaultdict(int)
    for patient, kind, *_rest in sent:
        asked[patient] += kind == "diary"
    assert all(asked[patient] == 10 for patient in silent), sorted({asked[patient] for patient in silent})
    called = Counter(patient for patient, kind, _subject in tasks if kind == "diary_silent")
    assert all(called[patient] == 1 for patient in silent)


def _every_unanswered_morning_is_one_task(year, tasks):
    """Nobody of this year answers the check of the morning: one task for each infusion, never two."""
    mornings = Counter(patient for patient, kind, _subject in tasks if kind == "morning_unanswered")
    due = {person.patient.pk for person in year.people if person.ended < BEGIN + timedelta(days=DAYS - 3)}
    assert {patient for patient, count in mornings.items() if count == 1} >= due and set(mornings.values()) <= {1}
