"""A few invented people at home: how they are reached, evenings with gaps, pressure and sleep, and the messages that were sent as files."""

from __future__ import annotations

import random
from collections.abc import Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from uuid import UUID

from django.conf import settings

from winddown.commands.fiction import year
from winddown.domain.followup.schedule import Home
from winddown.jobs import post
from winddown.jobs.providers import providers
from winddown.record.models import Link, Patient, PatientContact, Staff
from winddown.record.scope import at_practice
from winddown.services import answers, at_home, contacts, diary, home_readings, links, messages
from winddown.services.contacts import Wishes

PEOPLE, WEEKS, ZONE = 5, 3, "America/New_York"
SEED = 99
NOTES = ("a long walk, slept well", "rain, worse in the evening", "took the bus by myself")


def tell(practice_id: int, *, desk: Staff, now: datetime) -> None:
    """Once: the people whose series ended last."""
    with at_practice(practice_id):
        if PatientContact.objects.filter(patient__record_number__startswith=year.MARK).exists():
            return
        people = list(Patient.objects.filter(record_number__startswith=year.MARK).order_by("-record_number")[:PEOPLE])
        for number, patient in enumerate(people):
            _one(patient, number, desk=desk, now=now)
    _messages(practice_id, people, now=now)


def _one(patient: Patient, number: int, *, desk: Staff, now: datetime) -> None:
    """One of them prefers email, one speaks Spanish, one has stopped answering, one is paused."""
    chance, begun = random.Random(SEED + number), now - timedelta(days=WEEKS * 7)
    wishes = Wishes(
        email=f"{patient.given_name.lower()}.{number}@fiction.test",
        phone=f"+1419555010{number}",
        channel="email" if number == 1 else "sms",
        hour=(19, 20, 21, 18, 19)[number],
        zone=ZONE,
        language="es" if number == 2 else "en",
        paused_until=(now + timedelta(days=4)).date() if number == 4 else None,
    )
    contacts.write(patient, wishes, by=desk, now=begun)
    link = diary.link_for(patient, now=begun + timedelta(days=1))
    told = {"version": "1", "language": wishes.language, "source": "patient", "link": link}
    home = Home(ZONE, wishes.hour)
    for days_ago in range(WEEKS * 7 - 2, 0, -1):
        at = home.at(home.day_of(now - timedelta(days=days_ago))) + timedelta(minutes=chance.uniform(2, 90))
        if chance.random() < 0.2 or (number == 3 and days_ago < 7):
            continue
        level = min(max(round(4 + 2.5 * (days_ago < 6) + chance.gauss(0, 0.9)), 0), 10)
        answers.submit(patient=patient, instrument="pain-nrs", items={"average": level}, answered_at=at, now=at, **told)  # type: ignore[arg-type]
        answers.submit(patient=patient, instrument="mood", items={"mood": 9 - level}, answered_at=at, now=at, **told)  # type: ignore[arg-type]
        if chance.random() < 0.15:
            words = NOTES[days_ago % len(NOTES)]
            answers.submit(patient=patient, instrument="diary-note", items={"note": words}, answered_at=at, now=at, **told)  # type: ignore[arg-type]
        if number in (0, 2) and days_ago % 3 == 0:
            _measured(link, at, chance, device="cuff" if number else "")


def _measured(link: Link, at: datetime, chance: random.Random, *, device: str) -> None:
    told = {
        "systolic": chance.gauss(128, 7),
        "diastolic": chance.gauss(79, 5),
        "pulse_rate": chance.gauss(70, 5),
        "sleep_hours": chance.gauss(6.5, 1),
    }
    numbers = {key: Decimal(f"{value:.0f}" if key != "sleep_hours" else f"{value:.1f}") for key, value in told.items()}
    source = "device" if device else "page"
    home_readings.keep(link, numbers, measured_at=at, source=source, key=UUID(int=chance.getrandbits(128)), device=device, now=at)


def _messages(practice_id: int, people: Sequence[Patient], *, now: datetime) -> None:
    """The messages of the last evenings, handed over by the provider that is set: files, unless somebody chose another."""
    carriers = providers(settings.MESSAGES) if settings.MESSAGES["email"] == settings.MESSAGES["sms"] == "file" else {}
    for days_ago in (3, 2, 1) if carriers else ():
        for patient in people[:4]:
            with at_practice(practice_id):
                home = Home(ZONE, contacts.of(patient).hour)  # type: ignore[union-attr]
                day = home.day_of(now - timedelta(days=days_ago))
                at = home.at(day)
                link = links.path_of(diary.link_for(patient, now=at))
                messages.post(
                    kind="diary", patient=patient, values={"link": link}, key=at_home.key_of("diary", patient, day), by_night=True, now=at
                )
            post.carry(practice_id, carriers, now=at)
