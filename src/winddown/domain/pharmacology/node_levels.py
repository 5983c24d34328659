"""Levels at the nodes of growing panels, block of patients by block: what `slow_effect.py` reads its drive from."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from winddown.domain.pharmacology.compartments import CHUNKS, LANES, WIDTH
from winddown.domain.pharmacology.linear import Array, LinearSystem
from winddown.domain.pharmacology.packing import packing_of

Places = NDArray[np.int64]


class NodeLevels:
    """One system led from node to node, with the memory for a block of patients made once.

    length_of, rate_mg_per_min  (panels,) which length, and the input within
    end_of                      (panels,) where a panel ends: the place of its length, or the number of lengths and the place of its cut
    nodes_min                   (lengths, nodes of a panel) minutes from the panel's beginning; alike from both ends, each length's three
                                times those of the one before
    cut_min                     (cuts,) minutes from the beginning of a panel to where it is cut
    nodes                       how many: where a panel was cut the next begins with a node of its own
    """

    def __init__(
        self, system: LinearSystem, length_of: Places, end_of: Places, rate_mg_per_min: Array, nodes_min: Array, cut_min: Array, nodes: int
    ) -> None:
        gaps = nodes_min.shape[1] - 1
        self.system, self.nodes, self._lengths = system, nodes, nodes_min.shape[0]
        parts, starts, rest_min = _known_parts(cut_min, np.diff(nodes_min, axis=1)[:, : gaps // 2])
        self._walk = np.diff(nodes_min[0])[: gaps // 2], rest_min, parts, starts, length_of, end_of, rate_mg_per_min

    def blocks(self) -> Iterator[tuple[slice, dict[str, Array]]]:
        """Which patients, and their levels: output -> (some patients, nodes) ng/mL, in memory that the next block is written to."""
        from winddown.domain.pharmacology.kernels import levels_at_nodes  # slow import

        system, (places, scales) = self.system, self.system.readings
        rates, entry = np.ascontiguousarray(system.rates), system.index(system.entry)
        rows, columns, row_starts, pair_starts, left, right, _ = packing_of(system).arrays
        for first in range(0, system.patients, LANES):
            some = slice(first, min(first + LANES, system.patients))
            mine = np.ascontiguousarray(scales[:, np.minimum(np.arange(first, first + LANES), system.patients - 1)])
            levels_at_nodes(
                rates, first, entry, rows, columns, row_starts, pair_starts, left, right, places, mine, *self._walk, *self._memory
            )
            out = self._memory[-1]
            yield some, {name: out[place, :, : some.stop - first].T for place, name in enumerate(system.outputs)}

    @cached_property
    def _memory(self) -> tuple[Array, ...]:
        from winddown.domain.pharmacology.kernels import LANEWISE  # slow import

        states, entries, (gaps, cuts, *_) = len(self.system.states), packing_of(self.system).rows.size, self._walk
        shapes = (
            (self._lengths, gaps.size, entries), (cuts.size, entries), (WIDTH + 1, entries), (CHUNKS, entries), (entries,), (LANEWISE,),
            (states + 1,), (states + 1,), (states + 1,), (states + 1,), (len(self.system.outputs), self.nodes),
        )  # fmt: skip
        return tuple(np.empty((*shape, LANES)) for shape in shapes)


def _known_parts(cut_min: Array, gaps_min: Array) -> tuple[Places, Places, Array]:
    """How far a cut is made of the gaps between nodes, the longest first, and the short rest of each that needs a propagator of its own.

    gaps_min  (lengths, half of the gaps)
    returns   (parts,) places among the gaps, flat; (cuts + 1,) where the parts of each cut begin; (cuts,) the rest in minutes
    """
    known = gaps_min.ravel()
    parts: list[int] = []
    starts, rest = [0], []
    for left in map(float, cut_min):
        for place in map(int, np.argsort(-known)):
            while known[place] <= left:
                parts.append(place)
                left -= known[place]
        starts.append(len(parts))
        rest.append(left)
    return np.asarray(parts, dtype=np.int64), np.asarray(starts, dtype=np.int64), np.asarray(rest)
