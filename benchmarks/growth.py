"""What a population costs, against how many patients and how many times: a table and a figure. `python benchmarks/growth.py`"""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import side_by_side as side
import workloads as work
from work_shape import shape

from winddown.domain.pharmacology import engine
from winddown.domain.pharmacology.compartments import concentrations
from winddown.domain.pharmacology.linear import LinearSystem, Output

FIGURE = Path(__file__).resolve().parent.parent / "docs" / "images" / "population-cost.svg"
PATIENTS, TIMES = (1, 10, 100, 1_000, 10_000), (10, 100, 1_000, 10_000)
ROADS = {"kernels": engine.compiled_levels, "numpy": concentrations}


def cut(system: LinearSystem, n: int) -> LinearSystem:
    outputs = {name: Output(output.state, output.ng_per_ml_per_mg[:n]) for name, output in system.outputs.items()}
    return replace(system, rates=system.rates[:n], outputs=outputs)


def measured() -> list[dict[str, object]]:
    system, given, _ = shape(PATIENTS[-1], work.afternoon())
    rows: list[dict[str, object]] = []
    for road, levels in ROADS.items():
        for n in PATIENTS:
            rows.append(row(road, levels, cut(system, n), given, 100, 10_000 if road == "kernels" else 1_000))
        for m in TIMES:
            rows.append(row(road, levels, cut(system, 100), given, m, 10_000))
    return [each for each in rows if each]


def row(road, levels, system, given, m: int, most: int) -> dict[str, object]:
    if system.patients > most:
        return {}
    at = np.linspace(0.0, 240.0, m)
    took = min(side.ours(lambda: levels(system, given, at), system.patients, 3))
    return {"road": road, "patients": system.patients, "times": m, "microseconds per patient": round(took * 1e6, 1)}


def drawn(rows: list[dict[str, object]]) -> str:
    import vl_convert

    color = {"field": "road", "type": "nominal", "legend": {"orient": "top", "title": None}}
    y = {"field": "microseconds per patient", "type": "quantitative", "scale": {"type": "log"}, "title": "processor µs per patient"}

    def panel(field: str, keep: str, title: str) -> dict[str, object]:
        x = {"field": field, "type": "quantitative", "scale": {"type": "log"}, "title": title}
        return {
            "width": 280,
            "height": 200,
            "transform": [{"filter": keep}],
            "mark": {"type": "line", "point": True},
            "encoding": {"x": x, "y": y, "color": color},
        }

    spec = {
        "$schema": "https://vega.github.io/schema/vega-lite/v5.json",
        "description": "Processor time per patient against the number of patients and the number of times",
        "data": {"values": rows},
        "hconcat": [
            panel("patients", "datum.times == 100", "patients (100 times)"),
            panel("times", "datum.patients == 100", "times (100 patients)"),
        ],
        "config": {"font": "sans-serif", "background": "white"},
    }
    return vl_convert.vegalite_to_svg(json.dumps(spec))


def main() -> None:
    side.on_one_core()
    engine.warm()
    rows = measured()
    side.told("Cost of a population: one core, twelve rates, three outputs", rows)
    FIGURE.write_text(drawn(rows), encoding="utf-8")


if __name__ == "__main__":
    main()
