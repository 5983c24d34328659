"""CRPS, outpatient: four hours a day on ten days, stepped up over the first days (Schwartzman 2009)."""

from __future__ import annotations

from winddown.domain.dosing.protocol import AsNeeded, Caps, Dosing, Phase, Protocol, Step, Tiers
from winddown.domain.dosing.recipes.shared import (
    BMI_30,
    CONCENTRATIONS,
    DERS,
    OUTPATIENT_CEILING,
    RATIO,
    SIX_HOURS,
)
from winddown.domain.figures import Figure

SOURCE = "SCHWZ09; NCT00579085"
STEPPED = "SCHWZ09: stepped up over the first days; the fractions are not in the text seen"


def _fraction(percent: float) -> Figure:
    return Figure(percent, "%", STEPPED, "unverified")


PROTOCOL = Protocol(
    key="crps-outpatient-4h",
    name="CRPS outpatient, 4 hours on 10 days",
    version=1,
    indication="Complex regional pain syndrome",
    drug_form="racemic",
    track="pain",
    dosing=Dosing(
        phases=(
            Phase(
                "Four hours",
                Figure(0.35, "mg/kg/h", SOURCE, "published"),
                Figure(240, "min", SOURCE, "published"),
            ),
        ),
        steps=(
            Step("Session 1", 1, _fraction(50)),
            Step("Session 2", 2, _fraction(75)),
            Step("From session 3", 3, Figure(100, "%", SOURCE, "published")),
        ),
        sessions=Figure(10, "1", SOURCE, "published"),
        caps=Caps(mg_per_h=Figure(25, "mg/h", SOURCE, "published")),
        limits={
            "rate_mg_per_kg_per_h": Tiers(
                low_stop=Figure(0.01, "mg/kg/h", "a fifth of the lowest starting rate in KETC2", "derived"),
                low_ask=Figure(0.05, "mg/kg/h", "lowest starting rate in KETC2", "published"),
                ask=Figure(0.35, "mg/kg/h", SOURCE, "published"),
                two_signatures=Figure(0.5, "mg/kg/h", DERS, "derived"),
                stop=OUTPATIENT_CEILING,
            ),
            "rate_mg_per_h": Tiers(
                ask=Figure(25, "mg/h", SOURCE, "published"),
                two_signatures=Figure(40, "mg/h", DERS, "derived"),
                stop=Figure(100, "mg/h", DERS, "derived"),
            ),
            "total_mg": Tiers(
                ask=Figure(100, "mg", SOURCE, "published"),
                two_signatures=Figure(200, "mg", DERS, "derived"),
                stop=Figure(400, "mg", "twice the ceiling", "derived"),
            ),
            "bolus_mg_per_kg": Tiers(stop=Figure(0.35, "mg/kg", "COHEN18-GC", "published")),
            "minutes": Tiers(
                low_ask=Figure(120, "min", "half the published four hours", "derived"),
                ask=Figure(240, "min", SOURCE, "published"),
                stop=SIX_HOURS,
            ),
        },
        ratio=RATIO,
        concentrations=CONCENTRATIONS,
        weight_bases=("actual", "ideal", "adjusted"),
        choose_basis_from_bmi=BMI_30,
        use_by_h=Figure(6, "h", "four hours of infusion and the preparation; confirm with the pharmacy", "unverified"),
        as_needed=(
            AsNeeded(
                key="midazolam-2mg-iv",
                drug="midazolam",
                route="intravenous",
                used_for="distress; the published protocol gave it in both arms",
                dose=Figure(2, "mg", "NCT00579085", "published"),
                maximum_doses=Figure(2, "1", "NCT00579085", "published"),
                allergy_words=("midazolam", "benzodiazepine"),
            ),
            AsNeeded(
                key="clonidine-0.1mg-oral",
                drug="clonidine",
                route="oral",
                used_for="pressure and comfort; keep pressure checks to discharge",
                dose=Figure(0.1, "mg", "NCT00579085", "published"),
                maximum_doses=Figure(1, "1", "NCT00579085", "published"),
                allergy_words=("clonidine",),
            ),
        ),
    ),
)
