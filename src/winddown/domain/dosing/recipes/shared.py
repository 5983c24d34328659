"""Figures that more than one recipe uses."""

from __future__ import annotations

from winddown.domain.dosing.protocol import Concentrations, Ratio
from winddown.domain.figures import Figure

LBL_INJ = "LBL-INJ"
SAFETY = "clinical rules, section 0 item 4"
DERS = "clinical rules, section 8.3"
OUTPATIENT_CEILING = Figure(1, "mg/kg/h", "outpatient default between SCHW18-GC (1) and COHEN18-GC (2)", "derived")

RATIO = Ratio(
    ask_below=Figure(0.8, "1", SAFETY, "derived"),
    ask_above=Figure(1.25, "1", SAFETY, "derived"),
    stop_below=Figure(0.5, "1", SAFETY, "derived"),
    stop_above=Figure(2, "1", SAFETY, "derived"),
)

CONCENTRATIONS = Concentrations(
    listed=(Figure(1, "mg/mL", LBL_INJ, "published"), Figure(2, "mg/mL", LBL_INJ, "published")),
    minimum=Figure(0.5, "mg/mL", "ISMP12: a custom concentration needs a hard minimum; half the weakest listed", "derived"),
    maximum=Figure(2, "mg/mL", "outpatient maximum, clinical rules, section 8.2", "derived"),
    apart_percent=Figure(10, "%", "CMAJ08: more than 10 % counts as a preparation error", "published"),
)

BMI_30 = Figure(30, "kg/m2", "SINGH19", "published")
USE_BY = Figure(4, "h", "immediate use of a compounded sterile preparation; confirm with the pharmacy", "unverified")
SIX_HOURS = Figure(360, "min", DERS, "derived")
EVERY_DOSE = Figure(100, "%", "the full dose", "derived")
