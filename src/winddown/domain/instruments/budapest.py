"""Budapest criteria for CRPS, in our own words: what the patient reports, what the examiner sees, and no better explanation."""

from __future__ import annotations

from collections.abc import Mapping

from winddown.domain.instruments import common
from winddown.domain.instruments.instrument import Instrument, Item, License, Outcome, both
from winddown.domain.instruments.scoring import Sum

CATEGORIES = ("sensory", "vasomotor", "sudomotor", "motor")
SYMPTOMS, SIGNS = tuple(f"symptom_{key}" for key in CATEGORIES), tuple(f"sign_{key}" for key in CATEGORIES)
CLINICAL_SYMPTOMS = common.points(3, "BUD-BMC", unit="1")
CLINICAL_SIGNS = common.points(2, "BUD-BMC", unit="1")
RESEARCH_SYMPTOMS = common.points(4, "HARD10", unit="1")
_WORDS = {
    "sensory": (
        "sensation: touch or a light prick hurts too much",
        "sensibilidad: el roce o un pinchazo leve duele demasiado",
    ),
    "vasomotor": (
        "temperature or skin color differs between the sides",
        "la temperatura o el color de la piel difiere entre los lados",
    ),
    "sudomotor": ("swelling, or sweating that differs between the sides", "hinchazón, o sudor que difiere entre los lados"),
    "motor": (
        "less movement, weakness, tremor or dystonia, or changes of hair, nails or skin",
        "menos movimiento, debilidad, temblor o distonía, o cambios del vello, las uñas o la piel",
    ),
}
_ALL = Sum((*SYMPTOMS, *SIGNS))


def variants_met(symptoms: float, signs: float, *, frame: bool) -> tuple[bool, bool]:
    """Whether the clinical and the research variant are met.

    symptoms, signs  categories told and seen, of 4
    frame            continuing pain out of proportion, and no better diagnosis
    """
    seen = frame and signs >= CLINICAL_SIGNS.value
    return seen and symptoms >= CLINICAL_SYMPTOMS.value, seen and symptoms >= RESEARCH_SYMPTOMS.value


def _rule(values: Mapping[str, float]) -> Outcome:
    """The number of categories present, and which variant of the criteria is met. Every answer is needed."""
    lacking = tuple(key for key in ("pain", *SYMPTOMS, *SIGNS, "no_better") if key not in values)
    counted = _ALL(values).value
    if lacking or counted is None:
        return Outcome(None, lacking)
    symptoms, signs = sum(values[key] for key in SYMPTOMS), sum(values[key] for key in SIGNS)
    clinical, research = variants_met(symptoms, signs, frame=values["pain"] == 1 and values["no_better"] == 1)
    told = ("clinical_met" if clinical else "clinical_not_met", "research_met" if research else "research_not_met")
    return Outcome(counted, parts={"symptoms": symptoms, "signs": signs}, findings=told)


BUDAPEST = Instrument(
    key="budapest",
    version="1",
    name=both("Budapest criteria for CRPS", "Criterios de Budapest para SDRC"),
    purpose=both("whether the criteria for CRPS are met", "si se cumplen los criterios de SDRC"),
    rater="clinician",
    items=(
        Item(
            "pain",
            both("Continuing pain out of proportion to its cause", "Dolor continuo desproporcionado a su causa"),
            choices=common.YES_NO,
        ),
        *(
            Item(
                f"symptom_{key}",
                both(f"The patient reports {_WORDS[key][0]}", f"El paciente refiere {_WORDS[key][1]}"),
                choices=common.YES_NO,
            )
            for key in CATEGORIES
        ),
        *(
            Item(
                f"sign_{key}",
                both(f"Seen at the examination: {_WORDS[key][0]}", f"Visto en el examen: {_WORDS[key][1]}"),
                choices=common.YES_NO,
            )
            for key in CATEGORIES
        ),
        Item("no_better", both("No other diagnosis explains it better", "Ningún otro diagnóstico lo explica mejor"), choices=common.YES_NO),
        Item(
            "warmer_c",
            both("Temperature difference between the sides", "Diferencia de temperatura entre los lados"),
            "number",
            low=0,
            high=10,
            step=0.1,
            unit="Cel",
            optional=True,
        ),
    ),
    rule=_rule,
    low=0,
    high=8,
    license=License("free", "Criteria, paraphrased.", "BUD-BMC"),
    recall=common.NOW,
    recall_days=0,
    minimum_interval_days=common.every(1, "an examination"),
    parts={
        "symptoms": both("categories reported (of 4)", "categorías referidas (de 4)"),
        "signs": both("categories seen (of 4)", "categorías vistas (de 4)"),
    },
    findings={
        "clinical_met": both("Clinical criteria met", "Criterios clínicos cumplidos"),
        "clinical_not_met": both("Clinical criteria not met on these answers", "Criterios clínicos no cumplidos con estas respuestas"),
        "research_met": both("Research criteria met", "Criterios de investigación cumplidos"),
        "research_not_met": both(
            "Research criteria not met on these answers", "Criterios de investigación no cumplidos con estas respuestas"
        ),
    },
    translations=(common.OWN_ENGLISH, common.OWN_SPANISH),
    notes=(
        "Clinical: symptoms in 3 of 4 categories, signs in 2 of 4. Research: symptoms in all 4, signs in 2.",
        "A vasomotor sign is a difference of more than 1 Cel (BUD-UK).",
        "The number of categories is not the severity: see the CRPS severity score.",
    ),
)
