"""CRPS severity score: 16 features, eight reported and eight seen."""

from __future__ import annotations

from winddown.domain.instruments import common
from winddown.domain.instruments.instrument import Change, Instrument, Item, License, both
from winddown.domain.instruments.scoring import Sum

_SYMPTOMS = (
    ("s_pain", "continuing pain out of proportion", "dolor continuo desproporcionado"),
    ("s_touch", "touch or a prick hurts too much", "el roce o un pinchazo duele demasiado"),
    ("s_temperature", "temperature differs between the sides", "la temperatura difiere entre los lados"),
    ("s_color", "skin color differs or changes", "el color de la piel difiere o cambia"),
    ("s_sweat", "sweating differs between the sides", "el sudor difiere entre los lados"),
    ("s_swelling", "swelling", "hinchazón"),
    ("s_trophic", "changes of hair, nails or skin", "cambios del vello, las uñas o la piel"),
    ("s_motor", "weakness, tremor, dystonia or less movement", "debilidad, temblor, distonía o menos movimiento"),
)
_SIGNS = (
    ("g_pinprick", "pinprick hurts too much", "el pinchazo duele demasiado"),
    ("g_allodynia", "light touch or movement hurts", "el roce suave o el movimiento duele"),
    ("g_temperature", "temperature differs between the sides", "la temperatura difiere entre los lados"),
    ("g_color", "skin color differs", "el color de la piel difiere"),
    ("g_sweat", "sweating differs", "el sudor difiere"),
    ("g_swelling", "swelling", "hinchazón"),
    ("g_trophic", "changes of hair, nails or skin", "cambios del vello, las uñas o la piel"),
    ("g_motor", "weakness, tremor, dystonia or less movement", "debilidad, temblor, distonía o menos movimiento"),
)
_S, _G = tuple(row[0] for row in _SYMPTOMS), tuple(row[0] for row in _SIGNS)

CRPS_SEVERITY = Instrument(
    key="crps-severity",
    version="1",
    name=both("CRPS severity score", "Puntaje de gravedad del SDRC"),
    purpose=both("how many features of CRPS are present", "cuántos rasgos del SDRC están presentes"),
    rater="clinician",
    items=(
        *(Item(key, both(f"Reported: {english}", f"Referido: {spanish}"), choices=common.YES_NO) for key, english, spanish in _SYMPTOMS),
        *(Item(key, both(f"Seen: {english}", f"Visto: {spanish}"), choices=common.YES_NO) for key, english, spanish in _SIGNS),
    ),
    rule=Sum((*_S, *_G), parts={"symptoms": _S, "signs": _G}),
    low=0,
    high=16,
    license=License("free", "Features, paraphrased.", "CSS17"),
    recall=common.NOW,
    recall_days=0,
    minimum_interval_days=common.every(7, "an examination"),
    change=Change(reliable=common.points(4.9, "CSS17")),
    takes_total=True,
    parts={"symptoms": both("reported (of 8)", "referidos (de 8)"), "signs": both("seen (of 8)", "vistos (de 8)")},
    translations=(common.OWN_ENGLISH, common.OWN_SPANISH),
    notes=("A feature that was not assessed leaves the score incomplete; nothing is filled in.",),
)
