"""What ketamine does to a person: each effect names the concentration and the sampling site it was built on."""

from __future__ import annotations

from winddown.domain.pharmacology.effects.dissociation import DISSOCIATION
from winddown.domain.pharmacology.effects.effect import Effect
from winddown.domain.pharmacology.effects.pressure import PRESSURE

ACUTE: tuple[Effect, ...] = (DISSOCIATION, PRESSURE)
