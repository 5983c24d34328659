"""For the inspector: one click, one signed packet. And usage beside peers, with its false alarms stated."""

from __future__ import annotations

import io
import zipfile
from datetime import date, datetime, timedelta
from typing import Any

from django.http import HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _

from winddown.record.models import Location, Packet
from winddown.services import packets, signing, usage
from winddown.web.access import StaffRequest
from winddown.web.ledger import here, packet_print
from winddown.web.ledger.forms import PeriodForm
from winddown.web.papers.press import print_pdf
from winddown.web.people.shell import desk


@desk("ledger.packet")
def packet_page(request: StaffRequest) -> HttpResponse:
    """Ready periods to click, a period of one's own, and what was made before."""
    place = here.place_here(request)
    form = PeriodForm(initial={"first_day": _month_ago(request), "last_day": timezone.localdate(request.now)})
    context = {
        "form": form,
        "periods": _periods(timezone.localdate(request.now)),
        "made": Packet.objects.filter(location=place).select_related("by").order_by("-id")[:10],
        "fingerprint": signing.fingerprint(),
        "proves": packets.PROVES,
    }
    return here.show(request, "ledger/packet.html", context, place=place)


@desk("ledger.packet")
def packet_file(request: StaffRequest) -> HttpResponse:
    """The packet of a period as one file. A link, so that it is one click; making it is in the audit trail."""
    place = here.place_here(request)
    form = PeriodForm(request.GET)
    if not form.is_valid():
        return here.show(request, "ledger/packet.html", {"form": form, "periods": [], "made": []}, place=place, status=422)
    first, last = form.cleaned_data["first_day"], form.cleaned_data["last_day"]
    contents = packets.gather(place, first_day=first, last_day=last, by=request.staff, now=request.now)
    pdf = print_pdf("packet", packet_print.data_of(request, contents), at=request.now)
    files = packets.seal(contents, {**contents.files, "packet.pdf": pdf}, by=request.staff, now=request.now)
    name = f"ledger-{_slug(place)}-{first}-{last}"
    response = HttpResponse(_zipped(files, name, request.now), content_type="application/zip")
    response["Content-Disposition"] = f'attachment; filename="{name}.zip"'
    response["Cache-Control"] = "no-store"
    return response


def _zipped(files: dict[str, bytes], folder: str, at: datetime) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in sorted(files.items()):
            archive.writestr(zipfile.ZipInfo(f"{folder}/{name}", date_time=at.timetuple()[:6]), content)
    return made.getvalue()


@desk("ledger.packet")
def usage_page(request: StaffRequest) -> HttpResponse:
    """The last 90 days: everybody's draws beside their peers'. A name here is a reason to look, never a finding."""
    place = here.place_here(request)
    measured, people = usage.compare(place, since=request.now - timedelta(days=90), until=request.now, by=request.staff)
    rows = [
        {
            "measure": each.measure,
            "draws": each.review.draws,
            "notable": each.review.notable,
            "bound": float(each.review.false_alarms_at_most) * 100,
            "people": [
                {"person": people[one.person], "one": one, "expected": float(one.expected), "chance": float(one.chance) * 100}
                for one in each.review.standings
            ],
        }
        for each in measured
    ]
    return here.show(request, "ledger/usage.html", {"rows": rows, "any": bool(people)}, place=place)


def _periods(today: date) -> list[dict[str, Any]]:
    month = today.replace(day=1)
    before = (month - timedelta(days=1)).replace(day=1)
    return [
        {"words": _("This month"), "first": month, "last": today},
        {"words": _("Last month"), "first": before, "last": month - timedelta(days=1)},
        {"words": _("This year"), "first": today.replace(month=1, day=1), "last": today},
        {"words": _("Two years"), "first": today - timedelta(days=730), "last": today},
    ]


def _month_ago(request: StaffRequest) -> date:
    return timezone.localdate(request.now) - timedelta(days=30)


def _slug(place: Location) -> str:
    return "".join(letter if letter.isascii() and letter.isalnum() else "-" for letter in place.name.lower())
