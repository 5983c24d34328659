"""The export of everything: whole, readable elsewhere, without what opens a door; for researchers without what names people."""

from __future__ import annotations

import csv
import io
import json
import zipfile
from datetime import UTC, datetime, timedelta

import pyarrow.parquet as parquet
import pytest

from tests import factories
from tests.web.people.desk import signed_in, words_of
from winddown.domain.refusals import NotAllowed
from winddown.record.models import Answer, AuditEntry, ExportRun, Patient, Practice
from winddown.record.protection import scoped_models
from winddown.record.scope import at_practice
from winddown.services import answers, exports, sessions
from winddown.services.exports import whole

NOW = datetime.now(tz=UTC)
FAMILY = "Unmistakable"


@pytest.fixture(scope="module")
def full(urls, tmp_path_factory):
    """A practice with one visit and one form, exported in both forms."""
    house, folder, files = factories.house(urls), tmp_path_factory.mktemp("exports"), {}
    with at_practice(house.id):
        patient = factories.patient(house, now=NOW, family_name=FAMILY)
        visit = factories.session(house, factories.order(house, patient, now=NOW), now=NOW)
        sessions.check_in(visit, by=house.nurse, now=NOW)
        items = {str(number): 1 for number in range(1, 10)}
        fields = {"instrument": "phq-9", "version": "1", "items": items, "language": "en", "source": "staff"}
        answers.submit(patient=patient, **fields, answered_at=NOW - timedelta(days=1), by=house.nurse, now=NOW)
    with at_practice(house.id):
        for form in ("full", "researchers"):
            exports.export(Practice.objects.get(pk=house.id), folder / f"{form}.zip", form=form, now=NOW)
            files[form] = zipfile.ZipFile(folder / f"{form}.zip")
    return house, files


def rows(file: zipfile.ZipFile, name: str) -> list[dict]:
    return parquet.read_table(io.BytesIO(file.read(name))).to_pylist()


def test_every_table_is_there_twice_with_as_many_rows_as_the_record(full):
    house, files = full
    manifest = json.loads(files["full"].read("manifest.json"))
    with at_practice(house.id):
        for model in whole.tables():
            if model not in (AuditEntry, ExportRun):
                assert manifest["rows"][f"tables/{model.__name__}"] == model.objects.count(), model.__name__
    told = rows(files["full"], "tables/parquet/Patient.parquet")
    sheet = list(csv.DictReader(io.StringIO(files["full"].read("tables/csv/Patient.csv").decode())))
    assert [row["family_name"] for row in told] == [row["family_name"] for row in sheet] == [FAMILY]
    assert len(manifest["sha256"]) == len(files["full"].namelist()) - 1


@pytest.mark.parametrize("told", [True, None, 3, "words", ["a", 1], {"key": [None]}])
def test_a_value_of_json_is_written_as_text_whatever_it_holds(told):
    field = Answer._meta.get_field("items")
    assert whole._values(field, told) == ((None,) if told is None else (json.dumps(told),))


def test_the_dictionary_explains_every_column_that_is_written(full):
    _, files = full
    told = {(row["table"], row["column"]) for row in csv.DictReader(io.StringIO(files["full"].read("dictionary.csv").decode()))}
    for model in whole.tables():
        assert {(model.__name__, name) for name in whole.schema(model).names} <= told
    assert ("omop/person", "gender_concept_id") in told


def test_what_opens_a_door_is_in_no_export():
    for model in scoped_models():
        if model in whole.tables():
            assert [field.name for field in whole.columns(model) if whole.is_suspect(model, field)] == [], model.__name__


def test_a_form_stays_one_form_and_its_score_is_told_once(full):
    house, files = full
    found = rows(files["full"], "omop/parquet/observation.parquet")
    forms = [row for row in found if row["observation_event_id"] is None]
    items = [row for row in found if row["observation_event_id"] is not None]
    with at_practice(house.id):
        assert [row["value_as_number"] for row in forms] == [float(Answer.objects.get().score)] == [9.0]
    assert ({row["observation_event_id"] for row in items}, len(items)) == ({forms[0]["observation_id"]}, 9)


def test_for_researchers_no_file_holds_a_name_a_number_or_a_true_day(full):
    house, files = full
    with at_practice(house.id):
        patient = Patient.objects.get()
        hidden = [
            FAMILY,
            patient.given_name,
            patient.record_number,
            str(patient.ref),
            house.location.name,
            Practice.objects.get(pk=house.id).slug,
        ]
    for name in files["researchers"].namelist():
        content = files["researchers"].read(name)
        assert not [word for word in hidden if word.encode() in content], name
    assert not [name for name in files["researchers"].namelist() if name.startswith("tables/")]
    true, moved = (rows(files[form], "omop/parquet/observation.parquet") for form in ("full", "researchers"))
    visit, shifted = (rows(files[form], "omop/parquet/visit_occurrence.parquet")[0] for form in ("full", "researchers"))
    by = moved[0]["observation_date"] - true[0]["observation_date"]
    assert 1 <= abs(by.days) <= 183
    assert abs((shifted["visit_start_date"] - visit["visit_start_date"]) - by) <= timedelta(days=1)
    assert rows(files["researchers"], "omop/parquet/person.parquet")[0]["month_of_birth"] is None


def test_one_click_asks_the_work_makes_it_and_one_click_takes_it_all_in_the_audit_trail(house, settings_exports):
    director = signed_in(house, "director")
    assert director.post("/programme/export/ask/", {"form": "researchers"}).status_code == 302
    assert "waiting" in words_of(director.get("/programme/export/now/"))
    assert "An export is being made" in words_of(director.post("/programme/export/ask/", {"form": "full"}))
    with at_practice(house.id):
        asked = exports.waiting()
    exports.carry_out(house.id, asked[0])
    with at_practice(house.id):
        run = ExportRun.objects.get()
        assert (run.state, run.done, run.words) == ("ready", run.of, "")
    taken = director.get(f"/programme/exports/{run.ref}/file/")
    assert zipfile.is_zipfile(io.BytesIO(b"".join(taken.streaming_content)))
    with at_practice(house.id):
        acts = set(AuditEntry.objects.values_list("act", flat=True))
    assert {"ask for export", "export made", "take export"} <= acts


def test_only_the_director_asks_for_an_export(house):
    with at_practice(house.id), pytest.raises(NotAllowed):
        exports.ask(form="full", by=house.administrator, now=NOW)


@pytest.fixture
def settings_exports(tmp_path):
    from django.test import override_settings

    with override_settings(EXPORTS=tmp_path):
        yield
