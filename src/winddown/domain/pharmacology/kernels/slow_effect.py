"""The arithmetic behind a slow effect: levels at the nodes of panels that grow, and the integral over them: `slow_effect.py` above.

Patients stand side by side, LANES of them, so that every value is read and written in a row of neighbors; no number of a patient
depends on who stands in the other lanes.
"""

# The arguments are arrays whose types the compiler finds; hints would only be read by people, and the shapes are in the words.
# mypy: disable-error-code="no-untyped-def"
from __future__ import annotations

from winddown.domain.pharmacology.compartments import WIDTH
from winddown.domain.pharmacology.kernels.compiler import within
from winddown.domain.pharmacology.kernels.propagators import multiply, propagator, settle, uniformised
from winddown.domain.pharmacology.kernels.scattered import led

FIVE = 5  # terms added in one pass over the lanes


@within
def _ladder(rates, first_patient, entry, packed, steps, made_from, ladder, powers, scaled, spare, lanewise, lost):
    """ladder[length, gap]: the propagator over each distance of nodes, thrice an earlier length's by two products."""
    rows, columns, pair_starts, left, right = packed
    leaving, reach = lanewise[4], lanewise[5]
    uniformised(rates, first_patient, entry, rows, columns, powers, leaving, reach, lost)
    for power in range(2, WIDTH + 1):
        multiply(powers[power - 1], powers[1], powers[power], pair_starts, left, right)
    for length in range(steps.shape[0]):
        earlier = made_from[length]
        for gap in range(steps.shape[1]):
            if earlier >= 0:
                multiply(ladder[earlier, gap], ladder[earlier, gap], spare, pair_starts, left, right)
                multiply(spare, ladder[earlier, gap], ladder[length, gap], pair_starts, left, right)
                settle(ladder[length, gap])
            else:
                propagator(
                    steps[length, gap], powers, leaving, reach, lost, ladder[length, gap], spare, scaled, lanewise,
                    rows, columns, pair_starts, left, right,
                )  # fmt: skip


@within
def levels_at_nodes(
    rates, first_patient, entry, rows, columns, row_starts, pair_starts, left, right, outputs, scales,
    steps, made_from, length_of, given, ladder, powers, scaled, spare, lanewise, lost, here, there, out,
):  # fmt: skip
    """Levels of LANES patients from `first_patient` on into out (outputs, panels * gaps + 1, LANES).

    scales     (outputs, LANES) ng/mL per mg
    steps      (lengths, half of the gaps) minutes; a panel's gaps are the same from both ends
    made_from  (lengths,) the length that is a third of this one; -1 for none
    length_of, given  (panels,) which length, and the input rate in mg/min
    the rest up to `there` is memory to be written over
    """
    packed = rows, columns, pair_starts, left, right
    _ladder(rates, first_patient, entry, packed, steps, made_from, ladder, powers, scaled, spare, lanewise, lost)
    states, lanes, node, half = rates.shape[1], here.shape[1], 0, steps.shape[1]
    here[:] = 0.0
    out[:, 0] = 0.0
    for panel in range(length_of.size):
        for lane in range(lanes):
            here[states, lane] = given[panel]
        for gap in range(2 * half):
            led(ladder[length_of[panel], min(gap, 2 * half - 1 - gap)], here, there, row_starts, columns, given[panel] == 0.0)
            here, there = there, here
            node += 1
            for output in range(outputs.size):
                state = outputs[output]
                for lane in range(lanes):
                    out[output, node, lane] = here[state, lane] * scales[output, lane]


@within
def _weighed(weights, values, above, total):
    """total = above plus the values (nodes, lanes), each node with its weight: the first alone, then FIVE at a time."""
    lanes = total.size
    w = weights[0]
    for lane in range(lanes):
        total[lane] = above[lane] + w * values[0, lane]
    for node in range(1, weights.size, FIVE):
        a, b, c, d, e = weights[node], weights[node + 1], weights[node + 2], weights[node + 3], weights[node + 4]
        for lane in range(lanes):
            both = a * values[node, lane] + b * values[node + 1, lane]
            more = c * values[node + 2, lane] + d * values[node + 3, lane]
            total[lane] += (both + more) + e * values[node + 4, lane]


@within
def turnover(drive, per_min, length_of, asked, weights, whole, growing, staying, fading, baseline, above, total, grown, effect):
    """effect (m, lanes) = baseline + k e^(-k t) times the integral of e^(k s) drive(s) from 0 to t.

    drive    (panels * gaps + 1, lanes) at every node; per_min (lanes,) k; length_of (panels,)
    asked    (m,) the panel of each asked time, rising; weights (m, gaps + 1); whole (lengths, gaps + 1) those of a whole panel
    growing  (lengths, gaps + 1, lanes) e^(k s) from a panel's beginning to its nodes
    staying  (lengths, lanes) e^(-k length); fading (m, lanes) e^(-k t) from the panel's beginning to the asked time
    above, total (lanes,), grown (gaps + 1, lanes)  memory to be written over
    """
    place, nodes, lanes = 0, whole.shape[1], per_min.size
    above[:] = 0.0
    for panel in range(length_of.size):
        length, first = length_of[panel], panel * (nodes - 1)
        for node in range(nodes):
            for lane in range(lanes):
                grown[node, lane] = growing[length, node, lane] * drive[first + node, lane]
        while place < asked.size and asked[place] == panel:
            _weighed(weights[place], grown, above, total)
            for lane in range(lanes):
                effect[place, lane] = baseline + (per_min[lane] * total[lane]) * fading[place, lane]
            place += 1
        _weighed(whole[length], grown, above, total)
        for lane in range(lanes):
            above[lane] = total[lane] * staying[length, lane]
