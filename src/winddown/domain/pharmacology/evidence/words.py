"""The names of analytes, sites and levels of provenance as a reader reads them."""

from __future__ import annotations

import re
from collections.abc import Mapping

from winddown.domain.pharmacology.model import Level

ANALYTES: Mapping[str, str] = {
    "ketamine": "ketamine",
    "s_ketamine": "S-ketamine",
    "r_ketamine": "R-ketamine",
    "s_norketamine": "S-norketamine",
    "r_norketamine": "R-norketamine",
    "s_hydroxynorketamine": "S-hydroxynorketamine",
    "norketamine": "norketamine",
    "dehydronorketamine": "dehydronorketamine",
    "hydroxynorketamine": "hydroxynorketamine",
}
FORMS: Mapping[str, str] = {"racemic": "racemic ketamine", "esketamine": "S-ketamine"}
SITES: Mapping[str, str] = {
    "arterial": "arterial blood",
    "venous": "venous blood",
    "pooled": "arterial and venous blood together",
    "unstated": "site not stated",
}
LEVELS: Mapping[Level, str] = {
    "A": "read in the paper itself",
    "B": "read in open code that cites the paper's table",
    "C": "second-hand",
    "D": "not seen in any text: a guess",
    "E": "our own arithmetic or judgement: a guess",
}


def regimen_words(regimen: str) -> str:
    """ "0.14mg/kg/h:60min,0.28mg/kg/h:60min" as "0.14 mg/kg/h for 60 min, then 0.28 mg/kg/h for 60 min"."""
    spaced = re.sub(r"(?<=[0-9])(?=(mg|ug|mcg|min|h\b))", " ", regimen)
    return spaced.replace(":", " for ").replace(",", ", then ")
