"""Protocols: the versions in force, every number of one with its source, and a new version by a director."""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid4

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from winddown.domain.dosing.recipes import packaged_protocols
from winddown.domain.figures import STATUSES
from winddown.domain.refusals import NotAllowed, Refusal, Stale
from winddown.record.models import Course, ProtocolVersion
from winddown.services import orders
from winddown.web.access import StaffRequest
from winddown.web.orders import follow_up, protocol_numbers
from winddown.web.orders.words import DRUG_FORMS, FIGURE_STATUS
from winddown.web.people.shell import desk, show


@desk("protocol.see")
def protocol_list(request: StaffRequest) -> HttpResponse:
    rows = list(ProtocolVersion.objects.select_related("signed_by").order_by("name", "key", "-version"))
    newest: dict[str, ProtocolVersion] = {}
    for row in rows:
        newest.setdefault(row.key, row)
    lines = [
        {
            "row": row,
            "form": DRUG_FORMS.get(row.data["drug_form"], row.data["drug_form"]),
            "unverified": _unverified(row),
            "older": [each for each in rows if each.key == row.key and each.pk != row.pk],
        }
        for row in newest.values()
    ]
    missing = [data["name"] for data in packaged_protocols() if data["key"] not in newest]
    return show(request, "orders/protocols.html", {"lines": lines, "missing": missing})


def _unverified(row: ProtocolVersion) -> int:
    return sum(number.status == "unverified" for number in protocol_numbers.numbers(row.data))


@desk("protocol.sign")
@require_POST
def protocol_adopt(request: StaffRequest) -> HttpResponse:
    """The packaged recipes that this practice has no version of, signed by the director as version 1."""
    made = orders.adopt_packaged(by=request.staff, now=request.now)
    words = ngettext("%(n)s protocol adopted.", "%(n)s protocols adopted.", len(made)) % {"n": len(made)}
    messages.success(request, words)
    return redirect("protocol_list")


def protocol_of(ref: UUID) -> ProtocolVersion:
    """The version of this practice, or 404."""
    row: ProtocolVersion = get_object_or_404(ProtocolVersion.objects.select_related("signed_by"), ref=ref)
    return row


@desk("protocol.see")
def protocol_page(request: StaffRequest, ref: UUID) -> HttpResponse:
    """Every number with its unit, source and status; the unverified ones counted and marked."""
    row = protocol_of(ref)
    versions = list(ProtocolVersion.objects.filter(key=row.key).select_related("signed_by").order_by("-version"))
    before = next((each for each in versions if each.version == row.version - 1), None)
    numbers = protocol_numbers.numbers(row.data)
    context = {
        "row": row,
        "form": DRUG_FORMS.get(row.data["drug_form"], row.data["drug_form"]),
        "blocks": protocol_numbers.blocks(row.data),
        "counts": [(FIGURE_STATUS[status], sum(each.status == status for each in numbers)) for status in STATUSES],
        "versions": versions,
        "newest": versions[0],
        "before": before,
        "changes": protocol_numbers.compared(before.data, row.data) if before else [],
        "courses": Course.objects.filter(protocol=row).count(),
        "marks": FIGURE_STATUS,
        "follow_up": follow_up.in_words(row.data),
    }
    return show(request, "orders/protocol.html", context)


@desk("protocol.sign")
def protocol_new(request: StaffRequest, ref: UUID) -> HttpResponse:
    """A new version: type numbers, see each change as old and new with its source, sign."""
    row = protocol_of(ref)
    if request.method != "POST":
        return _page(request, row, "orders/protocol_edit.html")
    made, wrong = protocol_numbers.changes(row.data, request.POST.dict())
    if wrong or not made or request.POST.get("do") == "edit":
        return _page(request, row, "orders/protocol_edit.html", wrong=wrong, none=not wrong and not made, status=422 if wrong else 200)
    if request.POST.get("do") != "sign":
        return _page(request, row, "orders/protocol_review.html", made=made)
    try:
        signed = _sign(request, row, made)
    except Refusal as refusal:
        if isinstance(refusal, NotAllowed) and refusal.code == "not_permitted":
            raise
        status = 409 if isinstance(refusal, Stale) else 422
        return _page(request, row, "orders/protocol_review.html", made=made, refusal=refusal, status=status)
    messages.success(request, _("Version %(n)s is signed and in force for new courses.") % {"n": signed.version})
    return redirect("protocol_page", ref=signed.ref)


def _sign(request: StaffRequest, row: ProtocolVersion, made: list[protocol_numbers.Change]) -> ProtocolVersion:
    newest = _newest(row)
    if newest.pk != row.pk:
        raise Stale(
            because=f"Version {newest.version} was signed meanwhile by {newest.signed_by.name}.",
            way_out="Look at both columns, then carry your changes over to it.",
            code="protocol_stale",
        )
    return orders.sign_protocol(protocol_numbers.changed(row.data, made), by=request.staff, now=request.now)


def _newest(row: ProtocolVersion) -> ProtocolVersion:
    newest: ProtocolVersion = ProtocolVersion.objects.filter(key=row.key).select_related("signed_by").order_by("-version")[0]
    return newest


def _page(request: StaffRequest, row: ProtocolVersion, template: str, *, status: int = 200, **more: Any) -> HttpResponse:
    newest, wrong = _newest(row), more.pop("wrong", {})
    in_force = {each.path: each for each in protocol_numbers.numbers(newest.data)}
    typed = request.POST.dict()
    context = {
        "row": row,
        "newest": newest if newest.pk != row.pk else None,
        "blocks": [_editable(block, typed, wrong) for block in protocol_numbers.blocks(row.data)],
        "made": [_reviewed(change, in_force) for change in more.pop("made", [])],
        "statuses": [(status, FIGURE_STATUS[status][0]) for status in STATUSES],
        "key": uuid4(),
        "wrong": len(wrong),
    }
    return show(request, template, context | more, status=status)


def _editable(block: dict[str, Any], typed: dict[str, str], wrong: dict[str, Refusal]) -> dict[str, Any]:
    lines = [
        {"number": number, "typed": typed.get(f"value:{number.path}", number.shown), "refusal": wrong.get(number.path)}
        for number in block["numbers"]
    ]
    return {**block, "lines": lines, "open": any(line["refusal"] for line in lines)}


def _reviewed(change: protocol_numbers.Change, in_force: dict[str, protocol_numbers.Number]) -> dict[str, Any]:
    now = in_force.get(change.old.path)
    return {"change": change, "now": now.shown if now else "–"}
