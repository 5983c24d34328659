"""What the packet's PDF shows: the verdict on the chain, the sums of each drug, and every line in words."""

from __future__ import annotations

from typing import Any

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from winddown.domain.quantities import display
from winddown.record.models import LedgerEntry
from winddown.services import formulary, packets, signing
from winddown.web.access import StaffRequest
from winddown.web.ledger.words import KIND_WORDS


def data_of(request: StaffRequest, contents: packets.Contents) -> dict[str, Any]:
    """Plain data for typst/packet.typ."""
    place, rows = contents.location, contents.rows
    held = formulary.registration_of(place)
    days = {"first": date_format(contents.first_day, "j M Y"), "last": date_format(contents.last_day, "j M Y"), "place": place.name}
    registration = f"{held.registrant}, {held.dea_number}, {held.state_license}".strip(", ") if held else _("no registration on file")
    return {
        "about": _about(request, place.name),
        "period": _("%(first)s to %(last)s, both days included, by the clock of %(place)s") % days,
        "registration": registration,
        "address": place.address,
        "verdict": _verdict(contents),
        "steps": _steps(contents),
        "hashes": [row.hash for row in (rows[0], rows[-1])] if rows else [],
        "previous": rows[0].previous_hash if rows else "",
        "fingerprint": signing.fingerprint(),
        "proves": packets.PROVES,
        "sums": [{"drug": drug, "rows": [[_sum_words(name), display(mg, 1)] for name, mg in told]} for drug, told in contents.sums.items()],
        "heads": [_("No."), _("When"), _("What"), _("Drug"), "mg", "mL", _("In words"), _("Who"), _("Hash")],
        "lines": [_line(row) for row in rows],
    }


def _about(request: StaffRequest, place: str) -> dict[str, str]:
    at = f"{timezone.localtime(request.now):%Y-%m-%d %H:%M %Z}"
    return {
        "title": _("Controlled-drug ledger"),
        "language": (get_language() or "en").split("-")[0],
        "practice": request.staff.practice.name,
        "location": place,
        "printed": _("Printed %(at)s by %(who)s") % {"at": at, "who": request.staff.name},
        "advises": _("Arithmetic does not prove what was in a syringe."),
        "page": _("Page"),
        "of": _("of"),
        "continues": _("continued"),
    }


def _verdict(contents: packets.Contents) -> str:
    if not contents.rows:
        return _("No line in this period.")
    if contents.problems:
        return _("The chain is BROKEN: %(what)s") % {"what": "; ".join(contents.problems[:5])}
    numbers = {"first": contents.rows[0].number, "last": contents.rows[-1].number}
    return _("The chain holds from line %(first)s to line %(last)s.") % numbers


def _steps(contents: packets.Contents) -> str:
    if not contents.clock_steps:
        return ""
    lines = ", ".join(str(number) for number in contents.clock_steps)
    return _("The clock was set back before line %(lines)s; order is by number.") % {"lines": lines}


def _sum_words(name: str) -> str:
    known = {"opening": _("there before"), "expected": _("expected after")}
    return str(known.get(name) or KIND_WORDS.get(name, name))


def _line(row: LedgerEntry) -> list[str]:
    people = ", ".join(person.name for person in (row.by, row.witness, row.second_witness) if person)
    struck = f" ({_('superseded by')} {row.superseded_by.number})" if hasattr(row, "superseded_by") else ""
    patient = f"{row.session.patient.record_number} {row.session.patient.name}. " if row.session else ""
    at = timezone.localtime(row.happened_at).strftime("%Y-%m-%d %H:%M")
    kind = f"{KIND_WORDS.get(row.kind, row.kind)}{struck}"
    return [str(row.number), at, kind, row.drug, display(row.mg, 2), display(row.ml, 2), patient + row.words, people, row.hash[:10]]
