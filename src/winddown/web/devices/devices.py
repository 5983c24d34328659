"""The devices we listen to, and the chairs they speak for."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from winddown.record.models import Chair, Device, DeviceBinding, Reading
from winddown.services import devices
from winddown.web.access import StaffRequest
from winddown.web.devices.forms import KINDS, BindForm, DeviceForm
from winddown.web.people.shell import carried_out, desk, posted, show


@desk("device.manage")
def device_list(request: StaffRequest) -> HttpResponse:
    """Every device with its chair, and every chair without one."""
    bindings = {row.device_id: row for row in DeviceBinding.objects.filter(span__endswith__isnull=True).select_related("chair", "by")}
    chairs = list(Chair.objects.select_related("location").order_by("location__name", "position", "id"))
    rows = [
        _row(device, bindings.get(device.pk))
        for device in Device.objects.select_related("location").order_by("location__name", "kind", "key")
    ]
    taken = {row.chair_id for row in bindings.values()}
    context = {"rows": rows, "chairs": chairs, "bare": [chair for chair in chairs if chair.pk not in taken]}
    return show(request, "devices/list.html", context)


def _row(device: Device, binding: DeviceBinding | None) -> dict[str, Any]:
    return {"device": device, "kind": KINDS.get(device.kind, device.kind), "binding": binding}


@desk("device.manage")
def device_new(request: StaffRequest) -> HttpResponse:
    form = DeviceForm(posted(request), initial={"location": request.staff.home_id})
    if form.is_bound and carried_out(form, lambda: devices.enroll(**form.cleaned_data, by=request.staff, now=request.now)):
        messages.success(request, _("The device is on file. Bind it to its chair."))
        return redirect("device_list")
    return show(request, "devices/new.html", {"form": form}, status=422 if form.is_bound else 200)


@desk("device.manage")
def device_page(request: StaffRequest, ref: UUID) -> HttpResponse:
    """Where it stood and when, and the last it said."""
    return _page(request, _device(ref), BindForm())


@desk("device.manage")
@require_POST
def device_bind(request: StaffRequest, ref: UUID) -> HttpResponse:
    device, form = _device(ref), BindForm(request.POST)
    if carried_out(form, lambda: devices.bind(device, form.cleaned_data["chair"], by=request.staff, now=request.now)):
        messages.success(request, _("%(device)s speaks for %(chair)s now.") % {"device": device.key, "chair": form.cleaned_data["chair"]})
        return redirect("device_list")
    return _page(request, device, form)


@desk("device.manage")
@require_POST
def device_release(request: StaffRequest, ref: UUID) -> HttpResponse:
    device = _device(ref)
    devices.release(device, by=request.staff, now=request.now)
    messages.success(request, _("%(device)s speaks for no chair now.") % {"device": device.key})
    return redirect("device_list")


def _device(ref: UUID) -> Device:
    device: Device = get_object_or_404(Device.objects.select_related("location"), ref=ref)
    return device


def _page(request: StaffRequest, device: Device, form: BindForm) -> HttpResponse:
    bindings = DeviceBinding.objects.filter(device=device).select_related("chair__location", "by").order_by("-span", "-id")
    last = Reading.objects.filter(device=device).order_by("-received_at").first()
    chairs = Chair.objects.select_related("location").order_by("location__name", "position", "id")
    context = _row(device, None) | {"bindings": bindings, "last": last, "form": form, "chairs": chairs}
    return show(request, "devices/page.html", context, status=422 if form.is_bound else 200)
