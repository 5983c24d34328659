"""GAD-7: anxiety in the last two weeks."""

from __future__ import annotations

from winddown.domain.instruments import common
from winddown.domain.instruments.instrument import Change, Instrument, Item, both
from winddown.domain.instruments.phq9 import INTRO, PHQ9
from winddown.domain.instruments.scoring import Sum

_ITEMS = (
    ("1", "Feeling nervous, anxious, or on edge", "Se ha sentido nervioso(a), ansioso(a) o con los nervios de punta", "69725-0"),
    ("2", "Not being able to stop or control worrying", "No ha sido capaz de parar o controlar su preocupación", "68509-9"),
    ("3", "Worrying too much about different things", "Se ha preocupado demasiado por motivos diferentes", "69733-4"),
    ("4", "Trouble relaxing", "Ha tenido dificultad para relajarse", "69734-2"),
    (
        "5",
        "Being so restless that it is hard to sit still",
        "Se ha sentido tan inquieto(a) que no ha podido quedarse quieto(a)",
        "69735-9",
    ),
    ("6", "Becoming easily annoyed or irritable", "Se ha molestado o irritado fácilmente", "69689-8"),
    (
        "7",
        "Feeling afraid as if something awful might happen",
        "Ha tenido miedo de que algo terrible fuera a pasar",
        "69736-7",
    ),
)

GAD7 = Instrument(
    key="gad-7",
    version="1",
    name=both("GAD-7: anxiety", "GAD-7: ansiedad"),
    purpose=both("symptoms of anxiety", "síntomas de ansiedad"),
    intro=INTRO,
    items=tuple(Item(key, both(english, spanish), choices=common.FREQUENCY, loinc=loinc) for key, english, spanish, loinc in _ITEMS),
    rule=Sum(tuple("1234567")),
    low=0,
    high=21,
    license=PHQ9.license,
    recall=common.LAST_TWO_WEEKS,
    recall_days=14,
    minimum_interval_days=common.every(14, "asks about two weeks: answered sooner, the same days count twice"),
    bands=common.bands(
        "JOT-GAD",
        "published",
        "{score}",
        ("minimal", 0, "minimal", "mínima", "calm"),
        ("mild", 5, "mild", "leve", "calm"),
        ("moderate", 10, "moderate", "moderada", "watch"),
        ("severe", 15, "severe", "grave", "watch"),
    ),
    change=Change(important=common.points(4, "clinic default, no source text seen", "unverified"), reliable=common.points(4, "IAPT21")),
    takes_total=True,
    loinc_panel="69737-5",
    loinc_score="70274-6",
    translations=(common.ORIGINAL, common.SPANISH_AS_COMMONLY_PRINTED),
    notes=("No rule for missing items was found: one missing item means no score.",),
)
