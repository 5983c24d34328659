"""The shape of an acute effect: an effect site that lags behind one analyte at one sampling site, then a curve.

Pairing an effect with the wrong sampling site is the largest error there is in this field, so it is refused here and nowhere assumed.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

from winddown.domain.pharmacology.linear import Array
from winddown.domain.pharmacology.model import Card, Parameter, Rating, Site
from winddown.domain.refusals import NotAllowed

LN_2 = math.log(2.0)


@dataclass(frozen=True)
class Driver:
    """What an effect follows: an analyte, where it was sampled when the effect was fitted."""

    analyte: str
    site: Site


@dataclass(frozen=True)
class Scale:
    """How one effect is written: its key, its name, its unit, how well founded it is, and what the reader must know."""

    key: str
    name: str
    unit: str
    rating: Rating
    words: str


class Effect(Protocol):
    """An acute effect. A seed of None asks for typical patients, without spread.

    lag_per_min  (n, seed) -> (n,) speed of the effect site of each virtual patient
    responses    effect-site level (n, m) ng/mL -> key -> courses (n, m): the first is the central one, further ones are equally
                 possible readings of the paper that widen the band
    """

    @property
    def key(self) -> str: ...

    @property
    def driver(self) -> Driver: ...

    @property
    def scales(self) -> tuple[Scale, ...]: ...

    @property
    def table(self) -> tuple[Parameter, ...]: ...

    def lag_per_min(self, n: int, seed: int | None) -> Array: ...

    def responses(self, level_ng_per_ml: Array, seed: int | None) -> Mapping[str, tuple[Array, ...]]: ...


def require_driver(card: Card, effect: Effect, site: Site | None = None) -> None:
    """Check that a model gives the effect's analyte at the effect's sampling site.

    site     the output meant to drive it; the model's own when None
    refuses  NotAllowed: another site, or no such analyte
    """
    offered = site or card.sites[0]
    wanted = effect.driver
    if wanted.analyte not in card.ratings or offered != wanted.site:
        raise NotAllowed(
            because=f"{effect.key.capitalize()} follows {wanted.site} {wanted.analyte.replace('_', '-')}; "
            f"{card.name} gives {_offer(card, offered)}.",
            way_out="Use a model of arterial S-ketamine.",
            code="driver_mismatch",
            where="model",
        )


def _offer(card: Card, site: Site) -> str:
    analytes = ", ".join(name.replace("_", "-") for name in card.ratings)
    return f"{analytes} from {'an unstated site' if site == 'unstated' else f'{site} blood'}"
