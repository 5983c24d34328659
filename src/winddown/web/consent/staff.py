"""Consent as staff see it: what is in force, on the tablet or by a link, the papers; and the texts that the director signs."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as __
from django.views.decorators.http import require_POST

from winddown.domain.consent.packaged import ABOUT, LANGUAGES, packaged
from winddown.domain.consent.text import write
from winddown.record.models import Consent, ConsentPaper, ConsentTextVersion, Link
from winddown.services import consents, links
from winddown.web.access import LOCKED, StaffRequest, read_chart
from winddown.web.consent.at_home import pdf_of
from winddown.web.consent.present import figure_lines
from winddown.web.patients.base import head_of, open_patient, patient_of
from winddown.web.people.shell import HouseForm, carried_out, desk, posted, show

KINDS = {"treatment": __("Consent to treatment"), "caregiver": __("Permission for a caregiver")}


@desk("consent.record")
def consent_page(request: StaffRequest, ref: UUID) -> HttpResponse:
    """What was signed and withdrawn, with its papers, and the two ways to sign: on this tablet, or at home by a link."""
    patient = patient_of(ref)
    read_chart(request, patient, "consent")
    rows = list(Consent.objects.filter(patient=patient).select_related("by", "paper").order_by("-written_at", "-id"))
    texts = {about: consents.text_in_force(about, "en") for about in ABOUT}
    context = {
        "kinds": [{"about": about, "words": KINDS[about], "text": texts[about], "now": _now(rows, about)} for about in ABOUT],
        "tab": "consent",
        "rows": [{"row": row, "about": KINDS[row.about], "paper": getattr(row, "paper", None)} for row in rows],
        "links": Link.objects.filter(patient=patient, purpose="consent", expires_at__gt=request.now, revoked_at=None).order_by("-made_at")[
            :5
        ],
        "made": request.session.pop("consent_link", ""),
    }
    return show(request, "consent/staff.html", head_of(request, patient) | context)


def _now(rows: list[Consent], about: str) -> Consent | None:
    newest = next((row for row in rows if row.about == about), None)
    return newest if newest and newest.kind == "signed" else None


@desk("consent.record")
@require_POST
def consent_send(request: StaffRequest, ref: UUID) -> HttpResponse:
    """A link to the text in force. On the tablet the staff's screen is locked first: the patient holds the consent and nothing else."""
    patient = open_patient(ref)
    about = request.POST.get("about", "treatment")
    link = links.make(
        patient=patient, purpose="consent", subject=about if about in ABOUT else "treatment", by=request.staff, now=request.now
    )
    if request.POST.get("here") == "yes":
        request.session[LOCKED] = True
        return redirect(links.path_of(link))
    request.session["consent_link"] = request.build_absolute_uri(links.path_of(link))
    return redirect("consent_page", ref=patient.ref)


@desk("consent.record")
def consent_paper(request: StaffRequest, ref: UUID, consent: UUID) -> HttpResponse:
    patient = patient_of(ref)
    paper = get_object_or_404(ConsentPaper, consent__ref=consent, consent__patient=patient)
    read_chart(request, patient, "consent paper")
    return pdf_of(paper)


class TextForm(HouseForm):
    """A text in plain lines, one box for each language."""

    valid_days = forms.IntegerField(label=__("A signature is valid for (days)"), min_value=1)
    renew = forms.BooleanField(label=__("Everybody signs anew before the next start"), required=False)
    because = forms.CharField(label=__("What changes and why"), max_length=300)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for language in LANGUAGES:
            name = {"en": _("English"), "es": _("Spanish")}[language]
            self.fields[language] = forms.CharField(
                label=name,
                widget=forms.Textarea(attrs={"rows": 24, "class": "form-control wd-plain-lines", "lang": language, "spellcheck": "true"}),
            )
        self.order_fields([*LANGUAGES, "valid_days", "renew", "because"])


@desk("consent.sign_text")
def consent_texts(request: StaffRequest) -> HttpResponse:
    """Every version of every text, newest first."""
    rows = ConsentTextVersion.objects.select_related("by").order_by("about", "-version", "language")
    kinds = [{"about": about, "words": words, "rows": [row for row in rows if row.about == about]} for about, words in KINDS.items()]
    return show(request, "consent/texts.html", {"kinds": kinds, "figures": figure_lines(consents.figures_today())})


@desk("consent.sign_text")
def consent_text_new(request: StaffRequest, about: str) -> HttpResponse:
    """The next version, beginning from the one in force or from the shipped template; both languages are signed together."""
    form = TextForm(posted(request), initial=_initial(about))
    if form.is_bound and carried_out(form, lambda: _publish(request, about, form)):
        messages.success(request, _("Signed. The new version is in force."))
        return redirect("consent_texts")
    first = not ConsentTextVersion.objects.filter(about=about).exists()
    context = {"form": form, "about": KINDS.get(about, about), "first": first}
    return show(request, "consent/text_new.html", context, status=422 if form.is_bound else 200)


def _initial(about: str) -> dict[str, Any]:
    shipped = packaged(about)
    standing = {language: consents.text_in_force(about, language) for language in LANGUAGES}
    texts = {
        language: write(consents.text_of(row)) if row and row.language == language else shipped[language]
        for language, row in standing.items()
    }
    newest = next((row for row in standing.values() if row), None)
    return texts | {"valid_days": newest.valid_days if newest else consents.VALID_DAYS[about]}


def _publish(request: StaffRequest, about: str, form: TextForm) -> object:
    data = form.cleaned_data
    told = {"valid_days": data["valid_days"], "renew": data["renew"], "because": data["because"]}
    return consents.publish(about, {language: data[language] for language in LANGUAGES}, **told, by=request.staff, now=request.now)
