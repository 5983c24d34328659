"""An ordinary patient on whom no rule fires, and the words by which a manual page changes one thing."""

from __future__ import annotations

from datetime import date
from typing import Any

from winddown.domain.screening.answers import read_answer, value_of
from winddown.domain.screening.data import ITEMS
from winddown.domain.screening.facts import Facts, Known
from winddown.domain.screening.medicines import recognize
from winddown.domain.screening.rule import Finding, judge_one
from winddown.domain.screening.rules import rule_of

TODAY = date(2026, 3, 2)


def ordinary() -> dict[str, Any]:
    """Everything answered, nothing found: a man of 45 and a woman of 45 differ only in the questions of pregnancy."""
    known: dict[str, Any] = {}
    for item in ITEMS.values():
        if item.kind == "yes_no":
            known[item.key] = False
        elif item.kind == "choice":
            known[item.key] = item.choices[0]
    known |= {"age": 45, "sex": "female", "bmi": 24, "allergies": "none known", "systolic": 124, "diastolic": 78, "liver_ratio": 0.8}
    known |= {"stop_bang": 1, "alcohol_score": 1, "drug_score": 0, "glucose": 95, "consent": True, "escort_agreed": True}
    known |= {"childbearing": True, "pregnancy": "no", "pregnancy_test": "negative", "mental_health_clinician": "Dr. Invented, 555-0101"}
    return known


def changed(words: str) -> Facts:
    """The ordinary patient with one thing changed: `age=17`, `without liver_ratio`, `takes Valium 5 mg; track=mood`, `moment=day`."""
    known, medicines, said = ordinary(), [], {"track": "pain", "route": "iv", "moment": "day"}
    asked = True
    for part in filter(None, (each.strip() for each in words.split(";"))):
        if part.startswith("without "):
            name = part.removeprefix("without ")
            asked = asked and name != "medicines"
            known.pop(name, None)
        elif part.startswith("takes "):
            medicines.append(recognize(part.removeprefix("takes ")))
        else:
            name, value = (each.strip() for each in part.split("=", 1))
            if name in said:
                said[name] = value
            elif name != "-":
                item = ITEMS[name]
                known[name] = value_of(item, read_answer(item, value))
    facts = {key: Known(value, TODAY) for key, value in known.items()}
    return Facts(facts, TODAY, tuple(medicines) if asked else None, **said)  # type: ignore[arg-type]


def found(rule_id: str, words: str) -> Finding:
    return judge_one(rule_of(rule_id), changed(words))
