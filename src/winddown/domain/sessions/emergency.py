"""The emergency card: one page with what the rescuer needs, and nothing that waits for the network."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from winddown.domain.alarms.condition import SECOND_DISPLAY
from winddown.domain.figures import Figure
from winddown.domain.sessions.blocks import Rescue

VITALS_SHOWN = Figure(30, "min", "the last half hour is printed on the card", "derived")

STEPS = (
    "Stop the pump.",
    "Airway open, oxygen on, call for help.",
    "Send for the crash cart. Start basic life support if there is no pulse.",
    "One person writes the times: tap each act on this card.",
)

UNKNOWN = "not on file"


@dataclass(frozen=True)
class Patient:
    """What the record knows of the patient; an empty field says so on the card."""

    name: str
    age_years: int | None = None
    weight_kg: Decimal | None = None
    allergies: str = ""
    airway_notes: str = ""


@dataclass(frozen=True)
class DoseSoFar:
    """Programmed dose by the pump's rates: what was pumped and what of it reached the patient."""

    drug: str
    pumped_mg: Decimal
    reached_mg: Decimal
    rate_ml_per_h: Decimal | None
    running: bool
    as_of: datetime


@dataclass(frozen=True)
class EmergencyCard:
    """Rows of (heading, words) in reading order, the steps, and the rescue order set."""

    opened_at: datetime
    rows: tuple[tuple[str, str], ...]
    steps: tuple[str, ...]
    rescue: tuple[tuple[str, str], ...]
    caution: str


def card(
    patient: Patient,
    dose: DoseSoFar | None,
    *,
    opened_at: datetime,
    crash_cart: str,
    call: str,
    rescue: Sequence[Rescue],
    latest_vitals: Sequence[str] = (),
) -> EmergencyCard:
    """The card as plain data.

    crash_cart     where the nearest one stands
    call           the number or the words for help at this location
    latest_vitals  each already with unit, time and source
    """
    rows = (
        ("Patient", f"{patient.name}, {patient.age_years} years" if patient.age_years is not None else patient.name),
        ("Weight", f"{patient.weight_kg} kg" if patient.weight_kg is not None else UNKNOWN),
        ("Allergies", patient.allergies or UNKNOWN),
        ("Airway", patient.airway_notes or UNKNOWN),
        ("Given so far", _dose(dose, patient.weight_kg)),
        ("Last vital signs", "; ".join(latest_vitals) or UNKNOWN),
        ("Crash cart", crash_cart or UNKNOWN),
        ("Call", call or UNKNOWN),
    )
    lines = tuple((each.words, each.order_line or "see the clinic's signed order set") for each in rescue)
    return EmergencyCard(opened_at, rows, STEPS, lines, SECOND_DISPLAY)


def _dose(dose: DoseSoFar | None, weight_kg: Decimal | None) -> str:
    if dose is None:
        return UNKNOWN
    per_kg = f" ({dose.pumped_mg / weight_kg:.2f} mg/kg)" if weight_kg else ""
    pump = (
        f"running at {dose.rate_ml_per_h} mL/h"
        if dose.running and dose.rate_ml_per_h is not None
        else "stopped"
        if not dose.running
        else "running, rate unknown"
    )
    return f"{dose.drug}: pumped {dose.pumped_mg:.1f} mg{per_kg}, of it {dose.reached_mg:.1f} mg reached the patient; pump {pump}"
