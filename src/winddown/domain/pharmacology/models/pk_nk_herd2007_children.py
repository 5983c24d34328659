"""Total ketamine with its two ways out, children and adults: Herd et al., Paediatr Anaesth 2007, the norketamine paper.

Only the parent can be run: the volume of norketamine, which the paper assumed, was not read, so its level is not drawn. The total
clearance, 60 L/h, conflicts with the 90 L/h of the same authors' other data set.
"""

from __future__ import annotations

from winddown.domain.pharmacology.model import Limit, Parameter, Patient
from winddown.domain.pharmacology.models.children import of_children
from winddown.domain.pharmacology.models.shapes import by_theory

SOURCE = "10.1111/j.1460-9592.2007.02257.x, abstract as in an extracted record"

TABLE = (
    Parameter("V1", 22.0, "L/70kg", SOURCE, "C"),
    Parameter("V2", 129.0, "L/70kg", SOURCE, "C"),
    Parameter("Q2", 216.0, "L/h/70kg", SOURCE, "C"),
    Parameter("CL_other", 47.8, "L/h/70kg", SOURCE, "C", note="every way out but norketamine"),
    Parameter("CL_to_NK", 12.4, "L/h/70kg", SOURCE, "C", note="into norketamine"),
    Parameter("NK_CL", 13.5, "L/h/70kg", SOURCE, "C", note="not used: the volume of norketamine was not read"),
)


def typical(patient: Patient) -> dict[str, float]:
    """Scaled by theory; what leaves is the sum of the two ways out."""
    scaled = by_theory(TABLE)(patient)
    return {**scaled, "CL": scaled["CL_other"] + scaled["CL_to_NK"]}


MODEL = of_children(
    "pk_nk_herd2007_children",
    "Herd 2007, ketamine and its way to norketamine",
    table=TABLE,
    citation="Herd DW et al. Modeling the norketamine metabolite. Paediatr Anaesth 2007",
    doi="10.1111/j.1460-9592.2007.02257.x",
    population="children and adults",
    studied="intravenous racemic ketamine",
    weight_kg=Limit("Weight", 0, 100, "kg", "the weights studied were not read"),
    age_years=Limit("Age", 0, 18, "years", "children and adults together; ages not read"),
    typical=typical,
)
