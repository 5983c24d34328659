"""Plainly fictional practices and people for tests, made through the services as the product makes them."""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

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
    import psycopg

    from winddown.record.models import Practice

    with psycopg.connect(owner_url, autocommit=True) as connection:
        row = connection.execute(
            "insert into record_practice (slug, name, created_at) values (%s, %s, now()) returning id", [slug, f"Practice {slug}"]
        ).fetchone()
    return Practice.objects.get(pk=row[0])


def house(urls, *, now: datetime | None = None, chairs: int = 2) -> House:
    """A fresh practice; nothing of any other test is visible in it."""
    from winddown.record.scope import at_practice
    from winddown.services import people, permissions

    now = now or datetime.now(tz=UTC)
    import os

    number = f"{os.getpid()}-{next(_count)}"
    practice = new_practice(urls.owner, f"house-{number}")
    staff, emails = {}, {}
    with at_practice(practice.pk):
        location = people.open_location(
            name="Sandusky", time_zone="America/New_York", now=now, chairs=[f"Chair {n + 1}" for n in range(chairs)]
        )
        for role in [*permissions.ROLES, "nurse_2", "prescriber_2"]:
            email = f"{role}.{number}@example.test"
            kind = role.removesuffix("_2")
            person = people.employ(
                email=email, password=PASSWORD, name=f"Fictional {role.replace('_', ' ').title()}", roles=[kind], practice=practice,
                now=now, pin=PIN, home=location,
            )  # fmt: skip
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
