"""Every effect and metabolite that an order's plan would bring in the typical patient of this weight; on the mood track mood over days."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

import numpy as np

from winddown.domain.dosing.order import OrderDraft
from winddown.domain.dosing.plan import planned_line
from winddown.domain.pharmacology import models
from winddown.domain.pharmacology.chart import AFTER_END
from winddown.domain.pharmacology.effects import mood
from winddown.domain.pharmacology.effects.foretold import Foretold, foretell
from winddown.domain.pharmacology.effects.weeks import NoCurve, WeeksCourse
from winddown.domain.pharmacology.linear import Array
from winddown.domain.pharmacology.regimen import Schedule, Segment
from winddown.domain.pharmacology.validity import Verdict, judged, typical_course
from winddown.record.models import Patient
from winddown.services.foresight import body_of

METABOLITES = ("ketamine", "s_norketamine", "r_norketamine", "s_hydroxynorketamine")
POINTS, PATIENTS = 49, 40
DRAWN_DAYS = 12.0  # from day 12 on, no difference from control was found


@dataclass(frozen=True)
class EffectsAhead:
    """minutes (m,) from the start of the plan; mood is None away from the mood track; verdict: how far the model holds for this plan."""

    minutes: Array
    weight_kg: float
    foretold: Foretold
    mood: WeeksCourse | NoCurve | None
    verdict: Verdict


def effects_ahead(draft: OrderDraft, patient: Patient, *, on_mood_track: bool, now: datetime) -> EffectsAhead:
    """The order carried out to the letter, by the default model. Refuses what the model refuses; writes nothing."""
    given = planned_line(draft, start_at=now, line_volume_ml=Decimal(0), primed_with="drug").for_model()
    schedule = Schedule(
        draft.request.drug_form,
        tuple(Segment(start, stop, rate) for start, stop, rate in given.segments if stop > start),
        given.certain_until_min,
    )
    body = body_of(patient, draft.request.weight_kg, now.date())
    minutes = np.linspace(0.0, float(draft.total_minutes) + AFTER_END.total_seconds() / 60, POINTS)
    model = models.get(models.DEFAULT)
    told = foretell(model, body, schedule, minutes, analytes=METABOLITES, n=PATIENTS)
    weeks = mood.course(body, schedule, indication="depression", until_day=DRAWN_DAYS, n=PATIENTS) if on_mood_track else None
    verdict = judged(model.card, body, schedule, *typical_course(model, body, schedule, float(minutes[-1])))
    return EffectsAhead(minutes, body.weight_kg, told, weeks, verdict)
