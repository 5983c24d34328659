"""The episode of each of very many patients by the written definition: the rules of `episodes`, once more, for whole days in machine code.

`episodes` is the one that a practice uses and that tests read; this one must say the same of the same answers, and a test asks both.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from winddown.domain.outcomes.definition import Definition

if TYPE_CHECKING:
    from collections.abc import Callable

NO, YES, UNKNOWN, WAITING = 0.0, 1.0, 2.0, 3.0
FIELDS = ("response", "baseline", "held", "relapse_after", "relapse_by", "watched", "is_lost")
SCORE_BITS = 12
Array = NDArray[np.float64]


def figures(definition: Definition) -> Array:
    """(9,) what the machine code needs of a definition."""
    week = definition.week.value if definition.week is not None else 0.0
    told = (definition.floor, definition.response_percent, definition.gain_lost, definition.confirm, definition.baseline_days)
    more = (definition.week_least, definition.respond_within, definition.lost_after)
    return np.array([*(each.value for each in told), week, *(each.value for each in more)])


def read_many(definition: Definition, codes: Any, offsets: Any, began: Any, until: Any, retreated: Any) -> Array:
    """(n, 7) FIELDS of each patient's series; not a number where there is none.

    codes      (answers,) day x 4096 + score of each answer, patient after patient; days from the last infusion, scores in whole points
    offsets    (n + 1,) where each patient's answers begin;  the answers of one patient in any order, at most one a day
    began, until, retreated   (n,) day of the first infusion, day up to which was looked, whether the next series ended the looking
    """
    found = np.empty((len(offsets) - 1, len(FIELDS)))
    kinds = (np.int32, np.float64, np.float64, np.bool_)
    told: list[Any] = [np.ascontiguousarray(each, kind) for each, kind in zip((offsets, began, until, retreated), kinds, strict=True)]
    _machine()(np.array(codes, np.int32), *told, figures(definition), found)
    return found


@cache
def _machine() -> Callable[..., None]:
    import numba  # slow import

    try:
        return numba.njit(nogil=True, cache=True)(_read_all)
    except RuntimeError:
        return numba.njit(nogil=True)(_read_all)


def _read_all(codes: Any, offsets: Any, began: Any, until: Any, retreated: Any, of: Any, found: Any) -> None:
    floor, percent, gain_lost, confirm, baseline_days, week, week_least, within, lost_after = of
    run = int(confirm)
    for who in range(len(offsets) - 1):
        told = codes[offsets[who] : offsets[who + 1]]
        for place in range(1, len(told)):
            step = place
            while step and told[step] < told[step - 1]:
                told[step], told[step - 1] = told[step - 1], told[step]
                step -= 1
        days, scores = told >> 12, told & 4095
        row = found[who]
        row[:] = np.nan
        first = 0
        while first < len(days) and days[first] <= began[who]:
            first += 1
        last = first
        while last < len(days) and (days[last] < until[who] or (days[last] == until[who] and not retreated[who])):
            last += 1
        base = np.nan
        if first and days[first - 1] >= began[who] - baseline_days:
            newest, total, number = days[first - 1], 0, 0
            base = float(scores[first - 1])
            for place in range(first - 1, -1, -1):
                if days[place] <= newest - week or days[place] < began[who] - baseline_days:
                    break
                total, number = total + scores[place], number + 1
            if week and number >= week_least:
                base = total / number
        watched = float(days[last - 1]) if last > first else 0.0
        at = -1
        close = last
        while close > first and days[close - 1] > within:
            close -= 1
        if np.isnan(base) or base < floor:
            response = 2.0
        else:
            level, length = base * (1 - percent / 100), 0
            for place in range(first, close):
                length = length + 1 if scores[place] <= level else 0
                if length == run:
                    at = place - run + 1
                    break
            after = 0
            for place in range(first, close):
                after += days[place] > 0
            response = 1.0 if at >= 0 else 3.0 if until[who] < within and not retreated[who] else 0.0 if after >= run else 2.0
        held = max(float(days[at]), 0.0) if at >= 0 else 0.0
        if at >= 0:
            best, kept = base, float(days[at])
            for place in range(at, last - run + 1):
                limit, is_lost, total = base - (base - best) * (1 - gain_lost / 100), True, 0
                for step in range(place, place + run):
                    is_lost = is_lost and days[step] > 0 and scores[step] >= limit
                    total += scores[step]
                if best < base and is_lost:
                    row[3], row[4] = max(max(kept, 0.0) - held, 0.0), days[place] - held
                    break
                if not (days[place] > 0 and scores[place] >= limit):
                    kept = float(days[place])
                best = min(best, total / run)
        row[0], row[1], row[2], row[5] = response, base, held, max(watched - held, 0.0)
        row[6] = 1.0 if np.isnan(row[4]) and response != 0.0 and until[who] - watched > lost_after else 0.0
