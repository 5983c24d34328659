"""Total ketamine of children, two compartments: Herd and Anderson, Paediatr Anaesth 2007.

Present for comparison; refused for adults. The same authors' norketamine paper has a clearance a third lower from another data set.
"""

from __future__ import annotations

from winddown.domain.pharmacology.model import Limit, Parameter
from winddown.domain.pharmacology.models.children import of_children

SOURCE = "10.1111/j.1460-9592.2006.02145.x, as in one open code"

TABLE = (
    Parameter("CL", 90.0, "L/h/70kg", SOURCE, "B"),
    Parameter("V1", 38.7, "L/70kg", SOURCE, "B"),
    Parameter("Q2", 215.0, "L/h/70kg", SOURCE, "B"),
    Parameter("V2", 102.0, "L/70kg", SOURCE, "B"),
)

MODEL = of_children(
    "pk_rac_herd2007_children",
    "Herd 2007, racemic ketamine in children",
    table=TABLE,
    citation="Herd D, Anderson BJ. Paediatr Anaesth 2007",
    doi="10.1111/j.1460-9592.2006.02145.x",
    population="children of 1 to 14 years, 10.8 to 74.8 kg",
    studied="procedural sedation",
    weight_kg=Limit("Weight", 10.8, 74.8, "kg", f"studied in {SOURCE}"),
    age_years=Limit("Age", 1, 14, "years", f"studied in {SOURCE}"),
)
