"""5, 50 and 95% of 10,000 patients at 2,329 times without keeping them, against the same kernels and numpy's quantiles.

`python benchmarks/bands.py`

The peer computes every patient at every time and lets numpy find the quantiles, as the courses lie; what it takes on a turned copy is told
too. Ours is one call: `between_times.lines`, which `population.bands` is made of. Errors are taken at all times, counted
or drawn, where a quantile is above a billionth of its line's highest.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from time import process_time

import numpy as np
import side_by_side as side
import workloads as work
from work_shape import shape

from winddown.domain.pharmacology import engine, graded_times, models
from winddown.domain.pharmacology.between_times import lines
from winddown.domain.pharmacology.linear import LinearSystem, Output
from winddown.domain.pharmacology.model import Patient
from winddown.domain.pharmacology.population import COUNTED, PERCENTS, Alike, Population, Question, bands
from winddown.domain.pharmacology.regimen import Schedule, Segment

PATIENTS, FRACTIONS, ROUNDS = 10_000, (0.05, 0.5, 0.95), 5
Lines = Mapping[str, np.ndarray]


def part(system: LinearSystem, first: int, n: int) -> LinearSystem:
    cut = slice(first, first + n)
    outputs = {name: Output(output.state, output.ng_per_ml_per_mg[cut]) for name, output in system.outputs.items()}
    return replace(system, rates=system.rates[cut], outputs=outputs)


def timed(act: Callable[[], object]) -> float:
    begun = process_time()
    act()
    return process_time() - begun


@dataclass(frozen=True)
class Peer:
    """Seconds of the second run of each, because the first pays for memory that the machine has not yet given; and the exact quantiles."""

    simulated: float
    across: float
    turned: float
    exact: Lines

    @classmethod
    def of(cls, simulate: Callable[[], Lines], fractions: Sequence[float]) -> Peer:
        simulate()
        simulated, courses = timed(simulate), simulate()
        exact = {name: np.quantile(course, fractions, axis=0) for name, course in courses.items()}
        across = timed(lambda: [np.quantile(course, fractions, axis=0) for course in courses.values()])
        turned = timed(lambda: [np.quantile(np.ascontiguousarray(course.T), fractions, axis=1) for course in courses.values()])
        return cls(simulated, across, turned, exact)


def errors(found: Lines, exact: Lines) -> np.ndarray:
    known = {name: right > 1e-9 * right.max() for name, right in exact.items()}
    return np.concatenate([np.abs(found[name][known[name]] / right[known[name]] - 1) for name, right in exact.items()])


@dataclass(frozen=True)
class Beside:
    """The peer of the last turn, our seconds in all of them, and the median of the turns' ratios: numpy on courses as they lie, turned."""

    peer: Peer
    mine: Sequence[float]
    ratio: float
    ratio_turned: float


def in_turn(ours: Callable[[], object], simulate: Callable[[], Lines], fractions: Sequence[float]) -> Beside:
    """Ours, the peer, ours again: a turn's ratio is of the peer and of ours just before and after it."""
    mine = [side.ours(ours, 1, ROUNDS)]
    ratios = []
    for _ in range(side.TURNS):
        peer = Peer.of(simulate, fractions)
        mine.append(side.ours(ours, 1, ROUNDS))
        around = float(np.median([*mine[-2], *mine[-1]]))
        ratios.append(((peer.simulated + peer.across) / around, (peer.simulated + peer.turned) / around))
    ratio, turned = np.median(ratios, axis=0)
    return Beside(peer, list(itertools.chain.from_iterable(mine)), float(ratio), float(turned))


def row(what: str, beside: Beside, off: np.ndarray) -> dict[str, object]:
    peer, mine = beside.peer, beside.mine
    return {
        "what": what,
        "simulate s": f"{peer.simulated:.2f}",
        "np.quantile s": f"{peer.across:.2f}",
        "ours s": f"{np.median(mine):.4f} ({min(mine):.4f} to {max(mine):.4f})",
        "ratio": f"{beside.ratio:.1f}",
        "with a turned copy": f"{beside.ratio_turned:.1f}",
        "error median": f"{np.median(off):.3%}",
        "p99": f"{np.quantile(off, 0.99):.3%}",
        "worst": f"{off.max():.2%}",
    }


def month() -> dict[str, object]:
    """The work that has the goals."""
    system, given, times = shape(PATIENTS, work.month())

    def ask(first: int, n: int, at_min: np.ndarray) -> Lines:
        return engine.scattered_levels(part(system, first, n), given, at_min)

    def ours() -> Lines:
        return lines(ask, PATIENTS, times, changes_min=given.edges_min, fractions=FRACTIONS, at_once=COUNTED)

    beside = in_turn(ours, lambda: engine.compiled_levels(system, given, times), FRACTIONS)
    some, off = graded_times.chosen(ask, PATIENTS, times, given.edges_min, FRACTIONS), errors(ours(), beside.peer.exact)
    p99 = float(np.quantile(off, 0.99))
    accuracy = f"p99 {p99:.2%}, worst {off.max():.2%}"
    side.kept_goal("Bands: times faster", beside.ratio, 30.0, peer="simulate, then np.quantile", accuracy=accuracy)
    side.kept_goal("Bands: error at p99, %", 100 * p99, 0.5, peer="np.quantile", accuracy=accuracy, at_most=True)
    return row(f"W1, {some.places.size if some else times.size:,} of {times.size:,} times counted", beside, off)


def published_model() -> dict[str, object]:
    """Six infusions of 35 mg under a published model through `population.bands`; both sides draw the people."""
    _, _, times = work.month()
    infusions = Schedule("racemic", tuple(Segment(day * 1440.0, day * 1440.0 + 40.0, 35.0 / 40.0) for day in work.DAYS))
    population = Population(models.get("pk_rs_default"), Alike(Patient(70, 45, "male")), seed=1)
    question = Question(infusions, times, ("ketamine", "s_norketamine"))
    shares = [percent / 100 for percent in PERCENTS]
    beside = in_turn(lambda: bands(population, question, PATIENTS), lambda: population.courses(question, 0, PATIENTS).cloud.levels, shares)
    return row("pk_rs_default, 2 lines, 5 bands", beside, errors(bands(population, question, PATIENTS).lines, beside.peer.exact))


def main() -> None:
    side.on_one_core()
    engine.warm()
    rows = [month(), published_model()]
    side.told(f"Bands of {PATIENTS:,} patients at 2,329 times, seconds of one core; goals 30 and 0.5% at p99, of the first row", rows)


if __name__ == "__main__":
    main()
