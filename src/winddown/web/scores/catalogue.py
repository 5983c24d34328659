"""The instruments of the house: what each measures, on which license, how it is scored; and bringing a licensed text."""

from __future__ import annotations

from typing import Any

from django import forms as fields
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from winddown.domain.instruments import INSTRUMENTS, adaptive, licensed_text
from winddown.domain.instruments.instrument import Instrument, Translation, said
from winddown.services import instruments, permissions
from winddown.web.access import StaffRequest
from winddown.web.at_home import present
from winddown.web.people.shell import HouseForm, carried_out, desk, posted, show
from winddown.web.scores.views import about


class BringForm(HouseForm):
    """A file with licensed words, and the statement that the clinic may use them."""

    file = fields.FileField(label=lazy("File with the licensed text"), max_length=200)
    license_words = fields.CharField(
        label=lazy("License"),
        max_length=500,
        widget=fields.Textarea(attrs={"rows": 3}),
        help_text=lazy("Who licensed the text to this clinic, when, and for what use."),
    )


@desk("instrument.see")
def instrument_list(request: StaffRequest) -> HttpResponse:
    spoken, brought = get_language() or "en", instruments.brought()
    rows = [_row(form, spoken, brought.get(key, [])) for key, form in instruments.everything().items()]
    bring = BringForm(posted(request), request.FILES or None) if permissions.may(request.staff, "instrument.import") else None
    if request.method == "POST":
        permissions.require(request.staff, "instrument.import")
        if bring is not None and carried_out(bring, lambda: _bring_bank(request, bring)):
            messages.success(request, _("The bank is kept and can be sent."))
            return redirect("instruments")
    status = 422 if bring is not None and bring.is_bound else 200
    return show(request, "scores/instruments.html", {"rows": rows, "bring": bring}, status=status)


@desk("instrument.see")
def instrument_page(request: StaffRequest, instrument: str) -> HttpResponse:
    """How one instrument is read, with every figure's source; its questions where they may be shown; and the import."""
    if instrument not in instruments.everything():
        raise Http404
    spoken = get_language() or "en"
    form, language = instruments.form_for(instrument, spoken)
    ours = instrument in INSTRUMENTS
    may_bring = ours and form.license.kind == "permission" and permissions.may(request.staff, "instrument.import")
    bring = BringForm(posted(request), request.FILES or None) if may_bring else None
    if request.method == "POST":
        permissions.require(request.staff, "instrument.import")
        if bring is not None and carried_out(bring, lambda: _bring(request, bring)):
            messages.success(request, _("The text is kept and used from now on."))
            return redirect("instrument_page", instrument=form.key)
    context = {
        "about": about(form, spoken),
        "name": said(form.name, spoken),
        "purpose": said(form.purpose, spoken),
        "sheet": present.sheet(form, language=language) if form.has_text else None,
        "translations": [_translation(one) for one in form.translations],
        "brought": instruments.texts_of(form.key).values() if ours and form.license.kind == "permission" else [],
        "bring": bring,
        "template": licensed_text.template(INSTRUMENTS[form.key], spoken) if may_bring else "",
    }
    return show(request, "scores/instrument.html", context, status=422 if bring is not None and bring.is_bound else 200)


def _bring(request: StaffRequest, form: BringForm) -> None:
    told = form.cleaned_data
    instruments.bring(
        told["file"].read(licensed_text.LARGEST_BYTES + 1), license_words=told["license_words"], by=request.staff, now=request.now
    )


def _bring_bank(request: StaffRequest, form: BringForm) -> None:
    told = form.cleaned_data
    file = told["file"].read(adaptive.LARGEST_BYTES + 1)
    instruments.bring_bank(file, license_words=told["license_words"], by=request.staff, now=request.now)


def _row(form: Instrument, language: str, brought: list[Any]) -> dict[str, Any]:
    kinds = {"free": _("free"), "own": _("our own"), "permission": _("licensed")}
    return {
        "key": form.key,
        "name": said(form.name, language),
        "purpose": said(form.purpose, language),
        "license": kinds[form.license.kind],
        "items": len(form.items),
        "recall": said(form.recall, language),
        "languages": ", ".join(form.languages) or ", ".join(row.language for row in brought),
        "has_text": bool(form.languages or brought),
    }


def _translation(told: Translation) -> dict[str, Any]:
    words = {
        "original": _("the original words"),
        "own": _("our own careful words, not validated"),
        "unverified": _("as commonly printed, not compared with the publisher's sheet"),
        "imported": _("brought by the clinic"),
    }
    known = {"en": "English", "es": "Español"}
    return {
        "language": known.get(told.language) or licensed_text.language_name(told.language),
        "status": told.status,
        "words": words[told.status],
        "note": told.words if told.status == "imported" else "",
    }
