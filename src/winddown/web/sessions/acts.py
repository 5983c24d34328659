"""Every act at the chair, each with the one service it calls."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from winddown.domain.refusals import Missing, NotAllowed
from winddown.record.models import SessionEvent, Staff
from winddown.services import bedside, rescue, sessions
from winddown.web.sessions import forms
from winddown.web.sessions.act import PATIENT, PRESENT, RECORD, TEAM, WATCHED, Act, Deed, Do
from winddown.web.sessions.observe import ObserveForm
from winddown.web.sessions.pump_acts import PUMP_ACTS


def _observe(deed: Deed) -> SessionEvent:
    assert isinstance(deed.form, ObserveForm)
    expected = deed.sight.supervision.observations.set_items
    return bedside.observe(deed.session, deed.form.typed_numbers, deed.form.tapped_scores, expected=expected, **deed.common)


def _oxygen(deed: Deed) -> SessionEvent:
    said = deed.said
    flow = said["flow_l_per_min"]
    if flow is None and not said["device"].startswith("off"):
        raise Missing(because="Oxygen needs its flow.", way_out="Enter litres a minute.", code="flow_missing", where="flow_l_per_min")
    return deed.record("oxygen_set", {"device": said["device"], "flow_l_per_min": flow if flow is not None else Decimal(0)})


def _rescue(deed: Deed) -> SessionEvent:
    assert isinstance(deed.form, forms.RescueForm)
    return rescue.give(deed.session, deed.said["line"], reason=deed.form.reason, **deed.common)


def _photo(deed: Deed) -> SessionEvent:
    photo = deed.said["file"]
    return bedside.keep_photo(deed.session, photo.read(), photo.content_type or "", deed.said["words"], **deed.common)


def _perception(deed: Deed) -> SessionEvent:
    return bedside.perceive(deed.session, deed.said["seen"], **deed.common)


def _person(deed: Deed) -> Staff:
    found: Staff | None = Staff.objects.filter(ref=deed.said["to"], active=True).first()
    if found is None:
        raise NotAllowed(because="That person is not on the staff list.", way_out="Choose a name.", code="person_unknown", where="to")
    return found


def _hand_over(role: str) -> Do:
    return lambda deed: sessions.hand_over(deed.session, role, _person(deed), **deed.common)


ACTS: tuple[Act, ...] = (
    *PUMP_ACTS,
    Act(
        "observe",
        pgettext_lazy("act", "Observations"),
        _("Observations by hand"),
        _observe,
        ObserveForm,
        _("Save the set"),
        PRESENT,
        PATIENT,
        template="sessions/acts/observe.html",
        bar=WATCHED,
    ),
    Act(
        "rescue",
        _("As-needed drug"),
        _("Give an as-needed drug"),
        _rescue,
        forms.RescueForm,
        _("Given"),
        PRESENT,
        PATIENT,
        request=True,
        template="sessions/acts/rescue.html",
    ),
    Act("oxygen", _("Oxygen"), _("Oxygen"), _oxygen, forms.OxygenForm, template="sessions/acts/rate.html"),
    Act(
        "adverse",
        _("Adverse event"),
        _("Adverse event"),
        lambda deed: bedside.adverse_event(deed.session, deed.said["term"], deed.said["grade"], deed.said["words"], **deed.common),
        forms.AdverseForm,
        offered=PRESENT | {"discharged"},
        template="sessions/acts/adverse.html",
    ),
    Act(
        "close_adverse",
        _("Close an event"),
        _("Close an adverse event"),
        lambda deed: deed.record("adverse_event_closed", {"event": deed.said["event"], "outcome": deed.said["outcome"]}),
        forms.CloseAdverseForm,
        offered=PRESENT | {"discharged"},
    ),
    Act(
        "distress",
        _("Distress"),
        _("Distress"),
        lambda deed: bedside.score(deed.session, "distress", deed.said["value"], **deed.common),
        forms.DistressForm,
        template="sessions/acts/one_tap.html",
    ),
    Act(
        "perception",
        _("Perception"),
        _("Perception"),
        _perception,
        forms.PerceptionForm,
        template="sessions/acts/one_tap.html",
    ),
    Act(
        "comfort",
        _("Comfort"),
        _("Comfort"),
        lambda deed: deed.record("comfort_given", {"what": deed.said["what"]}),
        forms.ComfortForm,
        template="sessions/acts/one_tap.html",
    ),
    Act("toilet", _("To the toilet"), _("To the toilet"), lambda deed: deed.record("toilet_trip"), submit=_("Going now, with a nurse")),
    Act(
        "fall",
        _("Fall"),
        _("Fall"),
        lambda deed: deed.record("fall", {"words": deed.said["words"]}),
        forms.FallForm,
        level="act",
        note=_("Look at the patient first. Record an adverse event too if anyone is hurt."),
    ),
    Act(
        "site",
        _("IV site"),
        _("Look at the IV site"),
        lambda deed: deed.record("iv_site_checked", {"limb": deed.said["limb"], "finding": deed.said["finding"]}),
        forms.SiteForm,
        group=RECORD,
        template="sessions/acts/site.html",
    ),
    Act(
        "extravasation",
        _("Extravasation"),
        _("Extravasation"),
        lambda deed: deed.record("extravasation_seen"),
        submit=_("Record: drug beside the vein"),
        offered=WATCHED,
        group=RECORD,
        level="act",
        note=_("Hold the pump and look at the site. From here on the dose that reached the patient is uncertain, and the chart says so."),
    ),
    Act(
        "note",
        _("Note"),
        _("Note"),
        lambda deed: deed.record("note_written", {"words": deed.said["words"]}),
        forms.NoteForm,
        offered=PRESENT | {"discharged", "planned"},
        group=RECORD,
    ),
    Act("photo", _("Photo"), _("Photo of the IV site"), _photo, forms.PhotoForm, group=RECORD, template="sessions/acts/photo.html"),
    Act(
        "handover",
        _("Hand over"),
        _("Hand this chair over"),
        _hand_over("nurse"),
        forms.NurseHandoverForm,
        _("Hand over"),
        group=TEAM,
        template="sessions/acts/handover.html",
    ),
    Act(
        "supervisor",
        _("Supervisor"),
        _("Supervising prescriber"),
        lambda deed: sessions.name_supervisor(deed.session, _person(deed), **deed.common),
        forms.SupervisorForm,
        _("Supervises from now on"),
        group=TEAM,
        template="sessions/acts/supervisor.html",
    ),
    Act(
        "supervisor_left",
        _("Supervisor left"),
        _("The supervising prescriber has left"),
        lambda deed: deed.record("supervisor_left"),
        submit=_("Has left"),
        offered=WATCHED,
        group=TEAM,
        level="act",
        note=_("While the drug runs a prescriber must be on site: name the next one."),
    ),
)

BY_KEY: Mapping[str, Act] = {act.key: act for act in ACTS}
