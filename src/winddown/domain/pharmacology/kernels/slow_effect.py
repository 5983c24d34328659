"""The arithmetic behind a slow effect: levels at the nodes of panels that grow, and the integral over them: `slow_effect.py` above.

Patients stand side by side, LANES of them, so that every value is read and written in a row of neighbors; no number of a patient
depends on who stands in the other lanes.
"""

# The arguments are arrays whose types the compiler finds; hints would only be read by people, and the shapes are in the words.
# mypy: disable-error-code="no-untyped-def, call-arg, var-annotated"
from __future__ import annotations

from winddown.domain.pharmacology.compartments import WIDTH
from winddown.domain.pharmacology.kernels.compiler import within
from winddown.domain.pharmacology.kernels.eight import EIGHT, eight, put, same
from winddown.domain.pharmacology.kernels.propagators import copied, multiply, propagator, settle, uniformised
from winddown.domain.pharmacology.kernels.scattered import led


@within
def _ladder(rates, first_patient, entry, packed, steps, rests, ladder, ends, powers, sums, spare, lanewise, lost):
    """ladder[length, gap]: the propagator over each distance of nodes, each three of the length before; ends[cut] over its rest."""
    rows, columns, pair_starts, left, right = packed
    leaving, reach = lanewise[4], lanewise[5]
    uniformised(rates, first_patient, entry, rows, columns, powers, leaving, reach, lost)
    for power in range(2, WIDTH + 1):
        multiply(powers[power - 1], powers[1], powers[power], pair_starts, left, right)
    for fresh in range(steps.size + rests.size):
        gap, cut = fresh, fresh - steps.size
        step, into = (steps[gap], ladder[0, gap]) if cut < 0 else (rests[cut], ends[cut])
        propagator(step, powers, leaving, reach, lost, into, spare, sums, lanewise, rows, columns, pair_starts, left, right)
    for length in range(1, ladder.shape[0]):
        for gap in range(steps.size):
            multiply(ladder[length - 1, gap], ladder[length - 1, gap], spare, pair_starts, left, right)
            multiply(spare, ladder[length - 1, gap], ladder[length, gap], pair_starts, left, right)
            settle(ladder[length, gap])


@within
def _read(state, node, outputs, scales, out):
    for output in range(outputs.size):
        here = state[outputs[output]]
        for lane in range(0, here.size, EIGHT):
            put(out[output, node], lane, eight(here, lane) * eight(scales[output], lane))


@within
def levels_at_nodes(
    rates, first_patient, entry, rows, columns, row_starts, pair_starts, left, right, outputs, scales,
    steps, rests, parts, part_starts, length_of, end_of, given, ladder, ends, powers, sums, spare, lanewise, lost, here, there, begun, out,
):  # fmt: skip
    """Levels of LANES patients from `first_patient` on into out (outputs, nodes, LANES).

    scales     (outputs, LANES) ng/mL per mg
    steps      (half of the gaps,) minutes between the nodes of the shortest panel, the same from both ends
    rests      (cuts,) minutes to where a panel is cut, as far as they are not made of gaps
    parts      the gaps that lead on from there, length by length; part_starts (cuts + 1,) where those of each cut begin
    length_of, end_of, given  (panels,) which length, where it ends (a length, or lengths + a cut), and the input rate in mg/min
    the rest up to `begun` is memory to be written over
    """
    packed = rows, columns, pair_starts, left, right
    _ladder(rates, first_patient, entry, packed, steps, rests, ladder, ends, powers, sums, spare, lanewise, lost)
    states, lengths, node, half = rates.shape[1], ladder.shape[0], 0, steps.size
    here[:] = 0.0
    _read(here, node, outputs, scales, out)
    for panel in range(length_of.size):
        here[states] = given[panel]
        paused = given[panel] == 0.0
        copied(here, begun)
        for gap in range(2 * half):
            led(ladder[length_of[panel], min(gap, 2 * half - 1 - gap)], here, there, row_starts, columns, paused)
            here, there = there, here
            node += 1
            _read(here, node, outputs, scales, out)
        if end_of[panel] >= lengths and panel + 1 < length_of.size:
            cut = end_of[panel] - lengths
            led(ends[cut], begun, here, row_starts, columns, paused)
            for place in range(part_starts[cut], part_starts[cut + 1]):
                led(ladder[parts[place] // half, parts[place] % half], here, there, row_starts, columns, paused)
                here, there = there, here
            node += 1
            _read(here, node, outputs, scales, out)


@within
def _weighed(weights, values, above, total):
    """total = above plus the values (nodes, lanes), each node with its weight."""
    for lane in range(0, total.size, EIGHT):
        added = eight(above, lane)
        for node in range(weights.size):
            added = added + same(weights[node]) * eight(values[node], lane)
        put(total, lane, added)


@within
def turnover(
    drive, per_min, first_node, length_of, end_of, asked, weights, whole, growing, staying, fading, baseline,
    first_patient, above, total, grown, effect,
):  # fmt: skip
    """effect = baseline + k e^(-k t) times the integral of e^(k s) drive(s) from 0 to t, of LANES patients from `first_patient` on.

    effect   (m, patients)
    drive    (nodes, lanes) at every node; per_min (lanes,) k; first_node, length_of, end_of (panels,)
    asked    (m,) the panel of each asked time, rising; weights (m, gaps + 1); whole (ends, gaps + 1) those of a panel up to its end
    growing  (lengths, gaps + 1, lanes) e^(k s) from a panel's beginning to its nodes
    staying  (ends, lanes) e^(-k t) from its beginning to its end; fading (m, lanes) e^(-k t) from the panel's beginning to the asked time
    above, total (lanes,), grown (gaps + 1, lanes)  memory to be written over
    """
    place, nodes, lanes = 0, whole.shape[1], per_min.size
    present = min(lanes, effect.shape[1] - first_patient)
    above[:] = 0.0
    for panel in range(length_of.size):
        length, first, end = length_of[panel], first_node[panel], end_of[panel]
        for node in range(nodes):
            for lane in range(0, lanes, EIGHT):
                put(grown[node], lane, eight(growing[length, node], lane) * eight(drive[first + node], lane))
        while place < asked.size and asked[place] == panel:
            _weighed(weights[place], grown, above, total)
            row, left = effect[place, first_patient : first_patient + present], fading[place]
            for lane in range(present):
                row[lane] = baseline + (per_min[lane] * total[lane]) * left[lane]
            place += 1
        _weighed(whole[end], grown, above, total)
        for lane in range(lanes):
            above[lane] = total[lane] * staying[end, lane]
