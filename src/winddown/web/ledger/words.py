"""What lines, places, states and steps of cases are called on the screen."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

KIND_WORDS: Mapping[str, Any] = {
    "received": _("received"),
    "overfill": _("overfill of the maker"),
    "moved": _("moved"),
    "sent": _("sent to another location"),
    "arrived": _("arrived from another location"),
    "drawn": _("drawn"),
    "given": _("given"),
    "wasted": _("wasted"),
    "returned": _("put back unused"),
    "sent_back": _("sent back to the supplier"),
    "broken": _("broken or spilled"),
    "destroyed": _("destroyed"),
    "lost": _("lost"),
    "found": _("found again"),
}
STATE_WORDS: Mapping[str, Any] = {
    "sealed": _("sealed"),
    "open": _("opened"),
    "empty": _("empty"),
    "broken": _("broken"),
    "destroyed": _("destroyed"),
    "sent_back": _("sent back"),
    "lost": _("lost"),
}
PLACE_WORDS: Mapping[str, Any] = {
    "vault": _("vault"),
    "room": _("preparation room"),
    "chair": _("chair"),
    "road": _("on the road"),
    "gone": _("gone"),
}
SCHEDULE_WORDS: Mapping[str, Any] = {"III": "C-III", "IV": "C-IV", "II": "C-II", "V": "C-V", "": _("not controlled")}
COUNT_KIND_WORDS: Mapping[str, Any] = {"shift": _("Shift count"), "recount": _("Recount"), "biennial": _("Full inventory")}
COUNT_STATUS_WORDS: Mapping[str, Any] = {
    "open": _("being counted"),
    "agrees": _("agrees"),
    "differs": _("differs: a case is open"),
    "overtaken": _("overtaken: something was drawn or received meanwhile, count again"),
    "left": _("left"),
}
CASE_KIND_WORDS: Mapping[str, Any] = {
    "balance": _("The drug of a visit does not add up"),
    "count": _("A count differs"),
    "transfer": _("A vial did not arrive"),
    "told": _("Somebody saw something"),
}
ACT_WORDS: Mapping[str, Any] = {
    "opened": _("opened"),
    "noted": _("noted"),
    "heard": _("a person was heard"),
    "recounted": _("recounted"),
    "loss_found": _("theft or loss found"),
    "significance": _("decision on significance"),
    "notice_sent": _("written notice sent"),
    "form_sent": _("Form 106 sent"),
    "closed": _("closed"),
}
OUTCOME_WORDS: Mapping[str, Any] = {
    "miscounted": _("Counted wrong; the recount agrees"),
    "charted_wrong": _("Charted wrong; corrected by new lines"),
    "measured_wrong": _("Measured wrong"),
    "spilled": _("Spilled or broken, witnessed"),
    "found": _("Found again"),
    "lost": _("Lost"),
    "stolen": _("Stolen"),
    "unexplained": _("Unexplained"),
}
SIGNIFICANCE_WORDS: Mapping[str, Any] = {
    "amount": _("How much is missing, against what the clinic handles"),
    "drug": _("Which drug, and how sought after it is"),
    "person": _("Whether one person or one place stands out"),
    "pattern": _("Whether it happened before"),
    "diversion": _("How likely the drug is to be misused"),
    "local": _("What is known of misuse here"),
}
ASK_WORDS: Mapping[str, Any] = {
    "wasted": _("Waste before a witness"),
    "broken": _("Breakage before two witnesses"),
    "destroyed": _("Destruction before two witnesses"),
}
ASK_STATUS_WORDS: Mapping[str, Any] = {
    "asked": _("waiting for a witness"),
    "signed": _("witnessed, in the ledger"),
    "declined": _("declined: nothing is in the ledger"),
    "withdrawn": _("taken back: nothing is in the ledger"),
    "lapsed": _("waited too long: nothing is in the ledger"),
}
