"""Which place and which day an address asks for."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from django.utils import timezone
from django.utils.dateparse import parse_date

from winddown.record.models import Location
from winddown.web.access import StaffRequest
from winddown.web.people.shell import place_of


def place_asked(request: StaffRequest, places: Sequence[Location]) -> Location | None:
    """The place named in the form or the address, else where this person works."""
    wanted = request.POST.get("place") or request.GET.get("place") or ""
    return next((each for each in places if str(each.ref) == wanted), None) or place_of(request)


def day_asked(request: StaffRequest, otherwise: date | None = None) -> date:
    """The day named in the form or the address; a nonsense day counts as none.

    otherwise  the day where none is named; today in the active zone without it
    """
    try:
        asked = parse_date(request.POST.get("day") or request.GET.get("day") or "")
    except ValueError:
        asked = None
    return asked or otherwise or timezone.localdate(request.now)
