"""What stands between today's visits and a start, for a whole list at once: the decision and the calendar of the checks. Three queries.

The start gate says more (counts, exposure, what is new since the decision); this list is what the front desk can still mend by phone.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from zoneinfo import ZoneInfo

from winddown.domain.figures import Figure
from winddown.domain.screening.check_kinds import CHECKS, CheckKind
from winddown.domain.screening.checks import OF_THE_DAY
from winddown.record.models import CheckDone, ScreeningDecision, Session
from winddown.services.screening import thresholds

EVERYONE = tuple(key for key in ("blood_pressure", "liver_tests", "urinalysis", "bladder_questions", "pdmp_query") if key not in OF_THE_DAY)


def open_before(sessions: Sequence[Session]) -> dict[int, list[str]]:
    """By session id: the codes of what is open on the day of the visit: `decision`, or the kind of a check. Empty lists are left out."""
    patients = {session.patient_id for session in sessions}
    if not patients:
        return {}
    accepted = _accepted(patients)
    done = _newest_checks(patients)
    _version, limits = thresholds.in_force()
    found = {}
    for session in sessions:
        day = session.planned.lower.astimezone(ZoneInfo(session.location.time_zone)).date()
        kinds = [key for key in EVERYONE if not _counts(CHECKS[key], done.get((session.patient_id, key)), limits, day)]
        codes = ([] if accepted.get(session.patient_id) else ["decision"]) + kinds
        if codes:
            found[session.pk] = codes
    return found


def _accepted(patients: set[int]) -> dict[int, bool]:
    rows = ScreeningDecision.objects.filter(patient__in=patients).order_by("patient_id", "-decided_at", "-id").distinct("patient_id")
    return {row.patient_id: row.choice == "accept" for row in rows}


def _newest_checks(patients: set[int]) -> dict[tuple[int, str], date]:
    rows = CheckDone.objects.filter(patient__in=patients, kind__in=EVERYONE).values_list("patient_id", "kind", "done_on")
    found: dict[tuple[int, str], date] = {}
    for patient, kind, on in rows:
        found[patient, kind] = max(on, found.get((patient, kind), on))
    return found


def _counts(kind: CheckKind, on: date | None, limits: Mapping[str, Mapping[str, Figure]], day: date) -> bool:
    figures = {**kind.limits, **limits.get(f"check.{kind.key}", {})}
    return on is not None and on + timedelta(days=int(figures["valid_days"].value)) >= day
