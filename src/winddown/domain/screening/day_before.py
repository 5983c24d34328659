"""What to take and what to hold the day before: a proposal by class, which a prescriber changes and signs. Nothing is sent unsigned."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from winddown.domain.figures import Status
from winddown.domain.refusals import Missing, UnknownWord
from winddown.domain.screening.medicines import Medicine

What = Literal["take", "hold", "ask"]
WHATS: tuple[What, ...] = ("take", "hold", "ask")


@dataclass(frozen=True)
class Proposal:
    """One class with what is proposed for the day, why, and how well that is founded."""

    medicine_class: str
    what: What
    because: str
    source: str
    status: Status


PROPOSALS: tuple[Proposal, ...] = (
    Proposal(
        "insulin", "ask", "Fasting lowers the glucose: the prescriber writes the dose.", "clinical rules, section 0 item 12", "derived"
    ),
    Proposal(
        "sglt2",
        "ask",
        "Fasting with it can bring on ketoacidosis: the prescriber says from which day to hold it.",
        "clinical rules, section 0 item 12",
        "derived",
    ),
    Proposal("sulfonylurea", "ask", "Fasting lowers the glucose: the prescriber decides.", "clinical rules, section 0 item 12", "derived"),
    Proposal(
        "glp1",
        "ask",
        "Food may stay in the stomach: the prescriber decides on the dose before the visit.",
        "clinical rules, section 0 item 12",
        "derived",
    ),
    Proposal("diabetes_tablet", "ask", "With fasting: the prescriber decides.", "clinical rules, section 0 item 12", "derived"),
    Proposal("stimulant", "ask", "Raises the pressure: holding it on the day is unverified.", "clinical rules, section 1.3", "unverified"),
    Proposal("naltrexone", "ask", "May block the effect on mood: the prescriber decides.", "WILL18", "published"),
    Proposal("benzodiazepine", "ask", "May shorten the effect on mood; never stop it suddenly.", "VER21", "published"),
    Proposal("lamotrigine", "ask", "May weaken the effect; never stop it suddenly.", "VER21", "published"),
    Proposal("cannabis", "hold", "None on the day.", "clinical rules, section 0 item 12", "derived"),
    Proposal("antihypertensive", "take", "Keeps the pressure down during the infusion.", "our default", "derived"),
    Proposal("anticonvulsant", "take", "Keeps seizures away.", "our default", "derived"),
    Proposal("ssri", "take", "Do not stop it for the infusion.", "our default", "derived"),
)


@dataclass(frozen=True)
class Line:
    """One medicine with what to do."""

    medicine: str
    what: What
    words: str
    source: str = ""
    status: str = ""

    def as_data(self) -> dict[str, Any]:
        return {"medicine": self.medicine, "what": self.what, "words": self.words, "source": self.source, "status": self.status}


def proposed(medicines: Iterable[Medicine]) -> list[Line]:
    """A line for every medicine on the list. One that no class speaks of, or that nobody recognizes, is asked about."""
    return [_proposed(each) for each in medicines]


def _proposed(medicine: Medicine) -> Line:
    for proposal in PROPOSALS:
        if proposal.medicine_class in medicine.classes:
            return Line(medicine.words, proposal.what, proposal.because, proposal.source, proposal.status)
    if not medicine.recognized:
        return Line(medicine.words, "ask", "Not recognized: the prescriber decides.", "", "")
    return Line(medicine.words, "take", "As usual.", "our default", "derived")


def check_lines(lines: Iterable[Mapping[str, str]]) -> None:
    """Before a signature every line says take or hold, in words for the patient where it is not simply "as usual"."""
    for line in lines:
        if line["what"] not in WHATS:
            raise UnknownWord("instruction", line["what"], WHATS)
        if line["what"] == "ask":
            raise Missing(
                because=f"{line['medicine']}: neither take nor hold is chosen.",
                way_out="Choose one, and write the dose or the day where it matters.",
                code="instruction_open",
            )
