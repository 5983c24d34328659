"""Where a public claim was read: what a reader sees for a key in a text, `[@KEY]`. The keys are those of docs/sources.md."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from winddown.domain.refusals import UnknownWord

MARK = re.compile(r"\[@([A-Za-z0-9-]+)\]")


@dataclass(frozen=True)
class Citation:
    """words: as it is listed under the text. url: where to find it, or empty."""

    words: str
    url: str = ""


CITATIONS: Mapping[str, Citation] = {
    "COHEN18-GC": Citation(
        "Cohen and others. Consensus guidelines on intravenous ketamine infusions for chronic pain. Reg Anesth Pain Med 2018;43:521.",
        "https://doi.org/10.1097/AAP.0000000000000808",
    ),
    "SIGT09": Citation(
        "Sigtermans and others. Ketamine in complex regional pain syndrome type 1, randomized trial. Pain 2009.",
        "https://doi.org/10.1016/j.pain.2009.06.023",
    ),
    "AMR10": Citation(
        "Amr. Ketamine and gabapentin in pain after spinal cord injury, randomized trial, 2010. PMID 20495588.",
        "https://pubmed.ncbi.nlm.nih.gov/20495588/",
    ),
    "NOPP11-FM": Citation("Noppers and others. S-ketamine in fibromyalgia, randomized trial against midazolam, 2011."),
    "ETCH18": Citation(
        "Low-dose ketamine in migraine in the emergency department, 2018. PMC6225951.",
        "https://pmc.ncbi.nlm.nih.gov/articles/PMC6225951/",
    ),
    "SINGH16": Citation(
        "Singh and others. Repeated intravenous ketamine in treatment-resistant depression. Am J Psychiatry 2016.",
        "https://doi.org/10.1176/appi.ajp.2016.16010037",
    ),
    "KARMA25": Citation(
        "KARMA-Dep 2: ketamine against midazolam for depression, randomized trial. JAMA Psychiatry 2025.",
        "https://doi.org/10.1001/jamapsychiatry.2025.3019",
    ),
    "MCI22": Citation(
        "McInnes and others. Ketamine infusions in community practices, 2022. PMID 35027209.", "https://pubmed.ncbi.nlm.nih.gov/35027209/"
    ),
    "FEIF20": Citation(
        "Feifel and others. Why 47 of 6630 patients stopped ketamine. Pharmaceuticals 2020;13:151.",
        "https://www.mdpi.com/1424-8247/13/7/151",
    ),
    "YALE24": Citation(
        "Blood pressure in 2342 ketamine infusions. Gen Hosp Psychiatry 2024.", "https://doi.org/10.1016/j.genhosppsych.2024.07.001"
    ),
    "KOPP01": Citation("Koppert and others. Ketamine and the area around an injury in volunteers. Anesthesiology 2001;95:395."),
    "STUB97": Citation(
        "Stubhaug and others. The area around a surgical wound, 1997. PMID 9366932.", "https://pubmed.ncbi.nlm.nih.gov/9366932/"
    ),
    "GUIR00": Citation(
        "Guirimand and others. Ketamine and wind-up in volunteers, 2000. PMID 10648330.", "https://pubmed.ncbi.nlm.nih.gov/10648330/"
    ),
    "KLEI07": Citation(
        "Klein and others. Ketamine and pinprick hyperalgesia in volunteers, 2007.", "https://doi.org/10.1016/j.neuropharm.2006.09.008"
    ),
    "KIEF08": Citation("Kiefer and others. S-ketamine in long-standing CRPS, pilot study, 2008."),
    "EBERT97": Citation(
        "Ebert and others. Norketamine is a non-competitive NMDA receptor antagonist. Eur J Pharmacol 1997;333:99.",
    ),
    "FDA23": Citation("US Food and Drug Administration. Alert of October 10, 2023 on compounded ketamine for psychiatric disorders."),
    "LBL-RX": Citation("Ketamine hydrochloride injection, US label."),
    "SPR-MON": Citation("Esketamine nasal spray, US label: monitoring, and driving on the next day."),
    "KIC22": Citation("Ketamine-induced cystitis, review, 2022.", "https://doi.org/10.52965/001c.38247"),
    "NOPP11-LIV": Citation(
        "Noppers and others. Liver injury after a second course of S-ketamine, 2011. PMID 21546160.",
        "https://pubmed.ncbi.nlm.nih.gov/21546160/",
    ),
}


def cited(text: str) -> tuple[str, ...]:
    """The keys named in a text, each once, in order. Refuses UnknownWord for a key that leads to no source."""
    found = tuple(dict.fromkeys(MARK.findall(text)))
    for key in found:
        if key not in CITATIONS:
            raise UnknownWord("source", key, CITATIONS)
    return found
