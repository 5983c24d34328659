"""Winddown's own side-effect screen for the day of an infusion and the mornings after. Licensed tools are imported, not copied."""

from __future__ import annotations

from winddown.domain.instruments import common
from winddown.domain.instruments.instrument import Instrument, Item, both, choices
from winddown.domain.instruments.scoring import Sum

_HOW_MUCH = choices((0, "No", "No"), (1, "A little", "Un poco"), (2, "It bothers me", "Me molesta"), (3, "It is bad", "Es fuerte"))
_ITEMS = (
    ("unreal", "Feeling unreal, or far from yourself", "Sensación de irrealidad o de estar lejos de sí mismo(a)"),
    ("strange", "Seeing, hearing or believing things that others do not", "Ver, oír o creer cosas que otros no perciben"),
    ("anxious", "Fear or panic", "Miedo o pánico"),
    ("low", "Mood worse than before the infusion", "Ánimo peor que antes de la infusión"),
    (
        "restless",
        "Too much energy, racing thoughts, hardly any need of sleep",
        "Demasiada energía, pensamientos acelerados, casi sin necesidad de dormir",
    ),
    ("confused", "Trouble thinking clearly or remembering", "Dificultad para pensar con claridad o recordar"),
    ("dizzy", "Dizzy or unsteady", "Mareo o inestabilidad"),
    ("nausea", "Feeling sick or vomiting", "Náuseas o vómitos"),
    ("headache", "Headache", "Dolor de cabeza"),
    ("vision", "Blurred or double vision", "Visión borrosa o doble"),
    ("heart", "Heart racing, pounding or skipping", "Corazón acelerado, fuerte o irregular"),
    ("chest", "Chest pain or short of breath", "Dolor de pecho o falta de aire"),
    ("sleepy", "Too sleepy", "Demasiado sueño"),
    ("bladder", "Pain or urgency when passing urine", "Dolor o urgencia al orinar"),
    ("craving", "Wanting ketamine other than as treatment", "Deseo de ketamina fuera del tratamiento"),
)
KEYS = tuple(row[0] for row in _ITEMS)

SIDE_EFFECTS = Instrument(
    key="side-effects",
    version="1",
    name=both("How you have felt since the infusion", "Cómo se ha sentido desde la infusión"),
    purpose=both("unwanted effects", "efectos no deseados"),
    intro=both("Since the last infusion, have you had any of these?", "Desde la última infusión, ¿ha tenido algo de esto?"),
    items=(
        *(Item(key, both(english, spanish), choices=_HOW_MUCH) for key, english, spanish in _ITEMS),
        Item("other", both("Anything else? In your own words.", "¿Algo más? En sus propias palabras."), "words", optional=True),
    ),
    rule=Sum(KEYS),
    low=0,
    high=45,
    license=common.OWN,
    recall=both("since the last infusion", "desde la última infusión"),
    recall_days=1,
    minimum_interval_days=common.every(0.5, "asked the next morning, and when something is felt"),
    translations=(common.OWN_ENGLISH, common.OWN_SPANISH),
    notes=(
        "The sum counts burden, not danger: every single answer of 2 or 3 is looked at by itself.",
        "Not validated. KSET and KSET-R are licensed and are imported by the clinic.",
    ),
)
