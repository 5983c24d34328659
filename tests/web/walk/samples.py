"""One object of each kind that an address may name. A room of the web declares its own in `tests/web/ROOM/sample.py`.

`sample(scene)` of a room answers with names as `addresses` writes them, and what each stands for. A name that no room declares fails the
walk.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property
from importlib import import_module
from pathlib import Path
from typing import Any

from tests import factories
from tests.factories import own
from winddown.record.scope import at_practice
from winddown.services import devices, patients, sessions

HERE = Path(__file__).resolve().parents[1]


@dataclass(frozen=True)
class Scene:
    """A practice with one patient in a chair; what a person could read of them begins with `mark`."""

    house: Any
    mark: str
    now: datetime

    @cached_property
    def patient(self) -> Any:
        made = factories.patient(self.house, now=self.now, family_name=f"{self.mark}family", given_name=f"{self.mark}given")
        allergy = {"substance": f"{self.mark}allergy"}
        patients.learn(made, "allergy", allergy, by=self.house.nurse, observed_at=self.now, now=self.now)
        return made

    @cached_property
    def order(self) -> Any:
        return factories.order(self.house, self.patient, now=self.now)

    @cached_property
    def session(self) -> Any:
        made = factories.session(self.house, self.order, now=self.now)
        sessions.check_in(made, by=self.house.nurse, now=self.now)
        return made

    @cached_property
    def device(self) -> Any:
        told = {"kind": "monitor", "location": self.house.location, "words": ""}
        return devices.enroll(key=f"{self.mark}-monitor", **told, by=self.house.nurse, now=self.now)

    @cached_property
    def consent(self) -> Any:
        """The reference of a consent signed on a screen, with its paper."""
        return own.signed_consent(self.house, self.patient, self.now)


def samples(house: Any, mark: str, *, now: datetime | None = None) -> dict[str, Any]:
    """Every room's objects in one practice."""
    scene, named = Scene(house, mark, now or datetime.now(tz=UTC)), {}
    with at_practice(house.id):
        for path in sorted(HERE.glob("*/sample.py")):
            told = import_module(f"tests.web.{path.parent.name}.sample").sample(scene)
            twice = sorted(set(told) & set(named))
            assert not twice, f"{path} declares what another room has declared: {twice}"
            named |= told
    return named
