"""Backup and restore, judged by the rows that come back."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import psycopg
import pytest

from winddown.config import postgres
from winddown.config.backup import backup, note_path, restore
from winddown.config.environment import Environment, read
from winddown.domain.refusals import Refusal

AT = datetime(2026, 3, 1, 7, 30, tzinfo=UTC)

WALLED = """
create table reading (id int primary key, practice_id int not null, name text);
insert into reading values (1, 1, 'Åsa'), (2, 2, 'Zoë');
alter table reading enable row level security;
alter table reading force row level security;
create policy inside on reading using (practice_id = nullif(current_setting('winddown.practice', true), '')::int);
grant select, insert on reading to winddown_app;
"""


def environment_in(folder: Path) -> Environment:
    return read({"WINDDOWN_DATA": str(folder), "WINDDOWN_ENVIRONMENT": "test"})


@pytest.fixture(scope="module")
def environment(tmp_path_factory) -> Iterator[Environment]:
    """A record with two practices behind forced row-level security, and its key."""
    environment = environment_in(tmp_path_factory.mktemp("record") / "data")
    cluster = postgres.ensure_running(environment)
    postgres.write_private(environment.secret_file, "the key of this record\n")
    with psycopg.connect(cluster.owner_url) as connection:
        connection.execute(WALLED)
    yield environment
    postgres.stop(environment)


@pytest.fixture(scope="module")
def file(environment) -> Path:
    path = environment.data.parent / "march.backup"
    backup(environment, path, at=AT)
    return path


@pytest.fixture
def empty(tmp_path, environment) -> Iterator[Environment]:
    """A data folder with the right key and no record yet."""
    empty = environment_in(tmp_path / "restored")
    postgres.write_private(empty.secret_file, environment.secret_file.read_text())
    yield empty
    postgres.stop(empty)


def refusal(deed, *arguments, **more) -> Refusal:
    with pytest.raises(Refusal) as caught:
        deed(*arguments, **more)
    return caught.value


def test_every_row_wall_and_grant_comes_back_in_a_new_folder(file, empty):
    assert restore(empty, file) == 1
    cluster = postgres.ensure_running(empty)
    with psycopg.connect(cluster.url("superuser", "winddown")) as connection:
        assert connection.execute("select * from reading order by id").fetchall() == [(1, 1, "Åsa"), (2, 2, "Zoë")]
        assert connection.execute("select tableowner from pg_tables where tablename = 'reading'").fetchone() == ("winddown_owner",)
    with psycopg.connect(cluster.app_url) as connection:
        assert connection.execute("select count(*) from reading").fetchone() == (0,)
        connection.execute("select set_config('winddown.practice', '2', false)")
        assert connection.execute("select name from reading").fetchall() == [("Zoë",)]
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            connection.execute("delete from reading")


def test_a_backup_is_private_dated_and_names_its_key_without_telling_it(environment, file):
    note = json.loads(note_path(file).read_text())
    assert note["made_at"] == "2026-03-01T07:30:00+00:00"
    assert note["size_bytes"] == file.stat().st_size
    assert file.stat().st_mode & 0o777 == 0o600
    assert "the key of this record" not in note_path(file).read_text()
    assert b"the key of this record" not in file.read_bytes()
    assert all(secret.encode() not in file.read_bytes() for secret in postgres.ensure_running(environment).secrets.values())


def test_a_backup_is_never_overwritten(environment, file):
    before = file.read_bytes()
    assert refusal(backup, environment, file, at=AT).code == "backup_exists"
    assert file.read_bytes() == before


def test_a_record_in_the_way_is_never_restored_over(environment, file):
    assert refusal(restore, environment, file).code == "record_in_the_way"


def test_a_damaged_file_is_refused_before_anything_is_made(tmp_path, file, empty):
    damaged = shutil.copy(file, tmp_path / "copy.backup")
    shutil.copy(note_path(file), note_path(damaged))
    content = bytearray(damaged.read_bytes())
    content[len(content) // 2] ^= 1
    damaged.write_bytes(content)
    assert refusal(restore, empty, damaged).code == "backup_damaged"
    assert postgres.status(empty).state == "absent"


def test_a_file_that_is_no_backup_leaves_no_half_of_a_record(tmp_path, empty):
    (tmp_path / "other").write_text("not a dump")
    assert refusal(restore, empty, tmp_path / "other").code == "pg_restore_failed"
    assert postgres.status(empty).state == "absent"


def test_the_key_of_another_record_is_refused_and_a_lost_key_must_be_said(file, empty):
    postgres.write_private(empty.secret_file, "another key\n")
    assert refusal(restore, empty, file).where == "WINDDOWN_SECRET_FILE"
    empty.secret_file.unlink()
    assert refusal(restore, empty, file).because.endswith("is not there.")
    assert restore(empty, file, without_key=True) == 1
