"""Readings that no session holds, as a nurse can judge them: by device and minute, with why, and who sat where just then."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as __
from django.views.decorators.http import require_POST

from winddown.domain.vitals.kinds import KINDS
from winddown.record.models import Device, Occupancy, Reading
from winddown.services import devices
from winddown.web.access import StaffRequest
from winddown.web.devices.forms import MINUTE, AttachForm, sits_in
from winddown.web.people.shell import carried_out, desk, show

LIMIT = 400
LABELS = {
    "accepted": __("accepted"),
    "duplicate": __("sent twice"),
    "late": __("late"),
    "implausible": __("implausible"),
    "artefact": __("artefact"),
    "not_verified": __("not verified"),
    "demo": __("test data"),
}


@dataclass
class Group:
    """What one device said within one minute."""

    device: Device | None
    minute: datetime
    chair: Any
    readings: list[Reading] = field(default_factory=list)
    sitting: list[Occupancy] = field(default_factory=list)

    @property
    def anchor(self) -> str:
        return f"{self.device.pk if self.device else 0}-{self.minute:%Y%m%d%H%M}"

    @property
    def reasons(self) -> list[str]:
        """Why these belong to nobody yet, each reason once."""
        return list(dict.fromkeys(reading.problem for reading in self.readings if reading.problem))

    @property
    def values(self) -> list[dict[str, Any]]:
        return [_value(reading) for reading in sorted(self.readings, key=_as_on_a_monitor)]

    @property
    def received_last(self) -> datetime:
        return max(reading.received_at for reading in self.readings)


def _as_on_a_monitor(reading: Reading) -> tuple[datetime, int]:
    kinds = list(KINDS)
    return reading.observed_at, kinds.index(reading.kind) if reading.kind in kinds else len(kinds)


def _value(reading: Reading) -> dict[str, Any]:
    kind = KINDS.get(reading.kind)
    plain = f"{reading.raw_value} {reading.unit}".strip()
    return {
        "kind": kind.words if kind else reading.kind,
        "value": kind.show(reading.value) if kind and reading.value is not None else plain,
        "label": LABELS.get(reading.label, reading.label),
        "observed_at": reading.observed_at,
        "received_at": reading.received_at,
    }


@desk("orphan.attach")
def orphan_list(request: StaffRequest) -> HttpResponse:
    return _page(request)


@desk("orphan.attach")
@require_POST
def orphan_attach(request: StaffRequest) -> HttpResponse:
    form = AttachForm(request.POST)
    if not carried_out(form, lambda: _attach(request, form)):
        return _page(request, refused=form)
    owner = form.cleaned_data["owner"]
    messages.success(request, _("The readings have an owner.") if owner else _("Kept as nobody's, with your reason."))
    return redirect("orphan_list")


def _attach(request: StaffRequest, form: AttachForm) -> None:
    data = form.cleaned_data
    devices.attach(list(data["reading"]), data["owner"], because=data["because"], by=request.staff, now=request.now)


def _page(request: StaffRequest, *, refused: AttachForm | None = None) -> HttpResponse:
    groups = grouped(devices.orphans(limit=LIMIT))
    context = {"groups": groups, "refused": refused, "limit": LIMIT, "total": sum(len(group.readings) for group in groups)}
    return show(request, "devices/orphans.html", context, status=422 if refused else 200)


def grouped(readings: Iterable[Reading]) -> list[Group]:
    """By device and minute of observation, newest first; who sat in any chair just then stands beside each. One query for all."""
    groups: dict[tuple[int | None, datetime], Group] = {}
    for reading in readings:
        minute = reading.observed_at.replace(second=0, microsecond=0)
        group = groups.setdefault((reading.device_id, minute), Group(reading.device, minute, reading.chair))
        group.readings.append(reading)
    newest_first = sorted(groups.values(), key=lambda group: group.minute, reverse=True)
    _seat(newest_first)
    return newest_first


def _seat(groups: Sequence[Group]) -> None:
    if not groups:
        return
    whole = DateTimeTZRange(groups[-1].minute, groups[0].minute + MINUTE, "[)")
    seats = Occupancy.objects.filter(span__overlap=whole).select_related("session__patient", "chair__location").order_by("chair", "id")
    for occupancy in seats:
        for group in groups:
            if sits_in(occupancy.span, group.minute):
                group.sitting.append(occupancy)
