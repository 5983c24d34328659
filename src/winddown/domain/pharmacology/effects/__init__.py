"""What ketamine does to a person: each effect names the concentration and the sampling site it was built on.

ACUTE is what the live chart draws with each stroke; EVERY is all that `foretold.foretell` can draw along an infusion. The two effects of
weeks, `relief` and `mood`, have days on their axis and are asked for by name.
"""

from __future__ import annotations

from winddown.domain.pharmacology.effects.analgesia import ANALGESIA
from winddown.domain.pharmacology.effects.cardiac_output import CARDIAC_OUTPUT
from winddown.domain.pharmacology.effects.dissociation import DISSOCIATION
from winddown.domain.pharmacology.effects.drug_high import DRUG_HIGH
from winddown.domain.pharmacology.effects.effect import Effect, JointEffect, OfOne, Scale
from winddown.domain.pharmacology.effects.pressure import PRESSURE
from winddown.domain.pharmacology.effects.receptor import RECEPTOR
from winddown.domain.pharmacology.effects.sedation import SEDATION
from winddown.domain.refusals import UnknownWord

ACUTE: tuple[Effect, ...] = (DISSOCIATION, PRESSURE)
EVERY: tuple[JointEffect, ...] = (
    OfOne(DISSOCIATION),
    OfOne(DRUG_HIGH),
    ANALGESIA,
    OfOne(PRESSURE),
    CARDIAC_OUTPUT,
    SEDATION,
    RECEPTOR,
)


def scale(key: str) -> Scale:
    """The line of this key, with its rating. refuses UnknownWord for one that no effect gives."""
    found = {each.key: each for effect in EVERY for each in effect.scales}
    if key not in found:
        raise UnknownWord("effect", key, found)
    return found[key]
