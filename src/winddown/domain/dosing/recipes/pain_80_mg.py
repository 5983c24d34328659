"""Chronic pain: at least 80 mg over more than two hours, bounded by weight (guideline of the pain societies, 2018)."""

from __future__ import annotations

from winddown.domain.dosing.protocol import Caps, Dosing, Phase, Protocol, Step, Tiers
from winddown.domain.dosing.recipes.shared import (
    BMI_30,
    CONCENTRATIONS,
    DERS,
    EVERY_DOSE,
    OUTPATIENT_CEILING,
    RATIO,
    SIX_HOURS,
    USE_BY,
)
from winddown.domain.figures import Figure

SOURCE = "COHEN18-GC"
LONGER_THAN_TWO_HOURS = Figure(150, "min", "COHEN18-GC: more than two hours; the half hour more is ours", "derived")

PROTOCOL = Protocol(
    key="pain-80mg-150min",
    name="Chronic pain, 80 mg over 2.5 hours",
    version=1,
    indication="Chronic neuropathic pain",
    drug_form="racemic",
    track="pain",
    dosing=Dosing(
        phases=(Phase("Two and a half hours", Figure(80, "mg", SOURCE, "published"), LONGER_THAN_TWO_HOURS),),
        steps=(Step("Every session", 1, EVERY_DOSE),),
        sessions=Figure(1, "1", "COHEN18-GC names a total for one infusion; a series is the prescriber's", "derived"),
        caps=Caps(
            mg_per_kg_per_h=Figure(0.5, "mg/kg/h", "low end of the infusion range in COHEN18-GC, taken as the bound by weight", "derived"),
        ),
        limits={
            "rate_mg_per_kg_per_h": Tiers(
                low_stop=Figure(0.02, "mg/kg/h", "a fifth of the lower range in SCHW18-GC", "derived"),
                low_ask=Figure(0.1, "mg/kg/h", "SCHW18-GC: often 0.1-0.5", "published"),
                ask=Figure(0.5, "mg/kg/h", DERS, "derived"),
                two_signatures=Figure(0.75, "mg/kg/h", "half way from the ask limit to the outpatient ceiling", "derived"),
                stop=OUTPATIENT_CEILING,
            ),
            "rate_mg_per_h": Tiers(
                ask=Figure(40, "mg/h", DERS, "derived"),
                two_signatures=Figure(60, "mg/h", "one and a half times the ask limit", "derived"),
                stop=Figure(100, "mg/h", DERS, "derived"),
            ),
            "total_mg": Tiers(
                low_ask=Figure(40, "mg", "half the guideline's total", "derived"),
                ask=Figure(100, "mg", "a quarter above the guideline's total", "derived"),
                two_signatures=Figure(200, "mg", DERS, "derived"),
                stop=Figure(400, "mg", "twice the ceiling", "derived"),
            ),
            "bolus_mg_per_kg": Tiers(stop=Figure(0.35, "mg/kg", SOURCE, "published")),
            "minutes": Tiers(low_ask=Figure(120, "min", SOURCE, "published"), ask=Figure(300, "min", "AMR10", "published"), stop=SIX_HOURS),
        },
        ratio=RATIO,
        concentrations=CONCENTRATIONS,
        weight_bases=("actual", "ideal", "adjusted"),
        choose_basis_from_bmi=BMI_30,
        use_by_h=USE_BY,
    ),
)
