"""Real clusters in temporary folders. Every one is stopped at the end, whatever the test did to it."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import psutil
import psycopg
import pytest

from winddown.config import postgres
from winddown.config.cluster import account as accounts
from winddown.config.cluster import server
from winddown.config.environment import Environment, read
from winddown.config.process import refuse_an_unfit_database
from winddown.domain.refusals import Refusal

ROLES: tuple[postgres.Role, ...] = ("app", "device", "owner", "superuser")

RUNNING_SERIES = "select count(*) from pg_stat_activity where query like '%generate_series(1%' and pid <> pg_backend_pid()"


def environment_in(folder: Path, **more: str) -> Environment:
    return read({"WINDDOWN_DATA": str(folder), "WINDDOWN_ENVIRONMENT": "test", **more})


@pytest.fixture(scope="module")
def environment(tmp_path_factory) -> Iterator[Environment]:
    environment = environment_in(tmp_path_factory.mktemp("record") / "data")
    yield environment
    postgres.stop(environment)


@pytest.fixture
def cluster(environment) -> postgres.Cluster:
    return postgres.ensure_running(environment)


@pytest.fixture
def database(cluster) -> Iterator[postgres.DatabaseUrls]:
    yield postgres.create_test_database(cluster, "test_one")
    postgres.drop_test_database(cluster, "test_one")


def value(url: str, query: str):
    with psycopg.connect(url) as connection:
        return connection.execute(query).fetchone()[0]


def write_a_row(url: str, number: int) -> None:
    with psycopg.connect(url) as connection:
        connection.execute("create table if not exists kept (number int primary key)")
        connection.execute("insert into kept values (%s)", [number])


def end_postmaster(cluster: postgres.Cluster) -> None:
    postmaster = psutil.Process(server.find(cluster.folder).pid)
    postmaster.kill()
    while postmaster.is_running() and postmaster.status() != psutil.STATUS_ZOMBIE:
        pass


def test_rows_survive_a_stop_and_a_start_on_the_same_port(environment, cluster, database):
    write_a_row(database.owner, 1)
    assert postgres.stop(environment)
    assert postgres.status(environment).state == "stopped"
    again = postgres.ensure_running(environment)
    assert again.started_by_us
    assert again.port == cluster.port
    assert value(database.owner, "select array_agg(number) from kept") == [1]


def test_rows_survive_kill_9_of_the_server(environment, cluster, database):
    write_a_row(database.owner, 1)
    end_postmaster(cluster)
    again = postgres.ensure_running(environment)
    assert again.started_by_us
    assert value(database.owner, "select array_agg(number) from kept") == [1]


def test_a_server_outlives_kill_9_of_the_process_that_started_it_and_is_adopted(tmp_path):
    environment = environment_in(tmp_path / "data")
    code = "import os, signal; from winddown.config import environment, postgres; "
    code += "print(postgres.ensure_running(environment.read(os.environ)).port, flush=True); os.kill(os.getpid(), signal.SIGKILL)"
    inherited = {"WINDDOWN_DATA": str(tmp_path / "data"), "WINDDOWN_ENVIRONMENT": "test"}
    parent = subprocess.run([sys.executable, "-c", code], env={**os.environ, **inherited}, capture_output=True, text=True, check=False)
    assert parent.returncode == -signal.SIGKILL
    try:
        adopted = postgres.ensure_running(environment)
        assert not adopted.started_by_us
        assert adopted.port == int(parent.stdout)
        assert value(adopted.app_url, "select current_user") == "winddown_app"
    finally:
        assert postgres.stop(environment)
    assert not postgres.stop(environment)


def test_a_process_number_recycled_by_another_program_does_not_hinder_the_start(environment, cluster, database):
    write_a_row(database.owner, 1)
    end_postmaster(cluster)
    stale = cluster.folder / "postmaster.pid"
    same_user = accounts.choose(environment.data, production=False).popen
    with subprocess.Popen(["/bin/cat"], stdin=subprocess.PIPE, **same_user) as other_program:
        lines = stale.read_text().splitlines()
        stale.write_text("\n".join([str(other_program.pid), *lines[1:]]) + "\n")
        assert postgres.status(environment).state == "stopped"
        assert postgres.ensure_running(environment).started_by_us
        assert other_program.poll() is None
    assert value(database.owner, "select array_agg(number) from kept") == [1]


def test_a_query_that_outlives_a_killed_server_does_not_hinder_the_next_one(environment, cluster, database):
    write_a_row(database.owner, 1)
    with psycopg.connect(database.owner) as busy:
        busy.pgconn.send_query(b"select count(*) from generate_series(1, 2000000000)")
        while value(cluster.superuser_url, RUNNING_SERIES) == 0:
            pass
        end_postmaster(cluster)
        said: list[str] = []
        assert postgres.ensure_running(environment, said.append).started_by_us
        assert said[0].startswith("PostgreSQL was killed and left")
        assert value(database.owner, "select array_agg(number) from kept") == [1]
        busy.close()


def test_a_stranger_on_last_times_port_makes_the_server_choose_another(environment, cluster):
    postgres.stop(environment)
    with socket.socket() as stranger:
        stranger.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        stranger.bind(("127.0.0.1", cluster.port))
        stranger.listen()
        again = postgres.ensure_running(environment)
        assert again.port != cluster.port
        assert value(again.app_url, "select inet_server_port()") == again.port


def test_two_data_folders_run_side_by_side_and_open_to_their_own_secrets_only(environment, cluster, tmp_path):
    other_environment = environment_in(tmp_path / "other")
    other = postgres.ensure_running(other_environment)
    try:
        assert other.port != cluster.port
        assert value(other.app_url, "select current_database()") == "winddown"
        with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
            psycopg.connect(cluster.app_url.replace(str(cluster.port), str(other.port)))
    finally:
        postgres.stop(other_environment)


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("password", [None, "", "postgres", "winddown"])
def test_nobody_enters_without_the_password(cluster, role, password):
    user = cluster.url(role).split("//")[1].split(":")[0]
    for database in ("winddown", "postgres", "template1"):
        with pytest.raises(psycopg.OperationalError, match="password"):
            psycopg.connect(host="127.0.0.1", port=cluster.port, user=user, password=password, dbname=database, passfile="/dev/null")


def test_there_is_no_unix_socket_and_no_trust_left_to_enter_by(cluster):
    assert value(cluster.superuser_url, "show unix_socket_directories") == ""
    assert value(cluster.superuser_url, "show listen_addresses") == "127.0.0.1"
    methods = value(cluster.superuser_url, "select array_agg(distinct auth_method order by auth_method) from pg_hba_file_rules")
    assert methods == ["reject", "scram-sha-256"]


@pytest.mark.parametrize("setting", ["fsync", "synchronous_commit", "full_page_writes", "data_checksums"])
def test_the_server_is_durable(cluster, setting):
    assert value(cluster.superuser_url, f"show {setting}") == "on"


def test_an_error_that_quotes_a_person_stays_out_of_the_servers_log(cluster, database):
    with psycopg.connect(database.owner, autocommit=True) as connection:
        connection.execute("create table person (name text primary key)")
        connection.execute("insert into person values ('Ada Lovelace')")
        for statement in ("insert into person values ('Ada Lovelace')", "select 'Ada Lovelace'::int"):
            with pytest.raises(psycopg.Error, match="Ada Lovelace"):
                connection.execute(statement)
    with pytest.raises(psycopg.OperationalError):
        psycopg.connect(host="127.0.0.1", port=cluster.port, user="afterwards", password="x", dbname="postgres")
    written = ""
    while "afterwards" not in written:
        written = "".join(path.read_text() for path in (cluster.folder / "log").glob("*.log"))
    assert "Ada Lovelace" not in written


@pytest.mark.parametrize("role", ["app", "device", "owner"])
def test_no_working_role_is_more_than_it_needs(cluster, role):
    query = "select rolsuper or rolbypassrls or rolcreatedb or rolcreaterole or rolreplication from pg_roles where rolname = current_user"
    assert value(cluster.url(role), query) is False
    with pytest.raises(psycopg.OperationalError, match="permission denied for database"):
        psycopg.connect(cluster.url(role, "postgres"))


@pytest.mark.parametrize("role", ["app", "device"])
def test_a_role_that_serves_people_or_devices_owns_nothing_and_may_not_truncate(cluster, database, role):
    write_a_row(database.owner, 1)
    with psycopg.connect(database.owner) as connection:
        connection.execute("grant select, insert on kept to winddown_app, winddown_device")
    url = getattr(database, role)
    assert value(url, "select count(*) from kept") == 1
    for forbidden in ("truncate kept", "drop table kept", "create table mine (id int)", "delete from kept", "set role winddown_owner"):
        with pytest.raises(psycopg.errors.InsufficientPrivilege), psycopg.connect(url) as connection:
            connection.execute(forbidden)


def test_a_role_somebody_made_powerful_is_plain_again_after_the_next_start(environment, cluster):
    with psycopg.connect(cluster.superuser_url, autocommit=True) as connection:
        connection.execute("alter role winddown_app superuser bypassrls")
        connection.execute("grant winddown_owner to winddown_device")
    postgres.ensure_running(environment)
    assert value(cluster.app_url, "select rolsuper or rolbypassrls from pg_roles where rolname = current_user") is False
    assert value(cluster.device_url, "select pg_has_role('winddown_owner', 'member')") is False


@pytest.mark.parametrize(("role", "fit"), [("app", True), ("device", True), ("owner", False), ("superuser", False)])
def test_only_a_role_that_the_walls_hold_may_serve(database, role, fit):
    with psycopg.connect(getattr(database, role)) as connection, connection.cursor() as cursor:
        if fit:
            refuse_an_unfit_database(cursor)
            return
        with pytest.raises(Refusal) as refusal:
            refuse_an_unfit_database(cursor)
        assert refusal.value.code == "role_too_powerful"


def test_exclusion_over_a_chair_and_a_time_works_in_a_fresh_database(database):
    with psycopg.connect(database.owner) as connection:
        connection.execute("create table held (chair int, span tstzrange, exclude using gist (chair with =, span with &&))")
        connection.execute("insert into held values (1, '[2026-01-01 09:00Z, 2026-01-01 10:00Z)')")
        with pytest.raises(psycopg.errors.ExclusionViolation):
            connection.execute("insert into held values (1, '[2026-01-01 09:59Z, 2026-01-01 11:00Z)')")


def test_a_test_database_is_copied_from_a_template_with_its_rows_and_its_grants(cluster, database):
    write_a_row(database.owner, 7)
    with psycopg.connect(database.owner) as connection:
        connection.execute("grant select on kept to winddown_app")
    copy = postgres.create_test_database(cluster, "test_copy", template="test_one")
    assert value(copy.app, "select number from kept") == 7
    postgres.drop_test_database(cluster, "test_copy")
    with pytest.raises(psycopg.OperationalError, match="does not exist"):
        psycopg.connect(copy.app)


@pytest.mark.parametrize("name", ["winddown", "postgres", "test_", 'test_x"; drop database winddown; --', "Test_one"])
def test_only_a_test_database_can_be_replaced_or_dropped(cluster, name):
    for deed in (postgres.create_test_database, postgres.drop_test_database):
        with pytest.raises(Refusal) as refusal:
            deed(cluster, name)
        assert refusal.value.code == "not_a_test_database"


def test_a_command_stops_only_the_server_that_it_started(environment, cluster):
    with postgres.running(environment) as joined:
        assert not joined.started_by_us
    assert postgres.status(environment).state == "ready"
    postgres.stop(environment)
    with postgres.running(environment) as own:
        assert own.started_by_us
    assert postgres.status(environment).state == "stopped"


def test_secrets_are_private_files_and_never_shown(environment, cluster):
    keys = environment.data / "keys"
    assert keys.stat().st_mode & 0o777 == 0o700
    assert (keys / "postgres.json").stat().st_mode & 0o777 == 0o600
    assert all(secret not in repr(cluster) for secret in cluster.secrets.values())
    assert len(set(cluster.secrets.values())) == 4


def test_a_cluster_whose_secrets_are_lost_is_never_given_new_ones(environment, cluster):
    secrets_file = environment.data / "keys" / "postgres.json"
    aside = secrets_file.rename(secrets_file.with_suffix(".aside"))
    with pytest.raises(Refusal) as refusal:
        postgres.ensure_running(environment)
    assert refusal.value.code == "postgres_secrets_missing"
    assert not secrets_file.exists()
    aside.rename(secrets_file)


def test_an_interrupted_first_start_leaves_nothing_in_the_way_of_the_second(tmp_path):
    environment = environment_in(tmp_path / "data")
    half_made = tmp_path / "data" / "postgres.part" / "base"
    half_made.mkdir(parents=True)
    assert postgres.status(environment).state == "absent"
    try:
        assert postgres.ensure_running(environment).started_by_us
    finally:
        postgres.stop(environment)


def test_a_record_of_another_postgresql_is_not_touched(environment, cluster):
    postgres.stop(environment)
    version = cluster.folder / "PG_VERSION"
    version.write_text("15\n")
    try:
        with pytest.raises(Refusal) as refusal:
            postgres.ensure_running(environment)
    finally:
        version.write_text("18\n")
    assert refusal.value.code == "postgres_of_another_version"


def test_an_external_server_is_never_started_or_stopped_by_us(tmp_path):
    environment = environment_in(tmp_path / "data", WINDDOWN_DATABASE_URL="postgresql://winddown_app:x@db.example/winddown")
    for deed in (postgres.ensure_running, postgres.stop):
        with pytest.raises(Refusal) as refusal:
            deed(environment)
        assert refusal.value.code == "external_server"
    assert postgres.status(environment).state == "external"
    assert not (tmp_path / "data").exists()


@pytest.mark.skipif(os.geteuid() != 0, reason="only root is refused")
def test_root_is_refused_in_production_before_anything_is_made(tmp_path):
    environment = read({"WINDDOWN_DATA": str(tmp_path / "data"), "WINDDOWN_ENVIRONMENT": "production"})
    with pytest.raises(Refusal) as refusal:
        postgres.ensure_running(environment)
    assert refusal.value.code == "root_in_production"
    assert list((tmp_path / "data").iterdir()) == []


@pytest.mark.skipif(os.geteuid() != 0, reason="only root steps down to another user")
def test_a_demo_run_by_root_in_a_closed_home_serves_as_nobody_special_and_opens_no_list(tmp_path):
    home = tmp_path / "home"
    home.mkdir(mode=0o700)
    environment = environment_in(home / "deeper" / "data")
    said: list[str] = []
    postgres.ensure_running(environment, said.append)
    try:
        found = server.find(environment.data / "postgres")
        assert os.stat(f"/proc/{found.pid}").st_uid != 0
        assert home.stat().st_mode & 0o007 in (0, 1)
        assert any(str(home) in sentence for sentence in said)
        stranger = {"user": 12345, "group": 12345, "extra_groups": []}
        assert subprocess.run(["/bin/ls", str(environment.data)], capture_output=True, check=False, **stranger).returncode != 0
    finally:
        postgres.stop(environment)
