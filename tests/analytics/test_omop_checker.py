"""The checker of OMOP tables finds each kind of fault, and says nothing where there is none."""

from __future__ import annotations

from datetime import date, datetime

import pyarrow as pa
import pytest

from winddown.analytics import omop

PERSON = {"person_id": 1, "gender_concept_id": 8532, "year_of_birth": 1980, "race_concept_id": 0, "ethnicity_concept_id": 0}
VISIT = {
    "visit_occurrence_id": 5,
    "person_id": 1,
    "visit_concept_id": 9202,
    "visit_start_date": date(2026, 3, 1),
    "visit_end_date": date(2026, 3, 1),
    "visit_end_datetime": datetime(2026, 3, 1, 12),
    "visit_type_concept_id": 32817,
}


def table(name: str, *rows: dict) -> pa.Table:
    schema = omop.schema(name)
    return pa.table([pa.array([row.get(each.name) for row in rows], each.type) for each in schema], schema=schema)


def both(person: dict | None = None, visit: dict | None = None) -> dict[str, pa.Table]:
    return {"person": table("person", PERSON | (person or {})), "visit_occurrence": table("visit_occurrence", VISIT | (visit or {}))}


def test_tables_that_are_right_have_no_fault():
    assert omop.check(both()) == []


@pytest.mark.parametrize(
    ("person", "visit", "words"),
    [
        ({}, {"person_id": 2}, "visit_occurrence.person_id refers to 1 rows that are not in person"),
        ({"gender_concept_id": 9202}, {}, "person.gender_concept_id wants the domain Gender, not ['Visit']"),
        ({"race_concept_id": 12345}, {}, "person.race_concept_id names concepts that are not listed: [12345]"),
        ({"year_of_birth": None}, {}, "person.year_of_birth is empty in 1 rows"),
        ({"person_source_value": "x" * 51}, {}, "person.person_source_value is longer than 50"),
        ({}, {"visit_end_date": date(2026, 2, 1)}, "visit_occurrence.visit_end_date is before visit_start_date in 1 rows"),
    ],
)
def test_each_fault_is_named(person, visit, words):
    assert omop.check(both(person, visit)) == [words]


def test_a_number_that_is_there_twice_is_a_fault():
    assert omop.check({"person": table("person", PERSON, PERSON)}) == ["person.person_id is there more than once"]


def test_a_column_of_another_type_or_name_is_a_fault():
    rows = table("person", PERSON)
    place = rows.schema.get_field_index("year_of_birth")
    other = rows.set_column(place, "year_of_birth", pa.array(["1980"]))
    assert omop.check({"person": other}) == ["person.year_of_birth is string, not int64"]
    assert "person.month_of_birth is missing" in omop.check({"person": rows.drop_columns(["month_of_birth"])})
    assert omop.check({"notes": rows}) == ["notes: no such table in OMOP 5.4"]


def everything(**changes) -> dict[str, pa.Table]:
    source = {"cdm_source_name": "x", "cdm_release_date": date(2026, 4, 1)}
    pulse = {"measurement_id": 1, "person_id": 1, "measurement_concept_id": 3027018, "measurement_date": date(2026, 3, 1)}
    pulse |= {"value_as_number": 70.0, "visit_occurrence_id": 5} | changes
    return {**both(), "cdm_source": table("cdm_source", source), "measurement": table("measurement", pulse)}


def test_a_fact_that_is_odd_is_told_and_is_no_fault():
    assert omop.doubts(everything()) == []
    assert omop.doubts(everything(value_as_number=900.0)) == ["measurement: Heart rate is beyond what is plausible in 1 rows"]
    assert omop.doubts(everything(measurement_date=date(1970, 3, 1))) == [
        "measurement.measurement_date is before birth in 1 rows",
        "measurement.measurement_date is more than 7 days from its visit in 1 rows",
    ]
    assert "measurement.measurement_date is after the release in 1 rows" in omop.doubts(everything(measurement_date=date(2026, 5, 1)))


def test_no_concept_without_a_written_reason_is_a_fault():
    assert omop.check(both(visit={"visit_concept_id": 0})) == [
        "visit_occurrence.visit_concept_id has no concept in some rows, and no reason is written down"
    ]
