"""The export of everything: whole, readable elsewhere, without what opens a door; for researchers without what names people."""

from __future__ import annotations

import csv
import io
import json
import zipfile
from datetime import UTC, date, datetime, timedelta
from threading import Thread

import pyarrow.parquet as parquet
import pytest
from django.db import connection

from tests import factories
from tests.web.people.desk import signed_in, words_of
from winddown.domain.refusals import NotAllowed
from winddown.record.models import Answer, AuditEntry, ExportRun, Patient, Practice
from winddown.record.protection import scoped_models
from winddown.record.scope import at_practice
from winddown.services import answers, exports, sessions
from winddown.services.exports import whole
from winddown.services.exports.mask import Common, Mask

NOW = datetime.now(tz=UTC)
FAMILY = "Unmistakable"


@pytest.fixture(scope="module")
def full(urls, tmp_path_factory):
    """A practice with one visit and one form, exported in both forms."""
    house, folder, files = factories.house(urls, also=("researcher",)), tmp_path_factory.mktemp("exports"), {}
    with at_practice(house.id):
        patient = factories.patient(house, now=NOW, family_name=FAMILY)
        visit = factories.session(house, factories.order(house, patient, now=NOW), now=NOW)
        sessions.check_in(visit, by=house.nurse, now=NOW)
        items = {str(number): 1 for number in range(1, 10)}
        fields = {"instrument": "phq-9", "version": "1", "items": items, "language": "en", "source": "staff"}
        answers.submit(patient=patient, **fields, answered_at=NOW - timedelta(days=1), by=house.nurse, now=NOW)
    for form in ("full", "researchers"):
        exports.export(Practice.objects.get(pk=house.id), folder / f"{form}.zip", form=form, now=NOW)
        files[form] = zipfile.ZipFile(folder / f"{form}.zip")
    files["key"] = exports.key_of(folder / "researchers.zip")
    assert not exports.key_of(folder / "full.zip").exists()
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
    form, hidden_form = (next(row for row in rows if row["observation_event_id"] is None) for rows in (true, moved))
    back = form["observation_datetime"] - hidden_form["observation_datetime"]
    assert timedelta(days=1) <= back <= timedelta(days=365, hours=3)
    assert visit["visit_start_datetime"] - shifted["visit_start_datetime"] == back
    person = rows(files["researchers"], "omop/parquet/person.parquet")[0]
    assert (person["year_of_birth"], person["month_of_birth"]) == (1980, None)


def test_no_number_of_the_record_stands_in_what_a_researcher_takes_and_the_key_stays_here(full):
    house, files = full
    with at_practice(house.id):
        number = Patient.objects.get().record_number
    numbered = {
        "person": "person_id",
        "visit_occurrence": "visit_occurrence_id",
        "observation": "observation_id",
        "care_site": "care_site_id",
    }
    for name, column in numbered.items():
        mine, theirs = ({row[column] for row in rows(files[form], f"omop/parquet/{name}.parquet")} for form in ("full", "researchers"))
        assert len(mine) == len(theirs)
        assert not mine & theirs
    person = rows(files["researchers"], "omop/parquet/person.parquet")[0]["person_id"]
    (line,) = csv.DictReader(files["key"].open())
    assert (line["person_id"], line["record_number"]) == (str(person), number)
    assert files["key"].stat().st_mode & 0o077 == 0
    assert rows(files["researchers"], "omop/parquet/condition_occurrence.parquet")[0]["condition_source_value"] != "ICD10CM F33.2"


def test_what_few_persons_share_is_made_coarser_and_then_withheld():
    codes = [("G90.511", n) for n in range(8)] + [("G90.512", n) for n in range(8, 12)] + [("M79.7", n) for n in range(11)] + [("C50", 1)]
    common = Common.of([*codes, *((f"{code[:3]}*", person) for code, person in codes)])
    assert [common.code(code) for code in ("G90.511", "M79.7", "C50")] == ["G90", "M79.7", None]


def test_the_oldest_are_told_as_one_and_no_time_moves_into_the_future():
    mask = Mask(True, NOW)
    assert mask.born(date(NOW.year - 91, 1, 1)) == mask.born(date(NOW.year - 104, 1, 1))
    assert all(mask.moment(person, NOW) < NOW.replace(tzinfo=None) for person in range(50))


def test_every_table_shows_one_moment_whatever_is_written_meanwhile(full, tmp_path):
    house, _ = full
    said = []

    def write(step) -> None:
        if not said:
            said.append(step)
            thread = Thread(target=_register_somebody, args=(house,))
            thread.start()
            thread.join()

    with at_practice(house.id):
        before = Patient.objects.count()
    told = exports.export(Practice.objects.get(pk=house.id), tmp_path / "moment.zip", form="full", now=NOW, say=write)
    with at_practice(house.id):
        assert Patient.objects.count() == before + 1
    assert (told["rows"]["tables/Patient"], told["rows"]["omop/person"]) == (before, before)


def _register_somebody(house) -> None:
    with at_practice(house.id):
        factories.patient(house, now=NOW)
    connection.close()


def test_a_concept_of_zero_has_a_written_reason_and_the_checks_are_told(full):
    _, files = full
    told = list(csv.DictReader(io.StringIO(files["full"].read("omop/concepts.csv").decode())))
    assert all(row["why"] for row in told if row["confirmed"] != "seen")
    assert "no fault" in files["full"].read("omop/checks.csv").decode()


def test_a_researcher_makes_and_takes_what_names_nobody_and_nothing_else(full, settings_exports):
    house, _ = full
    researcher, director = signed_in(house, "researcher"), signed_in(house, "director")
    assert researcher.get("/").url == "/programme/export/"
    page = words_of(researcher.get("/programme/export/"))
    assert "For researchers" in page
    assert "Everything" not in page
    assert researcher.post("/programme/export/ask/", {"form": "full"}).status_code == 403
    assert researcher.post("/programme/export/ask/", {"form": "researchers"}).status_code == 302
    with at_practice(house.id):
        asked = exports.waiting()
    exports.carry_out(house.id, asked[0])
    with at_practice(house.id):
        run = ExportRun.objects.get()
    assert researcher.get(f"/programme/exports/{run.ref}/file/").status_code == 200
    assert researcher.get(f"/programme/exports/{run.ref}/key/").status_code == 403
    assert b"moved_back_minutes" in b"".join(director.get(f"/programme/exports/{run.ref}/key/").streaming_content)
    with at_practice(house.id):
        acts = list(AuditEntry.objects.order_by("id").values_list("act", "by__name"))[-5:]
    assert ("take export key", house.director.name) in acts


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
