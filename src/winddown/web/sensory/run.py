"""The guided test: the page that leads through it, and the one address that every tap is sent to."""

from __future__ import annotations

import json
from typing import Any
from uuid import UUID

from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.urls import reverse

from winddown.domain.refusals import Missing
from winddown.domain.sensory import stimuli
from winddown.domain.sensory.answers import ENDS, Standing
from winddown.domain.sensory.plan import form_of
from winddown.domain.sensory.threshold import follow
from winddown.record.models import SensoryTest
from winddown.record.queries import sensory as queries
from winddown.services import sensory
from winddown.web.access import StaffRequest, key_of, read_chart, wants_json
from winddown.web.patients.base import head_of, patient_of
from winddown.web.people.shell import desk, show
from winddown.web.sensory.base import stamped, test_of
from winddown.web.sensory.figure import region_words
from winddown.web.sensory.words import FORM_WORDS, SITE_WORDS, SKIP_REASONS, STOP_REASONS

PANELS = {"series": "felt", "spoke": "distance"}
PANEL_OF_STATUS = {"paused": "paused", "finished": "ended", "stopped": "ended"}
ANSWER_FIELDS = ("rating", "way", "felt", "force_mn", "distance_cm", "to_the_edge", "because")


@desk("sensory.test")
def sensory_run(request: StaffRequest, ref: UUID, test: UUID) -> HttpResponse:
    """What to take, where, and one tap for the answer. It works form by form without a script, and without a network with it."""
    patient = patient_of(ref)
    row = test_of(patient, test)
    read_chart(request, patient, str(row.ref))
    told = sensory.standing_of(row)
    return show(request, "sensory/run.html", head_of(request, patient) | _lead(row, told) | {"state": _state(row, patient.ref)})


def _lead(row: SensoryTest, told: Standing) -> dict[str, Any]:
    """The next step for a reader without a script."""
    step = told.next_step if told.status == "running" else None
    panel = PANELS.get(step.kind, "rating") if step else PANEL_OF_STATUS.get(told.status, "done")
    series = follow(told.felt(step), series=form_of(row.form).series) if step and step.kind == "series" else None
    return {
        "test": row,
        "form_words": FORM_WORDS[row.form],
        "step": step,
        "panel": panel,
        "series": series,
        "force_mn": series.next_mn if series else step.force_mn if step else None,
        "place": region_words(getattr(row, step.site)) if step else "",
        "site_words": SITE_WORDS[step.site] if step else "",
        "done": told.done_count,
        "of": len(told.plan.steps),
        "last": told.last,
        "taps": range(11),
        "spokes": range(1, 9),
        "furthest_cm": 20,
        "stop_reasons": STOP_REASONS,
        "skip_reasons": SKIP_REASONS,
    }


def _state(row: SensoryTest, patient: UUID) -> str:
    """Everything the page's script needs to lead through the whole test by itself."""
    told = {
        "url": reverse("sensory_enter", args=[patient, row.ref]),
        "steps": row.plan["steps"],
        "series": form_of(row.form).series,
        "forces": stimuli.PINPRICKS_MN,
        "interval_s": stimuli.INTERVAL_S.value,
        "train_length": int(stimuli.TRAIN_LENGTH.value),
        "train_rate_per_s": stimuli.TRAIN_RATE_PER_S.value,
        "places": {"control": region_words(row.control), "affected": region_words(row.affected)},
        "entries": [
            {
                "id": entry.id,
                "kind": entry.kind,
                "step": entry.step,
                "data": dict(entry.data),
                "takes_back": entry.supersedes,
                "at": int(entry.happened_at.timestamp() * 1000),
            }
            for entry in sorted(queries.entries_of(row), key=lambda entry: (entry.happened_at, entry.sequence))
        ],
    }
    return json.dumps(told)


@desk("sensory.test")
def sensory_enter(request: StaffRequest, ref: UUID, test: UUID) -> HttpResponse:
    """One tap. Sent twice it is one row; sent late it keeps its own time."""
    patient = patient_of(ref)
    row = test_of(patient, test)
    if request.method != "POST":
        return redirect("sensory_run", ref=patient.ref, test=row.ref)
    kept = sensory.enter(
        row,
        request.POST.get("kind", ""),
        step=_step_number(request.POST.get("step", "")),
        data={name: request.POST[name] for name in ANSWER_FIELDS if name in request.POST},
        takes_back=_ref(request.POST.get("takes_back", "")),
        by=request.staff,
        now=request.now,
        happened_at=stamped(request.POST, request.now),
        key=key_of(request),
    )
    if wants_json(request):
        return JsonResponse({"kept": str(kept.ref), "odd": kept.odd})
    return redirect("sensory_result" if kept.kind in ENDS else "sensory_run", ref=patient.ref, test=row.ref)


def _step_number(text: str) -> int:
    if text and not text.isdigit():
        raise Missing(because=f"Step {text!r} is not a number.", way_out="Reload the test.", code="step_unknown")
    return int(text or 0)


def _ref(text: str) -> UUID | None:
    try:
        return UUID(text) if text else None
    except ValueError:
        raise Missing(because="The answer to take back is not in this test.", way_out="Reload the test.", code="entry_unknown") from None
