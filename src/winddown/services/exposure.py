"""What a patient was really given over a lifetime here: milligrams that reached the vein, and the area under the level by the model."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import Q

from winddown.domain.days import age_on
from winddown.domain.dosing.accounting import pump_course
from winddown.domain.dosing.line import line_course
from winddown.domain.pharmacology import models
from winddown.domain.pharmacology.exposure import area_per_mg
from winddown.domain.pharmacology.model import Patient as Body
from winddown.domain.quantities import decimal_from_exact
from winddown.domain.sessions.story import Event, effective
from winddown.record.models import Patient, Session
from winddown.record.queries.stories import stories_of

STARTED = ("running", "held", "stopped", "recovering", "discharged")


@dataclass(frozen=True)
class Given:
    """One infusion. mg: what reached the patient; a floor where not `certain`. ordered_mg: what the order said."""

    session: UUID
    day: date
    at: datetime
    mg: Decimal
    certain: bool
    ordered_mg: Decimal
    form: str
    weight_kg: Decimal

    @property
    def counted_mg(self) -> float:
        """For what may only bring a check forward: where less is known than was ordered, the order counts."""
        return float(self.mg if self.certain else max(self.mg, self.ordered_mg))


@dataclass(frozen=True)
class Exposure:
    """All infusions, oldest first, and the sums. areas: substance -> ng/mL x h by the default model."""

    given: tuple[Given, ...]
    areas: dict[str, float]
    model_id: str

    @property
    def mg(self) -> Decimal:
        return sum((each.mg for each in self.given), Decimal(0))

    @property
    def certain(self) -> bool:
        return all(each.certain for each in self.given)


def sessions_of(patient: Patient) -> list[Session]:
    """Every visit of this patient in which an infusion was started, oldest first. One query."""
    whose = Q(patient=patient) | Q(patient__merged_into=patient)
    rows = Session.objects.filter(whose, status__in=STARTED).select_related("order", "location")
    return list(rows.order_by("planned"))


def given_in(sessions: Iterable[Session], *, now: datetime, stories: Mapping[int, tuple[Event, ...]] | None = None) -> list[Given]:
    """What was given in these visits, from their stories. One query; none where who asks has read the stories."""
    visits = list(sessions)
    stories = stories_of(visits) if stories is None else stories
    return [_given(visit, effective(stories[visit.pk]), now) for visit in visits]


def _given(visit: Session, story: tuple[Event, ...], now: datetime) -> Given:
    course = pump_course(story)
    line = line_course(course, story, until=now) if course.segments else None
    told, asked = visit.order.figures, visit.order.draft.get("request", {})
    return Given(
        session=visit.ref,
        day=visit.planned.lower.astimezone(ZoneInfo(visit.location.time_zone)).date(),
        at=course.segments[0].start if course.segments else visit.planned.lower,
        mg=decimal_from_exact(line.reached_mg(now), 1) if line else Decimal(0),
        certain=line is not None and line.certain(now) and course.programmed(now).certain,
        ordered_mg=Decimal(str(told.get("total_mg") or 0)),
        form=str(asked.get("drug_form", "racemic")),
        weight_kg=Decimal(str(asked.get("weight_kg") or 0)),
    )


def of_patient(patient: Patient, *, now: datetime) -> Exposure:
    """Lifetime exposure here. Two queries; what was given elsewhere is not known."""
    given = tuple(given_in(sessions_of(patient), now=now))
    areas: dict[str, float] = {}
    for each in given:
        if not each.weight_kg:
            continue
        age_years = age_on(patient.birth_date, each.day)
        for name, per_mg in _per_mg(round(each.weight_kg), age_years, patient.sex, each.form).items():
            areas[name] = areas.get(name, 0.0) + per_mg * float(each.mg)
    return Exposure(given, areas, models.DEFAULT)


@lru_cache(maxsize=512)
def _per_mg(weight_kg: int, age_years: int, sex: str, form: str) -> dict[str, float]:
    body = Body(weight_kg=float(weight_kg), age_years=float(age_years), sex=sex)  # type: ignore[arg-type]
    return area_per_mg(models.DEFAULT, body, form)  # type: ignore[arg-type]
