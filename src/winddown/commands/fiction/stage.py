"""Puts the cast on stage: each patient is taken through the services, at moments in the past, as far as today's visit has come."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

from winddown.commands.fiction import cast, diary, foretold, home, own, questionnaires, safety, screened, site, visit, weeks, wire, year
from winddown.commands.fiction.cast import Character
from winddown.commands.fiction.shelf import stock_the_shelves
from winddown.domain.dosing.order import draft_order
from winddown.domain.dosing.protocol import Protocol
from winddown.domain.dosing.request import OrderRequest
from winddown.record.models import Chair, Device, Location, Order, Patient, Practice, ProtocolVersion, Session, Staff
from winddown.record.scope import at_practice
from winddown.services import bedside, clock, devices, infusion, orders, patients, people, sessions

Say = Callable[[str], None]
IN_CHAIR = ("checked_in", "ready", "running", "held", "stopped", "recovering")
STALE = timedelta(hours=1)


@dataclass(frozen=True)
class OnStage:
    """One chair in use: what its emulated devices need."""

    session: Session
    monitor: str
    pump: str
    program: Path | None

    @property
    def seed(self) -> int:
        """The same number is the same emulated person, before the curtain and after."""
        return int(self.session.chair_id)


@dataclass
class House:
    """The practice with its people by role and its places by name."""

    practice: Practice
    places: dict[str, Location]
    nurse: Staff
    second: Staff
    prescriber: Staff
    director: Staff
    administrator: Staff

    @classmethod
    def of(cls, practice: Practice) -> House:
        staff = {row.account.email.split("@")[0]: row for row in Staff.objects.select_related("account")}
        return cls(
            practice=practice,
            places={place.name: place for place in Location.objects.all()},
            nurse=staff["nurse"],
            second=staff["nurse2"],
            prescriber=staff["prescriber"],
            director=staff["director"],
            administrator=staff["admin"],
        )


def load(practice: Practice, folder: Path, *, now: datetime, say: Say) -> list[OnStage]:
    """Everything the demonstration shows. A second start finishes yesterday's visits and puts today's on stage."""
    with at_practice(practice.pk):
        if not Staff.objects.exists():
            say("Inventing a practice, its people and two locations.")
            _people(practice, now - timedelta(days=90))
        house = House.of(practice)
        playing = _still_playing(folder, now)
        if playing:
            say("The demonstration goes on where it was.")
            return playing
        _clear_the_stage(house, now)
        _devices(house, now - timedelta(days=1))
        safety.adopt_texts(director=house.director, now=now - timedelta(days=20))
        safety.put_on_call(house.places.values(), nurse=house.nurse, prescriber=house.prescriber, director=house.director, now=now)
        diary.make_room(by=house.nurse, now=now)
    on_stage = []
    for character in cast.PATIENTS:
        say(f"{character.given} {character.family}: {character.stage.replace('_', ' ')}.")
        with at_practice(practice.pk):
            found = _play(house, character, folder, now)
        if found is not None:
            on_stage.append(found)
    say("What they answered in the weeks before.")
    with at_practice(practice.pk):
        questionnaires.write(list(Patient.objects.order_by("id")), by=house.nurse, now=now)
    say("The calendar of the next weeks.")
    with at_practice(practice.pk):
        diary.write(house.places, by=house.administrator, desk=house.nurse, now=now)
        safety.open_tasks(nurse=house.nurse, prescriber=house.prescriber, now=now)
        site.write(house.places, now=now)
        own.write(nurse=house.nurse, now=now)
    say("The people of last year, and what the program counts of them.")
    with at_practice(practice.pk):
        other = Staff.objects.get(account__email="prescriber2@lakeshore.test")
        year.tell(house.places, nurse=house.nurse, prescribers=(house.prescriber, house.director, other), now=now)
        foretold.tell()
    home.tell(practice.pk, desk=house.nurse, now=now)
    _tell_the_past(practice, on_stage, say)
    return on_stage


def _tell_the_past(practice: Practice, on_stage: Sequence[OnStage], say: Say) -> None:
    """Last of all, so that the charts end where the emulated monitors will begin."""
    say("The monitors tell of the last twenty minutes.")
    for each in on_stage:
        if each.program is not None:
            since, zone = each.session.planned.lower - timedelta(minutes=15), each.session.location.time_zone
            wire.tell_the_past(practice.pk, zone, each.monitor, each.program, seed=each.seed, since=since, until=clock.now())


def _people(practice: Practice, at: datetime) -> None:
    places = {}
    for place in cast.PLACES:
        places[place.name] = people.open_location(
            name=place.name,
            time_zone=place.time_zone,
            now=at,
            chairs=place.chairs,
            address=place.address,
            phone=place.phone,
            hours=cast.HOURS,
            crash_cart=place.crash_cart,
        )
    for person in cast.STAFF:
        staff = people.employ(
            email=person.email,
            password=cast.PASSWORD,
            name=person.name,
            roles=person.roles,
            practice=practice,
            now=at,
            pin=cast.PIN,
            home=places[person.place],
        )
        for kind in ("acls", "sedation"):
            people.record_credential(staff, kind=kind, expires_on=at.date() + timedelta(days=400), now=at)
    director = Staff.objects.get(account__email="director@lakeshore.test")
    orders.adopt_packaged(by=director, now=at)


def _devices(house: House, at: datetime) -> None:
    """A monitor and a pump at every chair, the phantom bed, and drug on the shelves."""
    if Device.objects.exists():
        return
    number = 0
    for place in house.places.values():
        for chair in place.chairs.all():
            number += 1
            for kind, prefix in (("monitor", "WD-MON"), ("pump", "WD-PUMP")):
                device = devices.enroll(
                    key=f"{prefix}-{number:04d}", kind=kind, location=place, words=f"{kind} {chair.name.lower()}", by=house.nurse, now=at
                )
                devices.bind(device, chair, by=house.nurse, now=at)
    first = next(iter(house.places.values()))
    devices.enroll(key="WINDDOWN_PHANTOM", kind="phantom", location=first, words="phantom bed", by=house.nurse, now=at)
    stock_the_shelves(list(house.places.values()), nurse=house.nurse, second=house.second, at=at - timedelta(days=29))


def _still_playing(folder: Path, now: datetime) -> list[OnStage]:
    """The visits of a demonstration that was stopped a short while ago: they go on where they are."""
    found = []
    for session in Session.objects.filter(status__in=IN_CHAIR, planned__endswith__gt=now - STALE).select_related("chair__location"):
        monitor, pump = _device_keys(session.chair)
        found.append(OnStage(session, monitor, pump, _program_path(folder, session.chair)))
    return found


def _clear_the_stage(house: House, now: datetime) -> None:
    """Visits left over from an earlier day end at their planned end, with the reason in the record."""
    because = "the demonstration was started anew"
    for session in Session.objects.exclude(status__in=("discharged", "abandoned")):
        at = min(now, session.planned.upper)
        if session.status in ("running", "held"):
            infusion.finish(session, "stopped", because=because, by=house.nurse, now=at)
        if session.status in ("stopped", "recovering"):
            sessions.sign_discharge(session, by=house.nurse, second=house.second, reason=because, now=at)
        elif session.status in ("planned", "checked_in", "ready"):
            sessions.abandon(session, because=because, by=house.nurse, now=at)


def _play(house: House, character: Character, folder: Path, now: datetime) -> OnStage | None:
    known_for = timedelta(days=weeks.KNOWN_FOR_DAYS if weeks.is_about(character) else 9)
    patient = _patient(house, character, now - known_for)
    if weeks.is_about(character) and not patient.sensory_tests.exists():
        weeks.tell(patient, house.nurse, now)
    screened.before_the_plan(house.nurse, house.prescriber, patient, character, now)
    if character.stage == "registered":
        return None
    order = _order(house, patient, character, now - timedelta(days=2))
    if character.stage in ("unsigned", "ordered"):
        return None
    chair = list(house.places[character.place].chairs.all())[character.chair]
    if character.stage == "planned":
        start = _whole_minutes(now + timedelta(minutes=character.minutes))
        sessions.plan(order, chair, start, minutes=orders.visit_minutes(order), by=house.nurse, now=now - timedelta(days=1))
        return None
    return _visit(house, character, order, chair, folder, now)


def _patient(house: House, character: Character, at: datetime) -> Patient:
    known = Patient.objects.filter(family_name=character.family, given_name=character.given).first()
    if known is not None:
        return known
    patient = patients.register(
        family_name=character.family, given_name=character.given, birth_date=character.born, sex=character.sex, by=house.nurse, now=at
    )
    told: list[tuple[str, dict[str, Any]]] = [
        ("weight", {"weight_kg": character.weight_kg}),
        ("height", {"height_cm": character.height_cm}),
    ]
    told += [("allergy", {"substance": each}) for each in character.allergies] or [("no_known_allergies", {})]
    told += [("condition", {"words": each}) for each in character.conditions]
    told += [("medicine", {"words": each, "name": each.split()[0], "dose": " ".join(each.split()[1:])}) for each in character.medicines]
    told += [("affected_limb", {"limb": character.limb})] if character.limb else []
    for kind, data in told:
        patients.learn(patient, kind, data, by=house.nurse, observed_at=at, now=at)
    if character.stage != "registered":
        patients.sign_consent(
            patient,
            signed_on=at.date(),
            expires_on=at.date() + timedelta(days=180),
            words="off-label use, signed on paper",
            by=house.nurse,
            now=at,
        )
    return patient


def _order(house: House, patient: Patient, character: Character, at: datetime) -> Order:
    protocol = ProtocolVersion.objects.filter(key=character.protocol).order_by("-version").first()
    assert protocol is not None
    course = orders.open_course(
        patient,
        protocol,
        indication=character.indication,
        icd10=character.icd10,
        by=house.prescriber,
        now=at,
        target="less pain at four weeks",
        planned_sessions=6,
    )
    entered = {
        "session_number": 3,
        "weight_kg": character.weight_kg,
        "bag_mg": "100",
        "bag_ml": "100",
        "height_cm": character.height_cm,
        "sex": character.sex,
        "basis": "actual",
    }
    _, findings = orders.preview(course, entered)
    reasons = {finding.code: "as in the sessions before" for finding in findings}
    order = orders.write(course, entered, by=house.prescriber, now=at, reasons=reasons)
    if character.stage != "unsigned":
        orders.sign(order, by=house.prescriber, now=at)
        if order.signatures_needed > 1:
            orders.sign(order, by=house.director, now=at)
    return order


def _visit(house: House, character: Character, order: Order, chair: Chair, folder: Path, now: datetime) -> OnStage:
    """Check-in and, where today's visit is further, the gate, the infusion and the recovery, each at its moment."""
    draft = draft_order(OrderRequest.from_data(order.draft["request"]), Protocol.from_data(order.course.protocol.data))
    begun = _whole_minutes(now - timedelta(minutes=character.minutes))
    infusion_at = {
        "running": begun,
        "recovering": begun - timedelta(minutes=float(draft.total_minutes)),
        "discharged": begun,
        "checked_in": now + timedelta(minutes=25),
    }[character.stage]
    arrived = begun if character.stage == "checked_in" else infusion_at - timedelta(minutes=20)
    session = sessions.plan(order, chair, infusion_at, minutes=orders.visit_minutes(order), by=house.nurse, now=now - timedelta(days=1))
    sessions.check_in(session, by=house.nurse, now=arrived)
    monitor, pump = _device_keys(chair)
    if character.stage == "checked_in":
        bedside.record(
            session, "identity_confirmed", {"method": "asked name and date of birth"}, by=house.nurse, now=arrived + timedelta(minutes=2)
        )
        sessions.weigh(session, character.weight_kg, by=house.nurse, now=arrived + timedelta(minutes=4))
        return OnStage(session, monitor, pump, _program(folder, character, chair, None, ()))
    gate_at = visit.before_the_start(infusion_at, session.location.time_zone)
    visit.pass_the_gate(house.nurse, house.second, house.prescriber, session, character, monitor, gate_at)
    steps = [(0, draft.phases[0].rate_ml_per_h)]
    infusion.start(session, draft.phases[0].rate_ml_per_h, by=house.nurse, now=infusion_at)
    minute = Decimal(0)
    for phase in draft.phases[:-1]:
        minute += phase.minutes
        steps.append((float(minute), draft.phases[draft.phases.index(phase) + 1].rate_ml_per_h))  # type: ignore[arg-type]
    end = infusion_at + timedelta(minutes=float(draft.total_minutes))
    if end > now:
        visit.observe_along(house.nurse, session, character, infusion_at, end, now)
    else:
        visit.observe_along(house.nurse, session, character, infusion_at, end, end)
        infusion.finish(session, "infusion_completed", by=house.nurse, now=end)
        infusion.flush(session, Decimal(5), Decimal(60), by=house.nurse, now=end + timedelta(minutes=1))
    if character.stage == "recovering":
        visit.observe_along(house.nurse, session, character, end + timedelta(minutes=2), end, now)
    if character.stage == "discharged":
        visit.go_home(house.nurse, house.second, session, end + timedelta(minutes=75))
        return OnStage(session, "", "", None)
    return OnStage(
        session, monitor, pump, _program(folder, character, chair, infusion_at, [*steps, (float(draft.total_minutes), Decimal(0))])
    )


def _device_keys(chair: Chair) -> tuple[str, str]:
    bound = {device.kind: device.key for device in devices.bound_now([chair]).get(chair.pk, [])}
    return bound.get("monitor", ""), bound.get("pump", "")


def _program(folder: Path, character: Character, chair: Chair, started_at: datetime | None, steps: Sequence[tuple[float, Decimal]]) -> Path:
    """The emulated pump's program file, which also tells the emulated patient what is running in."""
    folder.mkdir(parents=True, exist_ok=True)
    path = _program_path(folder, chair)
    age = 2026 - character.born.year
    told = {
        "started_at": started_at.isoformat() if started_at else None,
        "drug": "Ketamine",
        "concentration_mg_per_ml": "1",
        "volume_ml": "100",
        "weight_kg": character.weight_kg,
        "sex": character.sex,
        "age_years": age,
        "bed": f"{chair.location.name}^{chair.name}^1",
        "steps": [[minute, format(rate, "f")] for minute, rate in steps],
        "baseline": dict(character.baseline),
    }
    path.write_text(json.dumps(told, indent=1))
    return path


def _program_path(folder: Path, chair: Chair) -> Path:
    return folder / f"{chair.location.name.lower()}-{chair.position + 1}.json"


def _whole_minutes(at: datetime) -> datetime:
    return at.replace(second=0, microsecond=0)
