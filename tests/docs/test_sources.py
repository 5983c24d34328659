"""Every number from medicine names a source that docs/sources.md explains, and every source there is used."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass
from pathlib import Path

from tests.specs import tables
from winddown.domain.controlled import alerts, counting, notice, products
from winddown.domain.dosing import bag, balance, weights
from winddown.domain.dosing.recipes import RECIPES, packaged_protocols
from winddown.domain.figures import Figure
from winddown.domain.instruments import INSTRUMENTS, audit_c, opioid_dose
from winddown.domain.pharmacology import models
from winddown.domain.pharmacology.effects import ACUTE
from winddown.domain.recovery.scores import VARIANTS
from winddown.domain.screening.check_kinds import CHECKS
from winddown.domain.screening.rules import RULES
from winddown.domain.sensory import repeatability, score, stimuli
from winddown.domain.sessions.scores import SCALES
from winddown.domain.vitals.kinds import KINDS
from winddown.domain.vitals.stream import DEFAULT_RULES

ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT / "docs" / "sources.md"
KEYS = {row["Key"] for row in tables.rows(PAGE, "Keys")}
DOIS = {row["DOI"] for row in tables.rows(PAGE, "Papers named by author and DOI")}
DOI = re.compile(r"10\.\d{4,}/[\w.()/-]*\w")
KEY_LIKE = re.compile(r"\b(?:[A-Z]{2,}\d{1,2}[a-z]?(?:-[A-Z]+)?|[A-Z]{2,}-[A-Z]+|NCT\d+)\b")
CODE = "\n".join(path.read_text(encoding="utf-8") for path in sorted((ROOT / "src" / "winddown" / "domain").rglob("*.py")))


def figures(thing: object) -> Iterator[Figure]:
    if isinstance(thing, Figure):
        yield thing
    elif is_dataclass(thing) and not isinstance(thing, type):
        for each in fields(thing):
            yield from figures(getattr(thing, each.name))
    elif isinstance(thing, Mapping):
        if {"value", "unit", "source", "status"} <= set(thing):
            yield Figure.from_data(dict(thing))
        else:
            yield from (found for item in thing.values() for found in figures(item))
    elif isinstance(thing, (tuple, list)):
        yield from (found for item in thing for found in figures(item))


SENSORY = [vars(stimuli), vars(score), vars(repeatability)]
CONTROLLED = [vars(each) for each in (alerts, counting, notice, products)]
DOSING = [RECIPES, packaged_protocols(), VARIANTS, vars(bag), vars(balance), vars(weights)]
OURS = {"the series is judged before another begins"}
SCREENING = [[rule.limits for rule in RULES], [kind.limits for kind in CHECKS.values()]]
QUESTIONNAIRES = [list(INSTRUMENTS.values()), vars(audit_c), vars(opioid_dose)]
ALL = list(figures([DOSING, KINDS, DEFAULT_RULES, SENSORY, CONTROLLED, SCREENING, QUESTIONNAIRES]))


def test_every_published_figure_names_a_source_that_is_explained():
    assert len(ALL) > 500
    unexplained = {each.source for each in ALL if each.status == "published" and not known(each.source)}
    assert unexplained == set()


def test_no_figure_or_scale_names_a_key_that_is_not_explained():
    sources = (
        {each.source for each in ALL} | {scale.source for scale in SCALES.values()} | {form.license.source for form in INSTRUMENTS.values()}
    )
    assert {key for source in sources for key in KEY_LIKE.findall(source)} - KEYS == set()
    assert {doi for source in sources for doi in DOI.findall(source)} - DOIS == set()


def test_every_screening_rule_and_check_names_a_source_that_is_explained():
    told = [rule.source for rule in RULES if rule.status == "published"] + [kind.source for kind in CHECKS.values()]
    assert {source for source in told if not known(source) and "clinical rules" not in source and "ours" not in source} - OURS == set()


def test_every_paper_behind_a_model_or_an_effect_is_listed():
    named = [parameter.source for model in models.all() for parameter in model.table]
    named += [model.card.doi for model in models.all()] + [parameter.source for effect in ACUTE for parameter in effect.table]
    assert {doi for source in named for doi in DOI.findall(source)} - DOIS == set()


def test_no_source_is_listed_that_the_code_does_not_use():
    assert {key for key in KEYS if not re.search(rf"\b{re.escape(key)}\b", CODE)} == set()
    assert {doi for doi in DOIS if doi not in CODE} == set()


def known(source: str) -> bool:
    return any(re.search(rf"(?<![\w-]){re.escape(key)}(?![\w-])", source) for key in KEYS) or any(doi in source for doi in DOIS)
