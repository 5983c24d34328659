"""W3 by a peer: `python fit.py PEER N ROUNDS` prints processor seconds per fit, the first deviations and their half squares.

Six log-normal parameters (spread 0.3), eight levels, log-normal scatter 0.15, one infusion. One thread; compiling and a
warm run are not counted.
"""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from time import process_time

for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ[name] = "1"
os.environ["XLA_FLAGS"] = "--xla_cpu_multi_thread_eigen=false intra_op_parallelism_threads=1"
os.sched_setaffinity(0, {sorted(os.sched_getaffinity(0))[0]})
sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import numpy as np  # noqa: E402 - one thread is chosen above
import workloads as work  # noqa: E402 - needs the path above

TYPICAL = np.array([work.TYPICAL[name] for name in work.FITTED])
SHOWN = 3


def scipy_fit(levels):
    """least_squares (Levenberg-Marquardt, differences over 1e-5) over odeint at 1e-8, restarted at the end of the infusion."""
    from scipy.integrate import odeint
    from scipy.optimize import least_squares

    logs = np.log(levels)
    first, later = work.FIT_AT[work.FIT_AT <= work.FIT_OVER_MIN], work.FIT_AT[work.FIT_AT > work.FIT_OVER_MIN]

    def course(eta):
        v, k10, k12, k13, k21, k31 = TYPICAL * np.exp(eta)
        matrix = np.array([[-k10 - k12 - k13, k21, k31], [k12, -k21, 0.0], [k13, 0.0, -k31]])
        push = np.array([work.FIT_MG_PER_MIN, 0.0, 0.0])
        during = odeint(lambda x, _t: matrix @ x + push, np.zeros(3), [0.0, *first], rtol=1e-8, atol=1e-10)
        after = odeint(lambda x, _t: matrix @ x, during[-1], [work.FIT_OVER_MIN, *later], rtol=1e-8, atol=1e-10)
        return np.concatenate([during[1:, 0], after[1:, 0]]) / v

    def one(patient):
        def gaps(eta):
            return np.concatenate([(logs[patient] - np.log(course(eta))) / work.FIT_ERROR, eta / work.SPREAD])

        best = least_squares(gaps, np.zeros(6), method="lm", diff_step=1e-5, xtol=1e-8, ftol=1e-10, gtol=1e-8)
        return best.x, best.cost

    def run():
        found = [one(patient) for patient in range(len(levels))]
        return np.array([eta for eta, _ in found]), np.array([cost for _, cost in found])

    return run


def jax_fit(levels):
    """All fits at once: closed form by modes, jacfwd, damped Gauss-Newton in a while loop under vmap, float64."""
    import jax
    import jax.numpy as jnp

    jax.config.update("jax_enable_x64", True)
    logs, at = jnp.log(jnp.asarray(levels)), jnp.asarray(work.FIT_AT)
    during, after = jnp.minimum(at, work.FIT_OVER_MIN), jnp.maximum(at - work.FIT_OVER_MIN, 0.0)
    typical = jnp.log(jnp.asarray(TYPICAL))

    def course(eta):
        v, k10, k12, k13, k21, k31 = jnp.exp(typical + eta)
        a2, a1 = k10 + k12 + k13 + k21 + k31, k10 * k31 + k21 * k31 + k21 * k13 + k10 * k21 + k31 * k12
        m = a2 / 3
        width = m * m - a1 / 3
        turn = jnp.arccos(jnp.clip((2 * m**3 - m * a1 + k10 * k21 * k31) / (2 * width**1.5), -1.0, 1.0)) / 3
        speed = m + 2 * jnp.sqrt(width) * jnp.cos(turn - jnp.array([0.0, 2.0, 4.0]) * jnp.pi / 3)
        weight = (k21 - speed) * (k31 - speed) / ((3 * speed - 2 * a2) * speed + a1)
        grown = -jnp.expm1(-speed * during[:, None]) / speed * jnp.exp(-speed * after[:, None])
        return jnp.log(work.FIT_MG_PER_MIN * (grown * weight).sum(axis=1) / v)

    def judged(eta, seen):
        gap = (seen - course(eta)) / work.FIT_ERROR
        return 0.5 * (gap**2).sum() + 0.5 * (eta**2).sum() / work.SPREAD**2, gap

    def one(seen):
        def go(state):
            eta, cost, damping, _done, rounds = state
            gap = (seen - course(eta)) / work.FIT_ERROR
            slope = jax.jacfwd(course)(eta) / work.FIT_ERROR
            bend = slope.T @ slope + jnp.eye(6) / work.SPREAD**2
            move = jnp.linalg.solve(bend + damping * jnp.diag(jnp.diag(bend)), slope.T @ gap - eta / work.SPREAD**2)
            found, _ = judged(eta + move, seen)
            small = jnp.abs(move).max() < 1e-7
            better = (found <= cost) | small
            damping = jnp.where(better, jnp.where(damping > 1e-6, damping * 0.1, 0.0), jnp.maximum(damping * 10, 1e-3))
            return jnp.where(better, eta + move, eta), jnp.where(better, found, cost), damping, small, rounds + 1

        start = (jnp.zeros(6), judged(jnp.zeros(6), seen)[0], 0.0, False, 0)
        return jax.lax.while_loop(lambda state: ~state[3] & (state[4] < 60), go, start)[:2]

    many = jax.jit(jax.vmap(one))

    def run():
        eta, cost = many(logs)
        return np.asarray(eta), np.asarray(cost)

    return run


def main(peer, n, rounds):
    run = {"scipy": scipy_fit, "jax": jax_fit}[peer](work.sampled(n))
    eta, cost = run()
    took = []
    for _ in range(rounds):
        begun = process_time()
        eta, cost = run()
        took.append((process_time() - begun) / n)
    print(json.dumps({"seconds": took, "eta": eta[:SHOWN].tolist(), "cost": cost[:SHOWN].tolist()}))


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]))
