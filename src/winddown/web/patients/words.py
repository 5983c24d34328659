"""Facts about a patient in the words the page shows."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as __

from winddown.domain.days import age_on

KINDS: Mapping[str, Any] = {
    "identity": __("Identity"),
    "weight": __("Weight"),
    "height": __("Height"),
    "allergy": __("Allergy"),
    "no_known_allergies": __("No known allergies"),
    "condition": __("Condition"),
    "medicine": __("Medicine"),
    "affected_limb": __("Affected limb"),
    "mobility": __("Mobility"),
    "phone": __("Phone"),
    "merged": __("Merged"),
    "note": __("Note"),
}
SEX: Mapping[str, Any] = {"female": __("female"), "male": __("male")}
LIMBS: Mapping[str, Any] = {
    "left arm": __("left arm"),
    "right arm": __("right arm"),
    "left leg": __("left leg"),
    "right leg": __("right leg"),
    "both arms": __("both arms"),
    "both legs": __("both legs"),
    "no limb": __("no limb"),
}
STATUS: Mapping[str, Any] = {
    "planned": __("planned"),
    "checked_in": __("checked in"),
    "ready": __("ready"),
    "running": __("running"),
    "held": __("held"),
    "stopped": __("stopped"),
    "recovering": __("recovering"),
    "discharged": __("discharged"),
    "abandoned": __("abandoned"),
}


def fact_words(kind: str, data: Mapping[str, Any]) -> str:
    """The value of one fact as a sentence. A kind without a sentence shows what was stored."""
    words = _WORDS.get(kind)
    return words(data) if words else ", ".join(f"{name}: {value}" for name, value in data.items())


def age_words(birth_date: date, today: date) -> str:
    return _("%(years)s years") % {"years": age_on(birth_date, today)}


def _joined(*parts: Any) -> str:
    return ", ".join(str(part) for part in parts if part)


def _identity(data: Mapping[str, Any]) -> str:
    born = date_format(date.fromisoformat(data["birth_date"]), "DATE_FORMAT")
    line = _("%(name)s, born %(born)s, %(sex)s") % {
        "name": f"{data['given_name']} {data['family_name']}",
        "born": born,
        "sex": SEX.get(data["sex"], data["sex"]),
    }
    although = data.get("although")
    return _joined(line, although and _("another person although it looked alike: %(why)s") % {"why": although})


def _note(data: Mapping[str, Any]) -> str:
    if "ended" in data:
        return _("%(what)s taken off the list: %(why)s") % {"what": KINDS.get(data["ended"], data["ended"]), "why": data["words"]}
    return str(data["words"])


_WORDS: Mapping[str, Callable[[Mapping[str, Any]], str]] = {
    "identity": _identity,
    "weight": lambda data: f"{data['weight_kg']} kg",
    "height": lambda data: f"{data['height_cm']} cm",
    "allergy": lambda data: _joined(data["substance"], data.get("reaction")),
    "no_known_allergies": lambda data: _("asked, none known"),
    "condition": lambda data: str(data["words"]),
    "medicine": lambda data: _joined(*(data.get(part) for part in ("name", "dose", "route", "schedule", "last_taken"))),
    "affected_limb": lambda data: str(LIMBS.get(data["limb"], data["limb"])),
    "mobility": lambda data: str(data["words"]),
    "phone": lambda data: str(data["number"]),
    "merged": lambda data: _("into %(number)s: %(why)s") % {"number": data["into"], "why": data["because"]},
    "note": _note,
}
