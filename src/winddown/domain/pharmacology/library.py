"""The library as plain data: every model and effect with facts, figures, guesses and record. The command prints it, the page shows it."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Any

from winddown.domain.pharmacology import models
from winddown.domain.pharmacology.effects import EVERY, mood, relief
from winddown.domain.pharmacology.effects.effect import Driver, Scale, Sheet
from winddown.domain.pharmacology.evidence.compare import Record, record_of
from winddown.domain.pharmacology.evidence.effects import Case, cases_of
from winddown.domain.pharmacology.evidence.words import ANALYTES, FORMS, LEVELS, SITES, regimen_words
from winddown.domain.pharmacology.model import Limit, Model, Parameter, guessed
from winddown.domain.pharmacology.models.equations import equations
from winddown.domain.refusals import UnknownWord

Facts = list[tuple[str, str]]


class EffectEntry:
    """An acute effect or one of weeks, read alike."""

    def __init__(self, effect: Any) -> None:
        self.sheet: Sheet = effect.sheet
        self.drivers: tuple[Driver, ...] = effect.drivers
        self.table: tuple[Parameter, ...] = effect.table
        self.scales: tuple[Scale, ...] = getattr(effect, "scales", ())
        self.rating: str = ", ".join(dict.fromkeys(scale.rating for scale in self.scales)) or effect.rating

    @property
    def driven(self) -> str:
        return ", ".join(f"{each.site} {ANALYTES[each.analyte]}" for each in self.drivers) or "the dose, no level in blood"


ENTRIES = (*map(EffectEntry, EVERY), EffectEntry(relief.RELIEF), EffectEntry(mood.MOOD))
EFFECTS: dict[str, EffectEntry] = {entry.sheet.effect_id: entry for entry in ENTRIES}


def everything() -> dict[str, Any]:
    """The list: usable models, effects, and what is known and refused with the reason."""
    return {
        "models": [_line(model) for model in models.all()],
        "effects": [_effect_line(entry) for entry in EFFECTS.values()],
        "refused": [
            {"id": name, "because": why, "runs": name in models.NOT_FOR_ADULTS_INTRAVENOUSLY}
            for name, why in {**models.NOT_FOR_ADULTS_INTRAVENOUSLY, **models.NOTHING_TO_RUN}.items()
        ],
    }


def one(name: str) -> dict[str, Any]:
    """Everything about one model or effect. refuses UnknownWord for an unknown name, NotAllowed for figures that make no model."""
    if name in EFFECTS:
        return _effect(EFFECTS[name])
    if name not in models.RUNNABLE and name not in models.NOTHING_TO_RUN:
        raise UnknownWord("model or effect", name, (*models.RUNNABLE, *EFFECTS))
    return _model(models.read(name))


def _line(model: Model) -> dict[str, Any]:
    card = model.card
    return {
        "id": card.model_id,
        "name": card.name,
        "default": card.model_id == models.DEFAULT,
        "population": card.population,
        "studied": card.studied,
        "site": SITES[card.sites[0]],
        "founded": founded(model),
        "error": card.outside_error,
        "guesses": [each.symbol for each in guessed(model.table)],
    }


def founded(model: Model) -> str:
    return ", ".join(f"{ANALYTES[name]} {rating}" for name, rating in model.card.ratings.items())


def _effect_line(entry: EffectEntry) -> dict[str, Any]:
    return {
        "id": entry.sheet.effect_id,
        "name": entry.sheet.name,
        "population": entry.sheet.population,
        "studied": entry.sheet.studied,
        "driven": entry.driven,
        "founded": entry.rating,
        "guesses": [each.symbol for each in guessed(entry.table)],
    }


def _model(model: Model) -> dict[str, Any]:
    card = model.card
    return {
        **_line(model),
        "kind": "model",
        "version": card.version,
        "refused_because": models.NOT_FOR_ADULTS_INTRAVENOUSLY.get(card.model_id, ""),
        "facts": facts_of(model),
        "notes": list(card.notes),
        "equations": list(equations(model)),
        "figures": figures(model.table),
        "measured": measured(record_of(card.model_id)),
    }


def facts_of(model: Model) -> Facts:
    card, limits = model.card, model.card.validity
    holds = [limits.weight_kg, limits.age_years, *limits.plasma.values(), *([limits.time_min] if limits.time_min else [])]
    return [
        ("Citation", f"{card.citation}{f'; {card.doi}' if card.doi else ''}"),
        ("Built on", card.population),
        ("Studied", card.studied),
        ("Sampled in", ", ".join(SITES[site] for site in card.sites)),
        ("Drug forms", ", ".join(FORMS[form] for form in card.forms)),
        ("How well founded", founded(model)),
        ("Holds for", "; ".join(span(limit) for limit in holds)),
        *([("Scaled by theory beyond", span(limits.studied_weight_kg))] if limits.studied_weight_kg else []),
        ("Off by", card.outside_error),
        ("Spread between patients", "its own" if card.spread == "published" else "borrowed from the default model"),
        ("Guesses in it", ", ".join(each.symbol for each in guessed(model.table)) or "none"),
        *(("Note", note) for note in card.notes),
    ]


def span(limit: Limit) -> str:
    return f"{limit.what[0].lower()}{limit.what[1:]} {limit.low:g} to {limit.high:g} {limit.unit}"


def figures(table: Sequence[Parameter]) -> list[dict[str, Any]]:
    return [
        {
            "symbol": each.symbol,
            "value": each.value,
            "unit": each.unit,
            "variance": each.omega2,
            "level": each.level,
            "read": LEVELS[each.level],
            "guess": each.guessed,
            "source": each.source,
            "note": each.note,
        }
        for each in table
    ]


def measured(record: Record) -> list[dict[str, Any]]:
    """One line for each study and analyte: bias and error where it counts, the reason where it does not."""
    lines = []
    for group in record.groups:
        compared = [each for each in record.compared if each.observation.group == group]
        seen, found = compared[0].observation, record.performance(group=group)
        lines.append(
            {
                "study": seen.study,
                "what": f"{ANALYTES[seen.analyte]}, {SITES[seen.site]}",
                "dose": f"{FORMS[seen.form]}: {regimen_words(seen.regimen)}",
                "weight_kg": seen.weight_kg,
                "weight_assumed": seen.weight_assumed,
                "means": found.observations if found else len(compared),
                "bias_percent": round(found.bias_percent, 1) if found else None,
                "error_percent": round(found.error_percent, 1) if found else None,
                "counts": found is not None,
                "because": "" if found else next(each.left_out for each in compared),
                "words": f"bias {found.bias_percent:+.0f}%, error {found.error_percent:.0f}%, {found.observations} means"
                if found
                else f"does not count: {next(each.left_out for each in compared)}",
            }
        )
    return lines


def _effect(entry: EffectEntry) -> dict[str, Any]:
    sheet = entry.sheet
    return {
        **_effect_line(entry),
        "kind": "effect",
        "facts": [
            ("Citation", f"{sheet.citation}{f'; {sheet.doi}' if sheet.doi else ''}"),
            ("Built on", sheet.population),
            ("Studied", sheet.studied),
            ("Follows", entry.driven),
            ("Drug forms", ", ".join(FORMS[form] for form in sheet.forms)),
            ("How well founded", entry.rating),
            ("Shape", sheet.structure),
        ],
        "lines": [{"name": each.name, "unit": each.unit, "rating": each.rating, "words": each.words} for each in entry.scales],
        "against": list(sheet.against),
        "figures": figures(entry.table),
        "measured": [dict(each) for each in _cases(sheet.effect_id)],
    }


@lru_cache
def _cases(effect_id: str) -> tuple[dict[str, Any], ...]:
    return tuple(_case(case) for case in cases_of(effect_id))


def _case(case: Case) -> dict[str, Any]:
    predicted = case.predict()
    shown = f"{predicted:,.0f}" if abs(predicted) >= 100 else f"{predicted:.1f}"
    counts = "does not count: it was built from this" if case.built else "counts"
    return {
        "study": case.study,
        "what": case.what,
        "seen": case.printed.in_unit(case.unit),
        "predicted": shown,
        "unit": case.unit,
        "counts": not case.built,
        "words": f"seen {case.printed.in_unit(case.unit)}, predicted {shown} {case.unit}; {counts}",
    }
