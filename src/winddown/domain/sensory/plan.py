"""A guided test as data: which stimulus comes when, on which of two sites, in an order drawn from a kept seed.

The whole order is drawn before the first touch and kept with the test, so that a phone without a network can lead through it and a
reader years later sees what was applied when. Only the threshold series depend on the answers; their rule is in `threshold.py`.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from typing import Any, Literal

from winddown.domain.refusals import Refusal, UnknownWord
from winddown.domain.sensory import stimuli
from winddown.domain.sensory.body import region_of

Kind = Literal["pinprick", "touch", "series", "single", "train", "spoke"]
Site = Literal["control", "affected"]
SITES: tuple[Site, ...] = ("control", "affected")
RATED: frozenset[Kind] = frozenset(["pinprick", "touch", "single", "train"])


@dataclass(frozen=True)
class Step:
    """One thing to do and the answer it asks for.

    kind      pinprick, touch, single, train: a rating 0 to 100; series: five up and five down, sharp or blunt; spoke: a distance in cm
    force_mn  what to take; None for a touch, whose tool is named, and for a series, which moves through all forces
    spoke     1 to 8, clockwise from the direction of the head, for an area
    run       which round of its block it belongs to, from 1
    """

    number: int
    kind: Kind
    site: Site
    run: int
    force_mn: int | None = None
    tool: str = ""
    spoke: int = 0

    def as_data(self) -> dict[str, Any]:
        return asdict(self)


@dataclass(frozen=True)
class Form:
    """One way to test.

    norms     whether published norms may be laid beside its results: only the full battery is what they were measured with
    """

    key: str
    version: int
    series: int
    runs: int
    touches: int
    trains: int
    pinprick_area: bool
    brush_area: bool
    norms: bool
    minutes: int
    source: str


FORMS: Mapping[str, Form] = {
    "bedside": Form(
        "bedside", 1, 0, 2, 1, 2, True, False, False, 12, "engineering rule: a short form of ROL06 for one chair and one nurse"
    ),
    "full": Form("full", 1, 5, 5, 5, 5, True, True, True, 50, "ROL06, ROL06b; area: KOPP01"),
    "pinprick": Form("pinprick", 1, 0, 1, 0, 0, False, False, False, 4, "engineering rule: the seven forces once on each site"),
}


def form_of(key: str) -> Form:
    """The form of that key. Refuses an unknown one."""
    if key not in FORMS:
        raise UnknownWord("sensory test", key, FORMS)
    return FORMS[key]


@dataclass(frozen=True)
class Plan:
    """A drawn order. `as_data` is what the record keeps; `from_data` reads it back."""

    form: str
    version: int
    seed: int
    control: str
    affected: str
    steps: tuple[Step, ...]

    def step(self, number: int) -> Step:
        """The step of that number, from 1. Refuses one that is not in the plan."""
        if not 1 <= number <= len(self.steps):
            raise Refusal(
                because=f"Step {number} is not in this test, which has {len(self.steps)}.",
                way_out="Reload the test.",
                code="step_unknown",
            )
        return self.steps[number - 1]

    def as_data(self) -> dict[str, Any]:
        return {**{name: getattr(self, name) for name in _HEAD}, "steps": [step.as_data() for step in self.steps]}

    @classmethod
    def from_data(cls, data: Mapping[str, Any]) -> Plan:
        return cls(**{name: data[name] for name in _HEAD}, steps=tuple(Step(**step) for step in data["steps"]))


_HEAD = ("form", "version", "seed", "control", "affected")


def draw(form: str, *, control: str, affected: str, seed: int) -> Plan:
    """Draw the order of one test. The same seed gives the same order.

    refuses  an unknown form or region; one region as both sites
    """
    chosen = form_of(form)
    sites = {"control": region_of(control), "affected": region_of(affected)}
    if control == affected:
        raise Refusal(
            because=f"The control site and the affected site are both the {sites['control'].name}.",
            way_out="Choose a second place, where it does not hurt.",
            code="sites_equal",
            where="control",
        )
    rng = random.Random(seed)
    on_face = {site: region.skin == "face" for site, region in sites.items()}
    drawn = [*_series(chosen, rng), *_ratings(chosen, rng), *_trains(chosen, rng, on_face), *_areas(chosen)]
    steps = tuple(Step(number, **told) for number, told in enumerate(drawn, start=1))
    return Plan(chosen.key, chosen.version, seed, control, affected, steps)


def _both(rng: random.Random) -> tuple[Site, ...]:
    """The two sites, either first."""
    sites = list(SITES)
    rng.shuffle(sites)
    return tuple(sites)


def _series(form: Form, rng: random.Random) -> Iterator[dict[str, Any]]:
    """Threshold series: a whole method of limits on one site, then on the other, so that the hand stays where it is."""
    if form.series:
        for site in _both(rng):
            yield {"kind": "series", "site": site, "run": 1}


def _ratings(form: Form, rng: random.Random) -> Iterator[dict[str, Any]]:
    """In each run every force once and some touches among them, first on one site, then on the other; all of it shuffled."""
    tools = list(stimuli.TOOLS)
    for run in range(1, form.runs + 1):
        for site in _both(rng):
            due: list[dict[str, Any]] = [{"kind": "pinprick", "force_mn": force} for force in stimuli.PINPRICKS_MN]
            due += [{"kind": "touch", "tool": tool} for tool in tools if run <= form.touches]
            rng.shuffle(due)
            yield from ({"site": site, "run": run, **each} for each in due)


def _trains(form: Form, rng: random.Random, on_face: Mapping[str, bool]) -> Iterator[dict[str, Any]]:
    """One pinprick alone, then ten at one a second in the same square centimeter."""
    for run in range(1, form.trains + 1):
        for site in _both(rng):
            figure = stimuli.TRAIN_FORCE_FACE_MN if on_face[site] else stimuli.TRAIN_FORCE_MN
            told = {"site": site, "run": run, "force_mn": int(figure.value)}
            yield {"kind": "single", **told}
            yield {"kind": "train", **told}


def _areas(form: Form) -> Iterator[dict[str, Any]]:
    """Eight lines around the affected site. Their order is not drawn: neighbors are found more surely one after another."""
    for wanted, force, tool in ((form.pinprick_area, int(stimuli.SPOKE_FORCE_MN.value), ""), (form.brush_area, None, "brush")):
        if wanted:
            for spoke in range(1, int(stimuli.SPOKES.value) + 1):
                yield {"kind": "spoke", "site": "affected", "run": 1, "force_mn": force, "tool": tool, "spoke": spoke}
