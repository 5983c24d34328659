"""Words of the library: ratings, analytes, sites and labels. The text of a model's own card stays in the language of its sources."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

RATINGS: Mapping[str, tuple[Any, str, Any]] = {
    "strong": (_("strong"), "calm", _("agrees with blood levels of people it was not built on")),
    "moderate": (_("moderate"), "unknown", _("rests on one laboratory or one kind of patient")),
    "exploratory": (_("exploratory"), "watch", _("to look at only: it never ranks, chooses or gates a dose")),
}
ANALYTES: Mapping[str, Any] = {
    "ketamine": _("ketamine"),
    "s_ketamine": _("S-ketamine"),
    "r_ketamine": _("R-ketamine"),
    "s_norketamine": _("S-norketamine"),
    "r_norketamine": _("R-norketamine"),
    "s_hydroxynorketamine": _("S-hydroxynorketamine"),
}
SITES: Mapping[str, Any] = {
    "arterial": _("arterial blood"),
    "venous": _("venous blood"),
    "pooled": _("arterial and venous blood together"),
    "unstated": _("site not stated"),
}
FORMS: Mapping[str, Any] = {"racemic": _("racemic ketamine"), "esketamine": _("S-ketamine")}
LEVELS: Mapping[str, Any] = {
    "A": _("read in the paper itself"),
    "B": _("read in open code that cites the paper's table"),
    "C": _("second-hand"),
    "D": _("not seen in any text"),
    "E": _("our own arithmetic or judgement"),
}
LABELS: Mapping[str, Any] = {
    "Citation": _("Citation"),
    "Built on": _("Built on"),
    "Studied": _("Studied"),
    "Sampled in": _("Sampled in"),
    "Drug forms": _("Drug forms"),
    "How well founded": _("How well founded"),
    "Holds for": _("Holds for"),
    "Scaled by theory beyond": _("Scaled by theory beyond"),
    "Off by": _("Off by"),
    "Spread between patients": _("Spread between patients"),
    "Guesses in it": _("Guesses in it"),
    "Note": _("Note"),
    "Follows": _("Follows"),
    "Shape": _("Shape"),
}
LINES: Mapping[str, Any] = {
    "dissociation": _("Dissociation"),
    "drug_high": _("Drug high"),
    "analgesia": _("Acute relief of experimental pain"),
    "systolic_rise": _("Systolic rise"),
    "diastolic_rise": _("Diastolic rise"),
    "pulse_rise": _("Pulse rise"),
    "cardiac_output": _("Cardiac output"),
    "still_asleep": _("Nearness to anesthesia"),
    "nmda_occupancy": _("NMDA receptor occupancy"),
    "mood_gain": _("Mood over days, against control"),
    "relief_of_a_responder": _("Relief of a responder"),
    "relief_of_the_group": _("Relief of the group, the others at none"),
}
AXES: Mapping[str, Any] = {"points": _("points"), "per min": _("per min"), "days": _("days")}
ALSO: Mapping[str, Any] = {
    "without norketamine": _("without norketamine"),
    "R-ketamine alike": _("R-ketamine alike"),
}
UNITS: Mapping[str, Any] = {
    "fraction of scale": _("% of the scale"),
    "fraction": _("% of receptors"),
    "fraction of people": _("% of anesthetized people who would not be awake"),
    "mm[Hg]": "mmHg",
    "/min": _("per minute"),
    "cm of 10": _("cm of a 10 cm scale"),
    "MADRS points better than control": _("MADRS points better"),
}
