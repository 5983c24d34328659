"""Patient global impression of change, from 1 very much improved to 7 very much worse."""

from __future__ import annotations

from winddown.domain.instruments import common
from winddown.domain.instruments.instrument import Instrument, Item, License, both, choices
from winddown.domain.instruments.scoring import One

PGIC = Instrument(
    key="pgic",
    version="1",
    name=both("Overall change (PGIC)", "Cambio global (PGIC)"),
    purpose=both("how things are compared with before treatment", "cómo está todo en comparación con antes del tratamiento"),
    items=(
        Item(
            "change",
            both("Since the start of the treatment, my overall status is:", "Desde el comienzo del tratamiento, mi estado general:"),
            choices=choices(
                (1, "Very much improved", "Ha mejorado muchísimo"),
                (2, "Much improved", "Ha mejorado mucho"),
                (3, "Minimally improved", "Ha mejorado un poco"),
                (4, "No change", "No ha cambiado"),
                (5, "Minimally worse", "Ha empeorado un poco"),
                (6, "Much worse", "Ha empeorado mucho"),
                (7, "Very much worse", "Ha empeorado muchísimo"),
            ),
        ),
    ),
    rule=One("change"),
    low=1,
    high=7,
    license=License("free", "Listed as freely available (PHENX).", "PHENX"),
    recall=both("since treatment began", "desde que empezó el tratamiento"),
    recall_days=0,
    minimum_interval_days=common.every(7, "an overall impression moves slowly"),
    bands=common.bands(
        "PHENX",
        "published",
        "{score}",
        ("much_better", 1, "much or very much improved", "mucho o muchísimo mejor", "calm"),
        ("little_change", 3, "little or no change", "poco o ningún cambio", "calm"),
        ("worse", 5, "worse", "peor", "watch"),
    ),
    takes_total=True,
    translations=(common.ORIGINAL, common.OWN_SPANISH),
    notes=("1 and 2 count as a responder.",),
)
