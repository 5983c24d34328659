"""What screening may know of a patient: one table of items.

A rule declares the items it needs, the forms ask for them, the record keeps them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from winddown.domain.refusals import UnknownWord

Kind = Literal["yes_no", "choice", "number", "day", "text"]
Asked = Literal["everyone", "clinician", "record"]

SECTIONS: tuple[str, ...] = ("lists", "heart", "brain", "mind", "pregnancy", "organs", "breathing", "bladder", "substances", "past", "day")


@dataclass(frozen=True)
class Item:
    """One thing to know.

    label    a noun phrase that stands in a sentence: "Not on file: <label>."
    asked    everyone: the patient at home or staff; clinician: staff only; record: worked out from the rest of the chart, never typed
    after    asked only where this item is answered yes
    only     asked only of this sex; empty for all
    choices  the words of a choice, from harmless to grave
    low, high  what a number can be, in `unit`
    """

    key: str
    label: str
    kind: Kind
    section: str
    asked: Asked = "everyone"
    choices: tuple[str, ...] = ()
    unit: str = ""
    low: float | None = None
    high: float | None = None
    after: str = ""
    only: str = ""


def _yes(section: str, **labels: str) -> tuple[Item, ...]:
    return tuple(Item(key, label, "yes_no", section) for key, label in labels.items())


def _staff(section: str, **labels: str) -> tuple[Item, ...]:
    return tuple(Item(key, label, "yes_no", section, asked="clinician") for key, label in labels.items())


LISTS = _yes("lists", no_medicines="no medicine at all", no_allergies="no allergy at all")
HEART = (
    *_yes(
        "heart",
        aneurysm="aneurysm, arteriovenous malformation or past bleeding in the brain",
        hypertension="high blood pressure",
        angina_unstable="chest pain at rest or getting worse",
        heart_event="heart attack or coronary procedure",
    ),
    Item("heart_event_on", "day of the heart attack or procedure", "day", "heart", after="heart_event"),
    *_yes("heart", heart_failure="heart failure"),
    Item(
        "heart_failure_state",
        "state of the heart failure",
        "choice",
        "heart",
        "clinician",
        ("compensated", "decompensated"),
        after="heart_failure",
    ),
    *_yes("heart", stroke="stroke, transient ischemic attack or brain injury"),
    Item("stroke_on", "day of the stroke or brain injury", "day", "heart", after="stroke"),
    *_staff(
        "heart",
        heart_severe="severe coronary or heart muscle disease",
        pressure_hazard="a marked rise of pressure would be a serious hazard",
    ),
)
BRAIN = (
    Item("seizures", "seizures", "choice", "brain", choices=("none", "controlled", "uncontrolled")),
    Item(
        "intracranial_pressure", "raised pressure in the skull, shunt or brain mass", "choice", "brain", choices=("none", "known", "severe")
    ),
    Item("glaucoma", "glaucoma", "choice", "brain", choices=("none", "treated", "untreated")),
    *_yes("brain", eye_surgery="eye surgery planned or an open eye injury"),
    Item("open_globe", "open globe", "yes_no", "brain", "clinician", after="eye_surgery"),
    Item("cognition", "memory or thinking disorder", "choice", "brain", choices=("none", "mild", "dementia", "delirium")),
)
MIND = (
    *_yes("mind", psychosis_now="psychosis or schizophrenia now", psychosis_past="psychosis in the past"),
    *_yes(
        "mind",
        psychosis_family="psychosis in a parent, brother, sister or child",
        mania_now="mania or a mixed state now",
        bipolar="bipolar disorder",
    ),
    Item("suicide_level", "level of the last suicide screen", "choice", "mind", "clinician", ("none", "low", "moderate", "high")),
    Item("mental_health_clinician", "treating mental-health clinician, with phone", "text", "mind"),
)
PREGNANCY = (
    Item("childbearing", "can become pregnant", "yes_no", "pregnancy", only="female"),
    Item("pregnancy", "pregnancy", "choice", "pregnancy", choices=("no", "suspected", "yes"), after="childbearing", only="female"),
    Item("preeclampsia", "pre-eclampsia or eclampsia", "yes_no", "pregnancy", after="childbearing", only="female"),
    Item("breastfeeding", "breast-feeding", "yes_no", "pregnancy", after="childbearing", only="female"),
)
ORGANS = (
    Item("liver_disease", "liver disease", "choice", "organs", choices=("none", "mild", "moderate", "severe")),
    Item("thyroid", "overactive thyroid", "choice", "organs", choices=("none", "treated", "untreated")),
    *_yes(
        "organs",
        porphyria="acute porphyria",
        diabetes="diabetes",
        gastroparesis="slow emptying of the stomach",
        intrathecal_pump="spinal drug pump",
    ),
    *_yes("organs", frailty="frailty: falls, weakness or loss of weight"),
    *_yes("organs", preservative_allergy="reaction to ketamine or to benzethonium"),
)
BREATHING = (
    *_yes("breathing", sleep_apnea="sleep apnea"),
    Item("stop_bang", "STOP-Bang score", "number", "breathing", "clinician", unit="of 8", low=0, high=8),
    *_yes(
        "breathing",
        home_oxygen="oxygen at home",
        hypercapnia="known high carbon dioxide",
        airway_infection="cough, cold or chest infection now",
        reactive_airway="asthma or reactive airway",
    ),
)
BLADDER = _yes(
    "bladder", urinary_symptoms="new urgency, frequency, pain or blood with urine", bladder_ketamine="bladder disease from ketamine"
)
SUBSTANCES = (
    *_yes("substances", substance_use="drug or alcohol use that causes problems now"),
    Item("alcohol_score", "AUDIT-C score", "number", "substances", unit="of 12", low=0, high=12),
    Item("drug_score", "DAST-10 score", "number", "substances", "clinician", unit="of 10", low=0, high=10),
    *_yes(
        "substances",
        ketamine_misuse="ketamine used without a prescription",
        cannabis="cannabis",
    ),
    *_staff("substances", monitoring_pattern="a pattern in the prescription-monitoring record"),
)
PAST = (
    *_yes("past", anesthesia_problem="serious problem with an anesthetic", ketamine_before="ketamine treatment before"),
    Item("ketamine_reaction", "bad reaction to ketamine treatment", "yes_no", "past", after="ketamine_before"),
    Item("ketamine_words", "what ketamine did", "text", "past", after="ketamine_before"),
    Item("anesthesia_words", "what happened with the anesthetic", "text", "past", after="anesthesia_problem"),
)
DAY = _yes("day", alcohol_today="alcohol today", escort_agreed="a responsible adult to go home with", will_drive="plan to drive today")
RECORD = (
    Item("age", "age", "number", "record", "record", unit="years", low=0, high=130),
    Item("sex", "sex", "choice", "record", "record", ("female", "male")),
    Item("bmi", "body mass index", "number", "record", "record", unit="kg/m2", low=5, high=150),
    Item("allergies", "allergies", "text", "record", "record"),
    Item("medicines", "medicines", "text", "record", "record"),
    Item("systolic", "resting systolic pressure", "number", "record", "record", unit="mmHg", low=40, high=320),
    Item("diastolic", "resting diastolic pressure", "number", "record", "record", unit="mmHg", low=20, high=220),
    Item("liver_ratio", "highest liver test", "number", "record", "record", unit="x ULN", low=0, high=1000),
    Item("drug_screen", "drug screen", "choice", "record", "record", ("expected", "unexpected")),
    Item("pregnancy_test", "pregnancy test", "choice", "record", "record", ("negative", "positive")),
    Item("glucose", "glucose", "number", "record", "record", unit="mg/dL", low=10, high=1500),
    Item("consent", "consent in force", "yes_no", "record", "record"),
)

ITEMS: Mapping[str, Item] = {
    item.key: item for item in (*LISTS, *HEART, *BRAIN, *MIND, *PREGNANCY, *ORGANS, *BREATHING, *BLADDER, *SUBSTANCES, *PAST, *DAY, *RECORD)
}
ASKED: tuple[Item, ...] = tuple(item for item in ITEMS.values() if item.asked != "record")


def item_of(key: str) -> Item:
    """The item, or the refusal that names every known one."""
    if key not in ITEMS:
        raise UnknownWord("screening item", key, ITEMS)
    return ITEMS[key]
