"""PEG: pain, enjoyment and general activity in the last week."""

from __future__ import annotations

from winddown.domain.instruments import common
from winddown.domain.instruments.instrument import Change, Instrument, Item, License, both
from winddown.domain.instruments.pain_nrs import NO_PAIN
from winddown.domain.instruments.scoring import Mean

_ENDS = (both("Does not interfere", "No interfiere"), both("Completely interferes", "Interfiere por completo"))

PEG = Instrument(
    key="peg",
    version="1",
    name=both("PEG: pain, enjoyment, activity", "PEG: dolor, disfrute, actividad"),
    purpose=both("pain and what it takes away", "el dolor y lo que quita"),
    intro=both("Think of the past week.", "Piense en la última semana."),
    items=(
        Item(
            "pain",
            both(
                "What number best describes your pain on average in the past week?",
                "¿Qué número describe mejor su dolor en promedio durante la última semana?",
            ),
            "slider",
            low=0,
            high=10,
            ends=(NO_PAIN, both("Pain as bad as you can imagine", "El peor dolor que se pueda imaginar")),
            loinc="75893-8",
        ),
        Item(
            "enjoyment",
            both(
                "What number best describes how, during the past week, pain has interfered with your enjoyment of life?",
                "¿Qué número describe mejor cuánto interfirió el dolor, durante la última semana, con su disfrute de la vida?",
            ),
            "slider",
            low=0,
            high=10,
            ends=_ENDS,
            loinc="91145-3",
        ),
        Item(
            "activity",
            both(
                "What number best describes how, during the past week, pain has interfered with your general activity?",
                "¿Qué número describe mejor cuánto interfirió el dolor, durante la última semana, con su actividad en general?",
            ),
            "slider",
            low=0,
            high=10,
            ends=_ENDS,
            loinc="91146-1",
        ),
    ),
    rule=Mean(("pain", "enjoyment", "activity")),
    low=0,
    high=10,
    license=License("free", "Free to use (KREBS09); given as public domain by a code repository (KTC).", "KREBS09"),
    recall=common.LAST_WEEK,
    recall_days=7,
    minimum_interval_days=common.every(7, "asks about a week"),
    change=Change(
        important=common.points(1, "REED23"),
        important_percent=common.percent(30, "KREBS09"),
        response_percent=common.percent(30, "KREBS09"),
        percent_from=common.points(3, "a percent change of a low baseline means little", "derived"),
    ),
    takes_total=True,
    loinc_panel="91148-7",
    loinc_score="91147-9",
    translations=(common.ORIGINAL, common.OWN_SPANISH),
    notes=("The mean of the three, never their sum; no rule for a missing item is published, so one missing item means no score.",),
)
