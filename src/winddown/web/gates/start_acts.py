"""The acts of the start gate: what each form records."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from zoneinfo import ZoneInfo

from django.utils import timezone
from django.utils.translation import gettext as _

from winddown.domain.quantities import format_decimal
from winddown.domain.refusals import Missing, NotAllowed
from winddown.record.models import Bag, Session, Staff
from winddown.services import bags, bedside, contacts, patients, permissions, sessions
from winddown.web.access import StaffRequest, key_of
from winddown.web.gates import entry
from winddown.web.gates.monitor import VITALS
from winddown.web.gates.room import Act, people_here

IDENTITY: Mapping[str, Any] = {
    "wristband": "asked name and birth date, compared with the wristband",
    "photo": "asked name and birth date, compared with a photo ID",
    "known": "asked name and birth date, known to the nurse",
}
LIMBS = ("left arm", "right arm", "left leg", "right leg")
FINDINGS = ("clear", "red", "swollen", "leaking")
SOLIDS = ("light", "heavy")
BASELINE_SCORES = ("moaas", "cadss6", "pain", "nausea")


def note(request: StaffRequest) -> dict[str, Any]:
    """Who, when, and the form's own key: every writing service takes them."""
    return {"by": request.staff, "now": request.now, "key": key_of(request)}


def identity(request: StaffRequest, session: Session) -> object:
    method = IDENTITY[entry.choice(request.POST, "method", _("The way of identifying"), IDENTITY)]
    return bedside.record(session, "identity_confirmed", {"method": method}, **note(request))


def consent(request: StaffRequest, session: Session) -> object:
    on_file = patients.consent_on(session.patient, timezone.localdate(request.now))
    if on_file is None:
        raise Missing(because=_("No consent in force."), way_out=_("Sign one with the patient, or do not start."), code="consent_missing")
    seen = {"consent_ref": on_file.ref, "signed_on": on_file.signed_on.isoformat()}
    return bedside.record(session, "consent_seen", seen, **note(request))


def weight(request: StaffRequest, session: Session) -> object:
    kg = entry.number(request.POST, "weight_kg", _("Weight"))
    return sessions.weigh(session, format_decimal(kg), **note(request))


def accept_weight(request: StaffRequest, session: Session) -> object:
    return sessions.accept_weight(session, because=request.POST.get("because", ""), **note(request))


def accept_review(request: StaffRequest, session: Session) -> object:
    """A prescriber's own words on one line. At the bedside only where the button says so."""
    line = entry.words(request.POST, "line", _("The line"))
    bedside_now = request.POST.get("bedside") == "yes"
    data = {"line": line, "because": request.POST.get("because", ""), "bedside": bedside_now}
    return bedside.record(session, "review_accepted", data, **note(request))


def allergies(request: StaffRequest, session: Session) -> object:
    """The answer of today. A new allergy, or that none is known, is learned about the patient in the same act."""
    answer = entry.choice(request.POST, "answer", _("The answer"), ("as_listed", "none", "new"))
    card = patients.card(session.patient)
    told: dict[str, Any] = {"by": request.staff, "now": request.now, "observed_at": request.now}
    if answer == "new":
        substance = entry.words(request.POST, "substance", _("The new allergy"), most=120)
        patients.learn(session.patient, "allergy", {"substance": substance}, **told)
        heard = ", ".join([*card.allergies, substance])
    elif answer == "none":
        if card.allergies:
            listed = ", ".join(card.allergies)
            raise NotAllowed(
                because=_("%(listed)s is on the list.") % {"listed": listed},
                way_out=_("Take it off the list on the patient's page, with the reason, if it was none."),
                code="allergy_listed",
            )
        if not card.no_known_allergies:
            patients.learn(session.patient, "no_known_allergies", {}, **told)
        heard = "none known"
    else:
        heard = card.allergy_words
    return bedside.record(session, "allergies_confirmed", {"words": heard}, **note(request))


def fasting(request: StaffRequest, session: Session) -> object:
    zone = ZoneInfo(session.location.time_zone)
    when: dict[str, Any] = {"now": request.now, "zone": zone}
    data: dict[str, Any] = {
        "last_solid_at": entry.last_time(request.POST, "last_solid", _("Last food"), **when),
        "last_clear_at": entry.last_time(request.POST, "last_clear", _("Last clear drink"), **when),
    }
    if request.POST.get("solid"):
        data["solid"] = entry.choice(request.POST, "solid", _("What it was"), SOLIDS)
    return bedside.record(session, "fasting_recorded", data, **note(request))


def escort(request: StaffRequest, session: Session) -> object:
    data = {
        "name": entry.words(request.POST, "name", _("The escort's name"), most=120),
        "phone": entry.words(request.POST, "phone", _("The escort's phone"), most=40),
    }
    if request.POST.get("language"):
        data["language"] = entry.choice(request.POST, "language", _("Language"), contacts.LANGUAGES)
    return bedside.record(session, "escort_named", data, **note(request))


def baseline(request: StaffRequest, session: Session) -> object:
    """The set before the start; an empty field takes the number of the monitor that stood beside it. With a felt pulse it also matches
    the monitor to the patient."""
    fields = _filled_from_monitor(request.POST)
    numbers: dict[str, Any] = {kind: entry.vital(fields, kind) for kind in VITALS}
    numbers |= {scale: entry.score(fields, scale) for scale in BASELINE_SCORES}
    numbers["room_air"] = entry.choice(fields, "air", _("Room air or oxygen"), ("room", "oxygen")) == "room"
    row = bedside.take_baseline(session, numbers, **note(request))
    if fields.get("felt_pulse", "").strip():
        data = _match(fields, request.POST.get("shown_pulse_rate") or numbers["pulse_rate"])
        bedside.record(session, "monitor_matched", data, by=request.staff, now=request.now)
    return row


def monitor(request: StaffRequest, session: Session) -> object:
    fields = _filled_from_monitor(request.POST)
    return bedside.record(session, "monitor_matched", _match(fields, entry.vital(fields, "pulse_rate")), **note(request))


def iv_site(request: StaffRequest, session: Session) -> object:
    site = request.POST.get("site", "")
    limb, _bar, finding = site.partition("|")
    fields = {"limb": limb or request.POST.get("limb", ""), "finding": finding or request.POST.get("finding", "")}
    data = {
        "limb": entry.choice(fields, "limb", _("The limb"), LIMBS),
        "finding": entry.choice(fields, "finding", _("The finding"), FINDINGS),
    }
    return bedside.record(session, "iv_site_checked", data, **note(request))


def hang(request: StaffRequest, session: Session) -> object:
    ref = entry.reference(request.POST, "bag", _("The bag"))
    bag = Bag.objects.select_related("session").filter(ref=ref).first()
    if bag is None or bag.session_id != session.pk:
        raise NotAllowed(
            because=_("This bag was not made for this visit."),
            way_out=_("Compare the name on the label with the patient. Hang the bag that was made for them."),
            code="bag_of_another",
            where="bag",
        )
    return bags.hang(bag, **note(request))


def pump(request: StaffRequest, session: Session) -> object:
    program = {
        "drug": entry.words(request.POST, "drug", _("The drug on the pump"), most=40).lower(),
        "concentration_mg_per_ml": entry.number(request.POST, "concentration_mg_per_ml", _("Concentration")),
        "rate_ml_per_h": entry.number(request.POST, "rate_ml_per_h", _("Rate")),
        "volume_ml": entry.number(request.POST, "volume_ml", _("Volume")),
    }
    return sessions.read_back_pump(session, program, second=request.second, **note(request))


def supervisor(request: StaffRequest, session: Session) -> object:
    named = entry.person(request.POST, "staff", people_here(), _("The supervising prescriber"))
    return sessions.name_supervisor(session, named, **note(request))


def ready(request: StaffRequest, session: Session) -> object:
    return sessions.make_ready(session, **note(request))


def prescribers(everyone: list[Staff], signed: list[str]) -> list[Staff]:
    """Who may supervise, those who signed the order first."""
    able = [person for person in everyone if permissions.PRESCRIBER in person.roles]
    return sorted(able, key=lambda person: (person.name not in signed, person.name))


def _filled_from_monitor(post: Mapping[str, str]) -> dict[str, str]:
    fields = {name: post.get(name, "") for name in post}
    for kind in VITALS:
        if not fields.get(kind, "").strip():
            fields[kind] = fields.get(f"shown_{kind}", "")
    return fields


def _match(fields: Mapping[str, str], shown: str) -> dict[str, str]:
    felt = entry.vital({"pulse_rate": fields.get("felt_pulse", "")}, "pulse_rate")
    return {"device": fields.get("device", "").strip()[:120] or _("without a feed"), "monitor_pulse": shown, "felt_pulse": felt}


ACTS: Mapping[str, Act] = {
    "identity": Act(identity, ("identity_confirmed",)),
    "consent": Act(consent, ("consent_seen",)),
    "weight": Act(weight, ("weight_measured",)),
    "accept_weight": Act(accept_weight, ("weight_measured", "weight_accepted")),
    "accept_review": Act(accept_review, ("baseline_taken", "fasting_recorded", "bag_hung")),
    "allergies": Act(allergies, ("allergies_confirmed",)),
    "fasting": Act(fasting, ("fasting_recorded",)),
    "escort": Act(escort, ("escort_named",)),
    "baseline": Act(baseline, ("baseline_taken",)),
    "monitor": Act(monitor, ("monitor_matched",)),
    "iv_site": Act(iv_site, ("iv_site_checked",)),
    "hang": Act(hang, ("bag_hung",)),
    "pump": Act(pump, ("pump_read_back",)),
    "supervisor": Act(supervisor, ("supervisor_named",)),
    "ready": Act(ready),
}
