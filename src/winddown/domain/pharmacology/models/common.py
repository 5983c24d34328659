"""Figures that several models share: molecular weights, the adult range, the concentration beyond which no model here holds."""

from __future__ import annotations

from winddown.domain.pharmacology.model import Limit, Parameter

KETAMINE_G_PER_MOL = Parameter("MW_ketamine", 237.73, "g/mol", "molecular formula C13H16ClNO (base)", "A")
NORKETAMINE_G_PER_MOL = Parameter("MW_norketamine", 223.70, "g/mol", "molecular formula C12H14ClNO (base)", "A")
HYDROXYNORKETAMINE_G_PER_MOL = Parameter("MW_hydroxynorketamine", 239.70, "g/mol", "molecular formula C12H14ClNO2 (base)", "A")

NORKETAMINE_PER_KETAMINE = NORKETAMINE_G_PER_MOL.value / KETAMINE_G_PER_MOL.value
HYDROXYNORKETAMINE_PER_KETAMINE = HYDROXYNORKETAMINE_G_PER_MOL.value / KETAMINE_G_PER_MOL.value

LARGEST_ADULT_STUDY = "Perez-Ruixo 2021, 820 adults, 10.1007/s40262-020-00953-4"
ADULT_AGE = Limit("Age", 18, 86, "years", LARGEST_ADULT_STUDY)
ADULT_WEIGHT = Limit("Weight", 39, 170, "kg", LARGEST_ADULT_STUDY)

# Every model here predicts anaesthetic exposures 30-45% too low (Idvall 1979 plateau): below this they have been checked.
PLASMA_CAP = Limit("Predicted ketamine", 0, 600, "ng/mL", "Idvall 1979, 10.1093/bja/51.12.1167: all models too low above it")
S_PLASMA_CAP = Limit("Predicted S-ketamine", 0, 600, "ng/mL", "Idvall 1979, 10.1093/bja/51.12.1167: all models too low above it")
