"""A new record: folder, keys, database, tables, and the first practice. Each step is safe to repeat."""

from __future__ import annotations

import os
import secrets
import subprocess
import sys

from winddown.config import postgres
from winddown.config.cluster.account import Say
from winddown.config.environment import Environment
from winddown.config.house import url_for
from winddown.domain.refusals import Refusal


def make_keys(environment: Environment) -> bool:
    """The program's own key, outside the database and its backups. True when it was made now."""
    path = environment.secret_file
    if path.exists():
        return False
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    postgres.write_private(path, secrets.token_urlsafe(48) + "\n")
    return True


def make_tables(environment: Environment, cluster: postgres.Cluster | None) -> None:
    """Migrations, walls and grants, in a process of its own that alone holds the owner's address."""
    done = subprocess.run(
        [sys.executable, "-m", "django", "migrate", "--verbosity", "0", "--skip-checks"],
        env=_child(environment, url_for("owner", environment, cluster)),
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise Refusal(
            because="The tables could not be made.",
            way_out=done.stderr.strip().splitlines()[-1] if done.stderr else "",
            code="migrate_failed",
        )


def make_practice(environment: Environment, cluster: postgres.Cluster | None, *, slug: str, name: str) -> int:
    """The practice's row, which only the owner may write. Returns its id; an existing one is kept."""
    import psycopg  # slow import

    with psycopg.connect(url_for("owner", environment, cluster), autocommit=True) as link:
        link.execute(
            "insert into record_practice (slug, name, created_at) values (%s, %s, now()) on conflict (slug) do nothing", [slug, name]
        )
        row = link.execute("select id from record_practice where slug = %s", [slug]).fetchone()
    assert row is not None
    return int(row[0])


def found(environment: Environment, *, slug: str, name: str, say: Say) -> postgres.Cluster | None:
    """Folder, keys, database, tables and practice. The embedded server keeps running; the caller decides when it stops."""
    environment.data.mkdir(mode=0o700, parents=True, exist_ok=True)
    if make_keys(environment):
        say(f"A new key is in {environment.secret_file}. Keep a copy apart from the backups.")
    cluster = None if environment.external else postgres.ensure_running(environment, say)
    say("Making the tables, the walls between practices, and the grants.")
    make_tables(environment, cluster)
    make_practice(environment, cluster, slug=slug, name=name)
    return cluster


def _child(environment: Environment, url: str) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("WINDDOWN_")}
    return kept | {
        "WINDDOWN_ENVIRONMENT": environment.environment,
        "WINDDOWN_DATA": str(environment.data),
        "WINDDOWN_SECRET_FILE": str(environment.secret_file),
        "WINDDOWN_ROLE_DATABASE_URL": url,
        "DJANGO_SETTINGS_MODULE": "winddown.config.settings",
    }
