"""The scales at the chair, and the discharge scores."""

from __future__ import annotations

from manual.shape import page, table
from winddown.domain.recovery.scores import VARIANTS
from winddown.domain.sessions.scores import SCALES


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
