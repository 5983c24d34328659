"""OMOP Common Data Model 5.4: the tables that the export fills, and a checker of its own that can fail.

source  the table definitions of the model, version 5.4 (ohdsi.github.io/CommonDataModel); NOTE and NOTE_NLP are left out on purpose
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pyarrow as pa

VERSION = "5.4"
_PERSON = "person_id:integer:required:>person.person_id"
_VISIT = "visit_occurrence_id:integer::>visit_occurrence.visit_occurrence_id"
_DEFINED = {
    "person": (
        "person_id:integer:key",
        "gender_concept_id:integer:required:@Gender",
        "year_of_birth:integer:required",
        "month_of_birth:integer",
        "day_of_birth:integer",
        "birth_datetime:datetime",
        "race_concept_id:integer:required:@Race",
        "ethnicity_concept_id:integer:required:@Ethnicity",
        "care_site_id:integer::>care_site.care_site_id",
        "person_source_value:text50",
        "gender_source_value:text50",
    ),
    "observation_period": (
        "observation_period_id:integer:key",
        _PERSON,
        "observation_period_start_date:date:required",
        "observation_period_end_date:date:required",
        "period_type_concept_id:integer:required:@Type Concept",
    ),
    "visit_occurrence": (
        "visit_occurrence_id:integer:key",
        _PERSON,
        "visit_concept_id:integer:required:@Visit",
        "visit_start_date:date:required",
        "visit_start_datetime:datetime",
        "visit_end_date:date:required",
        "visit_end_datetime:datetime",
        "visit_type_concept_id:integer:required:@Type Concept",
        "care_site_id:integer::>care_site.care_site_id",
        "visit_source_value:text50",
    ),
    "condition_occurrence": (
        "condition_occurrence_id:integer:key",
        _PERSON,
        "condition_concept_id:integer:required:@Condition",
        "condition_start_date:date:required",
        "condition_type_concept_id:integer:required:@Type Concept",
        "condition_source_value:text50",
    ),
    "drug_exposure": (
        "drug_exposure_id:integer:key",
        _PERSON,
        "drug_concept_id:integer:required:@Drug",
        "drug_exposure_start_date:date:required",
        "drug_exposure_start_datetime:datetime",
        "drug_exposure_end_date:date:required",
        "drug_exposure_end_datetime:datetime",
        "drug_type_concept_id:integer:required:@Type Concept",
        "stop_reason:text20",
        "quantity:number",
        "sig:text4000",
        "route_concept_id:integer::@Route",
        _VISIT,
        "drug_source_value:text50",
        "route_source_value:text50",
        "dose_unit_source_value:text50",
    ),
    "measurement": (
        "measurement_id:integer:key",
        _PERSON,
        "measurement_concept_id:integer:required:@Measurement",
        "measurement_date:date:required",
        "measurement_datetime:datetime",
        "measurement_type_concept_id:integer:required:@Type Concept",
        "value_as_number:number",
        "unit_concept_id:integer::@Unit",
        _VISIT,
        "measurement_source_value:text50",
        "unit_source_value:text50",
        "value_source_value:text50",
    ),
    "observation": (
        "observation_id:integer:key",
        _PERSON,
        "observation_concept_id:integer:required",
        "observation_date:date:required",
        "observation_datetime:datetime",
        "observation_type_concept_id:integer:required:@Type Concept",
        "value_as_number:number",
        "value_as_string:text60",
        _VISIT,
        "observation_source_value:text50",
        "unit_source_value:text50",
        "qualifier_source_value:text50",
        "observation_event_id:integer::>observation.observation_id",
        "obs_event_field_concept_id:integer",
    ),
    "care_site": (
        "care_site_id:integer:key",
        "care_site_name:text255",
        "place_of_service_concept_id:integer::@Visit",
        "care_site_source_value:text50",
    ),
    "cdm_source": (
        "cdm_source_name:text255:required",
        "cdm_source_abbreviation:text25:required",
        "cdm_holder:text255:required",
        "source_release_date:date:required",
        "cdm_release_date:date:required",
        "cdm_version:text10",
        "cdm_version_concept_id:integer:required",
        "vocabulary_version:text20:required",
    ),
}


@dataclass(frozen=True)
class Column:
    """One column. key: the table's own number; refers: table and column; domain: of the concepts it may hold; 0 stands for no concept."""

    name: str
    kind: str
    required: bool = False
    key: bool = False
    refers: tuple[str, str] | None = None
    domain: str = ""

    @property
    def length(self) -> int | None:
        return int(self.kind.removeprefix("text")) if self.kind.startswith("text") else None


def _column(told: str) -> Column:
    name, kind, need, more = [*told.split(":"), "", ""][:4]
    refers = tuple(more[1:].split(".")) if more.startswith(">") else None
    return Column(name, kind, need in ("required", "key"), need == "key", refers, more[1:] if more.startswith("@") else "")  # type: ignore[arg-type]


TABLES: Mapping[str, tuple[Column, ...]] = {name: tuple(_column(each) for each in told) for name, told in _DEFINED.items()}


@dataclass(frozen=True)
class Concept:
    """One standard concept that the export names. seen: in tables that others publish; else to be confirmed."""

    id: int
    name: str
    domain: str
    vocabulary: str
    seen: bool


CONCEPTS: Mapping[int, Concept] = {
    each.id: each
    for each in (
        Concept(8507, "MALE", "Gender", "Gender", True),
        Concept(8532, "FEMALE", "Gender", "Gender", True),
        Concept(9202, "Outpatient Visit", "Visit", "Visit", True),
        Concept(32817, "EHR", "Type Concept", "Type Concept", True),
        Concept(32833, "EHR administration record", "Type Concept", "Type Concept", True),
        Concept(32865, "Patient self-report", "Type Concept", "Type Concept", True),
        Concept(756265, "OMOP CDM Version 5.4.0", "Metadata", "CDM", True),
        Concept(785649, "ketamine", "Drug", "RxNorm", False),
        Concept(4171047, "Intravenous", "Route", "SNOMED", True),
        Concept(3004249, "Systolic blood pressure", "Measurement", "LOINC", True),
        Concept(3012888, "Diastolic blood pressure", "Measurement", "LOINC", True),
        Concept(3027018, "Heart rate", "Measurement", "LOINC", True),
        Concept(3024171, "Respiratory rate", "Measurement", "LOINC", True),
        Concept(40762499, "Oxygen saturation in arterial blood by pulse oximetry", "Measurement", "LOINC", True),
        Concept(3025315, "Body weight", "Measurement", "LOINC", True),
        Concept(3036277, "Body height", "Measurement", "LOINC", True),
        Concept(8876, "millimeter mercury column", "Unit", "UCUM", True),
        Concept(8541, "per minute", "Unit", "UCUM", True),
        Concept(8554, "percent", "Unit", "UCUM", True),
        Concept(9529, "kilogram", "Unit", "UCUM", True),
        Concept(8582, "centimeter", "Unit", "UCUM", True),
    )
}


UNCONFIRMED = "typed from memory of the vocabulary and found in no public table; RxNorm calls ketamine 6130: map that code before use"
NOT_MAPPED: Mapping[str, str] = {
    "person.race_concept_id": "not asked by this record",
    "person.ethnicity_concept_id": "not asked by this record",
    "care_site.place_of_service_concept_id": "whether a place is an office or part of a hospital is not recorded",
    "condition_occurrence.condition_concept_id": "the ICD-10-CM code is the source value; its map to SNOMED is a licensed vocabulary",
    "observation.observation_concept_id": "forms and items keep their own names; a LOINC code, where one is known, is in the qualifier",
    "observation.obs_event_field_concept_id": "the concept of the field observation_id could not be confirmed; the event is an observation",
}


def schema(name: str) -> pa.Schema:
    """The arrow schema of a table."""
    import pyarrow as pa  # slow import

    kinds = {"integer": pa.int64(), "number": pa.float64(), "date": pa.date32(), "datetime": pa.timestamp("us")}
    return pa.schema([pa.field(column.name, kinds.get(column.kind, pa.string())) for column in TABLES[name]])


def check(tables: Mapping[str, pa.Table]) -> list[str]:
    """Every fault that a reader of the model would trip over; empty when there is none.

    Asks of each table: every column there and of its type, nothing required left empty, keys that are there once, every reference
    answered, texts no longer than allowed, concepts known and of the column's domain, and no end before its beginning.
    """
    faults = [f"{name}: no such table in OMOP {VERSION}" for name in tables if name not in TABLES]
    for name, table in tables.items():
        if name in TABLES:
            faults += _columns(name, table) or [fault for column in TABLES[name] for fault in _values(name, column, tables)] + _order(
                name, table
            )
    return faults


def _columns(name: str, table: Any) -> list[str]:
    wanted, found = schema(name), table.schema
    faults = [f"{name}.{field.name} is missing" for field in wanted if field.name not in found.names]
    faults += [f"{name}.{each} is not of the model" for each in found.names if each not in wanted.names]
    faults += [
        f"{name}.{field.name} is {found.field(field.name).type}, not {field.type}"
        for field in wanted
        if field.name in found.names and found.field(field.name).type != field.type
    ]
    return faults


def _values(name: str, column: Column, tables: Mapping[str, Any]) -> list[str]:
    import pyarrow.compute as pc  # slow import

    values, where, faults = tables[name][column.name], f"{name}.{column.name}", []
    if column.required and values.null_count:
        faults.append(f"{where} is empty in {values.null_count} rows")
    if column.key and pc.count_distinct(values).as_py() != len(values):
        faults.append(f"{where} is there more than once")
    if column.refers is not None:
        faults += _unanswered(where, values, column.refers, tables)
    if column.length is not None and len(values) and (pc.max(pc.utf8_length(values)).as_py() or 0) > column.length:
        faults.append(f"{where} is longer than {column.length}")
    if column.name.endswith("concept_id"):
        faults += _strangers(where, values, column.domain)
    return faults


def _unanswered(where: str, values: Any, refers: tuple[str, str], tables: Mapping[str, Any]) -> list[str]:
    import pyarrow.compute as pc  # slow import

    table, column = refers
    if table not in tables:
        return [f"{where} refers to {table}, which is not there"] if values.null_count < len(values) else []
    known = pc.is_in(values.drop_null(), value_set=tables[table][column].combine_chunks())
    lost = len(known) - (pc.sum(known).as_py() or 0)
    return [f"{where} refers to {lost} rows that are not in {table}"] if lost else []


def _strangers(where: str, values: Any, domain: str) -> list[str]:
    found = {each for each in values.unique().to_pylist() if each}
    unknown = sorted(each for each in found if each not in CONCEPTS)
    wrong = sorted(each for each in found - set(unknown) if domain and CONCEPTS[each].domain != domain)
    faults = [f"{where} names concepts that are not listed: {unknown}"] if unknown else []
    if where not in NOT_MAPPED and 0 in values.unique().to_pylist():
        faults.append(f"{where} has no concept in some rows, and no reason is written down")
    return faults + ([f"{where} wants the domain {domain}, not {[CONCEPTS[each].domain for each in wrong]}"] if wrong else [])


EARLIEST_YEAR = 1850
PLAUSIBLE: Mapping[int, tuple[float, float]] = {
    3004249: (20, 350),
    3012888: (5, 250),
    3027018: (10, 350),
    3024171: (0, 100),
    40762499: (20, 100),
    3025315: (2, 500),
    3036277: (40, 250),
}
WEEK_DAYS = 7


def doubts(tables: Mapping[str, pa.Table]) -> list[str]:
    """What a reader should know and nobody may mend by leaving it out: facts stay as they are, and are told.

    As the Data Quality Dashboard of the model asks: nothing before birth or after the release, nothing of a visit more than a week away
    from it, values inside what a body and a monitor can show, persons without any row.
    """
    born = dict(zip(*(tables["person"][name].to_pylist() for name in ("person_id", "year_of_birth")), strict=True))
    released = max(tables["cdm_source"]["cdm_release_date"].to_pylist())
    found = [f"person.year_of_birth is before {EARLIEST_YEAR} in {n} rows" for n in [sum(y < EARLIEST_YEAR for y in born.values())] if n]
    seen: set[int] = set()
    for name, table in tables.items():
        if name != "person" and "person_id" in table.schema.names:
            seen |= set(table["person_id"].unique().to_pylist())
            found += _out_of_life(name, table, born, released) + _away_from_visit(name, table, tables["visit_occurrence"])
    lonely = len(set(born) - seen)
    found += [f"{lonely} persons have no row but their own"] if lonely else []
    return found + _beyond_bodies(tables["measurement"])


def _out_of_life(name: str, table: Any, born: Mapping[int, int], released: Any) -> list[str]:
    faults, people = [], table["person_id"].to_pylist()
    for column in (each.name for each in TABLES[name] if each.kind == "date"):
        days = table[column].to_pylist()
        early = sum(day is not None and day.year < born.get(person, 0) for day, person in zip(days, people, strict=True))
        late = sum(day is not None and day > released for day in days)
        faults += [f"{name}.{column} is before birth in {early} rows"] if early else []
        faults += [f"{name}.{column} is after the release in {late} rows"] if late else []
    return faults


def _away_from_visit(name: str, table: Any, visits: Any) -> list[str]:
    start = next((each.name for each in TABLES[name] if each.kind == "date"), "")
    if name == "visit_occurrence" or "visit_occurrence_id" not in table.schema.names or not start:
        return []
    days = dict(zip(*(visits[each].to_pylist() for each in ("visit_occurrence_id", "visit_start_date")), strict=True))
    pairs = zip(table["visit_occurrence_id"].to_pylist(), table[start].to_pylist(), strict=True)
    away = sum(visit in days and day is not None and abs((day - days[visit]).days) > WEEK_DAYS for visit, day in pairs)
    return [f"{name}.{start} is more than {WEEK_DAYS} days from its visit in {away} rows"] if away else []


def _beyond_bodies(table: Any) -> list[str]:
    beyond: dict[int, int] = {}
    for concept, value in zip(table["measurement_concept_id"].to_pylist(), table["value_as_number"].to_pylist(), strict=True):
        low, high = PLAUSIBLE.get(concept, (float("-inf"), float("inf")))
        if value is not None and not low <= value <= high:
            beyond[concept] = beyond.get(concept, 0) + 1
    return [f"measurement: {CONCEPTS[each].name} is beyond what is plausible in {count} rows" for each, count in sorted(beyond.items())]


def _order(name: str, table: Any) -> list[str]:
    import pyarrow.compute as pc  # slow import

    faults = []
    for column in TABLES[name]:
        start = column.name.replace("end_date", "start_date")
        if start != column.name and start in table.schema.names:
            early = pc.sum(pc.less(table[column.name], table[start])).as_py() or 0
            faults += [f"{name}.{column.name} is before {start} in {early} rows"] if early else []
    return faults
