"""What a patient was given at each visit, as it stands now: corrected entries do not count."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from uuid import UUID

from django.db.models import Q, Sum

from winddown.record.models import LedgerEntry, Location, Patient, Session
from winddown.record.queries.infusions import infusions_of


@dataclass(frozen=True)
class Given:
    """One drug booked as given."""

    drug: str
    mg: Decimal


@dataclass(frozen=True)
class Visit:
    """One infusion visit that was begun. ended_at None: under way, or the end was never charted; `given` empty: nothing was booked."""

    session: UUID
    location: Location
    started_at: datetime
    ended_at: datetime | None
    given: tuple[Given, ...]

    @property
    def minutes(self) -> int | None:
        return None if self.ended_at is None else round((self.ended_at - self.started_at) / timedelta(minutes=1))


def given_to(patient: Patient) -> Sequence[Visit]:
    """Every visit with an infusion, the newest first. Three queries."""
    whose = Q(session__patient=patient) | Q(session__patient__merged_into=patient)
    booked: dict[UUID, list[Given]] = defaultdict(list)
    rows = LedgerEntry.objects.filter(whose, kind="given", superseded_by__isnull=True)
    for session, drug, mg in rows.values_list("session__ref", "drug").annotate(total=Sum("mg")).order_by("session__ref", "drug"):
        booked[session].append(Given(drug, mg))
    infusions = infusions_of(patient)
    places = {
        row.ref: row.location for row in Session.objects.filter(ref__in=[each.session for each in infusions]).select_related("location")
    }
    found = [Visit(each.session, places[each.session], each.started_at, each.ended_at, tuple(booked[each.session])) for each in infusions]
    return found[::-1]
