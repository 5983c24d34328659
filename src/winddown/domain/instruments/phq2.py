"""PHQ-2: the first two questions of the PHQ-9."""

from __future__ import annotations

from winddown.domain.instruments import common
from winddown.domain.instruments.instrument import Instrument, both
from winddown.domain.instruments.phq9 import DOWN, INTEREST, INTRO, PHQ9
from winddown.domain.instruments.scoring import Sum

PHQ2 = Instrument(
    key="phq-2",
    version="1",
    name=both("PHQ-2: two questions on mood", "PHQ-2: dos preguntas sobre el ánimo"),
    purpose=both("a first look for depression", "una primera mirada a la depresión"),
    intro=INTRO,
    items=(INTEREST, DOWN),
    rule=Sum(("1", "2")),
    low=0,
    high=6,
    license=PHQ9.license,
    recall=common.LAST_TWO_WEEKS,
    recall_days=14,
    minimum_interval_days=common.every(14, "asks about two weeks"),
    positive_from=common.points(3, "PHQ2"),
    bands=common.bands(
        "PHQ2",
        "published",
        "{score}",
        ("below", 0, "below the screening limit", "por debajo del límite", "calm"),
        ("positive", 3, "screens positive", "prueba positiva", "watch"),
    ),
    takes_total=True,
    loinc_score="55758-7",
    translations=PHQ9.translations,
    notes=("It has no question on suicide. Positive: ask the PHQ-9.",),
)
