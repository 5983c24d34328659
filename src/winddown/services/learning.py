"""What one visit's record tells this patient's model: the entries that may teach, what else was given, and earlier visits.

Worked out from the record each time; the fitted model is only remembered in this process, by the digest of everything in it.
"""

from __future__ import annotations

import json
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import asdict, replace
from datetime import datetime, timedelta
from hashlib import sha256
from threading import Lock

from winddown.domain.pharmacology import models
from winddown.domain.pharmacology.individual import Observation, OtherDrug, Posterior, Prior, Resting, Seen, after_days
from winddown.domain.pharmacology.model import Patient as Body
from winddown.domain.pharmacology.regimen import Schedule
from winddown.domain.sessions.story import Event, latest
from winddown.domain.vitals.reading import USABLE
from winddown.record.models import Patient, Reading, Session, Snapshot
from winddown.services import vitals

SCALES = ("cadss6", "moaas", "pain")
REMEMBERED = 128
MINUTE = timedelta(minutes=1)


def seen_of(session: Session, story: Sequence[Event], start_at: datetime, *, now: datetime) -> Seen:
    """Everything in this visit that was seen up to `now`, in minutes from the first drop. Two queries."""
    taken = latest([event for event in story if event.happened_at <= now], "baseline_taken")
    resting_at = taken.happened_at if taken else start_at
    return Seen(
        observations=(*_scores(story, start_at, now), *_pressures(session, resting_at, start_at, now)),
        resting=_resting(taken),
        other_drugs=tuple(
            OtherDrug(event.text("drug"), (event.happened_at - start_at) / MINUTE)
            for event in story
            if event.kind == "rescue_given" and event.happened_at <= now
        ),
        prior=prior_of(session.patient, before=session, at=start_at),
    )


def _resting(taken: Event | None) -> Resting:
    numbers = {name: taken.number(name) if taken else None for name in ("systolic", "pain", "cadss6")}
    return Resting(**{name: float(value) if value is not None else None for name, value in numbers.items()})


def _scores(story: Sequence[Event], start_at: datetime, now: datetime) -> list[Observation]:
    found = []
    for event in story:
        scale, value = event.text("scale"), event.number("value")
        if event.kind == "score_taken" and scale in SCALES and value is not None and event.happened_at <= now:
            found.append(Observation(scale, (event.happened_at - start_at) / MINUTE, float(value), ref=event.id))  # type: ignore[arg-type]
    return found


def _pressures(session: Session, after: datetime, start_at: datetime, now: datetime) -> list[Observation]:
    """Cuff readings after the resting one, which is a prior and not a lesson."""
    rows = Reading.objects.filter(
        session=session, kind="systolic", label__in=USABLE, value__range=(40, 300), observed_at__gt=after, observed_at__lte=now
    )
    told = vitals.standing(rows).order_by("observed_at", "id").values_list("id", "observed_at", "value")
    return [Observation("systolic", (at - start_at) / MINUTE, float(value or 0.0), ref=f"reading {pk}") for pk, at, value in told]


def prior_of(patient: Patient, *, at: datetime, before: Session | None = None, model_id: str = models.DEFAULT) -> Prior | None:
    """What the newest earlier visit taught of this patient under the same model, faded by the days between. One query."""
    rows = Snapshot.objects.filter(session__patient=patient, moment="discharge", at__lt=at)
    if before is not None:
        rows = rows.exclude(session=before)
    found = rows.order_by("-at").values_list("content__personal__learned", "at").first()
    if not found or not found[0] or found[0].get("model") != model_id or not found[0].get("lessons"):
        return None
    learned, learned_at = found
    days = round((at - learned_at) / timedelta(days=1), 1)
    return after_days(replace(Prior.from_data(learned["belief"]), days_since=None), max(days, 0.0))


class Remembered:
    """Fitted models by the digest of what went in; the ones last used are kept. Nothing here is the truth: the record is."""

    def __init__(self, size: int = REMEMBERED) -> None:
        self._size = size
        self._known: OrderedDict[str, Posterior] = OrderedDict()
        self._lock = Lock()

    def posterior(self, model_id: str, body: Body, schedule: Schedule, seen: Seen) -> Posterior:
        """What `seen` teaches. Only what went in up to the last entry matters, so a what-if asks for nothing new."""
        given = schedule.until(seen.last_min)
        key = sha256(json.dumps([model_id, asdict(body), asdict(given), seen.digest()]).encode()).hexdigest()
        with self._lock:
            if key in self._known:
                self._known.move_to_end(key)
                return self._known[key]
        found = seen.learned(models.get(model_id), body, schedule)
        with self._lock:
            self._known[key] = found
            while len(self._known) > self._size:
                self._known.popitem(last=False)
        return found


_remembered = Remembered()


def posterior(model_id: str, body: Body, schedule: Schedule, seen: Seen) -> Posterior:
    return _remembered.posterior(model_id, body, schedule, seen)
