"""Who is in the demonstration. Nobody here exists."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

PRACTICE, PRACTICE_NAME = "lakeshore", "Lakeshore Infusion (fictional)"
PASSWORD, PIN = "lakeshore-demo-1", "246813"
PEOPLE_OF_LAST_YEAR = 144


@dataclass(frozen=True)
class Place:
    name: str
    time_zone: str
    chairs: tuple[str, ...]
    address: str
    phone: str
    crash_cart: str


@dataclass(frozen=True)
class Person:
    name: str
    email: str
    roles: tuple[str, ...]
    place: str = "Sandusky"
    shown: bool = True


@dataclass(frozen=True)
class Character:
    """A fictional patient and how far today's visit has come."""

    family: str
    given: str
    born: date
    sex: str
    weight_kg: str
    height_cm: str
    indication: str
    icd10: str
    protocol: str
    stage: str
    place: str = "Sandusky"
    chair: int = 0
    minutes: int = 0
    allergies: tuple[str, ...] = ()
    conditions: tuple[str, ...] = ()
    medicines: tuple[str, ...] = ()
    limb: str = ""
    baseline: dict[str, float] = field(default_factory=dict)


HOURS = {str(day): [["07:30", "17:30"]] for day in range(5)} | {"5": [["08:00", "13:00"]]}

PLACES = (
    Place(
        "Sandusky",
        "America/New_York",
        tuple(f"Chair {n}" for n in range(1, 6)),
        "1 Invented Street, Sandusky",
        "555-0110",
        "behind chair 3",
    ),
    Place("Fargo", "America/Chicago", tuple(f"Chair {n}" for n in range(1, 4)), "2 Imaginary Avenue, Fargo", "555-0120", "by the door"),
)

STAFF = (
    Person("Frances Desk", "desk@lakeshore.test", ("front_desk",)),
    Person("Noor Nurse", "nurse@lakeshore.test", ("nurse",)),
    Person("Priya Prescriber", "prescriber@lakeshore.test", ("prescriber",)),
    Person("Oscar Officer", "officer@lakeshore.test", ("drug_officer",)),
    Person("Dana Director", "director@lakeshore.test", ("director", "prescriber")),
    Person("Adam Administrator", "admin@lakeshore.test", ("administrator",)),
    Person("Rosa Researcher", "researcher@lakeshore.test", ("researcher",)),
    Person("Sam Second", "nurse2@lakeshore.test", ("nurse",), shown=False),
    Person("Peter Prescribesalso", "prescriber2@lakeshore.test", ("prescriber",), "Fargo", shown=False),
)

MOOD, CRPS, PAIN = "mood-half-mg-per-kg-40min", "crps-outpatient-4h", "pain-80mg-150min"
_LIMB = "CRPS I of the right hand"

PATIENTS = (
    Character(
        "Testerly",
        "Ada",
        date(1979, 5, 2),
        "female",
        "70",
        "168",
        "treatment-resistant depression with neuropathic pain",
        "F33.2",
        MOOD,
        "running",
        chair=0,
        minutes=18,
        baseline={"systolic": 124},
    ),
    Character(
        "Sampleton",
        "Bruno",
        date(1966, 11, 30),
        "male",
        "84",
        "181",
        _LIMB,
        "G90.511",
        CRPS,
        "running",
        chair=1,
        minutes=95,
        allergies=("penicillin",),
        conditions=("hypertension",),
        medicines=("amlodipine 5 mg",),
        limb="right arm",
        baseline={"systolic": 138},
    ),
    Character(
        "Mockford",
        "Clara",
        date(1988, 2, 14),
        "female",
        "62",
        "170",
        "post-herpetic neuralgia",
        "B02.29",
        PAIN,
        "running",
        place="Fargo",
        chair=0,
        minutes=52,
        medicines=("gabapentin 300 mg",),
    ),
    Character(
        "Placeholder", "Devin", date(1971, 8, 8), "male", "77", "176", "fibromyalgia", "M79.7", PAIN, "recovering", chair=2, minutes=25
    ),
    Character(
        "Fictman",
        "Esther",
        date(1959, 1, 20),
        "female",
        "66",
        "160",
        "treatment-resistant depression",
        "F33.2",
        MOOD,
        "checked_in",
        chair=3,
        minutes=12,
        allergies=("latex",),
        conditions=("type 2 diabetes",),
    ),
    Character(
        "Nonreal",
        "Farid",
        date(1993, 6, 6),
        "male",
        "90",
        "185",
        "CRPS I of the left foot",
        "G90.522",
        CRPS,
        "planned",
        chair=4,
        minutes=40,
        limb="left leg",
    ),
    Character(
        "Inventio",
        "Greta",
        date(1984, 9, 17),
        "female",
        "58",
        "165",
        "spinal cord injury pain",
        "G89.21",
        PAIN,
        "planned",
        place="Fargo",
        chair=1,
        minutes=90,
    ),
    Character(
        "Madeup",
        "Hiro",
        date(1977, 12, 1),
        "male",
        "73",
        "171",
        "treatment-resistant depression",
        "F32.2",
        MOOD,
        "discharged",
        chair=4,
        minutes=200,
    ),
    Character(
        "Exampler",
        "Ines",
        date(1990, 3, 3),
        "female",
        "68",
        "173",
        "CRPS II of the right leg",
        "G57.71",
        CRPS,
        "unsigned",
        limb="right leg",
    ),
    Character("Pretend", "Jonas", date(1963, 7, 25), "male", "95", "178", "failed back surgery pain", "M96.1", PAIN, "ordered"),
    Character("Dummyson", "Kaya", date(1999, 10, 10), "female", "54", "163", "chronic migraine", "G43.709", PAIN, "registered"),
    Character(
        "Notaperson",
        "Liam",
        date(1955, 4, 4),
        "male",
        "81",
        "174",
        "phantom limb pain",
        "G54.6",
        PAIN,
        "registered",
        allergies=("ondansetron",),
    ),
)
