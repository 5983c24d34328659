"""The opioids of a usual day as morphine milligram equivalents. For following one patient; never for converting one opioid into another."""

from __future__ import annotations

from collections.abc import Mapping

from winddown.domain.figures import Figure
from winddown.domain.instruments import common
from winddown.domain.instruments.instrument import Asked, Instrument, Item, License, Outcome, both
from winddown.domain.instruments.scoring import rounded

# mg of morphine for one mg a day; for the fentanyl patch for one microgram an hour.
FACTORS: Mapping[str, Figure] = {
    "codeine": Figure(0.15, "mg/mg", "CDC22", "published"),
    "fentanyl_patch": Figure(2.4, "mg/(ug/h)", "CDC22", "published"),
    "hydrocodone": Figure(1.0, "mg/mg", "CDC22", "published"),
    "hydromorphone": Figure(5.0, "mg/mg", "CDC22", "published"),
    "methadone": Figure(4.7, "mg/mg", "CDC22", "published"),
    "morphine": Figure(1.0, "mg/mg", "CDC22", "published"),
    "oxycodone": Figure(1.5, "mg/mg", "CDC22", "published"),
    "oxymorphone": Figure(3.0, "mg/mg", "CDC22", "published"),
    "tapentadol": Figure(0.4, "mg/mg", "CDC22", "published"),
    "tramadol": Figure(0.2, "mg/mg", "CDC22", "published"),
}
_NAMES = {
    "codeine": both("Codeine", "Codeína"),
    "fentanyl_patch": both("Fentanyl patch", "Parche de fentanilo"),
    "hydrocodone": both("Hydrocodone", "Hidrocodona"),
    "hydromorphone": both("Hydromorphone", "Hidromorfona"),
    "methadone": both("Methadone", "Metadona"),
    "morphine": both("Morphine", "Morfina"),
    "oxycodone": both("Oxycodone", "Oxicodona"),
    "oxymorphone": both("Oxymorphone", "Oximorfona"),
    "tapentadol": both("Tapentadol", "Tapentadol"),
    "tramadol": both("Tramadol", "Tramadol"),
}


def _rule(values: Mapping[str, float]) -> Outcome:
    """Each drug times its factor. No drug named and "none" not said is no answer, never zero."""
    taken = {key: values[key] for key in FACTORS if values.get(key)}
    if values.get("any") == 0:
        return Outcome(None, ("any",)) if taken else Outcome(0.0)
    if not taken:
        return Outcome(None, ("dose",))
    # A drug that the table does not know leaves the day's dose unknown, not smaller.
    if values.get("unlisted"):
        return Outcome(None, ("unlisted",))
    return Outcome(rounded(sum(amount * FACTORS[key].value for key, amount in taken.items()), 1))


OPIOID_DOSE = Instrument(
    key="opioid-dose",
    version="1",
    name=both("Opioids in a usual day", "Opioides en un día habitual"),
    purpose=both("how much opioid medicine you take", "cuánto medicamento opioide toma"),
    rater="either",
    items=(
        Item(
            "any",
            both("Do you take an opioid (a strong pain medicine)?", "¿Toma un opioide (un analgésico fuerte)?"),
            choices=common.YES_NO,
        ),
        *(
            Item(
                key,
                words,
                "number",
                low=0,
                high=100 if key == "fentanyl_patch" else 2000,
                step=0.5,
                unit="ug/h" if key == "fentanyl_patch" else "mg/d",
                optional=True,
                asked=Asked("any", 1),
            )
            for key, words in _NAMES.items()
        ),
        Item(
            "unlisted",
            both("Do you take another opioid that is not listed?", "¿Toma otro opioide que no está en la lista?"),
            choices=common.YES_NO,
            optional=True,
            asked=Asked("any", 1),
        ),
        Item(
            "which",
            both("Which one, and how much in a day?", "¿Cuál, y cuánto en un día?"),
            "words",
            optional=True,
            asked=Asked("unlisted", 1),
        ),
    ),
    rule=_rule,
    low=0,
    high=40000,
    unit="mg/d",
    worse="neither",
    license=License("free", "Factors of the 2022 guideline of the Centers for Disease Control and Prevention.", "CDC22"),
    recall=both("a usual day of the last week", "un día habitual de la última semana"),
    recall_days=7,
    minimum_interval_days=common.every(1, "asked at visits and when the dose changes"),
    translations=(common.OWN_ENGLISH, common.OWN_SPANISH),
    notes=(
        "Never used to convert one opioid into another: cross-tolerance is incomplete.",
        "Buprenorphine has no factor and is not counted; a drug outside the list leaves the dose unknown.",
    ),
)
