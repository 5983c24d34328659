"""Every rule of screening, one clinical family a file. All of them run, always."""

from __future__ import annotations

from collections.abc import Mapping

from winddown.domain.refusals import UnknownWord
from winddown.domain.screening.rule import Rule
from winddown.domain.screening.rules import (
    allergy,
    bladder,
    brain,
    breathing,
    day,
    heart,
    interactions_mood,
    interactions_other,
    interactions_pressure,
    liver,
    metabolism,
    mind,
    person,
    pregnancy,
    substances,
)

_FAMILIES = (
    heart,
    brain,
    mind,
    pregnancy,
    liver,
    metabolism,
    breathing,
    bladder,
    substances,
    allergy,
    person,
    day,
    interactions_mood,
    interactions_pressure,
    interactions_other,
)
RULES: tuple[Rule, ...] = tuple(rule for family in _FAMILIES for rule in family.RULES)
BY_ID: Mapping[str, Rule] = {rule.id: rule for rule in RULES}


def rule_of(rule_id: str) -> Rule:
    """The rule, or the refusal that names every known one."""
    if rule_id not in BY_ID:
        raise UnknownWord("screening rule", rule_id, BY_ID)
    return BY_ID[rule_id]
