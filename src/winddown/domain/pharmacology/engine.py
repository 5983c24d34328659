"""Which road a course takes: numpy for a few patients, compiled kernels for many. Both give the same numbers to twelve digits.

The kernels need a library that takes half a second to load and, once per machine, some seconds to compile. So nothing that a person
waits for loads it: small work goes through numpy until `warm()` has made the kernels ready in the background, and large work
(populations, trials) loads them by itself.
"""

from __future__ import annotations

import itertools
import math
import threading
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from winddown.domain.pharmacology.compartments import SAME_STEP, Input, check_times, concentrations, without_repeats
from winddown.domain.pharmacology.linear import Array, LinearSystem, Output
from winddown.domain.pharmacology.packing import packing_of

if TYPE_CHECKING:
    from types import ModuleType

MANY = 2_000  # virtual patients from which the kernels repay their loading
_ready = threading.Event()
_loading = threading.Lock()


def ready() -> bool:
    """Whether the kernels are loaded and compiled in this process."""
    return _ready.is_set()


def warm() -> None:
    """Load and compile the kernels now: some seconds the first time on a machine, a second later on. Safe from any thread."""
    with _loading:
        if not ready():
            for patients in (1, 2):
                tiny = np.broadcast_to(np.array([[-1.0, 0.5], [1.0, -0.5]]), (patients, 2, 2)).copy()
                system = LinearSystem("ketamine", ("a", "b"), tiny, "a", {"ketamine": Output("a", np.ones(patients))})
                compiled_levels(system, Input((0.0, 1.0), (1.0,)), np.array([0.5, 1.0, 2.0]))
            one, place = np.zeros((1, 2), dtype=np.int32), np.zeros((1, 1), dtype=np.int64)
            _kernels().tally(place, 0, 0, one)
            _kernels().reached(one, np.zeros((1, 1)), place, place.copy())
            _ready.set()


def levels(system: LinearSystem, given: Input, at_min: Array, *, scattered: bool = False) -> dict[str, Array]:
    """Each output's course: analyte -> (n, m) ng/mL, by the road that suits the size.

    at_min     (m,) minutes, not decreasing, the first not before 0; nothing is in the body at 0
    scattered  few of the times follow one another by one step: another order of the same arithmetic, alike to twelve digits
    refuses    OutOfRange for times that go backwards
    """
    if system.patients < MANY and not ready():
        return concentrations(system, given, at_min)
    return scattered_levels(system, given, at_min) if scattered else compiled_levels(system, given, at_min)


def compiled_levels(
    system: LinearSystem, given: Input, at_min: Array, out: NDArray[Any] | None = None, *, threads: int = 1
) -> dict[str, Array]:
    """The same by the kernels, whatever the size.

    out      (outputs, n, m) to write into instead of fresh memory, float64 or float32, without gaps; its rows are returned under the
             outputs' names
    threads  among which the patients are shared; changes no number
    refuses  ValueError for memory with gaps; OutOfRange for times that go backwards
    """
    if out is not None and not out.flags.c_contiguous:
        raise ValueError("The levels are written to memory without gaps (C order).")
    places = np.empty((len(system.outputs), system.patients, at_min.size)) if out is None else out
    if at_min.ndim == 1 and at_min.size and _fill(system, given, at_min, places, threads):
        return {name: places[place] for place, name in enumerate(system.outputs)}
    check_times(at_min)
    asked = without_repeats(at_min)
    places = np.empty((len(system.outputs), system.patients, asked.size))
    _fill(system, given, asked, places, threads)
    places = places[:, :, np.searchsorted(asked, at_min + SAME_STEP, side="right") - 1]
    return dict(zip(system.outputs, places, strict=True))


def _fill(system: LinearSystem, given: Input, asked: Array, out: Array, threads: int) -> bool:
    """Whether the times begin at 0 or later and all differ; if not, nothing was written."""
    fill, patients = _kernels().fill, len(system.rates)
    rates, entry = np.ascontiguousarray(system.rates), system.index(system.entry)
    asking: tuple[Any, ...] = (rates, entry, *packing_of(system).arrays, *given.arrays, asked, *system.readings, out)
    if threads == 1 or patients < 2 * threads:
        return bool(fill(0, patients, *asking))
    cuts = [patients * part // threads for part in range(threads + 1)]
    with ThreadPoolExecutor(threads) as pool:
        parts = [pool.submit(fill, *cut, *asking) for cut in itertools.pairwise(cuts)]
        return all(part.result() for part in parts)


def scattered_levels(system: LinearSystem, given: Input, at_min: Array) -> dict[str, Array]:
    """The same for few times that lie apart. In memory the patients of one time stand side by side."""
    out = np.empty((len(system.outputs), at_min.size, system.patients))
    if at_min.ndim != 1 or not at_min.size or not _fill_scattered(system, given, at_min, out):
        check_times(at_min)
        asked = without_repeats(at_min)
        _fill_scattered(system, given, asked, out[:, : asked.size])
        out = out[:, np.searchsorted(asked, at_min + SAME_STEP, side="right") - 1]
    return {name: out[place].T for place, name in enumerate(system.outputs)}


def _fill_scattered(system: LinearSystem, given: Input, asked: Array, out: Array) -> bool:
    """As `_fill`, into out[output, time, patient]."""
    rates, entry = np.ascontiguousarray(system.rates), system.index(system.entry)
    asking: tuple[Any, ...] = (rates, entry, *packing_of(system).arrays, *given.arrays, asked, *system.readings, out)
    return bool(_kernels().fill_scattered(0, len(rates), *asking))


def tally_into(counts: NDArray[Any], courses: Array, shift: int, offset: int) -> bool:
    """Count the (n, m) values by their leading bits into counts (m, bins): `quantiles.py`. Both roads count alike.

    returns  whether every value was a number of at least 0
    """
    if ready() and courses.flags.f_contiguous and not courses.flags.c_contiguous:
        return not _kernels().tally_columns(courses.T.view(np.int64), shift, offset, counts)
    bits, bins = np.ascontiguousarray(courses).view(np.int64), counts.shape[1]
    if ready():
        return not _kernels().tally(bits, shift, offset, counts)
    places = np.clip((bits >> shift) - offset + 1, 0, bins - 1) + np.arange(counts.shape[0]) * bins
    counts += np.bincount(places.ravel(), minlength=counts.size).reshape(counts.shape).astype(counts.dtype)
    return bool(courses.size == 0 or (courses.min() >= 0.0 and math.isfinite(float(courses.max()))))


def reached(counts: NDArray[Any], ranks: Array) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """(fractions, m) bins in which the ordered values of each column of counts (m, bins) reach the ranks, and how many lie below them."""
    places, below = np.zeros(ranks.shape, dtype=np.int64), np.zeros(ranks.shape, dtype=np.int64)
    if ready() and bool(np.all(ranks[1:] >= ranks[:-1])):
        _kernels().reached(counts, ranks, places, below)
        return places, below
    for column, line in enumerate(np.cumsum(counts, axis=1)):
        places[:, column] = np.minimum(np.searchsorted(line, ranks[:, column]), line.size - 1)
        below[:, column] = line[places[:, column]] - counts[column, places[:, column]]
    return places, below


def fit_many(*given: object) -> None:
    """The batch fit of `kernels/level_fits.py`, where its arguments are told."""
    _kernels().fit_many(*given)


@cache
def _kernels() -> ModuleType:
    from winddown.domain.pharmacology import kernels  # slow import

    return kernels
