"""C-SSRS screener: thoughts of suicide, in its two windows. The words belong to somebody: the clinic brings its own licensed text."""

from __future__ import annotations

from dataclasses import replace

from winddown.domain.instruments import common
from winddown.domain.instruments.instrument import Asked, Instrument, Item, Outcome, both

C_SSRS = Instrument(
    key="c-ssrs",
    version="1",
    name=both("C-SSRS screener: suicide risk", "C-SSRS: riesgo de suicidio"),
    purpose=both("thoughts of suicide", "pensamientos de suicidio"),
    rater="either",
    items=(
        Item("1", choices=common.YES_NO, loinc="93246-7"),
        Item("2", choices=common.YES_NO, loinc="93247-5"),
        Item("3", choices=common.YES_NO, loinc="93248-3", asked=Asked("2", 1)),
        Item("4", choices=common.YES_NO, loinc="93249-1", asked=Asked("2", 1), crisis_from=1),
        Item("5", choices=common.YES_NO, loinc="93250-9", asked=Asked("2", 1), crisis_from=1),
        Item("6", choices=common.YES_NO, loinc="93267-3", crisis_from=1),
        Item("6_recent", choices=common.YES_NO, loinc="93269-9", asked=Asked("6", 1), crisis_from=1),
    ),
    rule=lambda values: Outcome(None),
    low=0,
    high=0,
    license=common.permission("Research Foundation for Mental Hygiene; free, the wording is fixed", "CSSRS-LIC"),
    recall=both("the past month, behavior in a lifetime and in 3 months", "el último mes; conducta en la vida y en 3 meses"),
    recall_days=30,
    minimum_interval_days=common.every(0, "asked whenever it is called for"),
    loinc_panel="93373-9",
    loinc_score="93374-7",
    notes=(
        "Six questions are never added up; the level follows the triage of the clinic's safety rules.",
        "A missing recency of question 6 is treated as recent.",
    ),
)
C_SSRS_CONTACT = replace(
    C_SSRS,
    key="c-ssrs-contact",
    name=both("C-SSRS screener since the last contact: suicide risk", "C-SSRS desde el último contacto: riesgo de suicidio"),
    items=C_SSRS.items[:-1],
    recall=both("since the last contact", "desde el último contacto"),
    recall_days=0,
    loinc_panel="",
    loinc_score="",
    notes=(
        "The same six questions about the time since the last contact; no LOINC code exists for that window (SPIER).",
        "A behavior since the last contact is treated as recent.",
    ),
)
