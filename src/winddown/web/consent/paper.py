"""The consent as it was signed, as a PDF: the whole text, the figures of that day, each step with its time, the signature, the hash."""

from __future__ import annotations

from typing import Any

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import override

from winddown.domain.consent.text import FIGURES
from winddown.services.consents import Signing
from winddown.services.suicide_safety import place_of
from winddown.web.consent.present import figure_lines
from winddown.web.papers.press import print_pdf


def press(signing: Signing) -> bytes:
    """Printed in the language of the text, whatever the language of the page."""
    with override(signing.sitting.text.language):
        return print_pdf("consent", _data(signing), at=signing.at)


def _data(signing: Signing) -> dict[str, Any]:
    row, text, patient = signing.sitting.text, signing.text, signing.sitting.patient
    signed = f"{date_format(timezone.localtime(signing.at), 'j M Y')} {_clock(signing.at)} {timezone.localtime(signing.at):%Z}"
    return {
        "about": {
            "title": text.title,
            "language": row.language,
            "practice": signing.sitting.practice.name,
            "location": place_of(patient).name,
            "printed": _("Signed %(at)s") % {"at": signed},
            "advises": _("Kept as it was signed."),
            "page": _("Page"),
            "of": _("of"),
        },
        "name": patient.name,
        "born": _("born %(day)s") % {"day": date_format(patient.birth_date, "j M Y")},
        "number": patient.record_number,
        "version": _("Version %(version)s of %(day)s, approved by %(who)s")
        % {"version": row.version, "day": date_format(timezone.localtime(row.signed_at), "j M Y"), "who": row.by.name},
        "paragraphs": [
            {"heading": each.heading, "lines": [line for line in each.lines if line != FIGURES], "figures": each.has_figures}
            for each in text.paragraphs
        ],
        "figures": {
            "head": [_("Risk"), _("Published"), _("Counted at this clinic"), _("Exact 95 percent interval")],
            "lines": figure_lines(signing.sitting.figures),
            "note": _("Counted up to %(at)s.") % {"at": date_format(timezone.localtime(signing.sitting.opened_at), "j M Y")},
        },
        "steps": _steps(signing),
        "signed": {
            "label": _("Signature"),
            "name": signing.typed_name,
            "at": signed,
            "drawn": signing.signature,
            "typed": "" if signing.signature else _("Signed by typing the name and confirming it."),
            "until": _("Valid until %(day)s, unless withdrawn before.")
            % {"day": date_format(signing.consent.expires_on or signing.consent.signed_on, "j M Y")},
        },
        "hash": f"SHA-256 {row.sha256}",
    }


def _steps(signing: Signing) -> list[dict[str, str]]:
    reading, text = signing.reading, signing.text
    seconds = _("not measured") if reading.seconds is None else _("%(n)s s") % {"n": reading.seconds}
    lines = [
        {"what": _("Text opened"), "when": _clock(signing.sitting.opened_at)},
        {"what": _("Text in sight for"), "when": seconds},
        {"what": _("Questions of understanding answered rightly, with %(n)s answers in all") % {"n": reading.tries}, "when": "3 / 3"},
    ]
    return lines + [{"what": text.statements[key], "when": _clock(at)} for key, at in sorted(reading.acknowledged.items())]


def _clock(at: Any) -> str:
    return timezone.localtime(at).strftime("%H:%M:%S")
