"""Plainly fictional practices and people for tests, made through the services as the product makes them."""

from __future__ import annotations

import itertools
import os
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache

_count = itertools.count(1)
PIN = "246813"
PASSWORD = "a long fictional password 7"


@dataclass
class House:
    """One practice with a location, chairs and one person per role."""

    practice: object
    location: object
    chairs: list
    staff: dict
    emails: dict

    @property
    def id(self) -> int:
        return self.practice.pk

    def __getattr__(self, role: str):
        try:
            return self.__dict__["staff"][role]
        except KeyError:
            raise AttributeError(role) from None


def new_practice(owner_url: str, slug: str):
    """A practice row can only be written by the owner role, as `winddown init` does."""
    from winddown.record.models import Practice

    row = (
        _as_owner(owner_url)
        .execute("insert into record_practice (slug, name, created_at) values (%s, %s, now()) returning id", [slug, f"Practice {slug}"])
        .fetchone()
    )
    return Practice.objects.get(pk=row[0])


@lru_cache(maxsize=1)
def _as_owner(owner_url: str):
    """One connection of the owner for all practices of this process."""
    import psycopg

    return psycopg.connect(owner_url, autocommit=True)


def house(urls, *, now: datetime | None = None, chairs: int = 2, also: tuple[str, ...] = ()) -> House:
    """A fresh practice; nothing of any other test is visible in it. also: roles that few tests need."""
    from winddown.record.scope import at_practice
    from winddown.services import people, permissions

    now = now or datetime.now(tz=UTC)
    number = f"{os.getpid()}-{next(_count)}"
    practice = new_practice(urls.owner, f"house-{number}")
    staff, emails = {}, {}
    with at_practice(practice.pk):
        location = people.open_location(
            name="Sandusky", time_zone="America/New_York", now=now, chairs=[f"Chair {n + 1}" for n in range(chairs)]
        )
        for role in [*(role for role in permissions.ROLES if role != permissions.RESEARCHER), "nurse_2", "prescriber_2", *also]:
            email = f"{role}.{number}@example.test"
            kind = role.removesuffix("_2")
            person = people.employ(
                email=email,
                password=PASSWORD,
                name=f"Fictional {role.replace('_', ' ').title()}",
                roles=[kind],
                practice=practice,
                now=now,
                pin=PIN,
                home=location,
            )
            for credential in ("acls", "sedation"):
                people.record_credential(person, kind=credential, expires_on=now.date() + timedelta(days=200), now=now)
            staff[role], emails[role] = person, email
        places = list(location.chairs.all())
    return House(practice, location, places, staff, emails)


def patient(house: House, *, now: datetime | None = None, weight_kg: str = "70", **identity):
    """A fictional patient with a weight and known allergies."""
    from winddown.services import patients

    now = now or datetime.now(tz=UTC)
    number = next(_count)
    fields = {"family_name": f"Testcase{number}", "given_name": "Avery", "birth_date": date(1980, 3, 4), "sex": "female"} | identity
    made = patients.register(**fields, by=house.nurse, now=now, although="a fictional person of a test")
    patients.learn(made, "weight", {"weight_kg": weight_kg}, by=house.nurse, observed_at=now, now=now)
    patients.learn(made, "height", {"height_cm": "172"}, by=house.nurse, observed_at=now, now=now)
    patients.learn(made, "no_known_allergies", {}, by=house.nurse, observed_at=now, now=now)
    return made


def protocol(house: House, key: str = "mood-half-mg-per-kg-40min", *, now: datetime | None = None):
    """One packaged protocol, signed by the director."""
    from winddown.record.models import ProtocolVersion
    from winddown.services import orders

    now = now or datetime.now(tz=UTC)
    orders.adopt_packaged(by=house.director, now=now)
    return ProtocolVersion.objects.get(key=key)


def order(
    house: House,
    person=None,
    *,
    key: str = "mood-half-mg-per-kg-40min",
    weight_kg: str = "70",
    bag: tuple[str, str] = ("100", "100"),
    now=None,
):
    """A signed order for one session."""
    from winddown.services import orders

    now = now or datetime.now(tz=UTC)
    person = person or patient(house, now=now, weight_kg=weight_kg)
    course = orders.open_course(person, protocol(house, key, now=now), indication="a fictional indication", by=house.prescriber, now=now)
    entered = {
        "session_number": 1,
        "weight_kg": weight_kg,
        "bag_mg": bag[0],
        "bag_ml": bag[1],
        "height_cm": "172",
        "sex": person.sex,
        "basis": "actual",
    }
    made = orders.write(course, entered, by=house.prescriber, now=now)
    orders.sign(made, by=house.prescriber, now=now)
    return made


def session(house: House, made=None, *, start: datetime | None = None, chair: int = 0, now=None, minutes: int = 120):
    """A planned session in a chair."""
    from winddown.services import sessions

    now = now or datetime.now(tz=UTC)
    made = made or order(house, now=now)
    return sessions.plan(made, house.chairs[chair], start or now, minutes=minutes, by=house.nurse, now=now)
