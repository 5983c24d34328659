"""Which entries of a propagator can ever be other than zero, and the order in which the kernels multiply them.

A metabolite never feeds its parent and an effect site feeds nothing, so half of a matrix and more stays empty whatever the step. The
kernels hold and multiply only what the flows can reach: the transitive closure of the system's arrows.
"""

from __future__ import annotations

import itertools
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache

import numpy as np
from numpy.typing import NDArray

from winddown.domain.pharmacology.linear import LinearSystem

Indices = NDArray[np.int64]


@dataclass(frozen=True)
class Packing:
    """The e entries (row, column) that may be other than zero, in order of rows; the input rate is the last row and column.

    rows, columns    (e,)
    row_starts       (size + 1,) where each row begins among the entries
    pair_starts      (e + 1,); left, right (pairs,): entry i of a product is the sum of left * right over its pairs
    leading          (size, size, size): of row r, the entry that leads from the state of its k-th entry to that of its i-th, at
                     [r, k, i]; -1 where there is none
    """

    rows: Indices
    columns: Indices
    row_starts: Indices
    pair_starts: Indices
    left: Indices
    right: Indices
    leading: Indices

    @cached_property
    def arrays(self) -> tuple[Indices, ...]:
        """Everything, in the order in which the kernel takes it."""
        return (self.rows, self.columns, self.row_starts, self.pair_starts, self.left, self.right, self.leading)


def packing_of(system: LinearSystem) -> Packing:
    """The packing of a system's arrows. Systems of one shape share it."""
    return _packed(system.arrows, len(system.states), system.index(system.entry))


@lru_cache(maxsize=256)
def _packed(arrows: bytes, states: int, entry: int) -> Packing:
    reach = _closure(arrows, states, entry)
    rows, columns = (part.astype(np.int64) for part in np.nonzero(reach))
    place = {pair: index for index, pair in enumerate(zip(rows.tolist(), columns.tolist(), strict=True))}
    pairs = [[(place[i, k], place[k, j]) for k in range(states + 1) if reach[i, k] and reach[k, j]] for i, j in place]
    left, right = (np.asarray([pair[side] for some in pairs for pair in some], dtype=np.int64) for side in (0, 1))
    return Packing(
        rows=rows,
        columns=columns,
        row_starts=np.searchsorted(rows, np.arange(states + 2)).astype(np.int64),
        pair_starts=np.concatenate([[0], np.cumsum([len(some) for some in pairs])]).astype(np.int64),
        left=left,
        right=right,
        leading=_leading(reach, place),
    )


def _leading(reach: NDArray[np.bool_], place: Mapping[tuple[int, int], int]) -> Indices:
    leading = np.full((reach.shape[0],) * 3, -1, dtype=np.int64)
    for row, line in enumerate(reach):
        held = np.flatnonzero(line).tolist()
        for (one, source), (other, target) in itertools.product(enumerate(held), repeat=2):
            leading[row, one, other] = place.get((target, source), -1)
    return leading


def _closure(arrows: bytes, states: int, entry: int) -> NDArray[np.bool_]:
    reach = np.eye(states + 1, dtype=bool)
    reach[:-1, :-1] |= np.frombuffer(arrows, dtype=bool).reshape(states, states)
    reach[entry, -1] = True
    while True:
        further = (reach.astype(np.int64) @ reach.astype(np.int64)) > 0
        if bool((further == reach).all()):
            return reach
        reach = further
