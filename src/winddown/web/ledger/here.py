"""What the pages of the ledger share: which location they are about, and the hand of the person who signs."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID, uuid4

from django.http import Http404, HttpResponse

from winddown.domain.refusals import NotAllowed
from winddown.record.models import Location, Staff
from winddown.services import announcements, people, permissions
from winddown.web import access
from winddown.web.access import StaffRequest
from winddown.web.people import shell


def place_here(request: StaffRequest) -> Location:
    """The location that the page is about: the one named in its address or form, else where the person works."""
    named = request.POST.get("place") or request.GET.get("place") or ""
    if named:
        found = Location.objects.filter(ref=_uuid(named)).first()
        if found is None:
            raise Http404
        return found
    here = shell.place_of(request)
    if here is None:
        raise NotAllowed(because="There is no location yet.", way_out="An administrator opens the first one.", code="no_place")
    return here


def show(request: StaffRequest, template: str, context: Mapping[str, Any], *, place: Location, status: int = 200) -> HttpResponse:
    """A page of the ledger: the house's frame with the live stream, the place, and keys for its forms."""
    more = {
        "live": {"url": "/live/stream", "after": announcements.latest()},
        "place": place,
        "new_key": uuid4,
        "officer": permissions.may(request.staff, "ledger.officer"),
    }
    return shell.show(request, template, more | dict(context), status=status)


def unsigned(request: StaffRequest) -> HttpResponse | None:
    """None when the person at this screen proved themselves with their own PIN or password; else the answer, with the try counted."""
    try:
        people.prove_self(request.staff, request.POST.get("own_pin", ""), now=request.now, pin_is_enough=True)
    except NotAllowed as refusal:
        if refusal.code == "secret_wrong":
            people.count_wrong_pin(str(request.staff.ref), now=request.now)
        return access.refused(request, refusal)
    return None


def colleagues(request: StaffRequest) -> list[Staff]:
    """Who may be the second person: somebody else, with the right to, and with a PIN."""
    rows: Iterable[Staff] = Staff.objects.filter(active=True).exclude(pk=request.staff.pk).exclude(pin_hash="").order_by("name")
    return [person for person in rows if permissions.may(person, "second.person")]


def _uuid(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        raise Http404 from None
