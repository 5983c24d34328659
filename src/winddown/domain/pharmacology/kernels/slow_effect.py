"""The integral behind a slow effect, panel after panel: `slow_effect.py` of the floor above."""

# The arguments are arrays whose types the compiler finds; hints would only be read by people, and the shapes are in the words.
# mypy: disable-error-code="no-untyped-def"
from __future__ import annotations

import math

import numpy as np

from winddown.domain.pharmacology.kernels.compiler import compiled


@compiled
def turnover(drive, per_min, step_min, asked, weights, inside_min, whole, baseline, effect):
    """effect (n, m) = baseline + k e^(-k t) times the integral of e^(k s) drive(s) from 0 to t.

    drive    (n, panels * nodes + 1) at every node; per_min (n,) k; step_min (panels,)
    asked    (m,) the panel of each asked time, rising; weights (m, nodes + 1), inside_min (m,) within it
    whole    (nodes + 1,) weights of a whole panel for a step of one minute
    """
    nodes = whole.size - 1
    growing, weighed = np.empty(nodes + 1), np.empty(nodes + 1)
    for patient in range(drive.shape[0]):
        speed, above, place, known, left = per_min[patient], 0.0, 0, 0.0, 1.0
        for panel in range(step_min.size):
            step = step_min[panel]
            if step != known:
                known, left, grown = step, math.exp(-speed * step * nodes), math.exp(speed * step)
                growing[0] = speed
                for node in range(nodes):
                    growing[node + 1] = growing[node] * grown
            row = drive[patient, panel * nodes : panel * nodes + nodes + 1]
            for node in range(nodes + 1):
                weighed[node] = growing[node] * row[node]
            while place < asked.size and asked[place] == panel:
                total = above
                for node in range(nodes + 1):
                    total += weights[place, node] * weighed[node]
                effect[patient, place] = baseline + total * math.exp(-speed * inside_min[place])
                place += 1
            total = 0.0
            for node in range(nodes + 1):
                total += whole[node] * weighed[node]
            above = (above + total * step) * left
