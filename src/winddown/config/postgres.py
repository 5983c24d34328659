"""The embedded PostgreSQL 18: the cluster in the data folder, its secrets, its life. Nothing outside this file starts or stops it.

With WINDDOWN_DATABASE_URL none of this runs: that server is not ours. See docs/adr/0001-postgresql-embedded.md.
"""

from __future__ import annotations

import fcntl
import json
import os
import re
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal
from urllib.parse import quote

import psycopg
from psycopg import sql

from winddown.config.cluster import account as accounts
from winddown.config.cluster import roles, server
from winddown.config.cluster.account import Say
from winddown.config.environment import Environment
from winddown.domain.refusals import Missing, NotAllowed

Role = Literal["app", "device", "owner", "superuser"]

_LOGINS: dict[Role, str] = {"app": roles.APP, "device": roles.DEVICE, "owner": roles.OWNER, "superuser": server.SUPERUSER}


def silent(sentence: str) -> None:
    """Say nothing: for callers without a terminal."""


@dataclass(frozen=True)
class Cluster:
    """A running embedded server. URLs carry a secret: hand each process the one of its role, and print none."""

    folder: Path
    port: int
    started_by_us: bool
    secrets: dict[str, str] = field(repr=False)

    def url(self, role: Role, database: str = roles.DATABASE) -> str:
        """The address for one role. The client insists on SCRAM, so a stranger on the port never learns a password."""
        login = _LOGINS[role]
        password = quote(self.secrets[login], safe="")
        return f"postgresql://{login}:{password}@{server.HOST}:{self.port}/{database}?require_auth=scram-sha-256"

    @property
    def app_url(self) -> str:
        return self.url("app")

    @property
    def device_url(self) -> str:
        return self.url("device")

    @property
    def owner_url(self) -> str:
        return self.url("owner")

    @property
    def superuser_url(self) -> str:
        """For backup, restore and set-up of roles alone: it sees every practice."""
        return self.url("superuser", "postgres")


@dataclass(frozen=True)
class Status:
    """state: external, absent, stopped, starting, ready or stopping."""

    state: str
    folder: Path | None = None
    pid: int | None = None
    port: int | None = None


def cluster_folder(environment: Environment) -> Path:
    return environment.data / "postgres"


def ensure_running(environment: Environment, say: Say = silent) -> Cluster:
    """The server of the data folder: made at the first call, adopted when it already runs, started otherwise.

    Several processes may call at once. Waits as long as a crash recovery takes and says so through `say`.
    refuses  NotAllowed for root in production, a folder of another user, or an external server
    """
    _refuse_external(environment)
    account = _claim(environment)
    folder = cluster_folder(environment)
    with _one_at_a_time(environment.data):
        accounts.open_the_way(account, environment.data, say)
        kept = _secrets(environment.data, fresh=not folder.exists())
        if not folder.exists():
            say("PostgreSQL makes its folder for the first time.")
            server.make(folder, account, kept[server.SUPERUSER])
        found, started = server.adopt(folder, say), False
        if found is None:
            found, started = server.start(folder, account, say), True
        cluster = Cluster(folder=folder, port=found.port, started_by_us=started, secrets=kept)
        roles.settle(cluster.superuser_url, kept)
        _check_it_is_ours(cluster)
    return cluster


def _refuse_external(environment: Environment) -> None:
    if environment.external:
        raise NotAllowed(
            because="WINDDOWN_DATABASE_URL names a server that Winddown does not run.",
            way_out="Start, stop and back it up with its own tools; docs/runbooks/postgres-of-your-own.md says what it must offer.",
            code="external_server",
            where="WINDDOWN_DATABASE_URL",
        )


def _claim(environment: Environment) -> accounts.Account:
    environment.data.mkdir(mode=0o700, parents=True, exist_ok=True)
    return accounts.choose(environment.data, production=environment.production)


@contextmanager
def _one_at_a_time(data: Path) -> Iterator[None]:
    with open(data / "postgres.lock", "a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _secrets(data: Path, *, fresh: bool) -> dict[str, str]:
    """The passwords by role, kept 0600 outside the cluster. Made once, before the cluster that knows them."""
    path = data / "keys" / "postgres.json"
    if path.exists():
        kept: dict[str, str] = json.loads(path.read_text())
        return kept
    if not fresh:
        raise Missing(
            because=f"{path} is missing, and the cluster beside it opens to no other secret.",
            way_out="Put the file back from where you keep the keys, or restore a backup into a new folder: docs/runbooks/keys.md.",
            code="postgres_secrets_missing",
        )
    made = {login: secrets.token_urlsafe(32) for login in _LOGINS.values()}
    write_private(path, json.dumps(made, indent=1))
    return made


def write_private(path: Path, text: str) -> None:
    """A file of mode 0600 in a folder of mode 0700, on disk before this returns, and never half written."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    part = path.with_name(path.name + ".part")
    part.unlink(missing_ok=True)
    with open(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    part.replace(path)


def _check_it_is_ours(cluster: Cluster) -> None:
    """Ports are shared. Before anything is written, the server on ours proves that it serves our folder."""
    with psycopg.connect(cluster.superuser_url) as connection:
        row = connection.execute("show data_directory").fetchone()
    if row is None or not Path(row[0]).samefile(cluster.folder):
        raise NotAllowed(
            because=f"The server on port {cluster.port} keeps its data elsewhere than {cluster.folder}.",
            way_out="Stop the other server, or choose another data folder with WINDDOWN_DATA.",
            code="another_server_on_the_port",
        )


@contextmanager
def running(environment: Environment, say: Say = silent) -> Iterator[Cluster]:
    """A server for the length of one command: stopped at the end only if it was this command that started it."""
    cluster = ensure_running(environment, say)
    try:
        yield cluster
    finally:
        if cluster.started_by_us:
            stop(environment, say)


def stop(environment: Environment, say: Say = silent) -> bool:
    """Stop the embedded server if it runs. Returns whether it did."""
    _refuse_external(environment)
    if not cluster_folder(environment).exists():
        return False
    with _one_at_a_time(environment.data):
        return server.stop(cluster_folder(environment), say)


def status(environment: Environment) -> Status:
    """What the data folder and its server are doing, without touching either."""
    folder = cluster_folder(environment)
    if environment.external:
        return Status("external")
    if not folder.exists():
        return Status("absent", folder)
    found = server.find(folder)
    return Status("stopped", folder) if found is None else Status(found.state, folder, found.pid, found.port)


@dataclass(frozen=True, repr=False)
class DatabaseUrls:
    """One database through the eyes of each role. Never shown: each address carries a secret."""

    app: str
    device: str
    owner: str
    superuser: str


def create_test_database(cluster: Cluster, name: str, template: str | None = None) -> DatabaseUrls:
    """An empty database for tests, or a copy of `template` (another test database, migrated once). Replaces one of the same name."""
    drop_test_database(cluster, name)
    with psycopg.connect(cluster.superuser_url, autocommit=True) as connection:
        roles.make_database(connection, name, _test_name(template) if template else "template0")
    if template is None:
        roles.add_extensions(cluster.superuser_url, name)
    return DatabaseUrls(*(cluster.url(role, name) for role in ("app", "device", "owner", "superuser")))


def drop_test_database(cluster: Cluster, name: str) -> None:
    with psycopg.connect(cluster.superuser_url, autocommit=True) as connection:
        connection.execute(sql.SQL("drop database if exists {} with (force)").format(sql.Identifier(_test_name(name))))


def _test_name(name: str) -> str:
    if not re.fullmatch(r"test_[a-z0-9_]{1,50}", name):
        raise NotAllowed(
            because=f"{name!r} is not the name of a test database.",
            way_out="Use test_ and then lower-case letters, digits and _.",
            code="not_a_test_database",
        )
    return name
