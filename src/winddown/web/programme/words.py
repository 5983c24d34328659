"""What the program's keys are called on the screen."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as __

from winddown.domain.sessions.adverse_events import TERMS
from winddown.record.models import Location, ProtocolVersion, Staff

PROGRAMMES: Mapping[str, Any] = {"pain": __("Pain"), "mood": __("Mood"), "function": __("Function")}
SPLITS: Mapping[str, Any] = {
    "protocol": __("Protocol"),
    "diagnosis": __("Diagnosis"),
    "location": __("Location"),
    "clinician": __("Prescriber"),
}
DIAGNOSES: Mapping[str, Any] = {
    "crps": __("CRPS"),
    "depression": __("Depression"),
    "neuropathic": __("Neuropathic pain"),
    "fibromyalgia": __("Fibromyalgia"),
    "headache": __("Headache"),
    "chronic_pain": __("Other chronic pain"),
    "none": __("No code given"),
}
RESPONSES: Mapping[str, Any] = {
    "yes": __("Responded"),
    "no": __("Did not respond"),
    "unknown": __("Not known"),
    "waiting": __("May still come"),
}
BECAUSE: Mapping[str, Any] = {
    "": "",
    "no_baseline": __("no score before the first infusion"),
    "low_baseline": __("the first score was too low to fall"),
    "no_answers": __("too few answers afterwards"),
}
ENDINGS: Mapping[str, Any] = {
    "relapse": __("response lost"),
    "retreated": __("treated again while it held"),
    "lost": __("lost to follow-up"),
    "open": __("still followed"),
    "none": __("nothing to lose"),
}
SIGNALS: Mapping[str, Any] = {
    "high": __("above the upper limit"),
    "low": __("below the lower limit"),
    "run": __("eight months in a row on one side"),
    "": "",
}
STANDINGS: Mapping[str, Any] = {
    "95": __("inside both limits"),
    "99.8": __("outside the inner limits: look"),
    "out": __("outside the outer limits: look closely"),
    "few": __("too few to say"),
}


WHY_NOT: Mapping[str, Any] = {
    "too_few_outcomes": __("Too few with or without a response to adjust for who was treated. Look at the counted figures, or wait."),
    "terms_not_apart": __(
        "What was written down about the patients does not tell them apart enough to adjust. Look at the counted figures."
    ),
    "outcomes_separated": __("One trait tells entirely who responded; no model holds then. Look at the counted figures."),
    "no_overlap": __("No diagnosis was treated with both, so like cannot be set beside like. Look at the counted figures."),
    "too_few_doses": __("Too few different doses for a curve."),
    "": "",
}


WHY_NOT_TOLD: Mapping[str, Any] = {
    "too_few_outcomes": __(
        "Too few with or without a response to adjust for who was treated: %(rarer)s of the rarer kind, "
        "and %(terms)s traits need at least %(least)s. Look at the counted figures, or wait."
    ),
    "terms_not_apart": __(
        "What was written down about the patients tells only %(apart)s of %(terms)s traits apart; "
        "adjusting needs all of them. Look at the counted figures."
    ),
    "outcomes_separated": __(
        "One trait tells entirely who responded in all %(of)s series (%(rarer)s of the rarer kind); "
        "a model needs both kinds on each side. Look at the counted figures."
    ),
    "no_overlap": __(
        "Like cannot be set beside like: the first treated %(first)s diagnoses, the second %(second)s, and of the %(both)s that both "
        "treated, no series has all the numbers; at least one is needed. Look at the counted figures."
    ),
    "too_few_doses": __("%(doses)s different doses are too few for a curve; it needs at least %(least)s. Look at the counted figures."),
}


def why_not(told: Mapping[str, str] | str) -> str:
    """Why no adjusted figure is shown, with the values and limits. Figures of an older version carry the code alone, or the sentence."""
    if isinstance(told, str):
        return str(WHY_NOT.get(told, told))
    code = told.get("code", "")
    words = WHY_NOT_TOLD.get(code)
    return str(words) % told if words else str(WHY_NOT.get(code, code))


def names(split: str) -> dict[str, str]:
    """What the groups of a split are called. One query; diagnoses without a name keep their code."""
    if split == "protocol":
        return dict(ProtocolVersion.objects.order_by("version").values_list("key", "name"))
    if split == "location":
        return {str(ref): name for ref, name in Location.objects.values_list("ref", "name")}
    if split == "clinician":
        return {str(ref): name for ref, name in Staff.objects.values_list("ref", "name")}
    return {key: str(words) for key, words in DIAGNOSES.items()}


def term(key: str) -> str:
    """An adverse event's name; a word that is not in the list stands as it was written."""
    return _(TERMS[key].words) if key in TERMS else key
