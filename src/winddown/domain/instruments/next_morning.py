"""Winddown's own check of the morning after: what may still be there when the drug is gone, and whether the person drove."""

from __future__ import annotations

from winddown.domain.instruments import common
from winddown.domain.instruments.instrument import Instrument, Item, both, choices
from winddown.domain.instruments.scoring import Sum

_HOW_MUCH = choices((0, "No", "No"), (1, "A little", "Un poco"), (2, "It bothers me", "Me molesta"), (3, "It is bad", "Es fuerte"))
_ITEMS = (
    ("nausea", "Feeling sick or vomiting", "Náuseas o vómitos"),
    ("distress", "Fear, panic or distress", "Miedo, pánico o angustia"),
    (
        "unreal",
        "Feeling unreal, or seeing or hearing things that others do not",
        "Sensación de irrealidad, o ver u oír cosas que otros no perciben",
    ),
    ("dreams", "Bad dreams, or waking up confused", "Pesadillas, o despertar con confusión"),
    ("unsteady", "Dizzy, unsteady or too sleepy", "Mareo, inestabilidad o demasiado sueño"),
    ("bladder", "Pain or urgency when passing urine", "Dolor o urgencia al orinar"),
    ("low", "Mood worse than before the visit", "Ánimo peor que antes de la visita"),
)
KEYS = tuple(row[0] for row in _ITEMS)
BAD = 3

NEXT_MORNING = Instrument(
    key="next-morning",
    version="1",
    name=both("The morning after", "La mañana siguiente"),
    purpose=both("how the night was and what is still there", "cómo fue la noche y qué queda todavía"),
    intro=both("Since you went home:", "Desde que volvió a casa:"),
    items=(
        *(Item(key, both(english, spanish), choices=_HOW_MUCH) for key, english, spanish in _ITEMS),
        Item("drove", both("Have you driven since the visit?", "¿Ha conducido desde la visita?"), choices=common.YES_NO),
        Item("other", both("Anything else? In your own words.", "¿Algo más? En sus propias palabras."), "words", optional=True),
    ),
    rule=Sum(KEYS),
    low=0,
    high=21,
    license=common.OWN,
    recall=both("since the visit", "desde la visita"),
    recall_days=1,
    minimum_interval_days=common.every(0.5, "asked once, the morning after"),
    translations=(common.OWN_ENGLISH, common.OWN_SPANISH),
    notes=(
        "The sum counts burden, not danger: a single bad answer, and having driven, open a task of their own.",
        "Not validated.",
    ),
)
