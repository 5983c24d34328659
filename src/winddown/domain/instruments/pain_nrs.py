"""Pain from 0 to 10: average, worst, least and now, kept apart. The average is the score."""

from __future__ import annotations

from winddown.domain.instruments import common
from winddown.domain.instruments.instrument import Change, Instrument, Item, License, Words, both
from winddown.domain.instruments.scoring import One

NO_PAIN, WORST = both("No pain", "Sin dolor"), both("Worst pain you can imagine", "El peor dolor que se pueda imaginar")


def _item(key: str, words: Words, *, loinc: str = "", optional: bool = False) -> Item:
    return Item(key, words, "slider", low=0, high=10, ends=(NO_PAIN, WORST), loinc=loinc, optional=optional)


PAIN_NRS = Instrument(
    key="pain-nrs",
    version="1",
    name=both("Pain, 0 to 10", "Dolor, de 0 a 10"),
    purpose=both("how strong the pain was", "cuán fuerte fue el dolor"),
    intro=both("Think of the last 24 hours.", "Piense en las últimas 24 horas."),
    items=(
        _item("average", both("Your pain on average", "Su dolor en promedio"), loinc="72514-3"),
        _item("worst", both("Your pain at its worst", "Su dolor en el peor momento"), optional=True),
        _item("least", both("Your pain at its least", "Su dolor en el mejor momento"), optional=True),
        _item("now", both("Your pain right now", "Su dolor en este momento"), optional=True),
    ),
    rule=One("average"),
    low=0,
    high=10,
    license=License("free", "A number from 0 to 10; nobody owns it.", "LNC-PAIN"),
    recall=common.LAST_DAY,
    recall_days=1,
    minimum_interval_days=common.every(0.5, "asks about 24 hours; twice a day is the most that is useful"),
    bands=common.bands(
        "PADS-B",
        "published",
        "{score}",
        ("none", 0, "none", "ninguno", "calm"),
        ("mild", 1, "mild", "leve", "calm"),
        ("moderate", 4, "moderate", "moderado", "watch"),
        ("severe", 7, "severe", "intenso", "watch"),
    ),
    change=Change(
        important=common.points(2, "FARR01"),
        important_percent=common.percent(30, "FARR01"),
        substantial=common.points(4, "IMM08"),
        substantial_percent=common.percent(50, "IMM08"),
        response_percent=common.percent(30, "FARR01"),
        percent_from=common.points(3, "a percent change of a low baseline means little", "derived"),
    ),
    takes_total=True,
    loinc_score="72514-3",
    translations=(common.OWN_ENGLISH, common.OWN_SPANISH),
    notes=(
        "Worst, least and now are stored apart and never averaged in.",
        "In everyday care an important change may need more than 2 points (DEV22).",
    ),
)
