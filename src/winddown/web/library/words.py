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
