"""Pain on a line from 0 to 100."""

from __future__ import annotations

from winddown.domain.instruments import common
from winddown.domain.instruments.instrument import Change, Instrument, Item, License, both
from winddown.domain.instruments.pain_nrs import NO_PAIN, WORST
from winddown.domain.instruments.scoring import One

PAIN_VAS = Instrument(
    key="pain-vas",
    version="1",
    name=both("Pain on a line, 0 to 100", "Dolor en una línea, de 0 a 100"),
    purpose=both("how strong the pain was, on a finer scale", "cuán fuerte fue el dolor, en una escala más fina"),
    intro=both("Think of the last 24 hours.", "Piense en las últimas 24 horas."),
    items=(Item("average", both("Your pain on average", "Su dolor en promedio"), "slider", low=0, high=100, ends=(NO_PAIN, WORST)),),
    rule=One("average"),
    low=0,
    high=100,
    unit="mm",
    license=License("free", "A line of 100; nobody owns it.", "PADS-B"),
    recall=common.LAST_DAY,
    recall_days=1,
    minimum_interval_days=common.every(0.5, "asks about 24 hours; twice a day is the most that is useful"),
    bands=common.bands(
        "PADS-B, bands of 0 to 10 times ten",
        "derived",
        "mm",
        ("none", 0, "none", "ninguno", "calm"),
        ("mild", 10, "mild", "leve", "calm"),
        ("moderate", 40, "moderate", "moderado", "watch"),
        ("severe", 70, "severe", "intenso", "watch"),
    ),
    change=Change(
        important=common.points(20, "FARR01, times ten", "derived", "mm"),
        important_percent=common.percent(30, "FARR01"),
        substantial_percent=common.percent(50, "IMM08"),
        response_percent=common.percent(30, "FARR01"),
        percent_from=common.points(30, "a percent change of a low baseline means little", "derived", "mm"),
    ),
    takes_total=True,
    loinc_score="38221-8",
    translations=(common.OWN_ENGLISH, common.OWN_SPANISH),
    notes=("The LOINC code is unverified.", "A line on a screen is not a line of 100 mm on paper: do not mix the two in one trend."),
)
