"""The drug models with their cards and figures, the scales at the chair, and the discharge scores."""

from __future__ import annotations

from collections.abc import Iterable

from manual.shape import page, table, words
from winddown.domain.pharmacology import models
from winddown.domain.pharmacology.effects import ACUTE
from winddown.domain.pharmacology.effects.effect import Effect
from winddown.domain.pharmacology.model import Limit, Model, Parameter
from winddown.domain.recovery.scores import VARIANTS
from winddown.domain.sessions.scores import SCALES

HOW_TO_READ = """One model per file: published, or a composite that says so. Level: A the paper's own text; B open code or a
transcription that cites the paper's table; C second-hand; D not seen; E derived here. A rating says how well founded a line is: strong,
moderate or exploratory. Exploratory lines never rank or gate a dose. Bands are calibrated on simulated patients only, until a clinic's own
coverage is shown with its number of patients.
"""


def models_page() -> str:
    parts = [HOW_TO_READ]
    parts += [_model(model) for model in models.all()]
    parts.append("## Effects\n")
    parts += [_effect(effect) for effect in ACUTE]
    refused = [(f"`{name}`", why) for name, why in {**models.NOT_FOR_ADULTS_INTRAVENOUSLY, **models.NOTHING_TO_RUN}.items()]
    parts.append(f"## Known and refused\n\n{table(('Model', 'Because it'), refused)}")
    return page("Drug models", "`winddown.domain.pharmacology.models` and `winddown.domain.pharmacology.effects`", *parts)


def _model(model: Model) -> str:
    card, limits = model.card, model.card.validity
    holds = [limits.weight_kg, limits.age_years, *limits.plasma.values(), *([limits.time_min] if limits.time_min else [])]
    facts = [
        ("Citation", f"{card.citation}; {card.doi}"),
        ("Built on", card.population),
        ("Studied", card.studied),
        ("Sampling site", ", ".join(card.sites)),
        ("Drug forms", ", ".join(card.forms)),
        ("How well founded", ", ".join(f"{words(name)} {rating}" for name, rating in card.ratings.items())),
        ("Holds for", "; ".join(_span(limit) for limit in holds)),
        *([("Scaled by theory beyond", _span(limits.studied_weight_kg))] if limits.studied_weight_kg else []),
        ("Error on other data", card.outside_error),
        ("Spread between patients", card.spread if card.spread == "published" else "borrowed from the default model"),
        *(("Note", note) for note in card.notes),
    ]
    default = ", the default" if card.model_id == models.DEFAULT else ""
    return f"## {card.name}\n\n`{card.model_id}`{default}, version {card.version}.\n\n{table(('', ''), facts)}\n{_parameters(model.table)}"


def _span(limit: Limit) -> str:
    return f"{limit.what[0].lower()}{limit.what[1:]} {limit.low:g} to {limit.high:g} {limit.unit}"


def _effect(effect: Effect) -> str:
    lines = [(scale.name, scale.unit, scale.rating, scale.words) for scale in effect.scales]
    driven = f"Driven by {effect.driver.site} {words(effect.driver.analyte)}; a model of another site or analyte is refused as a driver.\n"
    shown = table(("Line", "Unit", "How well founded", "What the reader must know"), lines)
    return f"### {effect.key.capitalize()}\n\n{driven}\n{shown}\n{_parameters(effect.table)}"


def _parameters(rows: Iterable[Parameter]) -> str:
    told = [
        (
            f"`{each.symbol}`",
            f"{each.value:g}",
            each.unit,
            "" if each.omega2 is None else f"{each.omega2:g}",
            each.level,
            each.source,
            each.note,
        )
        for each in rows
    ]
    return table(("Symbol", "Value", "Unit", "Variance", "Level", "Source", "Note"), told)


def scales_page() -> str:
    parts = [
        "No scale is ever converted into another. CADSS-6 ships no item text; dissociation is watched and never used to judge the dose.\n"
    ]
    for scale in SCALES.values():
        levels = [(level.value, level.words, level.color) for level in scale.levels if level.words or len(scale.levels) < 11]
        which = f", variant `{scale.variant}`" if scale.variant else ""
        note = f"{scale.note}\n\n" if scale.note else ""
        about = f"`{scale.key}`{which}, {scale.low} to {scale.high}. Source: {scale.source}.\n\n{note}"
        parts.append(f"## {scale.words}\n\n{about}{table(('Value', 'Words', 'Color'), levels)}")
    parts.append("## Discharge scores\n\nThe variant is stored with each score: the same patient scores differently under another one.\n")
    for variant in VARIANTS.values():
        items = [(item.words, item.two, item.one, item.zero) for item in variant.items]
        heading = f"### {variant.words}\n\n`{variant.id}`, 0 to {variant.highest}. Source: {variant.source}.\n"
        parts.append(f"{heading}\n{table(('Item', '2 points', '1 point', '0 points'), items)}")
    return page(
        "Scales at the chair, and discharge scores", "`winddown.domain.sessions.scores` and `winddown.domain.recovery.scores`", *parts
    )
