"""How a peer is asked: `python answer.py PEER WORK N ROUNDS` prints processor seconds per patient and some numbers to check.

Runs in an environment of its own (requirements.txt beside it). Setting up, compiling and one warm run are not counted.
"""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from time import perf_counter, process_time

for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ[name] = "1"
os.environ["XLA_FLAGS"] = "--xla_cpu_multi_thread_eigen=false intra_op_parallelism_threads=1"
os.sched_setaffinity(0, {sorted(os.sched_getaffinity(0))[0]})
sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import numpy as np  # noqa: E402 - one thread is chosen above
import workloads as work  # noqa: E402 - needs the path above

CHECKED = (10, 300, 900, -1)  # places among the times


def roadrunner(what, who, rates):
    """CVODE, rtol 1e-8, atol 1e-10; restarted at each change of rate, as its users do."""
    from roadrunner import RoadRunner

    engine = RoadRunner(_sbml())
    engine.integrator.relative_tolerance, engine.integrator.absolute_tolerance = 1e-8, 1e-10
    edges, given, times = what
    cut = [
        (rate, np.unique(np.concatenate([[a], times[(times >= a) & (times <= b)], [b]])))
        for a, b, rate in work.pieces(edges, given, times[-1])
    ]

    def one(patient):
        engine.reset()
        for i in range(6):
            engine[work.STATES[i]] = 0.0
            for j in range(6):
                if rates[patient, i, j] != 0.0:
                    engine[f"r{i}{j}"] = rates[patient, i, j]
        found = []
        for rate, at in cut:
            engine["u"] = rate
            found.append(np.asarray(engine.simulate(times=at))[:, 1:])
        return np.concatenate(found), np.concatenate([at for _, at in cut])

    def run():
        return [one(patient) for patient in range(rates.shape[0])]

    def levels(found, patient):
        values, at = found[patient]
        return values[np.searchsorted(at, times[list(CHECKED)])][:, [0, 3, 5]]

    return run, levels


def _sbml():
    rules = []
    pattern = work.rates(work.patients(1))[0] != 0.0
    names = [f"r{i}{j}" for i in range(6) for j in range(6) if pattern[i, j]]
    for i, state in enumerate(work.STATES):
        terms = "".join(f"<apply><times/><ci>r{i}{j}</ci><ci>{work.STATES[j]}</ci></apply>" for j in range(6) if pattern[i, j]) + (
            "<ci>u</ci>" if i == 0 else ""
        )
        rules.append(
            f'<rateRule variable="{state}"><math xmlns="http://www.w3.org/1998/Math/MathML"><apply><plus/>{terms}</apply></math></rateRule>'
        )
    parameters = "".join(f'<parameter id="{name}" value="0" constant="false"/>' for name in (*work.STATES, *names, "u"))
    return (
        '<sbml xmlns="http://www.sbml.org/sbml/level3/version1/core" level="3" version="1"><model>'
        f"<listOfParameters>{parameters}</listOfParameters><listOfRules>{''.join(rules)}</listOfRules></model></sbml>"
    )


def scipy_lsoda(what, who, rates):
    """scipy.integrate.odeint, rtol 1e-8, restarted at each change of rate."""
    from scipy.integrate import odeint

    edges, given, times = what
    cut = [
        (rate, np.unique(np.concatenate([[a], times[(times >= a) & (times <= b)], [b]])))
        for a, b, rate in work.pieces(edges, given, times[-1])
    ]

    def one(patient):
        matrix, state, found = rates[patient], np.zeros(6), []
        for rate, at in cut:
            push = np.array([rate, 0, 0, 0, 0, 0])
            solved = odeint(lambda x, _t, push=push: matrix @ x + push, state, at, rtol=1e-8, atol=1e-10, mxstep=100_000)
            found.append(solved)
            state = solved[-1]
        return np.concatenate(found), np.concatenate([at for _, at in cut])

    def run():
        return [one(patient) for patient in range(rates.shape[0])]

    def levels(found, patient):
        values, at = found[patient]
        return values[np.searchsorted(at, times[list(CHECKED)])][:, [0, 3, 5]]

    return run, levels


def diffrax(what, who, rates):
    """Kvaerno5, rtol 1e-6, atol 1e-9, all patients at once (vmap), steps ending at each change of rate."""
    import diffrax as d
    import jax
    import jax.numpy as jnp

    jax.config.update("jax_enable_x64", True)
    edges, given, times = (jnp.asarray(part) for part in what)
    padded = jnp.concatenate([jnp.zeros(1), given, jnp.zeros(1)])

    def field(t, x, matrix):
        return matrix @ x + jnp.zeros(6).at[0].set(padded[jnp.searchsorted(edges, t, side="right")])

    def one(matrix):
        control = d.ClipStepSizeController(d.PIDController(rtol=1e-6, atol=1e-9), jump_ts=edges)
        return d.diffeqsolve(
            d.ODETerm(field), d.Kvaerno5(), 0.0, float(what[2][-1]), 0.01, jnp.zeros(6), matrix,
            saveat=d.SaveAt(ts=times), stepsize_controller=control, max_steps=200_000,
        ).ys  # fmt: skip

    many = jax.jit(jax.vmap(one))
    matrices = jnp.asarray(rates)

    def run():
        return np.asarray(many(matrices))

    return run, lambda found, patient: found[patient][list(CHECKED)][:, [0, 3, 5]]


def pas(what, who, rates):
    """Python_Anesthesia_Simulator: its own propofol patient (three compartments, effect sites), as many times. Speed only."""
    import python_anesthesia_simulator as simulator

    edges, given, times = what
    rate = given[np.clip(np.searchsorted(edges, times, side="right") - 1, 0, given.size - 1)]

    def run():
        patient = simulator.Patient([40, 170, 70, 0], ts=10.0)
        return patient.full_sim(u_propo=rate)

    return run, lambda found, patient: np.zeros((len(CHECKED), 3))


PEERS = {"roadrunner": roadrunner, "scipy": scipy_lsoda, "diffrax": diffrax, "pas": pas}


def main(peer, name, n, rounds):
    what = {"W1": work.month, "W2": work.afternoon}[name]()
    who = work.patients(n)
    begun = perf_counter()
    run, levels = PEERS[peer](what, who, work.rates(who))
    found = run()
    ready = perf_counter() - begun
    took = []
    for _ in range(rounds):
        begun = process_time()
        found = run()
        took.append((process_time() - begun) / n)
    checked = [np.asarray(levels(found, patient)).tolist() for patient in range(min(n, 3))]
    print(json.dumps({"seconds": took, "ready_s": ready, "checked": checked}))


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], int(sys.argv[3]), int(sys.argv[4]))
