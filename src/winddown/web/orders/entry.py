"""What a prescriber has typed so far, kept as typed: nothing is lost by a refusal, an added row or a newer version."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext as _

from winddown.domain.dosing.protocol import Protocol
from winddown.domain.dosing.request import ROUTE
from winddown.domain.quantities import format_decimal
from winddown.domain.refusals import Refusal
from winddown.domain.sessions.blocks import Rescue
from winddown.record.models import Order, Patient
from winddown.services.patients import PatientCard

FIELDS = ("session_number", "weight_kg", "height_cm", "basis", "bag_mg", "bag_ml", "drug_form")
LINE_FIELDS = ("key", "drug", "used_for", "dose", "unit", "route", "maximum_doses", "interval_min")
ROWS_MOST = 8
FIRST_BAG = ("100", "100")  # 1 mg/mL, the label's maintenance strength (LBL-INJ); a proposal that the page names as one
_POUNDS = re.compile(r"(?<![a-z])(lbs?|pounds?)\b|#", re.IGNORECASE)


@dataclass
class Row:
    """One stretch of the prescriber's own: an amount with its unit, and minutes."""

    amount: str = ""
    unit: str = "mg/kg"
    minutes: str = ""

    @property
    def is_empty(self) -> bool:
        return not self.amount.strip() and not self.minutes.strip()


@dataclass
class Line:
    """One as-needed line. `packaged`: the protocol doses it, so it holds unless it is left out."""

    key: str
    drug: str
    used_for: str = ""
    dose: str = ""
    unit: str = "mg"
    route: str = "intravenous"
    maximum_doses: str = ""
    interval_min: str = ""
    use: bool = False
    packaged: bool = False
    allergy_words: tuple[str, ...] = ()
    source: str = ""

    def as_data(self) -> dict[str, Any]:
        return {
            "key": self.key,
            "drug": self.drug.strip(),
            "used_for": self.used_for,
            "dose": f"{self.dose.strip()} {self.unit}",
            "route": self.route.strip(),
            "maximum_doses": self.maximum_doses.strip(),
            "interval_min": self.interval_min.strip(),
            "allergy_words": list(self.allergy_words),
        }


@dataclass
class Entry:
    """The whole form."""

    values: dict[str, str]
    rows: list[Row] = field(default_factory=list)
    lines: list[Line] = field(default_factory=list)
    reasons: dict[str, str] = field(default_factory=dict)

    def request_data(self, patient: Patient) -> dict[str, Any]:
        """The data of an order request. Refuses pounds by name; everything else is the domain's to refuse."""
        for name in ("weight_kg", "height_cm"):
            if _POUNDS.search(self.values.get(name, "")):
                raise Refusal(
                    because=_("%(typed)s is in pounds.") % {"typed": self.values[name]},
                    way_out=_("Weigh in kilograms. Pounds are never converted here."),
                    code="pounds",
                    where=name,
                )
        phases = [{"amount": f"{row.amount} {row.unit}", "minutes": row.minutes} for row in self.rows if not row.is_empty]
        return {**self.values, "sex": patient.sex, "phases": phases, "route": ROUTE}

    def as_needed(self) -> list[dict[str, Any]]:
        return [line.as_data() for line in self.lines if line.use]

    def left_out(self) -> list[str]:
        return [line.key for line in self.lines if line.packaged and not line.use]


def fresh(protocol: Protocol, rescue: Sequence[Rescue], card: PatientCard, session_number: int, bag: tuple[str, str]) -> Entry:
    """An order as it opens: the patient's latest weight and height, the bag (mg, mL) proposed, the protocol's own dose and lines."""
    values = {
        "session_number": str(session_number),
        "weight_kg": format_decimal(card.weight_kg) if card.weight_kg is not None else "",
        "height_cm": format_decimal(card.height_cm) if card.height_cm is not None else "",
        "basis": "",
        "bag_mg": bag[0],
        "bag_ml": bag[1],
        "drug_form": protocol.drug_form,
    }
    return Entry(values=values, lines=lines_of(protocol, rescue))


def lines_of(protocol: Protocol, rescue: Sequence[Rescue]) -> list[Line]:
    """The protocol's as-needed lines with their doses, then its placeholders, which have none until the prescriber writes one."""
    found = []
    for item in protocol.dosing.as_needed:
        dose = item.dose
        found.append(
            Line(
                key=item.key,
                drug=item.drug,
                used_for=item.used_for,
                dose=f"{dose.value:g}" if dose else "",
                unit=dose.unit if dose else "mg",
                route=item.route,
                maximum_doses=f"{item.maximum_doses.value:g}" if item.maximum_doses else "",
                interval_min=f"{item.interval_min.value:g}" if item.interval_min else "",
                use=dose is not None,
                packaged=dose is not None,
                allergy_words=item.allergy_words or (item.drug,),
                source=f"{dose.source} ({dose.status})" if dose else "",
            )
        )
    known = {line.drug.lower() for line in found}
    placeholders = [item for item in rescue if item.key not in known and item.key != "oxygen"]
    return found + [Line(key=item.key, drug=item.key, used_for=item.used_for, allergy_words=(item.key,)) for item in placeholders]


def typed(post: QueryDict, protocol: Protocol, rescue: Sequence[Rescue]) -> Entry:
    """The form as it was sent. Lines the form does not name stay as the protocol has them."""
    values = {name: post.get(name, "").strip() for name in FIELDS}
    count = min(int(post.get("rows", "0") or 0) if post.get("rows", "0").isdigit() else 0, ROWS_MOST)
    rows = [Row(post.get(f"amount_{n}", ""), post.get(f"unit_{n}", "mg/kg"), post.get(f"minutes_{n}", "")) for n in range(count)]
    lines = [_typed_line(post, place, line) for place, line in enumerate(lines_of(protocol, rescue))]
    reasons = {name.removeprefix("reason_"): value for name, value in post.items() if name.startswith("reason_") and isinstance(value, str)}
    return Entry(values, _moved(rows, post.get("do", "")), lines, reasons)


def _typed_line(post: QueryDict, place: int, line: Line) -> Line:
    told = {name: post[f"line_{place}_{name}"] for name in LINE_FIELDS if f"line_{place}_{name}" in post and name not in ("key", "drug")}
    for name, value in told.items():
        setattr(line, name, value)
    if post.get("lines_sent"):
        line.use = post.get(f"line_{place}_use") == "on"
    return line


def _moved(rows: list[Row], wish: str) -> list[Row]:
    """A row added or taken away by a button of the form."""
    if wish == "add_row" and len(rows) < ROWS_MOST:
        return [*rows, Row(unit=rows[-1].unit if rows else "mg/kg")]
    if wish.startswith("remove_row_") and wish.removeprefix("remove_row_").isdigit():
        gone = int(wish.removeprefix("remove_row_"))
        return [row for place, row in enumerate(rows) if place != gone]
    return rows


def from_order(order: Order, protocol: Protocol, rescue: Sequence[Rescue]) -> Entry:
    """An order that is there, ready to be changed."""
    request: Mapping[str, Any] = order.draft["request"]
    values = {name: str(request.get(name) or "") for name in FIELDS}
    rows = []
    for phase in request.get("phases", ()):
        amount, unit = str(phase["amount"]).split(" ", 1)
        rows.append(Row(amount, unit, str(phase["minutes"])))
    written = {line["key"]: line for line in order.draft.get("as_needed", ())}
    gone = set(order.draft.get("left_out", ()))
    lines = [_written_line(line, written.get(line.key), gone) for line in lines_of(protocol, rescue)]
    reasons = {line["code"]: line.get("reason", "") for line in order.findings}
    return Entry(values, rows, lines, reasons)


def _written_line(line: Line, written: Mapping[str, Any] | None, gone: set[str]) -> Line:
    if written is None:
        line.use = line.packaged and line.key not in gone
        return line
    amount, unit = str(written["dose"]).split(" ", 1)
    line.dose, line.unit, line.use = amount, unit, True
    for name in ("route", "maximum_doses", "interval_min", "used_for"):
        setattr(line, name, str(written.get(name) or ""))
    return line
