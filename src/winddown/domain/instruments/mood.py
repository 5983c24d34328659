"""Mood from 0 to 10 in the last 24 hours, and two short questions for the days when a two-week questionnaire would say nothing."""

from __future__ import annotations

from winddown.domain.instruments import common
from winddown.domain.instruments.instrument import Instrument, Item, both
from winddown.domain.instruments.scoring import One

MOOD = Instrument(
    key="mood",
    version="1",
    name=both("Mood, 0 to 10", "Ánimo, de 0 a 10"),
    purpose=both("how the mood was since yesterday", "cómo estuvo el ánimo desde ayer"),
    intro=both("Think of the last 24 hours.", "Piense en las últimas 24 horas."),
    items=(
        Item(
            "mood",
            both("Your mood", "Su estado de ánimo"),
            "slider",
            low=0,
            high=10,
            ends=(both("Worst it could be", "El peor posible"), both("Best it could be", "El mejor posible")),
        ),
        Item(
            "interest", both("Little interest or joy in things", "Poco interés o gusto por las cosas"), choices=common.YES_NO, optional=True
        ),
        Item("down", both("Feeling down or hopeless", "Sentirse desanimado(a) o sin esperanza"), choices=common.YES_NO, optional=True),
    ),
    rule=One("mood"),
    low=0,
    high=10,
    worse="lower",
    license=common.OWN,
    recall=common.LAST_DAY,
    recall_days=1,
    minimum_interval_days=common.every(0.5, "asks about 24 hours; twice a day is the most that is useful"),
    takes_total=True,
    translations=(common.OWN_ENGLISH, common.OWN_SPANISH),
    notes=("Not validated: it follows one person's own days and is compared with nobody else's. It replaces no PHQ-9.",),
)
