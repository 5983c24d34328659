"""Beginning a test: which form, where it hurts, and where to compare."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext_lazy as __

from winddown.domain.sensory.body import REGIONS, mirror_of
from winddown.domain.sensory.plan import FORMS
from winddown.record.models import Patient, SensoryTest, Session
from winddown.record.queries import sensory as queries
from winddown.services import sensory
from winddown.web.access import StaffRequest, key_of, read_chart
from winddown.web.patients.base import head_of, open_patient
from winddown.web.people.shell import HouseForm, carried_out, desk, posted, show
from winddown.web.sensory.base import test_of
from winddown.web.sensory.figure import GROUP_WORDS, body_map, region_words
from winddown.web.sensory.words import FORM_HINTS, FORM_WORDS


class BeginForm(HouseForm):
    form = forms.ChoiceField(label=__("Which test"), choices=[(key, FORM_WORDS[key]) for key in FORMS], initial="bedside")
    affected = forms.ChoiceField(label=__("Affected site: where it hurts"))
    control = forms.ChoiceField(label=__("Control site: the same place on the other side, or another place that does not hurt"))
    session = forms.UUIDField(required=False, widget=forms.HiddenInput)
    repeats = forms.UUIDField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("affected", "control"):
            self.fields[name].choices = _choices()  # type: ignore[attr-defined]


def _choices() -> list[Any]:
    grouped: dict[str, list[tuple[str, str]]] = {}
    for region in REGIONS.values():
        grouped.setdefault(str(GROUP_WORDS[region.group]), []).append((region.key, region_words(region.key)))
    return [("", "–"), *grouped.items()]


@desk("sensory.test")
def sensory_new(request: StaffRequest, ref: UUID) -> HttpResponse:
    """The last test's sites are offered again; a first test begins with an empty map."""
    patient = open_patient(ref)
    form = BeginForm(posted(request), initial=_offered(request, patient))
    begun: list[SensoryTest] = []
    if form.is_bound and carried_out(form, lambda: begun.append(_begin(request, patient, form.cleaned_data))):
        return redirect("sensory_run", ref=patient.ref, test=begun[0].ref)
    read_chart(request, patient, "sensory test form")
    chosen = {mark: form[mark].value() for mark in ("affected", "control") if form[mark].value() in REGIONS}
    context = {
        "form": form,
        "key": request.POST.get("key", ""),
        "forms": [(key, FORM_WORDS[key], FORM_HINTS[key]) for key in FORMS],
        "map": body_map(pick=True, marks={key: mark for mark, key in chosen.items()}),
        "mirrors": {key: mirror_of(key).key for key in REGIONS},
    }
    return show(request, "sensory/new.html", head_of(request, patient) | context, status=422 if form.is_bound else 200)


def _offered(request: StaffRequest, patient: Patient) -> dict[str, Any]:
    again = request.GET.get("repeats", "")
    last = test_of(patient, UUID(again)) if _is_ref(again) else queries.tests_of([patient.pk]).first()
    visit = request.GET.get("session", "")
    told = {"session": visit if _is_ref(visit) else "", "repeats": again if _is_ref(again) else "", "form": "bedside"}
    return told | ({"form": last.form, "affected": last.affected, "control": last.control} if last else {})


def _is_ref(text: str) -> bool:
    try:
        return bool(UUID(text))
    except ValueError:
        return False


def _begin(request: StaffRequest, patient: Patient, said: dict[str, Any]) -> SensoryTest:
    session = get_object_or_404(Session.objects, ref=said["session"], patient=patient) if said["session"] else None
    repeats = test_of(patient, said["repeats"]) if said["repeats"] else None
    sites = {"control": said["control"], "affected": said["affected"]}
    return sensory.begin(
        patient, said["form"], **sites, by=request.staff, now=request.now, session=session, repeats=repeats, key=key_of(request)
    )
