"""The acts at the pump and the line."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from winddown.record.models import SessionEvent
from winddown.services import infusion
from winddown.web.sessions import pump_forms
from winddown.web.sessions.act import HANGS, PUMP, RUNS, WATCHED, Act, Deed, Do


def _change_rate(deed: Deed) -> SessionEvent:
    assert isinstance(deed.form, pump_forms.RateForm)
    said = deed.said
    return infusion.change_rate(
        deed.session, said["rate_ml_per_h"], because=said["because"], reasons=deed.form.reasons, as_fact=deed.fact, **deed.common
    )


def _bolus(deed: Deed) -> SessionEvent:
    assert isinstance(deed.form, pump_forms.BolusForm)
    said = deed.said
    return infusion.bolus(deed.session, said["volume_ml"], said["over_s"], reasons=deed.form.reasons, as_fact=deed.fact, **deed.common)


def _finish(kind: str) -> Do:
    return lambda deed: infusion.finish(deed.session, kind, because=deed.said.get("because", ""), **deed.common)


PUMP_ACTS: tuple[Act, ...] = (
    Act(
        "start",
        _("Start"),
        _("Start the infusion"),
        lambda deed: infusion.start(deed.session, deed.said["rate_ml_per_h"], as_fact=deed.fact, **deed.common),
        pump_forms.StartForm,
        _("The pump runs at this rate"),
        frozenset({"ready"}),
        PUMP,
        request=True,
        template="sessions/acts/rate.html",
        note=_("Press start on the pump, read its rate, then confirm here."),
        bar=frozenset({"ready"}),
    ),
    Act(
        "hold",
        _("Hold"),
        _("Hold the pump"),
        lambda deed: infusion.hold(deed.session, deed.said["because"], **deed.common),
        pump_forms.HoldForm,
        _("Record the hold"),
        RUNS,
        PUMP,
        template="sessions/acts/one_tap.html",
        note=_("Pause the pump first. One tap on the reason records it."),
        bar=RUNS,
    ),
    Act(
        "resume",
        _("Resume"),
        _("Resume the infusion"),
        lambda deed: infusion.resume(deed.session, deed.said["rate_ml_per_h"], as_fact=deed.fact, **deed.common),
        pump_forms.ResumeForm,
        _("The pump runs at this rate"),
        frozenset({"held"}),
        PUMP,
        request=True,
        template="sessions/acts/rate.html",
        note=_("After a recheck. A prescriber confirms the rate."),
        bar=frozenset({"held"}),
    ),
    Act(
        "rate",
        _("Rate"),
        _("Change the rate"),
        _change_rate,
        pump_forms.RateForm,
        _("Record the new rate"),
        HANGS,
        PUMP,
        request=True,
        template="sessions/acts/rate.html",
        note=_("Set it on the pump as well: nothing here commands the pump."),
        bar=RUNS,
    ),
    Act(
        "complete",
        _("Completed"),
        _("The infusion is complete"),
        _finish("infusion_completed"),
        submit=_("The bag is empty, the pump is stopped"),
        offered=RUNS,
        group=PUMP,
        note=_("The dose given goes into the drug ledger and recovery begins."),
        bar=RUNS,
    ),
    Act(
        "stop",
        _("Stop"),
        _("Stop the infusion"),
        _finish("stopped"),
        pump_forms.StopForm,
        _("Stop for good"),
        HANGS,
        PUMP,
        level="act",
        template="sessions/acts/stop.html",
        note=_("A stop is final for this bag: what is left goes to the waste count. To go on later, hold instead."),
        bar=HANGS,
    ),
    Act(
        "start_recovery",
        _("Start recovery"),
        _("Recovery starts"),
        lambda deed: deed.record("recovery_started"),
        submit=_("Recovery starts now"),
        offered=frozenset({"stopped"}),
        group=PUMP,
        bar=frozenset({"stopped"}),
    ),
    Act(
        "bolus",
        _("Bolus"),
        _("Bolus from the bag"),
        _bolus,
        pump_forms.BolusForm,
        _("Record the bolus"),
        HANGS,
        PUMP,
        request=True,
        template="sessions/acts/rate.html",
    ),
    Act(
        "flush",
        _("Flush the line"),
        _("Flush the line"),
        lambda deed: infusion.flush(deed.session, deed.said["volume_ml"], deed.said["over_s"], **deed.common),
        pump_forms.FlushForm,
        _("Record the flush"),
        WATCHED,
        PUMP,
        template="sessions/acts/rate.html",
        note=_("What is left in the line reaches the patient with the flush."),
    ),
)
