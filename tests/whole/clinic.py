"""A fresh data folder with a fictional practice: chairs with an infusion under way, and a monitor bound to each.

Everything is made through the services, as the product makes it. One process makes one clinic:
`python -m tests.whole.clinic FOLDER --chairs 2`.
"""

from __future__ import annotations

import argparse
import fcntl
import json
import os
import subprocess
import sys
import time
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

SLUG, PREFIX, PER_LOCATION = "load", "WD-LOAD", 20
STARTED_BEFORE = timedelta(minutes=4)


@dataclass(frozen=True)
class Clinic:
    """What the measuring side needs: who may listen, which session each monitor belongs to."""

    practice: int
    cookies: list[str]
    emails: dict[str, str]
    session_of: dict[str, str]


def make(data: Path, chairs: int) -> Clinic:
    """Found the record in `data` and fill it. The embedded server is stopped again if this started it."""
    from winddown.config.founding import found
    from winddown.config.house import open_as, running_database

    environment = settle(data)
    with running_database(environment, tell):
        if not (data / "clinic.json").exists():
            found(environment, slug=SLUG, name="A fictional practice", say=tell)
        with open_as("app", environment, tell):
            made = _fill(chairs)
    (data / "clinic.json").write_text(json.dumps(vars(made)))
    return made


def copied(data: Path, chairs: int) -> Clinic:
    """The same, faster: the empty record is copied."""
    empty = empty_record()
    data.parent.mkdir(parents=True, exist_ok=True)
    subprocess.run(["cp", "-a", empty, data], check=True)
    (data / "postgres" / "port").unlink(missing_ok=True)
    _apart(data, chairs=chairs)
    return known(data)


def empty_record() -> Path:
    """A founded record without a chair, made once for each state of its code."""
    from tests import house

    empty = house.DATA / f"empty-record-{house.state_of_the_record()}"
    with (house.DATA / "empty-record.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not empty.exists():
            part = empty.with_suffix(".part")
            subprocess.run(["rm", "-rf", *house.DATA.glob("empty-record-*")], check=True)
            _apart(part, chairs=0)
            part.rename(empty)
    return empty


def _apart(data: Path, *, chairs: int) -> None:
    told = {name: value for name, value in os.environ.items() if not name.startswith("WINDDOWN_")}
    subprocess.run([sys.executable, "-m", "tests.whole.clinic", str(data), "--chairs", str(chairs)], env=told, check=True)


def settle(data: Path):
    """The settings of a clinic in `data`, for this process."""
    os.environ.update(WINDDOWN_ENVIRONMENT="test", WINDDOWN_DATA=str(data), DJANGO_SETTINGS_MODULE="winddown.config.settings")
    from winddown.config.environment import read

    return read(os.environ)


def known(data: Path) -> Clinic:
    """A clinic that was made before."""
    return Clinic(**json.loads((data / "clinic.json").read_text()))


def tell(sentence: str) -> None:
    sys.stderr.write(sentence + "\n")


def _fill(chairs: int) -> Clinic:
    from tests import factories
    from winddown.record.models import Practice
    from winddown.record.scope import at_practice

    begun = time.perf_counter()
    practice = Practice.objects.get(slug=SLUG)
    now = datetime.now(tz=UTC) - STARTED_BEFORE
    if not chairs:
        return Clinic(practice.pk, [], {}, {})
    with at_practice(practice.pk):
        houses = _houses(practice, chairs, now)
        protocol = factories.protocol(houses[0], now=now)
    sessions: dict[str, str] = {}
    for house in houses:
        for chair in range(len(house.chairs)):
            with at_practice(practice.pk):
                key = f"{PREFIX}-{len(sessions) + 1:04d}"
                sessions[key] = _running(house, chair, key, protocol, now)
    cookies = [_signed_in(house.nurse.account) for house in houses]
    tell(f"{len(sessions)} chairs with a running infusion, made in {time.perf_counter() - begun:.0f} s")
    return Clinic(practice.pk, cookies, houses[0].emails, sessions)


def _houses(practice, chairs: int, now: datetime) -> list:
    """Locations of twenty chairs, each with its people, and the phantom bed."""
    from tests.factories import PASSWORD, PIN, House
    from winddown.services import devices, people

    made = []
    for first in range(0, chairs, PER_LOCATION):
        count, number = min(PER_LOCATION, chairs - first), first // PER_LOCATION + 1
        location = people.open_location(
            name=f"Place {number}", time_zone="America/New_York", now=now, chairs=[f"Chair {place + 1}" for place in range(count)]
        )
        staff, emails = {}, {}
        for role, kind in (("nurse", "nurse"), ("nurse_2", "nurse"), ("prescriber", "prescriber"), ("director", "director")):
            emails[role] = f"{role}.{number}@load.test"
            staff[role] = people.employ(
                email=emails[role], password=PASSWORD, name=f"Fictional {role} {number}", roles=[kind],
                practice=practice, now=now, pin=PIN, home=location,
            )  # fmt: skip
            for credential in ("acls", "sedation"):
                people.record_credential(staff[role], kind=credential, expires_on=now.date() + timedelta(days=200), now=now)
        made.append(House(practice, location, list(location.chairs.all()), staff, emails))
    devices.enroll(key="WINDDOWN_PHANTOM", kind="phantom", location=made[0].location, words="phantom bed", by=made[0].nurse, now=now)
    return made


def _running(house, chair: int, key: str, protocol, now: datetime) -> str:
    """One chair: a patient, an order, a checked gate and an infusion that began a few minutes ago. Returns the session's ref."""
    from tests import factories
    from tests.factories import visit
    from winddown.services import devices, orders

    earlier = now - timedelta(minutes=20)
    monitor = devices.enroll(key=key, kind="monitor", location=house.location, words=f"monitor {key}", by=house.nurse, now=earlier)
    devices.bind(monitor, house.chairs[chair], by=house.nurse, now=earlier)
    person = factories.patient(house, now=earlier)
    course = orders.open_course(person, protocol, indication="a fictional indication", by=house.prescriber, now=earlier)
    entered = {
        "session_number": 1, "weight_kg": "70", "bag_mg": "100", "bag_ml": "100", "height_cm": "172", "sex": "female", "basis": "actual",
    }  # fmt: skip
    order = orders.write(course, entered, by=house.prescriber, now=earlier)
    orders.sign(order, by=house.prescriber, now=earlier)
    session = factories.session(house, order, start=now, chair=chair, now=earlier)
    visit.make_ready(house, session, now - timedelta(minutes=5), before=timedelta(minutes=5))
    visit.start(house, session, now)
    return str(session.ref)


def _signed_in(account) -> str:
    """A session cookie, as signing in gives it."""
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
    from django.contrib.sessions.backends.db import SessionStore

    store = SessionStore()
    store[SESSION_KEY], store[HASH_SESSION_KEY] = str(account.pk), account.get_session_auth_hash()
    store[BACKEND_SESSION_KEY] = "allauth.account.auth_backends.AuthenticationBackend"
    store.create()
    return f"sessionid={store.session_key}"


if __name__ == "__main__":
    words = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    words.add_argument("folder", type=Path)
    words.add_argument("--chairs", type=int, default=2)
    told = words.parse_args()
    make(told.folder.absolute(), told.chairs)
