"""Total ketamine of children, two compartments: Hornik et al., J Clin Pharmacol 2018.

Its clearance is less than half of every other set here. Present for comparison; refused for adults.
"""

from __future__ import annotations

from winddown.domain.pharmacology.model import Limit, Parameter
from winddown.domain.pharmacology.models.children import of_children

SOURCE = "10.1002/jcph.1116, as in one open code"

TABLE = (
    Parameter("CL", 38.9, "L/h/70kg", SOURCE, "B"),
    Parameter("V1", 32.8, "L/70kg", SOURCE, "B"),
    Parameter("Q2", 54.9, "L/h/70kg", SOURCE, "B"),
    Parameter("V2", 152.0, "L/70kg", SOURCE, "B"),
)

MODEL = of_children(
    "pk_rac_hornik2018",
    "Hornik 2018, racemic ketamine in children",
    table=TABLE,
    citation="Hornik CP et al. J Clin Pharmacol 2018",
    doi="10.1002/jcph.1116",
    population="children up to 18 years, 2 to 176 kg",
    studied="intravenous and intramuscular doses",
    weight_kg=Limit("Weight", 2, 176, "kg", f"studied in {SOURCE}"),
    age_years=Limit("Age", 0, 18, "years", f"studied in {SOURCE}"),
)
