"""W3: the most probable deviations of 1,000 persons from eight levels each, beside a solver's fit and a batched one.

`python benchmarks/fits.py`
"""

from __future__ import annotations

import statistics
from dataclasses import replace
from functools import partial
from time import process_time

import numpy as np
import side_by_side as side
import workloads as work

from winddown.domain.pharmacology import engine, models
from winddown.domain.pharmacology.level_fits import Doses, Samples, fit_levels
from winddown.domain.pharmacology.linear import Flow, assemble
from winddown.domain.pharmacology.population import People

PERSONS = 1_000
PEERS = {"scipy": (5, 1, 10_000.0), "jax": (PERSONS, 3, 2.0)}
WORDS = {"scipy": "scipy least_squares over odeint (1e-8)", "jax": "JAX jacfwd, vmap of 1,000"}


def build(values):
    v = values["V1"]
    flows = [
        Flow("plasma", "fast", values["k12"]), Flow("fast", "plasma", values["k21"]), Flow("plasma", "slow", values["k13"]),
        Flow("slow", "plasma", values["k31"]), Flow("plasma", None, values["k10"]),
    ]  # fmt: skip
    return (assemble("ketamine", "plasma", flows, {"ketamine": ("plasma", v, 1.0)}, v.size),)


def model():
    """The work's six parameters as a model of ours; of the model it is made from, only the card is left."""
    etas = {name: (name,) for name in work.FITTED}
    typical = {name: work.TYPICAL[name] for name in work.FITTED}
    return replace(
        models.get("pk_rac_domino"), table=(), typical=lambda patient: typical, build=build, etas=etas, omega=np.eye(6) * work.SPREAD**2
    )


def asked(n: int):
    """Arguments of the public call for the first n persons."""
    edges = np.array([0.0, work.FIT_OVER_MIN])
    doses = Doses("racemic", np.arange(n + 1) * 2, np.tile(edges, n), np.tile([work.FIT_MG_PER_MIN, 0.0], n))
    at = work.FIT_AT
    samples = Samples(np.arange(n + 1) * at.size, np.tile(at, n), work.sampled(n).ravel() * 1000.0)
    return People(np.full(n, 70.0), np.full(n, 40), np.zeros(n, dtype=bool)), doses, samples


def main() -> None:
    side.on_one_core()
    engine.warm()
    shape, many, one = model(), asked(PERSONS), asked(1)

    def fit(what):
        return fit_levels(shape, *what, analyte="ketamine", log_error=work.FIT_ERROR)

    found = fit(many)
    rows = []
    for name, (n, rounds, goal) in PEERS.items():
        beside = side.in_turn(lambda: side.ours(lambda: fit(many), PERSONS, 5), partial(side.asked_of, "fit.py", name, n, rounds))
        answer = beside.answer
        shown = len(answer["eta"])
        gap = np.abs(found.eta[:shown] - answer["eta"]).max()
        rows.append(
            {
                "peer": WORDS[name],
                "peer us": f"{beside.peer * 1e6:,.0f}",
                "ours us": f"{beside.ours * 1e6:.1f}",
                "ratio": f"{beside.ratio:,.1f}",
                "goal": goal,
                "largest difference of a deviation": f"{gap:.0e}",
                "our half squares over the peer's": f"{(found.objective[:shown] - answer['cost']).max():.0e}",
            }
        )
        side.kept_goal("W3: times faster, one core each", beside.ratio, goal, peer=WORDS[name], accuracy=f"deviations differ by {gap:.0e}")
    side.told(f"W3: microseconds of one core per fit, six deviations, eight levels; {found.rounds.mean():.1f} rounds on average", rows)
    alone = []
    for _ in range(50):
        begun = process_time()
        fit(one)
        alone.append(process_time() - begun)
    print(f"One person alone through the public call: {statistics.median(alone) * 1e6:.0f} us; settled: {found.settled.mean():.1%}")


if __name__ == "__main__":
    main()
