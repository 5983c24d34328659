"""Winddown's own bladder screen: six plain yes-or-no questions, asked before the first infusion and again by count and calendar."""

from __future__ import annotations

from winddown.domain.instruments import common
from winddown.domain.instruments.instrument import Instrument, Item, both
from winddown.domain.instruments.scoring import Sum

_ITEMS = (
    ("frequency", "Do you pass urine 8 or more times in a day?", "¿Orina 8 veces o más en un día?"),
    ("urgency", "Do you suddenly have to go, and can hardly hold it?", "¿Le dan ganas repentinas de orinar y apenas puede aguantar?"),
    ("filling_pain", "Does your bladder hurt when it is full?", "¿Le duele la vejiga cuando está llena?"),
    ("burning", "Does it burn or hurt to pass urine?", "¿Le arde o le duele al orinar?"),
    ("blood", "Have you seen blood in your urine?", "¿Ha visto sangre en la orina?"),
    ("night", "Do you get up 2 or more times a night to pass urine?", "¿Se levanta 2 veces o más por noche para orinar?"),
)
KEYS = tuple(row[0] for row in _ITEMS)

BLADDER = Instrument(
    key="bladder",
    version="1",
    name=both("Bladder questions", "Preguntas sobre la vejiga"),
    purpose=both("changes of the bladder", "cambios de la vejiga"),
    intro=both("Think of the last 4 weeks.", "Piense en las últimas 4 semanas."),
    items=tuple(Item(key, both(english, spanish), choices=common.YES_NO) for key, english, spanish in _ITEMS),
    rule=Sum(KEYS),
    low=0,
    high=6,
    license=common.OWN,
    recall=both("the last 4 weeks", "las últimas 4 semanas"),
    recall_days=28,
    minimum_interval_days=common.every(7, "asked at visits"),
    bands=common.bands(
        "clinic default after KIC22",
        "derived",
        "{score}",
        ("none", 0, "none reported", "ninguno referido", "calm"),
        ("any", 1, "bladder symptoms reported", "síntomas de vejiga referidos", "watch"),
    ),
    translations=(common.OWN_ENGLISH, common.OWN_SPANISH),
    notes=("A new yes after the third infusion asks for review and urinalysis. Not validated; it replaces no licensed questionnaire.",),
)
