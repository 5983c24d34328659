"""The record as OMOP tables; a `Mask` hides the persons in them for researchers. Nothing here carries free text."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from django.db.models import Sum

from winddown.analytics import omop
from winddown.domain.instruments import INSTRUMENTS
from winddown.record.models import Answer, Course, LedgerEntry, Location, Patient, PatientFact, Practice, Reading, Session, SessionEvent
from winddown.services.exports.mask import WITHHELD, Common, Mask
from winddown.services.exposure import Given, given_in

if TYPE_CHECKING:
    import pyarrow as pa

EHR, ADMINISTERED, SELF, OUTPATIENT, KETAMINE, VEIN = 32817, 32833, 32865, 9202, 785649, 4171047
CDM_5_4 = 756265
STORIES = 200
GENDER = {"male": 8507, "female": 8532}
VITALS: Mapping[str, tuple[int, int, str]] = {
    "systolic": (3004249, 8876, "mm[Hg]"),
    "diastolic": (3012888, 8876, "mm[Hg]"),
    "heart_rate": (3027018, 8541, "/min"),
    "pulse_rate": (3027018, 8541, "/min"),
    "respiratory_rate": (3024171, 8541, "/min"),
    "spo2": (40762499, 8554, "%"),
}
FACTS = {"weight": ("weight_kg", 3025315, 9529, "kg"), "height": ("height_cm", 3036277, 8582, "cm")}
Row = dict[str, Any]


def tables(mask: Mask, practice: Practice, say: Callable[[str], None] = lambda name: None) -> dict[str, pa.Table]:
    """Every table of the model that this record can fill."""
    begun = Session.objects.exclude(status__in=("planned", "abandoned")).select_related("order", "location", "patient")
    visits = {row.pk: row for row in begun.order_by("pk")}
    sites = _sites(mask, visits.values())
    makers: Mapping[str, Callable[[], Iterable[Row]]] = {
        "care_site": lambda: _care_sites(mask, sites),
        "person": lambda: _persons(mask),
        "visit_occurrence": lambda: (_visit(mask, row, sites) for row in visits.values()),
        "condition_occurrence": lambda: _conditions(mask),
        "drug_exposure": lambda: _drugs(mask, visits, mask.at),
        "measurement": lambda: _measurements(mask, visits),
        "observation": lambda: _observations(mask, visits),
        "cdm_source": lambda: _source(mask, practice),
    }
    found = {}
    for name, make in makers.items():
        say(f"omop {name}")
        found[name] = _table(name, make(), mixed=mask.hides)
    found["observation_period"] = _table("observation_period", _periods(found))
    return found


def _table(name: str, rows: Iterable[Row], *, mixed: bool = False) -> pa.Table:
    """mixed: in the order of the drawn numbers, so that the place of a row does not tell when it was written."""
    import pyarrow as pa  # slow import

    columns: dict[str, list[Any]] = {column.name: [] for column in omop.TABLES[name]}
    for row in rows:
        for key, values in columns.items():
            values.append(row.get(key))
    schema = omop.schema(name)
    made = pa.table([pa.array(columns[each.name], each.type) for each in schema], schema=schema)
    return made.sort_by(schema.names[0]) if mixed else made


def _sites(mask: Mask, visits: Iterable[Session]) -> Mapping[int, int]:
    """The number of each place. For researchers the places that few persons visited are one, and numbers are drawn."""
    common = Common.of((str(row.location_id), _whose(row)) for row in visits)
    places = Location.objects.order_by("pk").values_list("pk", flat=True)
    return {pk: mask.row("care_site", pk if not mask.hides or str(pk) in common else 0) for pk in places}


def _care_sites(mask: Mask, sites: Mapping[int, int]) -> Iterable[Row]:
    names = dict(Location.objects.values_list("pk", "name"))
    told = {number: names[pk] for pk, number in sites.items()}
    if mask.hides:
        told = {number: f"place {place}" for place, number in enumerate(sorted(told), start=1)}
    for number, name in told.items():
        yield {"care_site_id": number, "care_site_name": name, "place_of_service_concept_id": 0, "care_site_source_value": name[:50]}


def _persons(mask: Mask) -> Iterable[Row]:
    for row in Patient.objects.filter(merged_into=None).order_by("pk"):
        year, month, day = mask.born(row.birth_date)
        yield {
            "person_id": mask.person(row.pk),
            "gender_concept_id": GENDER[row.sex],
            "year_of_birth": year,
            "month_of_birth": month,
            "day_of_birth": day,
            "race_concept_id": 0,
            "ethnicity_concept_id": 0,
            "person_source_value": None if mask.hides else row.record_number,
            "gender_source_value": row.sex,
        }


def _whose(row: Any) -> int:
    """The patient whose record it is: of a merged record the one it was merged into."""
    return int(row.patient.merged_into_id or row.patient_id)


def _visit(mask: Mask, row: Session, sites: Mapping[int, int]) -> Row:
    first, last = mask.moment(_whose(row), row.planned.lower), mask.moment(_whose(row), max(row.planned.upper, row.planned.lower))
    return {
        "visit_occurrence_id": mask.row("visit", row.pk),
        "person_id": mask.person(_whose(row)),
        "visit_concept_id": OUTPATIENT,
        "visit_start_date": first.date(),
        "visit_start_datetime": first,
        "visit_end_date": last.date(),
        "visit_end_datetime": last,
        "visit_type_concept_id": EHR,
        "care_site_id": sites[row.location_id],
        "visit_source_value": "infusion visit",
    }


def _conditions(mask: Mask) -> Iterable[Row]:
    """The course's code as it was given; no concept is guessed for it. For researchers no more exact than enough persons share it."""
    rows = list(Course.objects.select_related("patient").order_by("pk"))
    coded = [(row.icd10, _whose(row)) for row in rows if row.icd10]
    common = Common.of([*coded, *((f"{code[:3]}*", person) for code, person in coded)])
    for row in rows:
        code = common.code(row.icd10) if mask.hides and row.icd10 else row.icd10
        yield {
            "condition_occurrence_id": mask.row("condition", row.pk),
            "person_id": mask.person(_whose(row)),
            "condition_concept_id": 0,
            "condition_start_date": mask.moment(_whose(row), row.opened_at).date(),
            "condition_type_concept_id": EHR,
            "condition_source_value": f"ICD10CM {code}" if code else WITHHELD if row.icd10 else None,
        }


def _drugs(mask: Mask, visits: Mapping[int, Session], at: datetime) -> Iterable[Row]:
    """One exposure for each infusion that was begun, as it was delivered: from the pump's facts, not from the order."""
    booked = dict(_booked().values_list("session_id").annotate(Sum("mg")))
    ends: dict[int, tuple[datetime, str]] = {}
    begun: dict[int, datetime] = {}
    events = SessionEvent.objects.filter(kind__in=("started", "infusion_completed", "stopped")).order_by("id")
    for pk, kind, happened_at in events.values_list("session_id", "kind", "happened_at"):
        if kind == "started":
            begun.setdefault(pk, happened_at)
        else:
            ends[pk] = (happened_at, kind)
    keys = [pk for pk in begun if pk in visits]
    for first in range(0, len(keys), STORIES):
        some = [visits[pk] for pk in keys[first : first + STORIES]]
        for visit, given in zip(some, given_in(some, now=at), strict=True):
            yield _drug(mask, visit, begun[visit.pk], ends.get(visit.pk, (begun[visit.pk], "")), given, booked.get(visit.pk))


def _booked() -> Any:
    return LedgerEntry.objects.filter(kind="given", superseded_by=None, drug__icontains="ketamine").order_by()


def _drug(mask: Mask, visit: Session, at: datetime, end: tuple[datetime, str], given: Given, booked: Any) -> Row:
    """quantity: mg that reached the patient; where no pump said so, mg that the ledger booked as given; empty where neither did."""
    first, last = mask.moment(_whose(visit), at), mask.moment(_whose(visit), max(end[0], at))
    delivered = given.mg if given.certain or given.mg else booked
    return {
        "drug_exposure_id": mask.row("drug", visit.pk),
        "person_id": mask.person(_whose(visit)),
        "drug_concept_id": KETAMINE,
        "drug_exposure_start_date": first.date(),
        "drug_exposure_start_datetime": first,
        "drug_exposure_end_date": last.date(),
        "drug_exposure_end_datetime": last,
        "drug_type_concept_id": ADMINISTERED,
        "stop_reason": "stopped" if end[1] == "stopped" else None,
        "quantity": float(delivered) if delivered is not None else None,
        "sig": _delivered_words(given, booked),
        "route_concept_id": VEIN,
        "visit_occurrence_id": mask.row("visit", visit.pk),
        "drug_source_value": "esketamine hydrochloride" if given.form == "esketamine" else "ketamine hydrochloride",
        "route_source_value": "intravenous",
        "dose_unit_source_value": "mg",
    }


def _delivered_words(given: Given, booked: Any) -> str:
    """How the quantity is known, and how far it is from what was ordered."""
    ordered = f"ordered {given.ordered_mg} mg" if given.ordered_mg else "order without a total"
    if given.certain:
        return f"delivered {given.mg} mg by the pump's facts, {ordered}, difference {given.mg - given.ordered_mg:+} mg"
    if given.mg:
        return f"delivered at least {given.mg} mg: the pump's facts have gaps; {ordered}"
    return (
        f"no pump facts; the ledger booked {booked} mg as given; {ordered}"
        if booked is not None
        else f"delivered dose not known; {ordered}"
    )


def _measurements(mask: Mask, visits: Mapping[int, Session]) -> Iterable[Row]:
    """Weights and heights as told, then every accepted reading of a visit whose concept is known."""
    number = 0
    for fact in PatientFact.objects.filter(kind__in=FACTS).select_related("patient").order_by("pk"):
        key, concept, unit, words = FACTS[fact.kind]
        if (value := fact.data.get(key)) is not None:
            number += 1
            yield _measured(mask, number, _whose(fact), fact.observed_at, float(value), concept, unit, words, None, fact.kind)
    rows = Reading.objects.filter(label="accepted", kind__in=VITALS, value__isnull=False, session__isnull=False).order_by("pk")
    for session, kind, value, at in rows.values_list("session_id", "kind", "value", "observed_at").iterator(chunk_size=20_000):
        if session in visits:
            number += 1
            concept, unit, words = VITALS[kind]
            yield _measured(mask, number, _whose(visits[session]), at, value, concept, unit, words, session, kind)


def _measured(
    mask: Mask, number: int, whose: int, at: datetime, value: float, concept: int, unit: int, words: str, visit: int | None, kind: str
) -> Row:
    moment = mask.moment(whose, at)
    return {
        "measurement_id": mask.row("measurement", number),
        "person_id": mask.person(whose),
        "measurement_concept_id": concept,
        "measurement_date": moment.date(),
        "measurement_datetime": moment,
        "measurement_type_concept_id": EHR,
        "value_as_number": value,
        "unit_concept_id": unit,
        "visit_occurrence_id": mask.row("visit", visit) if visit is not None else None,
        "measurement_source_value": kind,
        "unit_source_value": words,
    }


def _observations(mask: Mask, visits: Mapping[int, Session]) -> Iterable[Row]:
    """One row for each form with its score, and one for each of its answers that points back at it: a form stays one form."""
    number = 0
    for row in Answer.objects.filter(superseded_by=None).select_related("patient").order_by("pk"):
        number += 1
        form, whose = mask.row("observation", number), _whose(row)
        instrument = INSTRUMENTS.get(row.instrument)
        code = instrument.loinc_score if instrument else ""
        score = float(row.score) if row.score is not None else None
        visit = mask.row("visit", row.session_id) if row.session_id in visits else None
        told = {"person_id": mask.person(whose), "observation_concept_id": 0, "visit_occurrence_id": visit}
        told |= _when(mask, whose, row.answered_at) | {"observation_type_concept_id": SELF if row.source == "patient" else EHR}
        words = f"{row.instrument}/{row.version}"[:50]
        yield told | {
            "observation_id": form,
            "observation_source_value": words,
            "value_as_number": score,
            "qualifier_source_value": code or None,
        }
        for key, value in sorted(row.items.items()):
            if isinstance(value, bool) or not isinstance(value, (int, float)):
                continue
            number += 1
            own = mask.row("observation", number)
            item = {"observation_id": own, "observation_source_value": f"{row.instrument}:{key}"[:50], "value_as_number": float(value)}
            yield told | item | {"observation_event_id": form, "obs_event_field_concept_id": 0}
    yield from _events(mask, visits, number)


def _events(mask: Mask, visits: Mapping[int, Session], number: int) -> Iterable[Row]:
    """Adverse events as they were written down; for researchers a term that few persons had is not named."""
    rows = [row for row in SessionEvent.objects.filter(kind="adverse_event").order_by("pk") if row.session_id in visits]
    common = Common.of((str(row.data.get("term", "")), _whose(visits[row.session_id])) for row in rows)
    for place, row in enumerate(rows, start=number + 1):
        whose, grade, term = _whose(visits[row.session_id]), str(row.data.get("grade", "")), str(row.data.get("term", ""))
        yield _when(mask, whose, row.happened_at) | {
            "observation_id": mask.row("observation", place),
            "person_id": mask.person(whose),
            "observation_concept_id": 0,
            "observation_type_concept_id": EHR,
            "visit_occurrence_id": mask.row("visit", row.session_id),
            "observation_source_value": f"adverse_event:{term if term in common or not mask.hides else WITHHELD}"[:50],
            "value_as_number": float(grade) if grade.isdigit() else None,
        }


def _when(mask: Mask, whose: int, at: datetime) -> Row:
    moment = mask.moment(whose, at)
    return {"observation_date": moment.date(), "observation_datetime": moment}


def _periods(tables: Mapping[str, pa.Table]) -> Iterable[Row]:
    """From the first to the last day anything was written down of a person."""
    days: dict[int, list[date]] = {}
    for name, first, last in (
        ("visit_occurrence", "visit_start_date", "visit_end_date"),
        ("observation", "observation_date", "observation_date"),
        ("measurement", "measurement_date", "measurement_date"),
        ("condition_occurrence", "condition_start_date", "condition_start_date"),
    ):
        for person, begin, end in zip(*(tables[name][each].to_pylist() for each in ("person_id", first, last)), strict=True):
            known = days.setdefault(person, [begin, end])
            known[0], known[1] = min(known[0], begin), max(known[1], end)
    for number, (person, (begin, end)) in enumerate(sorted(days.items()), start=1):
        told = {"observation_period_start_date": begin, "observation_period_end_date": end, "period_type_concept_id": EHR}
        yield {"observation_period_id": number, "person_id": person, **told}


def _source(mask: Mask, practice: Practice) -> Iterable[Row]:
    name = "a practice" if mask.hides else practice.name
    yield {
        "cdm_source_name": name[:255],
        "cdm_source_abbreviation": ("practice" if mask.hides else practice.slug)[:25],
        "cdm_holder": name[:255],
        "source_release_date": mask.at.date(),
        "cdm_release_date": mask.at.date(),
        "cdm_version": omop.VERSION,
        "cdm_version_concept_id": CDM_5_4,
        "vocabulary_version": "none",
    }
