"""W4: an effect of eleven days behind a curve that tolerance shifts, 10,000 patients, every six hours for 84 days, by quadrature.

`python benchmarks/slow_effect.py`. The judge is LSODA at 1e-11 on the first fifty patients.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np
import side_by_side as side
import workloads as work
from scipy.integrate import solve_ivp
from work_shape import shape

from winddown.domain.pharmacology import engine
from winddown.domain.pharmacology.linear import LinearSystem, pruned, with_follower
from winddown.domain.pharmacology.slow_effect import slow_effect

PATIENTS, JUDGED, GOAL = 10_000, 50, 400.0


def in_own_units(system: LinearSystem, own: dict[str, np.ndarray]) -> LinearSystem:
    """The site in shares of each patient's EC50, tolerance in shares of T50: a reading is scaled anyway."""
    units = {"site": own["EC50"], "tolerance": own["T50"]}
    scaled = {name: replace(read, ng_per_ml_per_mg=read.ng_per_ml_per_mg / units[name]) for name, read in system.outputs.items()}
    return replace(system, outputs=scaled)


def drive_of(own: dict[str, np.ndarray]):
    """Smax / (1 + ((1 + T / T50) EC50 / Ce)^gamma): nothing where nothing is in the site, where the ratio is infinite."""
    gamma, most = own["gamma"][:, np.newaxis], own["Smax"][:, np.newaxis]

    def drive(levels: Mapping[str, np.ndarray], some: slice) -> np.ndarray:
        site, curve = levels["site"], levels["tolerance"]
        curve += 1.0
        with np.errstate(divide="ignore", over="ignore"):
            curve /= site
            np.log(curve, out=curve)
            curve *= gamma[some]
            np.exp(curve, out=curve)
        curve += 1.0
        return np.divide(most[some], curve, out=curve)

    return drive


def judged(rates: np.ndarray, own: dict[str, np.ndarray], patient: int) -> np.ndarray:
    """One patient's course by a stiff solver, piece by piece."""
    edges, given, _ = work.month()
    matrix, mine = rates[patient], {name: float(values[patient]) for name, values in own.items()}

    def field(_t, x, push):
        level, tolerance = max(x[5], 0.0) ** mine["gamma"], x[6]
        half = (mine["EC50"] * (1.0 + tolerance / mine["T50"])) ** mine["gamma"]
        moved = matrix @ x[:6]
        moved[0] += push
        return [*moved, mine["ktol"] * (x[5] - tolerance), mine["kout"] * (1.0 + mine["Smax"] * level / (half + level) - x[7])]

    at, state = work.SLOW_AT, np.array([0.0] * 7 + [1.0])
    course = np.ones(at.size)
    for begin, end, push in work.pieces(edges, given, at[-1]):
        inside = at[(at > begin) & (at <= end)]
        asked = np.unique(np.append(inside, end))
        found = solve_ivp(field, (begin, end), state, method="LSODA", rtol=1e-11, atol=1e-13, t_eval=asked, args=(push,)).y
        course[np.searchsorted(at, inside)] = found[7, np.searchsorted(asked, inside)]
        state = found[:, -1]
    return course


def main() -> None:
    side.on_one_core()
    engine.warm()
    system, given, _ = shape(PATIENTS, work.month())
    own = work.slow_effects(PATIENTS)
    system = pruned(with_follower(system, "tolerance", "site", own["ktol"]), ("site", "tolerance"))
    system = in_own_units(system, own)

    def ours() -> np.ndarray:
        return slow_effect(system, given, work.SLOW_AT, drive=drive_of(own), per_min=own["kout"])

    found, rates = ours(), work.rates(work.patients(JUDGED))
    exact = np.array([judged(rates, own, patient) for patient in range(JUDGED)])
    beside = side.in_turn(lambda: side.ours(ours, PATIENTS, 2), lambda: side.asked_of("slow.py", 10, 3))
    answer, us, theirs = beside.answer, beside.ours, beside.peer
    theirs_wrong, wrong = np.abs(np.array(answer["effect"]) - exact[:10]).max(), np.abs(found[:JUDGED] - exact).max()
    accuracy = f"ours {wrong:.0e}, peer {theirs_wrong:.0e}"
    side.kept_goal("W4: times faster, one core each", beside.ratio, GOAL, peer="roadrunner", accuracy=accuracy)
    side.kept_goal("W4: error of the effect", wrong, 1e-7, peer="LSODA at 1e-11", accuracy=accuracy, at_most=True)
    side.told(
        f"W4: milliseconds of one core per patient, a slow effect at 337 times over 84 days; {JUDGED} judged by LSODA at 1e-11",
        [
            {
                "peer": "roadrunner",
                "peer ms": f"{theirs * 1e3:.2f}",
                "ours ms": f"{us * 1e3:.4f}",
                "ratio": f"{beside.ratio:,.0f}",
                "goal": GOAL,
                "peer error": f"{theirs_wrong:.0e}",
                "our error": f"{wrong:.0e}",
                "goal error": 1e-7,
                "largest effect above 1": f"{found.max() - 1:.2f}",
            }
        ],
    )


if __name__ == "__main__":
    main()
