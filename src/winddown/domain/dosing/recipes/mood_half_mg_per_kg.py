"""Depression with or without pain: 0.5 mg/kg over 40 minutes, twice a week."""

from __future__ import annotations

from winddown.domain.dosing.protocol import Caps, Dosing, Phase, Protocol, Step, Tiers
from winddown.domain.dosing.recipes.shared import (
    BMI_30,
    CONCENTRATIONS,
    EVERY_DOSE,
    OUTPATIENT_CEILING,
    RATIO,
    USE_BY,
)
from winddown.domain.figures import Figure

SOURCE = "MUR13b"

PROTOCOL = Protocol(
    key="mood-half-mg-per-kg-40min",
    name="Mood, 0.5 mg/kg over 40 minutes",
    version=1,
    indication="Treatment-resistant depression",
    drug_form="racemic",
    track="mood",
    dosing=Dosing(
        phases=(Phase("Forty minutes", Figure(0.5, "mg/kg", SOURCE, "published"), Figure(40, "min", SOURCE, "published")),),
        steps=(Step("Every session", 1, EVERY_DOSE),),
        sessions=Figure(6, "1", SOURCE, "published"),
        caps=Caps(),
        limits={
            "rate_mg_per_kg_per_h": Tiers(
                low_stop=Figure(0.05, "mg/kg/h", "a third of the lowest dose in FAVA18", "derived"),
                low_ask=Figure(0.15, "mg/kg/h", "FAVA18: 0.1 mg/kg over 40 min", "unverified"),
                ask=Figure(0.75, "mg/kg/h", "MUR13b: 0.5 mg/kg over 40 min", "derived"),
                two_signatures=Figure(0.9, "mg/kg/h", "0.6 mg/kg over 40 min", "derived"),
                stop=OUTPATIENT_CEILING,
            ),
            "rate_mg_per_h": Tiers(
                ask=Figure(75, "mg/h", "the protocol at 100 kg", "derived"),
                two_signatures=Figure(100, "mg/h", "the protocol at 133 kg", "derived"),
                stop=Figure(150, "mg/h", "the outpatient ceiling at 150 kg", "derived"),
            ),
            "total_mg_per_kg": Tiers(
                low_ask=Figure(0.1, "mg/kg", "FAVA18", "unverified"),
                ask=Figure(0.5, "mg/kg", SOURCE, "published"),
                two_signatures=Figure(0.6, "mg/kg", "a fifth above the protocol", "derived"),
                stop=Figure(1, "mg/kg", "FAVA18", "unverified"),
            ),
            "total_mg": Tiers(
                ask=Figure(50, "mg", "the protocol at 100 kg", "derived"),
                two_signatures=Figure(75, "mg", "the protocol at 150 kg", "derived"),
                stop=Figure(200, "mg", "clinical rules, section 8.3", "derived"),
            ),
            "bolus_mg_per_kg": Tiers(stop=Figure(0.35, "mg/kg", "COHEN18-GC", "published")),
            "minutes": Tiers(
                low_stop=Figure(20, "min", "half the published 40 min", "derived"),
                low_ask=Figure(40, "min", SOURCE, "published"),
                ask=Figure(100, "min", "SINGH19: slow variant", "published"),
                stop=Figure(240, "min", "six times the published 40 min", "derived"),
            ),
        },
        ratio=RATIO,
        concentrations=CONCENTRATIONS,
        weight_bases=("actual", "ideal", "adjusted"),
        choose_basis_from_bmi=BMI_30,
        use_by_h=USE_BY,
    ),
)
