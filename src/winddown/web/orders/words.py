"""Words of the orders room that more than one page uses."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as __

from winddown.record.models import Order
from winddown.web.patients.words import STATUS

DRUG_FORMS: Mapping[str, Any] = {"racemic": __("Ketamine (racemic)"), "esketamine": __("Esketamine")}
BASES: Mapping[str, Any] = {"actual": __("actual weight"), "ideal": __("ideal weight"), "adjusted": __("adjusted weight")}
FIGURE_STATUS: Mapping[str, tuple[Any, str]] = {
    "published": (__("published"), "calm"),
    "derived": (__("derived"), "unknown"),
    "unverified": (__("unverified"), "watch"),
}


@dataclass(frozen=True)
class Standing:
    """How far an order is: its words, its level, and whether it can still be signed or planned."""

    words: str
    level: str
    signed: bool
    replaced: bool


def order_status(order: Order, replaced: bool) -> Standing:
    """From the signatures that are there. Costs no query when they were prefetched."""
    have, need = len(order.signatures.all()), order.signatures_needed
    if replaced:
        return Standing(_("replaced by a newer version"), "unknown", have >= need, True)
    if have >= need:
        return Standing(_("signed"), "calm", True, False)
    if have:
        return Standing(_("signed once, a second prescriber signs"), "watch", False, False)
    words = _("not signed, two prescribers sign") if need > 1 else _("not signed")
    return Standing(words, "watch", False, False)


def status_words(status: str) -> str:
    return str(STATUS.get(status, status))
