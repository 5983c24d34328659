"""What roles, acts and trainings are called on the screen."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from winddown.services import permissions

ROLE_NAMES: Mapping[str, Any] = {
    permissions.FRONT_DESK: _("Front desk"),
    permissions.NURSE: _("Nurse"),
    permissions.PRESCRIBER: _("Prescriber"),
    permissions.DRUG_OFFICER: _("Controlled-drug officer"),
    permissions.DIRECTOR: _("Program director"),
    permissions.ADMINISTRATOR: _("Administrator"),
    permissions.RESEARCHER: _("Researcher (sees no patient)"),
}

CREDENTIALS: Mapping[str, Any] = {
    "acls": _("Advanced life support (ACLS)"),
    "bls": _("Basic life support (BLS)"),
    "sedation": _("Sedation competence"),
}

WEEKDAYS: Mapping[str, Any] = {
    "0": _("Monday"),
    "1": _("Tuesday"),
    "2": _("Wednesday"),
    "3": _("Thursday"),
    "4": _("Friday"),
    "5": _("Saturday"),
    "6": _("Sunday"),
}

ACTS: Mapping[str, Any] = {
    "board.see": _("see the chair board"),
    "patient.list": _("find patients"),
    "patient.write": _("register patients and record facts about them"),
    "patient.merge": _("merge two records of one person"),
    "chart.read": _("read charts"),
    "consent.record": _("record consent and its withdrawal"),
    "letter.write": _("write and send the letter after a series"),
    "letter.sign": _("sign the letter after a series"),
    "letter.way": _("choose how letters leave the clinic"),
    "contact.write": _("write down how a patient is reached, pause the diary"),
    "message.see": _("see what was sent to patients"),
    "link.send": _("send a patient a link and take it back"),
    "thread.see": _("read what patients write"),
    "thread.answer": _("answer what patients write"),
    "thread.time": _("sign the time in which messages are answered"),
    "answer.write": _("enter a patient's answers to a questionnaire"),
    "instrument.see": _("read about the questionnaires"),
    "instrument.import": _("import the licensed text of a questionnaire"),
    "screening.write": _("record referrals, histories and checks that expire"),
    "screening.decide": _("decide on screening, move the treatment phase and sign what to take the day before"),
    "screening.sign_limits": _("sign the thresholds of screening"),
    "screening.count": _("read the counts of screening decisions"),
    "consent.sign_text": _("sign consent texts"),
    "protocol.see": _("read protocols"),
    "protocol.sign": _("sign protocol versions"),
    "course.open": _("open a course of infusions"),
    "order.write": _("write orders"),
    "order.sign": _("sign orders"),
    "calendar.see": _("see the calendar"),
    "booking.write": _("book, move and cancel visits"),
    "session.plan": _("plan sessions"),
    "session.check_in": _("check patients in"),
    "session.chart": _("chart at the chair"),
    "session.accept_review": _("accept what needs a prescriber's review"),
    "session.move": _("move a session charted on the wrong patient"),
    "bag.prepare": _("prepare and check infusion bags"),
    "discharge.sign": _("sign discharges"),
    "alarm.acknowledge": _("acknowledge alarms"),
    "orphan.attach": _("say whose an unclaimed reading is"),
    "sensory.test": _("test sensitivity with pinpricks"),
    "sensory.norms": _("load norms for sensory tests"),
    "body.mark": _("mark where it hurts on a body map"),
    "ledger.see": _("read the controlled-drug ledger"),
    "ledger.write": _("write in the controlled-drug ledger"),
    "ledger.officer": _("keep the stock list, correct ledger lines and close cases"),
    "charge.see": _("see the lines for the bill"),
    "ledger.packet": _("make the inspector's packet and see usage beside peers"),
    "staff.manage": _("manage staff, roles and credentials"),
    "place.manage": _("manage locations and chairs"),
    "device.manage": _("enroll devices and bind them to chairs"),
    "audit.read": _("read the audit trail"),
    "task.see": _("see that tasks are open"),
    "task.act": _("act on tasks that are not about a patient's care"),
    "task.clinical": _("read and act on clinical tasks, and be on call"),
    "on_call.set": _("write the on-call roster"),
    "safety.sign": _("sign the safety rules"),
    "programme.see": _("read the program's figures and who is behind them"),
    "programme.export": _("export everything the practice holds"),
    "programme.export_research": _("export what names nobody, for research"),
    "site.write": _("write the public site: texts, notices, places, people"),
    "site.approve": _("approve the texts of the public site"),
    "site.answer": _("read and answer questions from the public site"),
    "own.account": _("set their own PIN, password and passkeys"),
    "second.person": _("confirm as the second person with a PIN"),
}


def role_words(roles: list[str]) -> list[Any]:
    """The roles in the order of the table, by name."""
    return [words for role, words in ROLE_NAMES.items() if role in roles]


def roles_explained() -> list[dict[str, Any]]:
    """Each role with what it may do and what it may not."""
    return [
        {
            "name": words,
            "may": [ACTS.get(act, act) for act, roles in permissions.PERMISSIONS.items() if role in roles],
            "may_not": [ACTS.get(act, act) for act, roles in permissions.PERMISSIONS.items() if role not in roles],
        }
        for role, words in ROLE_NAMES.items()
    ]
