"""The acts of the recovery gate: what each form records."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from winddown.domain.recovery.scores import MAY_BE_AS_BEFORE, score, variant_of
from winddown.domain.refusals import Missing, NotAllowed
from winddown.domain.sessions.supervision import read_supervision
from winddown.domain.vitals.kinds import KINDS
from winddown.record.models import Session
from winddown.services import bedside, sessions
from winddown.web.access import StaffRequest
from winddown.web.gates import entry
from winddown.web.gates.monitor import newest
from winddown.web.gates.room import Act
from winddown.web.gates.start_acts import accept_review, note

PRESSURES = ("lying_systolic", "lying_diastolic", "standing_systolic", "standing_diastolic")
SCALES = ("moaas", "cadss6", "pain")


def started(request: StaffRequest, session: Session) -> object:
    """After a stop, the patient is in recovery from this tap on."""
    if session.status != "stopped":
        raise NotAllowed(
            because=_("The session is %(status)s.") % {"status": session.status},
            way_out=_("Recovery is started once, after a stop."),
            code="not_stopped",
        )
    return bedside.record(session, "recovery_started", {}, **note(request))


def observations(request: StaffRequest, session: Session) -> object:
    """One set. A vital sign left empty counts as taken where the monitor has a fresh one; what is missing is named in the set."""
    rules = read_supervision(session.order.course.protocol.data).observations
    kinds = [item for item in rules.set_items if item in KINDS]
    scales = [*(item for item in rules.set_items if item not in KINDS), *rules.scores]
    typed = {kind: entry.vital(request.POST, kind) for kind in kinds if request.POST.get(kind, "").strip()}
    scored = {scale: entry.score(request.POST, scale) for scale in scales if request.POST.get(scale, "").strip()}
    from_monitor = set(newest(session, kinds, now=request.now))
    expected = [item for item in rules.set_items if item not in from_monitor]
    if not typed and not scored:
        raise Missing(because=_("The set is empty."), way_out=_("Score how awake the patient is at least."), code="set_empty")
    return bedside.observe(session, typed, scored, expected=expected, **note(request))


def scored(request: StaffRequest, session: Session) -> object:
    """Aldrete or PADSS, every item. Points are checked before they are kept: a half-filled score is no score."""
    rules = read_supervision(session.order.course.protocol.data).recovery
    known = (rules.aldrete_variant, rules.padss_variant)
    variant_id = entry.choice(request.POST, "variant", _("The score"), known)
    variant = variant_of(variant_id)
    items = {item.key: request.POST[item.key] for item in variant.items if request.POST.get(item.key, "").strip()}
    before = [item.key for item in variant.items if item.key in MAY_BE_AS_BEFORE and request.POST.get(f"{item.key}_as_before") == "yes"]
    points = score(variant_id, items, at_baseline=before).points
    return bedside.record(session, "recovery_scored", {"variant": variant_id, "items": points, "at_baseline": before}, **note(request))


def one_score(request: StaffRequest, session: Session) -> object:
    scale = entry.choice(request.POST, "scale", _("The scale"), SCALES)
    return bedside.score(session, scale, entry.score({scale: request.POST.get("value", "")}, scale), **note(request))


def orthostatic(request: StaffRequest, session: Session) -> object:
    data: dict[str, Any] = {}
    for name in PRESSURES:
        kind = name.partition("_")[2]
        data[name] = entry.vital({kind: request.POST.get(name, "")}, kind)
    answer = entry.choice(request.POST, "symptoms", _("Dizzy or faint"), ("no", "yes"))
    return bedside.record(session, "orthostatic_taken", data | {"symptoms": answer == "yes"}, **note(request))


def iv_out(request: StaffRequest, session: Session) -> object:
    return bedside.record(session, "iv_removed", {}, **note(request))


def escort_present(request: StaffRequest, session: Session) -> object:
    return bedside.record(session, "escort_present", {"name": entry.words(request.POST, "name", _("The escort's name"))}, **note(request))


def no_driving(request: StaffRequest, session: Session) -> object:
    return bedside.record(session, "no_drive_text_given", {}, **note(request))


def suicide_follow_up(request: StaffRequest, session: Session) -> object:
    return bedside.record(session, "suicide_follow_up_done", {}, **note(request))


def sign(request: StaffRequest, session: Session) -> object:
    """The nurse signs that the criteria are recorded. Open lines refuse it, naming the first."""
    _require_present(session)
    return sessions.sign_discharge(session, **note(request))


def override(request: StaffRequest, session: Session) -> object:
    """Past open lines, with a reason and a second person who proved who they are."""
    _require_present(session)
    return sessions.sign_discharge(session, reason=request.POST.get("because", ""), second=request.second, **note(request))


def _require_present(session: Session) -> None:
    """A request to sign makes sense once the infusion has ended and while the patient is here. What really happened is kept elsewhere."""
    if session.status not in ("stopped", "recovering", "discharged"):
        raise NotAllowed(
            because=_("The session is %(status)s; there is no discharge to sign.") % {"status": session.status.replace("_", " ")},
            way_out=_("Complete or stop the infusion on the chart first."),
            code="not_recovering",
        )


ACTS: Mapping[str, Act] = {
    "ended": Act(started, ("recovery_started",)),
    "observations": Act(observations),
    "aldrete": Act(scored, ("recovery_scored",)),
    "padss": Act(scored, ("recovery_scored",)),
    "moaas": Act(one_score),
    "cadss6": Act(one_score),
    "pain": Act(one_score),
    "orthostatic": Act(orthostatic, ("orthostatic_taken",)),
    "iv_out": Act(iv_out, ("iv_removed",)),
    "escort_present": Act(escort_present, ("escort_present",)),
    "no_driving": Act(no_driving, ("no_drive_text_given",)),
    "suicide_follow_up": Act(suicide_follow_up, ("suicide_follow_up_done",)),
    "accept_review": Act(accept_review, ("orthostatic_taken", "score_taken", "adverse_event")),
    "sign": Act(sign, ("discharged",)),
    "override": Act(override, ("discharged",)),
}
