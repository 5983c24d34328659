"""What the rules are told: everything on file about one patient, folded into facts. A fixed number of queries."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, tzinfo
from decimal import Decimal
from typing import Any, cast

from django.db.models import Q, QuerySet

from winddown.domain.days import age_on
from winddown.domain.screening.answers import value_of
from winddown.domain.screening.checks import Done, highest_liver
from winddown.domain.screening.data import ITEMS
from winddown.domain.screening.facts import Facts, Known, Moment
from winddown.domain.screening.medicines import Medicine, is_no_medicine, recognize
from winddown.domain.sessions.blocks import Track
from winddown.domain.suicide_safety.follow import SCREENERS as SCREENER_FORMS
from winddown.domain.suicide_safety.triage import triage
from winddown.record.models import CheckDone, Course, HistoryEntry, Patient, PatientFact, Session
from winddown.record.queries import answers
from winddown.services import exposure, patients
from winddown.services.screening import history


@dataclass(frozen=True)
class Gathered:
    """The facts for the rules and the checks that were done."""

    facts: Facts
    done: tuple[Done, ...]


def gather(patient: Patient, *, now: datetime, zone: tzinfo, track: str, moment: Moment, visit: Session | None = None) -> Gathered:
    """Everything on file as it stood at this moment. Day-of answers count only on their day.

    visit  the session that is asked about: it is not counted among the infusions before it
    """
    done = checks_done(patient, until=now, visit=visit)
    return Gathered(_facts(patient, done, now=now, zone=zone, track=track, moment=moment), done)


def facts_of(patient: Patient, *, now: datetime, zone: tzinfo, track: str, moment: Moment) -> Facts:
    """The facts alone, for rules that ask for no check: what was infused since a check is not counted."""
    done = tuple(_done(row, ()) for row in _checks_on_file(patient, now))
    return _facts(patient, done, now=now, zone=zone, track=track, moment=moment)


def _facts(patient: Patient, done: tuple[Done, ...], *, now: datetime, zone: tzinfo, track: str, moment: Moment) -> Facts:
    today = now.astimezone(zone).date()
    told = history.entries_of(patient, until=now)
    known = _answers(patient, told, today, zone)
    facts = patients.live_facts(patient)
    known |= _chart(patient, facts, told, today, zone)
    known |= _checks(done, today)
    known |= _scores(patient, known, now, zone)
    return Facts(known, today, _medicines(facts, told), cast("Track", track), "iv", moment)


def track_of(patient: Patient) -> str:
    """The track of the newest course; the stricter view, mood, where none is open yet."""
    course = (
        Course.objects.filter(Q(patient=patient) | Q(patient__merged_into=patient))
        .select_related("protocol")
        .order_by("-opened_at", "-id")
        .first()
    )
    return str(course.protocol.data.get("track", "mood")) if course else "mood"


def _answers(patient: Patient, told: list[HistoryEntry], today: date, zone: tzinfo) -> dict[str, Known]:
    known = {}
    for key, entry in history.newest(patient, told).items():
        item = ITEMS.get(key)
        on = history.day_of(entry, zone)
        if item is None or (item.section == "day" and on != today):
            continue
        known[key] = Known(value_of(item, entry.value), on, speaker(entry))
    return known


def speaker(entry: HistoryEntry) -> str:
    """Who said it: the patient, a caregiver, or the person of the staff."""
    if entry.informant == "staff" and entry.by is not None:
        return str(entry.by.name)
    return f"{entry.informant}, with {entry.by.name}" if entry.by is not None else str(entry.informant)


def _chart(patient: Patient, facts: Sequence[PatientFact], told: list[HistoryEntry], today: date, zone: tzinfo) -> dict[str, Known]:
    known: dict[str, Known] = {
        "age": Known(age_on(patient.birth_date, today)),
        "sex": Known(patient.sex),
        "consent": Known(patients.consent_on(patient, today) is not None),
    }
    weight, height = _newest(facts, "weight", "weight_kg"), _newest(facts, "height", "height_cm")
    if weight and height:
        known["bmi"] = Known(round(float(weight[0] / (height[0] / 100) ** 2), 1), weight[1].astimezone(zone).date())
    allergies = [str(fact.data["substance"]) for fact in facts if fact.kind == "allergy"]
    allergies += [str(entry.value["substance"]) for entry in history.listed(patient, "allergy", told)]
    asked = any(fact.kind == "no_known_allergies" for fact in facts) or _said(told, "no_allergies")
    if allergies or asked:
        known["allergies"] = Known(", ".join(allergies) or "none known")
    return known


SCORES = {"audit-c": "alcohol_score", "dast-10": "drug_score", "stop-bang": "stop_bang"}


def _scores(patient: Patient, known: Mapping[str, Known], now: datetime, zone: tzinfo) -> dict[str, Known]:
    """What questionnaires came to, where they are newer than what somebody typed. One query."""
    found: dict[str, Known] = {}
    for instrument, answer in answers.newest(patient, [*SCORES, *SCREENER_FORMS]).items():
        on = answer.answered_at.astimezone(zone).date()
        key = SCORES.get(instrument, "suicide_level")
        value: Any = None if answer.score is None else float(answer.score)
        if key == "suicide_level":
            given = {name: float(told) > 0 for name, told in answer.items.items() if str(told).replace(".", "", 1).isdigit()}
            value = triage(given, since_contact=SCREENER_FORMS[instrument]).level
        held = found.get(key) or known.get(key)
        if value is not None and answer.answered_at <= now and (held is None or held.on is None or held.on <= on):
            found[key] = Known(value, on, instrument)
    return found


def _newest(facts: Sequence[PatientFact], kind: str, name: str) -> tuple[Decimal, datetime] | None:
    found = [fact for fact in facts if fact.kind == kind]
    return (Decimal(str(found[-1].data[name])), found[-1].observed_at) if found else None


def _said(told: Sequence[HistoryEntry], key: str) -> bool:
    found = [entry for entry in told if entry.key == key]
    return bool(found) and found[-1].value is True


def _medicines(facts: Sequence[PatientFact], told: list[HistoryEntry]) -> tuple[Medicine, ...] | None:
    """What the chart lists and what was told at home, each once. None where nobody asked."""
    words = [_line(fact.data) for fact in facts if fact.kind == "medicine"]
    words += [
        _line(entry.value) for entry in told if entry.key == "medicine" and "ended" not in entry.value and not _superseded(entry, told)
    ]
    words = [each for each in dict.fromkeys(words) if not is_no_medicine(each)]
    if not words and not _said(told, "no_medicines"):
        return None
    return tuple(recognize(each) for each in words)


def medicines_of(patient: Patient, *, now: datetime) -> tuple[Medicine, ...] | None:
    """What this patient takes, as on file; None where nobody has asked. Two queries."""
    return _medicines(patients.live_facts(patient), history.entries_of(patient, until=now))


def _superseded(entry: HistoryEntry, told: Sequence[HistoryEntry]) -> bool:
    return any(other.supersedes_id == entry.pk for other in told)


def _line(data: dict[str, Any]) -> str:
    name = str(data.get("name") or data.get("words") or "").strip()
    return f"{name} {data.get('dose', '')}".strip()


def checks_done(patient: Patient, *, until: datetime | None = None, visit: Session | None = None) -> tuple[Done, ...]:
    """Every check with what was infused since. Three queries."""
    rows = list(_checks_on_file(patient, until))
    visits = infusions(patient, but=visit, until=until)
    return tuple(_done(row, visits) for row in rows)


def _checks_on_file(patient: Patient, until: datetime | None) -> QuerySet[CheckDone]:
    rows = CheckDone.objects.filter(Q(patient=patient) | Q(patient__merged_into=patient)).select_related("by").order_by("done_on", "id")
    return rows if until is None else rows.filter(written_at__lte=until)


def infusions(patient: Patient, *, but: Session | None = None, until: datetime | None = None) -> list[tuple[date, float]]:
    """The day, at its place, and the milligrams given in every infusion that was started; `but` and what came after it left out.

    Where the story cannot tell what was given, the order counts: exposure may only bring a check forward.
    """
    visits = exposure.sessions_of(patient)
    if but is not None:
        visits = [visit for visit in visits if visit.pk != but.pk and visit.planned.lower < but.planned.lower]
    now = until or max((visit.status_at for visit in visits), default=None)
    return [(each.day, each.counted_mg) for each in exposure.given_in(visits, now=now)] if now else []


def _done(row: CheckDone, visits: Sequence[tuple[date, float]]) -> Done:
    since = [mg for on, mg in visits if on >= row.done_on]
    return Done(row.kind, row.result, row.done_on, row.by.name, len(since), sum(since))


def _checks(done: Sequence[Done], today: date) -> dict[str, Known]:
    """What the results of checks say to the rules: the newest of each; pregnancy, glucose and alcohol only of today."""
    newest = {each.kind: each for each in done}
    known: dict[str, Known] = {}

    def put(kind: str, key: str, value: Any, *, same_day: bool = False) -> None:
        each = newest[kind]
        if value is not None and (not same_day or each.on == today):
            known[key] = Known(value, each.on, each.by)

    if "blood_pressure" in newest:
        put("blood_pressure", "systolic", newest["blood_pressure"].result.get("systolic"))
        put("blood_pressure", "diastolic", newest["blood_pressure"].result.get("diastolic"))
    if "liver_tests" in newest:
        put("liver_tests", "liver_ratio", highest_liver(newest["liver_tests"].result))
    if "drug_screen" in newest:
        put("drug_screen", "drug_screen", "unexpected" if newest["drug_screen"].result.get("result") == "unexpected" else "expected")
    if "pregnancy_test" in newest:
        positive = newest["pregnancy_test"].result.get("result") == "positive"
        put("pregnancy_test", "pregnancy_test", newest["pregnancy_test"].result.get("result"), same_day=not positive)
    if "glucose" in newest:
        put("glucose", "glucose", newest["glucose"].result.get("glucose"), same_day=True)
    if "bladder_questions" in newest:
        put("bladder_questions", "urinary_symptoms", newest["bladder_questions"].result.get("result") == "new symptoms")
    if "use_since_last" in newest:
        alcohol = newest["use_since_last"].result.get("alcohol")
        put("use_since_last", "alcohol_today", None if alcohol is None else alcohol == "alcohol today", same_day=True)
    return known
