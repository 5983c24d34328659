"""What a clinic knows about its own testing: how closely repeated tests agree, and which licensed norms are in use."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as __

from winddown.domain.sensory.norms import COLUMNS
from winddown.domain.sensory.plan import FORMS
from winddown.domain.sensory.repeatability import FEW_GROUPS, MOST_DAYS_APART, Spread
from winddown.domain.sensory.score import Measure
from winddown.record.queries import sensory as queries
from winddown.services import permissions, repeatability, sensory
from winddown.services.repeatability import MEASURES, TESTERS, Repeatability
from winddown.web.access import StaffRequest
from winddown.web.people.shell import HouseForm, carried_out, desk, posted, show
from winddown.web.sensory.words import FORM_WORDS, MEASURE_HINTS, MEASURE_WORDS, spread_words

LARGEST_BYTES = 512 * 1024


class NormsForm(HouseForm):
    file = forms.FileField(label=__("Table of norms, CSV"), help_text=",".join(COLUMNS))
    license = forms.CharField(label=__("License, and to whom it was given"), max_length=300)

    def clean_file(self) -> str:
        given = self.cleaned_data["file"]
        if given.size > LARGEST_BYTES:
            raise forms.ValidationError(_("The file is larger than 512 kB."))
        try:
            return str(given.read().decode("utf-8"))
        except UnicodeDecodeError:
            raise forms.ValidationError(_("The file is not UTF-8 text.")) from None


class WithdrawForm(HouseForm):
    because = forms.CharField(label=__("Why they are taken out of use"), max_length=300)


@desk("chart.read")
def sensory_clinic(request: StaffRequest) -> HttpResponse:
    """No chart of anybody: numbers of the whole practice."""
    return show(request, "sensory/clinic.html", _context(request))


def _context(request: StaffRequest) -> dict[str, Any]:
    told = repeatability.of_this_practice()
    table, norms = queries.norms_in_use()
    forms = [form for form in FORMS if any(key[0] == form for key in told.spreads)]
    return {
        "tables": [{"name": FORM_WORDS[form], "lines": [_line(told, form, measure) for measure in MEASURES]} for form in forms],
        "pairs": told.pairs,
        "left_out": told.left_out,
        "days": f"{MOST_DAYS_APART.value:g}",
        "few": f"{FEW_GROUPS.value:g}",
        "norms": table if norms else None,
        "count": len(norms),
        "may_load": permissions.may(request.staff, "sensory.norms"),
    }


def _line(told: Repeatability, form: str, measure: Measure) -> dict[str, Any]:
    cells: dict[str, Any] = {who: _cell(told.spreads.get((form, measure, who))) for who in TESTERS}
    return {"name": MEASURE_WORDS[measure], "hint": MEASURE_HINTS[measure], **cells}


def _cell(found: Spread | None) -> dict[str, Any] | None:
    return None if found is None else {"words": spread_words(found), "n": found.n, "rough": found.rough}


@desk("sensory.norms")
def norms_load(request: StaffRequest) -> HttpResponse:
    """Load a table whole, or take the one in use out of use."""
    table, norms = queries.norms_in_use()
    if "because" in request.POST:
        form: HouseForm = WithdrawForm(request.POST)
        done = carried_out(form, lambda: sensory.withdraw_norms(form.cleaned_data["because"], by=request.staff, now=request.now))
    else:
        form = NormsForm(posted(request), request.FILES or None)
        done = form.is_bound and carried_out(form, lambda: _load(request, form))
    if done:
        messages.success(request, _("Kept."))
        return redirect("sensory_clinic")
    context = {
        "form": form if isinstance(form, NormsForm) else NormsForm(),
        "withdraw": form if isinstance(form, WithdrawForm) else WithdrawForm(),
        "norms": table if norms else None,
        "count": len(norms),
    }
    return show(request, "sensory/norms.html", context, status=422 if form.is_bound else 200)


def _load(request: StaffRequest, form: HouseForm) -> None:
    sensory.load_norms(form.cleaned_data["file"], form.cleaned_data["license"], by=request.staff, now=request.now)
