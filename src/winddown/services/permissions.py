"""Who may do what: one table from an act to the roles that may do it. Services ask it before they write, pages before they show."""

from __future__ import annotations

from collections.abc import Mapping

from winddown.domain.refusals import NotAllowed, UnknownWord
from winddown.record.models import Staff

FRONT_DESK, NURSE, PRESCRIBER = "front_desk", "nurse", "prescriber"
DRUG_OFFICER, DIRECTOR, ADMINISTRATOR, RESEARCHER = "drug_officer", "director", "administrator", "researcher"
ROLES: Mapping[str, str] = {
    FRONT_DESK: "front desk",
    NURSE: "nurse",
    PRESCRIBER: "prescriber",
    DRUG_OFFICER: "controlled-drug officer",
    DIRECTOR: "program director",
    ADMINISTRATOR: "administrator",
    RESEARCHER: "researcher",
}

_EVERYONE = frozenset(ROLES) - {RESEARCHER}
_CHAIRSIDE = frozenset({NURSE, PRESCRIBER})
_CARE = _CHAIRSIDE | {DIRECTOR}

PERMISSIONS: Mapping[str, frozenset[str]] = {
    "board.see": _EVERYONE,
    "patient.list": _CARE | {FRONT_DESK},
    "patient.write": _CHAIRSIDE | {FRONT_DESK},
    "patient.merge": _CHAIRSIDE,
    "chart.read": _CARE,
    "consent.record": _CHAIRSIDE | {FRONT_DESK},
    "link.send": _CHAIRSIDE | {FRONT_DESK},
    "contact.write": _CHAIRSIDE | {FRONT_DESK},
    "letter.write": _CHAIRSIDE,
    "letter.sign": frozenset({PRESCRIBER}),
    "letter.way": frozenset({DIRECTOR}),
    "message.see": _CARE | {FRONT_DESK},
    "answer.write": _CHAIRSIDE,
    "thread.see": _CARE,
    "thread.answer": _CHAIRSIDE,
    "thread.time": frozenset({DIRECTOR}),
    "instrument.see": _EVERYONE | {RESEARCHER},
    "instrument.import": frozenset({DIRECTOR, ADMINISTRATOR}),
    "screening.write": _CHAIRSIDE,
    "screening.decide": frozenset({PRESCRIBER}),
    "screening.sign_limits": frozenset({DIRECTOR}),
    "screening.count": frozenset({PRESCRIBER, DIRECTOR}),
    "consent.sign_text": frozenset({DIRECTOR}),
    "protocol.see": _CARE | {DRUG_OFFICER},
    "protocol.sign": frozenset({DIRECTOR}),
    "course.open": frozenset({PRESCRIBER}),
    "order.write": frozenset({PRESCRIBER}),
    "order.sign": frozenset({PRESCRIBER}),
    "calendar.see": _EVERYONE,
    "booking.write": _CARE | {FRONT_DESK},
    "session.plan": _CHAIRSIDE | {FRONT_DESK},
    "session.check_in": _CHAIRSIDE | {FRONT_DESK},
    "session.chart": _CHAIRSIDE,
    "session.accept_review": frozenset({PRESCRIBER}),
    "session.move": _CHAIRSIDE,
    "bag.prepare": _CHAIRSIDE,
    "discharge.sign": frozenset({NURSE, PRESCRIBER}),
    "alarm.acknowledge": _CHAIRSIDE,
    "orphan.attach": _CHAIRSIDE,
    "sensory.test": _CHAIRSIDE,
    "sensory.norms": frozenset({DIRECTOR}),
    "body.mark": _CHAIRSIDE,
    "ledger.see": frozenset({DRUG_OFFICER, DIRECTOR, NURSE, PRESCRIBER}),
    "ledger.write": _CHAIRSIDE | {DRUG_OFFICER},
    "ledger.officer": frozenset({DRUG_OFFICER}),
    "ledger.packet": frozenset({DRUG_OFFICER, DIRECTOR}),
    "charge.see": frozenset({DIRECTOR, ADMINISTRATOR}),
    "staff.manage": frozenset({ADMINISTRATOR}),
    "place.manage": frozenset({ADMINISTRATOR}),
    "device.manage": frozenset({ADMINISTRATOR, NURSE}),
    "audit.read": frozenset({ADMINISTRATOR, DIRECTOR}),
    "task.see": _EVERYONE,
    "task.act": _EVERYONE,
    "task.clinical": _CARE,
    "on_call.set": frozenset({DIRECTOR, ADMINISTRATOR, PRESCRIBER}),
    "safety.sign": frozenset({DIRECTOR}),
    "programme.see": frozenset({DIRECTOR}),
    "programme.export": frozenset({DIRECTOR}),
    "programme.export_research": frozenset({DIRECTOR, RESEARCHER}),
    "site.write": _CARE | {FRONT_DESK, ADMINISTRATOR},
    "site.approve": frozenset({PRESCRIBER, DIRECTOR}),
    "site.answer": _CARE,
    "own.account": _EVERYONE | {RESEARCHER},
    "second.person": _CHAIRSIDE | {DRUG_OFFICER},
}


def may(staff: Staff, act: str) -> bool:
    """Whether any of this person's roles may do the act. An act that is not in the table stops."""
    if act not in PERMISSIONS:
        raise UnknownWord("act", act, PERMISSIONS)
    return staff.active and bool(PERMISSIONS[act] & set(staff.roles))


def require(staff: Staff, act: str) -> None:
    """Refuse with the roles that may, when this person may not."""
    if not may(staff, act):
        who = " or ".join(f"{'an' if role == ADMINISTRATOR else 'a'} {ROLES[role]}" for role in sorted(PERMISSIONS[act]))
        raise NotAllowed(
            because=f"{staff.name} may not do this ({act}).",
            way_out=f"Ask {who}; an administrator gives roles.",
            code="not_permitted",
        )
