"""AUDIT-C: three questions on drinking. The limit depends on sex, which the reader compares; the score does not."""

from __future__ import annotations

from collections.abc import Mapping

from winddown.domain.instruments import common
from winddown.domain.instruments.instrument import Asked, Instrument, Item, License, Outcome, both, choices
from winddown.domain.instruments.scoring import Sum

LIMIT = {"female": common.points(3, "USC-AUD"), "male": common.points(4, "USC-AUD")}
_SUM = Sum(("1", "2", "3"))


def _rule(values: Mapping[str, float]) -> Outcome:
    """Someone who never drinks is asked nothing more and scores 0."""
    never = values.get("1") == 0 and not values.get("2") and not values.get("3")
    return Outcome(0.0) if never else _SUM(values)


AUDIT_C = Instrument(
    key="audit-c",
    version="1",
    name=both("AUDIT-C: alcohol", "AUDIT-C: alcohol"),
    purpose=both("how much alcohol you drink", "cuánto alcohol bebe"),
    intro=both("Think of the past year.", "Piense en el último año."),
    items=(
        Item(
            "1",
            both("How often do you have a drink containing alcohol?", "¿Con qué frecuencia toma bebidas con alcohol?"),
            choices=choices(
                (0, "Never", "Nunca"),
                (1, "Monthly or less", "Una vez al mes o menos"),
                (2, "2 to 4 times a month", "De 2 a 4 veces al mes"),
                (3, "2 to 3 times a week", "De 2 a 3 veces por semana"),
                (4, "4 or more times a week", "4 o más veces por semana"),
            ),
            loinc="68518-0",
        ),
        Item(
            "2",
            both(
                "How many drinks containing alcohol do you have on a typical day when you are drinking?",
                "¿Cuántas bebidas con alcohol toma en un día típico en que bebe?",
            ),
            choices=choices(
                (0, "1 or 2", "1 o 2"),
                (1, "3 or 4", "3 o 4"),
                (2, "5 or 6", "5 o 6"),
                (3, "7 to 9", "De 7 a 9"),
                (4, "10 or more", "10 o más"),
            ),
            loinc="68519-8",
            asked=Asked("1", 1),
        ),
        Item(
            "3",
            both(
                "How often do you have six or more drinks on one occasion?",
                "¿Con qué frecuencia toma seis o más bebidas en una sola ocasión?",
            ),
            choices=choices(
                (0, "Never", "Nunca"),
                (1, "Less than monthly", "Menos de una vez al mes"),
                (2, "Monthly", "Una vez al mes"),
                (3, "Weekly", "Una vez por semana"),
                (4, "Daily or almost daily", "A diario o casi a diario"),
            ),
            loinc="68520-6",
            asked=Asked("1", 1),
        ),
    ),
    rule=_rule,
    low=0,
    high=12,
    license=License("free", "World Health Organization; given as public domain by a code repository (KTC).", "KTC"),
    recall=both("the past year", "el último año"),
    recall_days=365,
    minimum_interval_days=common.every(30, "asks about a year; a clinic asks again when it matters"),
    takes_total=True,
    loinc_panel="72109-2",
    loinc_score="75626-2",
    translations=(common.ORIGINAL, common.OWN_SPANISH),
    notes=("Positive from 3 in women and from 4 in men (USC-AUD).",),
)
