"""Total ketamine of 57 children, two compartments: Sherwin et al., Paediatr Anaesth 2015;25:211-216.

Variation between children ran from 34 to 98% (abstract), not given parameter by parameter where it was read. Refused for adults.
"""

from __future__ import annotations

from winddown.domain.pharmacology.model import Limit, Parameter
from winddown.domain.pharmacology.models.children import of_children

SOURCE = "10.1111/pan.12521"

TABLE = (
    Parameter("CL", 87.9, "L/h/70kg", SOURCE, "A"),
    Parameter("V1", 20.5, "L/70kg", SOURCE, "A"),
    Parameter("Q2", 87.3, "L/h/70kg", SOURCE, "A"),
    Parameter("V2", 220.0, "L/70kg", SOURCE, "A"),
)

MODEL = of_children(
    "pk_rac_sherwin2015_children",
    "Sherwin 2015, racemic ketamine in children",
    table=TABLE,
    citation="Sherwin CMT et al. Paediatr Anaesth 2015;25:211-216",
    doi="10.1111/pan.12521",
    population="57 children; ages and weights were not read",
    studied="1 to 1.5 mg/kg IV bolus",
    weight_kg=Limit("Weight", 0, 100, "kg", "children; the weights studied were not read"),
    age_years=Limit("Age", 0, 18, "years", f"children, {SOURCE}"),
)
