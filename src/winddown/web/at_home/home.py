"""Blood pressure, pulse and sleep from home: a small page, and an address to which a phone's own shortcut can send them."""

from __future__ import annotations

import json
from typing import Any
from uuid import UUID, uuid4

from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.utils.dateparse import parse_datetime

from winddown.domain.followup.home import KINDS
from winddown.domain.instruments.instrument import said
from winddown.domain.refusals import Refusal
from winddown.services import home_readings, links
from winddown.web.by_link import LinkRequest, by_link, is_caregivers, show

LARGEST = 4096


@by_link("diary", "home")
def page(request: LinkRequest) -> HttpResponse:
    """Enter numbers; nothing of earlier ones is shown. A refusal keeps what was typed."""
    if request.method == "POST" and request.content_type == "application/json":
        return _from_device(request)
    told = {key: request.POST.get(key, "") for key in KINDS}
    if request.method != "POST":
        return show(request, "at_home/home.html", _context(request, told))
    try:
        numbers, key = home_readings.numbers_of(told), _key(request.POST.get("key"))
        home_readings.keep(request.link, numbers, measured_at=request.now, source="page", key=key, now=request.now)
    except Refusal as refusal:
        return show(request, "at_home/home.html", _context(request, told) | {"refusal": refusal}, status=422)
    return redirect(f"/p/{request.token}/home/?kept=1")


@by_link("diary")
def shortcut(request: LinkRequest) -> HttpResponse:
    """The address for a device: a link of its own purpose, which opens nothing but this. Made when it is asked for."""
    if request.method != "POST" or is_caregivers(request):
        return redirect("at_home_home", token=request.token)
    link = links.make(patient=request.patient, purpose="home", now=request.now, language=request.link.language)
    address = request.build_absolute_uri(f"/p/{links.token_of(link)}/home/")
    return show(request, "at_home/shortcut.html", {"address": address, "until": link.expires_at, "example": _example(), "given_name": ""})


def _context(request: LinkRequest, told: dict[str, str]) -> dict[str, Any]:
    fields = [
        {"name": kind.key, "words": said(kind.words, request.spoken), "unit": kind.unit.replace("mm[Hg]", "mmHg"), "value": told[kind.key]}
        for kind in KINDS.values()
    ]
    own = request.link.purpose == "diary"
    return {"fields": fields, "key": request.POST.get("key") or uuid4(), "kept": "kept" in request.GET, "own": own, "given_name": ""}


def _example() -> str:
    return json.dumps(
        {"id": str(uuid4()), "at": "2026-01-31T07:30:00-05:00", "device": "cuff", "systolic": 128, "diastolic": 81, "pulse_rate": 70}
    )


def _from_device(request: LinkRequest) -> HttpResponse:
    """One measurement as JSON. 201 with what was kept; the same `id` again is 200 and nothing new; 422 with the reason."""
    try:
        told = _body(request)
        key = _key(told.pop("id", None))
        device, at = str(told.pop("device", "")), _moment(told.pop("at", None), request)
        before, numbers = home_readings.is_kept(key), home_readings.numbers_of(told)
        rows = home_readings.keep(request.link, numbers, measured_at=at, source="device", key=key, device=device, now=request.now)
    except Refusal as refusal:
        return JsonResponse({"refused": refusal.because, "way_out": refusal.way_out, "where": refusal.where}, status=422)
    kept = {row.kind: float(row.value) for row in rows}
    return JsonResponse({"kept": kept, "odd": rows[0].odd}, status=200 if before else 201)


def _body(request: LinkRequest) -> dict[str, Any]:
    try:
        told = json.loads(request.body[: LARGEST + 1]) if len(request.body) <= LARGEST else None
    except ValueError:
        told = None
    if not isinstance(told, dict):
        raise Refusal(because="This is no measurement.", way_out="Send one JSON object.", code="home_body")
    return told


def _key(text: Any) -> UUID:
    try:
        return UUID(str(text)) if text else uuid4()
    except ValueError:
        raise Refusal(because="The id of this measurement is damaged.", way_out="Send a UUID, or none.", code="key_invalid") from None


def _moment(text: Any, request: LinkRequest) -> Any:
    try:
        told = parse_datetime(str(text)) if text else None
    except ValueError:
        told = None
    return told if told is not None and told.tzinfo is not None else request.now
