"""A real house for tests: a real PostgreSQL, a database of this process's own, and connections as the application role.

Every test works in a practice of its own, so nothing is rolled back and nothing leaks: the wall between practices is the isolation.
"""

from __future__ import annotations

import atexit
import fcntl
import hashlib
import os
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
DATA = Path(os.environ.get("TEST_DATA", ROOT / ".test-data"))
MIGRATIONS = ROOT / "src" / "winddown" / "record"

_urls = None


def environment():
    from winddown.config.environment import read

    return read({"WINDDOWN_ENVIRONMENT": "test", "WINDDOWN_DATA": str(DATA), "WINDDOWN_SECRET_FILE": str(ROOT / "tests" / "secret")})


def ready():
    """Start PostgreSQL if it is not running, make this process's database, and set Django up on it. Returns the URLs by role."""
    global _urls
    if _urls is not None:
        return _urls
    from winddown.config import postgres

    DATA.mkdir(parents=True, exist_ok=True)
    cluster = postgres.ensure_running(environment())
    _wait_for_no_disk(cluster)
    name = f"test_{os.getpid()}_{os.environ.get('PYTEST_XDIST_WORKER', 'main')}"
    with (DATA / "template.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        template = _template(cluster)
        _urls = postgres.create_test_database(cluster, name, template)
    atexit.register(_drop, cluster, name)
    use(_urls.app)
    return _urls


def _wait_for_no_disk(cluster) -> None:
    """A test's rows need not outlive the machine. What must survive a crash is proven on clusters with the product's own settings."""
    import psycopg

    with psycopg.connect(cluster.superuser_url, autocommit=True) as connection:
        for setting in ("fsync", "synchronous_commit", "full_page_writes"):
            connection.execute(f"alter system set {setting} = off")
        connection.execute("select pg_reload_conf()")


def use(url: str) -> None:
    os.environ.update(
        WINDDOWN_ENVIRONMENT="test",
        WINDDOWN_DATA=str(DATA),
        WINDDOWN_SECRET_FILE=str(ROOT / "tests" / "secret"),
        WINDDOWN_ROLE_DATABASE_URL=url,
        DJANGO_SETTINGS_MODULE="winddown.config.settings",
        DJANGO_ALLOW_ASYNC_UNSAFE="1",
    )
    import django
    from django.conf import settings

    django.setup()
    settings.PASSWORD_HASHERS = ["tests.quick.QuickArgon2", *settings.PASSWORD_HASHERS]


def _template(cluster) -> str:
    """A migrated database, made once for each state of the record's code."""
    import psycopg

    from winddown.config import postgres

    name = f"test_template_{state_of_the_record()}"
    with psycopg.connect(cluster.superuser_url) as connection:
        if connection.execute("select 1 from pg_database where datname = %s", [name + "_done"]).fetchone():
            return name + "_done"
    urls = postgres.create_test_database(cluster, name)
    _migrate(urls.owner)
    with psycopg.connect(cluster.superuser_url, autocommit=True) as connection:
        connection.execute(f"alter database {name} rename to {name}_done")
    return name + "_done"


def state_of_the_record() -> str:
    """A short name for the present state of the record's code: another one means other tables."""
    digest = hashlib.sha256()
    for path in sorted(MIGRATIONS.rglob("*.py")):
        digest.update(path.read_bytes())
    return digest.hexdigest()[:12]


def _migrate(owner_url: str) -> None:
    import subprocess

    env = {key: value for key, value in os.environ.items() if not key.startswith("WINDDOWN_")}
    env |= {
        "WINDDOWN_ENVIRONMENT": "test",
        "WINDDOWN_DATA": str(DATA),
        "WINDDOWN_SECRET_FILE": str(ROOT / "tests" / "secret"),
        "WINDDOWN_ROLE_DATABASE_URL": owner_url,
        "DJANGO_SETTINGS_MODULE": "winddown.config.settings",
    }
    subprocess.run([sys.executable, "-m", "django", "migrate", "--verbosity", "0", "--skip-checks"], check=True, env=env, cwd=ROOT)


def _drop(cluster, name: str) -> None:
    from winddown.config import postgres

    try:
        from django.db import connections

        connections.close_all()
    finally:
        postgres.drop_test_database(cluster, name)


def stop() -> None:
    from winddown.config import postgres

    postgres.stop(environment())


def make() -> None:
    """What many tests copy, before the first of them waits for it: the migrated database and the empty record."""
    from tests.whole import clinic

    ready()
    clinic.empty_record()


if __name__ == "__main__":
    {"make": make, "stop": stop}[sys.argv[1]]()
