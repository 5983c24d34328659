"""A year of the fictional practice: people whose series are over, with what they answered since. Rows in bulk: the start stays quick.

Everything is drawn by chance from a seed: the effect, how long it lasts, who stops answering. Nothing here was ever felt by anybody.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from math import exp
from typing import Any

from django.db import models
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange

from winddown.commands.fiction import cast
from winddown.commands.fiction.cast import CRPS, MOOD, PAIN
from winddown.domain.dosing.order import OrderDraft, draft_order
from winddown.domain.dosing.plan import planned_events
from winddown.domain.dosing.protocol import Protocol
from winddown.domain.dosing.request import OrderRequest
from winddown.domain.instruments.scoring import score
from winddown.record.models import (
    Answer,
    Chair,
    Course,
    Location,
    Order,
    OrderSignature,
    Patient,
    ProtocolVersion,
    Session,
    SessionEvent,
    Staff,
)
from winddown.record.scope import current_practice_id
from winddown.services import instruments, programme

SEED, MARK, YEAR_DAYS = 2026, "Y", 365
FIRST = ("Alma", "Boris", "Cora", "Dario", "Edda", "Fabio", "Gilda", "Hank", "Iris", "Jonas", "Kira", "Lars")
LAST = ("Fableton", "Storyman", "Legendre", "Mythos", "Taleworth", "Fictitia", "Imaginov")
KINDS = {
    CRPS: (("G90.511", "CRPS I of the right hand"), ("G90.522", "CRPS I of the left foot"), ("M79.2", "neuralgia of the arm")),
    PAIN: (
        ("B02.29", "post-herpetic neuralgia"),
        ("M79.7", "fibromyalgia"),
        ("G89.21", "chronic pain after trauma"),
        ("G90.511", "CRPS I of the right hand"),
    ),
    MOOD: (("F33.2", "treatment-resistant depression"), ("F32.2", "treatment-resistant depression")),
}
INFUSIONS = {CRPS: 4, PAIN: 3, MOOD: 6}
EVENTS = (("nausea", 1), ("dizziness", 1), ("headache", 1), ("anxiety", 2), ("hypertension", 2), ("hallucination", 2), ("vomiting", 2))
LINE_ML, FLUSH = Decimal(3), {"volume_ml": "10", "over_s": "600"}
AFTER = (1, 2, 3, 4, 5, 7, 10, 14, 21, 28, 42, 56, 70, 84, 112, 140, 168)


@dataclass
class Rows:
    """What is to be written, table by table, in the order in which the keys need it."""

    patients: list[Patient] = field(default_factory=list)
    courses: list[Course] = field(default_factory=list)
    orders: list[Order] = field(default_factory=list)
    signatures: list[OrderSignature] = field(default_factory=list)
    sessions: list[Session] = field(default_factory=list)
    events: list[SessionEvent] = field(default_factory=list)
    answers: list[Answer] = field(default_factory=list)

    def write(self) -> None:
        for table in (self.patients, self.courses, self.orders, self.signatures, self.sessions, self.events, self.answers):
            rows: list[models.Model] = list(table)
            for row in rows:
                row.practice_id = current_practice_id()  # type: ignore[attr-defined]
            type(rows[0])._default_manager.bulk_create(rows, batch_size=1000)


def tell(places: Mapping[str, Location], *, nurse: Staff, prescribers: tuple[Staff, ...], now: datetime) -> None:
    """Once. Each person has one course; some a second series when relief had faded."""
    if Patient.objects.filter(record_number__startswith=MARK).exists():
        return
    chance, rows = random.Random(SEED), Rows()
    protocols = {row.key: row for row in ProtocolVersion.objects.order_by("version")}
    chairs = {place.pk: list(Chair.objects.filter(location=place)) for place in places.values()}
    towns = list(places.values())
    for number in range(cast.PEOPLE_OF_LAST_YEAR):
        key = (MOOD, PAIN, CRPS)[number % 3]
        place = towns[0] if chance.random() < 0.6 else towns[-1]
        life = Life(
            chance,
            rows,
            protocols[key],
            place,
            chairs[place.pk][number % len(chairs[place.pk])],
            prescribers[number % len(prescribers)],
            nurse,
            now,
        )
        life.tell(number)
    rows.write()
    programme.rebuild(as_of=now, now=now)


@dataclass(frozen=True)
class Ordered:
    """What is written and what it says."""

    order: Order
    draft: OrderDraft


@dataclass
class Life:
    """One invented person of last year."""

    chance: random.Random
    rows: Rows
    protocol: ProtocolVersion
    place: Location
    chair: Chair
    prescriber: Staff
    nurse: Staff
    now: datetime

    def tell(self, number: int) -> None:
        chance, kg = self.chance, round(self.chance.gauss(76, 12))
        began = self.now - timedelta(days=YEAR_DAYS - number * (YEAR_DAYS - 30) / cast.PEOPLE_OF_LAST_YEAR, hours=chance.uniform(0, 4))
        patient = Patient(
            record_number=f"{MARK}{number + 1:06d}",
            family_name=LAST[number % len(LAST)],
            given_name=FIRST[number // len(LAST) % len(FIRST)],
            birth_date=date(1948 + round(chance.uniform(0, 52)), 1 + number % 12, 1 + number % 28),
            sex="female" if chance.random() < 0.6 else "male",
            created_at=began - timedelta(days=20),
        )
        icd10, words = chance.choice(KINDS[self.protocol.key])
        course = Course(
            patient=patient,
            protocol=self.protocol,
            indication=words,
            icd10=icd10,
            target="less pain at four weeks",
            planned_sessions=INFUSIONS[self.protocol.key],
            opened_at=began - timedelta(days=10),
            by=self.prescriber,
        )
        self.rows.patients.append(patient)
        self.rows.courses.append(course)
        order, draft = self._order(course, kg)
        dose = float(order.figures["total_mg_per_kg"])
        base = min(max(chance.gauss(7.2, 1.1), 4.0), 10.0)
        gain = min(max(chance.gauss(0.02 + 0.32 * min(dose, 1.2), 0.26), 0.0), 0.95)
        self._series(patient, Ordered(order, draft), began, base, gain)

    def _order(self, course: Course, kg: int) -> tuple[Order, OrderDraft]:
        """The protocol's own dose, or a tenth to a third less where it was not tolerated."""
        protocol = Protocol.from_data(course.protocol.data)
        entered: dict[str, Any] = {"session_number": 3, "weight_kg": str(kg), "bag_mg": "150", "bag_ml": "150", "basis": "actual"}
        draft = draft_order(OrderRequest.from_data(entered), protocol)
        less = self.chance.choice((1.0, 1.0, 0.9, 0.8, 0.7))
        phases = [
            {"amount": f"{round(float(phase.rate_mg_per_kg_per_h) * less, 3)} mg/kg/h", "minutes": str(phase.minutes)}
            for phase in draft.phases
        ]
        draft = draft_order(OrderRequest.from_data({**entered, "phases": phases}), protocol)
        at = course.opened_at + timedelta(days=1)
        told = {"request": draft.request.as_data(), "as_needed": [], "left_out": []}
        order = Order(course=course, patient=course.patient, draft=told, figures=draft.figures(), written_at=at, by=self.prescriber)
        self.rows.orders.append(order)
        self.rows.signatures.append(OrderSignature(order=order, by=self.prescriber, meaning="prescriber's signature", signed_at=at))
        return order, draft

    def _series(self, patient: Patient, ordered: Ordered, began: datetime, base: float, gain: float) -> None:
        """Infusions, then the weeks after; a second series where relief had faded and the person came back."""
        chance, count = self.chance, INFUSIONS[self.protocol.key]
        for days in (5, 4, 3, 2, 1):
            self._pain(patient, began - timedelta(days=days), base)
        self._forms(patient, began - timedelta(days=2), base)
        last = self._visits(patient, ordered, began, count)
        lasts_days, answers_for = chance.expovariate(1 / 45) + 10, chance.choice((20, 60, 120, 200, 200, 200))
        for day in AFTER:
            at = last + timedelta(days=day, hours=chance.uniform(-2, 2))
            if day > answers_for or at >= self.now:
                break
            if chance.random() < 0.12:
                continue
            level = base * (1 - gain * exp(-((day / lasts_days) ** 2)))
            self._pain(patient, at, level)
            if day in (7, 14, 28, 56, 84):
                self._forms(patient, at, level)
        again = last + timedelta(days=lasts_days + 60)
        if gain > 0.45 and again < self.now - timedelta(days=20) and chance.random() < 0.4:
            self._visits(patient, ordered, again, 1)

    def _visits(self, patient: Patient, ordered: Ordered, began: datetime, count: int) -> datetime:
        """Each as ordered, from the bag to the flush after the end."""
        at = began
        for number in range(count):
            planned = planned_events(ordered.draft, start_at=at, line_volume_ml=LINE_ML, primed_with="diluent")
            pumped = [(event.kind, event.happened_at, dict(event.data)) for event in planned]
            end = pumped[-1][1]
            home = end + timedelta(minutes=75)
            pumped[0][2]["bag"] = f"{patient.record_number}-{number + 1}"
            session = Session(
                patient=patient,
                order=ordered.order,
                location=self.place,
                chair=self.chair,
                planned=DateTimeTZRange(at, home),
                status="discharged",
                status_at=home,
                version=2,
                created_at=at - timedelta(days=3),
                by=self.nurse,
            )
            self.rows.sessions.append(session)
            events = [("adverse_event", when, data) for when, data in self._events(at, (end - at) / timedelta(minutes=1))]
            after = [("line_flushed", end + timedelta(minutes=1), FLUSH), ("discharge_signed", home, {}), ("discharged", home, {})]
            for kind, when, data in [*pumped[:-1], *events, pumped[-1], *after]:
                self.rows.events.append(
                    SessionEvent(session=session, kind=kind, happened_at=when, written_at=when, by=self.nurse, data=data)
                )
            at += timedelta(days=3 if count > 4 else 4, hours=self.chance.uniform(-1, 1))
        return end

    def _events(self, at: datetime, minutes: float) -> Iterator[tuple[datetime, dict[str, Any]]]:
        """One visit in ten has an event; one in a hundred a severe one."""
        if self.chance.random() < 0.1:
            term, grade = self.chance.choice(EVENTS)
            grade = 3 if self.chance.random() < 0.1 else grade
            yield at + timedelta(minutes=minutes * self.chance.random()), {"term": term, "grade": str(grade), "words": ""}

    def _pain(self, patient: Patient, at: datetime, level: float) -> None:
        self._answer(patient, at, "pain-nrs", {"average": _within(level + self.chance.gauss(0, 0.6), 10)})

    def _forms(self, patient: Patient, at: datetime, level: float) -> None:
        if self.protocol.key == MOOD:
            items = {str(n): _within(3 * (level / 10) ** 1.4 + self.chance.gauss(0, 0.4), 3) for n in range(1, 9)}
            self._answer(patient, at, "phq-9", items | {"9": 0})
        else:
            items = {key: _within(level + self.chance.gauss(0.3, 0.8), 10) for key in ("pain", "enjoyment", "activity")}
            self._answer(patient, at, "peg", items)

    def _answer(self, patient: Patient, at: datetime, instrument: str, items: dict[str, int]) -> None:
        form = instruments.form_of(instrument)
        judged = score(form, items)
        row = Answer(
            patient=patient,
            instrument=form.key,
            version=form.version,
            language="en",
            items=items,
            answered_at=at,
            written_at=at,
            source="staff",
            by=self.nurse,
            score=None if judged.value is None else Decimal(str(judged.value)),
            judged={"why": judged.why, "band": judged.band.key if judged.band else ""},
        )
        self.rows.answers.append(row)


def _within(value: float, high: int) -> int:
    return max(0, min(high, round(value)))
