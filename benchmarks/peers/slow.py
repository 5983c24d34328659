"""W4 by libroadrunner: `python slow.py N ROUNDS` prints processor seconds per patient and each patient's effect at all times."""

from __future__ import annotations

import json
import sys
from time import process_time

import answer
import numpy as np
import workloads as work
from roadrunner import RoadRunner

MATH = 'xmlns="http://www.w3.org/1998/Math/MathML"'
DRIVEN = f"""
<rateRule variable="T"><math {MATH}><apply><times/><ci>ktol</ci><apply><minus/><ci>site</ci><ci>T</ci></apply></apply></math></rateRule>
<rateRule variable="R"><math {MATH}><apply><times/><ci>kout</ci><apply><minus/><apply><plus/><cn>1</cn>
  <apply><divide/><apply><times/><ci>Smax</ci><apply><power/><apply><abs/><ci>site</ci></apply><ci>gamma</ci></apply></apply>
  <apply><plus/><apply><power/><apply><abs/><ci>site</ci></apply><ci>gamma</ci></apply>
  <apply><power/><apply><times/><ci>EC50</ci><apply><plus/><cn>1</cn><apply><divide/><ci>T</ci><ci>T50</ci></apply></apply></apply>
  <ci>gamma</ci></apply></apply></apply></apply><ci>R</ci></apply></apply></math></rateRule>"""


def model() -> str:
    more = "".join(f'<parameter id="{name}" value="1" constant="false"/>' for name in ("T", "R", *work.SLOW))
    return answer._sbml().replace("</listOfParameters>", f"{more}</listOfParameters>").replace("</listOfRules>", f"{DRIVEN}</listOfRules>")


def main(n: int, rounds: int) -> None:
    engine, rates, own = RoadRunner(model()), work.rates(work.patients(n)), work.slow_effects(n)
    engine.integrator.relative_tolerance, engine.integrator.absolute_tolerance = 1e-8, 1e-10
    engine.timeCourseSelections = ["time", "R"]
    edges, given, _ = work.month()
    at = work.SLOW_AT
    cut = [(rate, np.unique(np.concatenate([[a], at[(at >= a) & (at <= b)], [b]]))) for a, b, rate in work.pieces(edges, given, at[-1])]
    places = np.searchsorted(np.concatenate([minutes for _, minutes in cut]), at)

    def one(patient: int) -> np.ndarray:
        engine.reset()
        for i, state in enumerate(work.STATES):
            engine[state] = 0.0
            for j in range(6):
                if rates[patient, i, j] != 0.0:
                    engine[f"r{i}{j}"] = rates[patient, i, j]
        for name, values in own.items():
            engine[name] = values[patient]
        engine["T"], engine["R"], found = 0.0, 1.0, []
        for rate, minutes in cut:
            engine["u"] = rate
            found.append(np.asarray(engine.simulate(times=minutes))[:, 1])
        return np.concatenate(found)[places]

    effect = [one(patient) for patient in range(n)]
    took = []
    for _ in range(rounds):
        begun = process_time()
        effect = [one(patient) for patient in range(n)]
        took.append((process_time() - begun) / n)
    print(json.dumps({"seconds": took, "effect": np.array(effect).tolist()}))


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]))
