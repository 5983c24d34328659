"""What the published sets of children share: total ketamine in two compartments, scaled by theory from 70 kg, its spread borrowed."""

from __future__ import annotations

from collections.abc import Mapping

from winddown.domain.pharmacology.linear import Array, LinearSystem
from winddown.domain.pharmacology.model import Card, CompartmentModel, Limit, Parameter, Validity
from winddown.domain.pharmacology.models.borrowed import borrowed_omega
from winddown.domain.pharmacology.models.shapes import Typical, by_theory, parent_in_two

RANDOM = ("CL", "V1")


def of_children(
    model_id: str,
    name: str,
    *,
    table: tuple[Parameter, ...],
    citation: str,
    doi: str,
    population: str,
    studied: str,
    weight_kg: Limit,
    age_years: Limit,
    typical: Typical | None = None,
) -> CompartmentModel:
    """A set of CL, V1, Q2 and V2; `typical` where the table needs more than scaling."""
    return CompartmentModel(
        card=Card(
            model_id=model_id,
            name=name,
            version="1",
            citation=citation,
            doi=doi,
            population=population,
            studied=studied,
            sites=("unstated",),
            forms=("racemic",),
            ratings={"ketamine": "exploratory"},
            validity=Validity(weight_kg=weight_kg, age_years=age_years, plasma={}),
            outside_error="not compared: no published level of children is on file",
            spread="borrowed",
        ),
        table=table,
        typical=typical or by_theory(table),
        build=_build,
        etas={symbol: (symbol,) for symbol in RANDOM},
        omega=borrowed_omega(RANDOM),
    )


def _build(values: Mapping[str, Array]) -> tuple[LinearSystem, ...]:
    return parent_in_two(values, "ketamine")
