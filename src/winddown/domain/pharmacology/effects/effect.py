"""The shape of an acute effect: one or more effect sites, each lagging behind one analyte at one sampling site, then a curve.

Pairing an effect with the wrong sampling site is the largest error there is in this field, so it is refused here and nowhere assumed.
Every line an effect gives carries a rating. An exploratory line may be looked at; it may never rank, choose or gate a dose.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from winddown.domain.pharmacology.linear import Array
from winddown.domain.pharmacology.model import Card, Form, Limit, Parameter, Rating, Site
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

    @property
    def may_rank(self) -> bool:
        """Whether a search for a dose may look at this line."""
        return may_rank(self.rating)


@dataclass(frozen=True)
class Sheet:
    """What a reader must know before believing an effect: who was studied, how, and what speaks against it.

    forms         the drug forms it was studied with; another form draws nothing
    against       what is known to disagree, and what is missing
    studied_level how far its first driver was seen; beyond it the line is drawn and says so
    """

    effect_id: str
    name: str
    citation: str
    doi: str
    population: str
    studied: str
    structure: str
    against: tuple[str, ...] = ()
    forms: tuple[Form, ...] = ("racemic", "esketamine")
    studied_level: Limit | None = None


class Driven(Protocol):
    """Anything that follows levels in blood."""

    @property
    def key(self) -> str: ...

    @property
    def drivers(self) -> tuple[Driver, ...]: ...


class Effect(Protocol):
    """An acute effect with one driver. A seed of None asks for typical patients, without spread.

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

    @property
    def sheet(self) -> Sheet: ...

    def lag_per_min(self, n: int, seed: int | None) -> Array: ...

    def responses(self, level_ng_per_ml: Array, seed: int | None) -> Mapping[str, tuple[Array, ...]]: ...


class JointEffect(Protocol):
    """An acute effect with several drivers, such as ketamine and norketamine.

    lags_per_min  (n, seed) -> for each driver the speed (n,) of its effect site; None where plasma itself drives
    responses     for each driver the level (n, m) ng/mL -> key -> courses, as for Effect
    """

    @property
    def key(self) -> str: ...

    @property
    def drivers(self) -> tuple[Driver, ...]: ...

    @property
    def scales(self) -> tuple[Scale, ...]: ...

    @property
    def table(self) -> tuple[Parameter, ...]: ...

    @property
    def sheet(self) -> Sheet: ...

    def lags_per_min(self, n: int, seed: int | None) -> tuple[Array | None, ...]: ...

    def responses(self, levels_ng_per_ml: Sequence[Array], seed: int | None) -> Mapping[str, tuple[Array, ...]]: ...


@dataclass(frozen=True)
class OfOne:
    """An effect with one driver, spoken to as one with several."""

    effect: Effect

    @property
    def key(self) -> str:
        return self.effect.key

    @property
    def drivers(self) -> tuple[Driver, ...]:
        return (self.effect.driver,)

    @property
    def scales(self) -> tuple[Scale, ...]:
        return self.effect.scales

    @property
    def table(self) -> tuple[Parameter, ...]:
        return self.effect.table

    @property
    def sheet(self) -> Sheet:
        return self.effect.sheet

    def lags_per_min(self, n: int, seed: int | None) -> tuple[Array | None, ...]:
        return (self.effect.lag_per_min(n, seed),)

    def responses(self, levels_ng_per_ml: Sequence[Array], seed: int | None) -> Mapping[str, tuple[Array, ...]]:
        return self.effect.responses(levels_ng_per_ml[0], seed)


def may_rank(rating: Rating) -> bool:
    """Whether a line of this rating may rank, choose or gate a dose."""
    return rating != "exploratory"


def require_may_rank(scale: Scale) -> None:
    """refuses NotAllowed for an exploratory line: it may be shown, never searched on."""
    if not scale.may_rank:
        raise NotAllowed(
            because=f"{scale.name} is exploratory here: it never ranks, chooses or gates a dose.",
            way_out="Search on a plasma level or on dissociation; look at this line beside the result.",
            code="exploratory_effect",
            where="effect",
        )


def require_driver(card: Card, effect: Effect, site: Site | None = None) -> None:
    """Check that a model gives the effect's analyte at the effect's sampling site.

    site     the output meant to drive it; the model's own when None
    refuses  NotAllowed: another site, or no such analyte
    """
    require_drivers(card, OfOne(effect), site)


def require_drivers(card: Card, effect: Driven, site: Site | None = None) -> None:
    """The same for every driver of a joint effect."""
    offered = site or card.sites[0]
    for wanted in effect.drivers:
        if wanted.analyte not in card.ratings or offered != wanted.site:
            raise NotAllowed(
                because=f"{effect.key.capitalize().replace('_', ' ')} follows {wanted.site} {wanted.analyte.replace('_', '-')}; "
                f"{card.name} gives {_offer(card, offered)}.",
                way_out=f"Use a model of {wanted.site} {wanted.analyte.replace('_', '-').replace('s-', 'S-', 1)}.",
                code="driver_mismatch",
                where="model",
            )


def _offer(card: Card, site: Site) -> str:
    analytes = ", ".join(name.replace("_", "-") for name in card.ratings)
    return f"{analytes} from {'an unstated site' if site == 'unstated' else f'{site} blood'}"
