"""Where a line comes from: the model or effect that made it, its citation, and which of its figures nobody published.

A number that leaves the house, in a file or a picture, takes this along; the rating is on the line itself.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from winddown.domain.pharmacology import models
from winddown.domain.pharmacology.effects import EVERY
from winddown.domain.pharmacology.effects.dissociation import DISSOCIATION
from winddown.domain.pharmacology.model import guessed

MADE_BY = {scale.key: effect for effect in EVERY for scale in effect.scales}
AT_A_SITE = {"effect_site": DISSOCIATION, "cadss6": DISSOCIATION}


@dataclass(frozen=True)
class Origin:
    """guesses: symbols of figures that are our own arithmetic or judgement, those of the model behind an effect among them."""

    made_by: str
    citation: str
    guesses: tuple[str, ...]

    def as_data(self) -> dict[str, Any]:
        return {"made_by": self.made_by, "citation": self.citation, "guesses": list(self.guesses)}


def origin(model_id: str, line: str) -> Origin:
    """Of a level: the model. Of an effect: the effect, behind the model that drives it."""
    model = models.read(model_id)
    of_model = tuple(each.symbol for each in guessed(model.table))
    effect = MADE_BY.get(line) or AT_A_SITE.get(line)
    if effect is None:
        return Origin(model_id, _cited(model.card.citation, model.card.doi), of_model)
    own = tuple(each.symbol for each in guessed(effect.table))
    cited = _cited(effect.sheet.citation, effect.sheet.doi)
    return Origin(f"{effect.sheet.effect_id} behind {model_id}", cited, tuple(dict.fromkeys((*own, *of_model))))


def origins(model_id: str, lines: Iterable[str]) -> Mapping[str, Origin]:
    return {line: origin(model_id, line) for line in lines}


def guess_words(model_id: str, lines: Iterable[str]) -> str:
    """One sentence for a table or a picture; empty where every figure was published."""
    symbols = {symbol for line in lines for symbol in origin(model_id, line).guesses}
    if not symbols:
        return ""
    few = "1 figure is a guess" if len(symbols) == 1 else f"{len(symbols)} figures are guesses"
    return f"Behind these lines {few}, our own arithmetic or judgement: `winddown models {model_id}` and the effects' own pages name them."


def _cited(citation: str, doi: str) -> str:
    return f"{citation}; {doi}" if doi else citation
