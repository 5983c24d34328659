"""The record as one file and back, with PostgreSQL's own tools. The password travels in the environment, never on a command line."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path
from urllib.parse import unquote, urlsplit

import psycopg

from winddown.config.cluster import programs
from winddown.domain.refusals import Refusal


def dump(superuser_url: str, path: Path) -> None:
    """Write the whole database, every practice, in PostgreSQL's custom format; readable by its owner only."""
    os.close(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600))
    _run("pg_dump", ["--format=custom", f"--file={path}"], superuser_url)


def load(superuser_url: str, path: Path) -> None:
    """Fill the database from a file, whole or not at all, and gather the planner's statistics."""
    _run("pg_restore", ["--single-transaction", "--exit-on-error", "--dbname=", str(path)], superuser_url)
    with psycopg.connect(superuser_url, autocommit=True) as connection:
        connection.execute("analyze")


def count_tables(superuser_url: str) -> int:
    with psycopg.connect(superuser_url) as connection:
        row = connection.execute("select count(*) from pg_tables where schemaname = 'public'").fetchone()
    return int(row[0]) if row else 0


def _run(name: str, arguments: list[str], url: str) -> None:
    parts = urlsplit(url)
    told = {
        "PATH": os.defpath,
        "LC_ALL": "C",
        "PGHOST": parts.hostname or "",
        "PGPORT": str(parts.port or ""),
        "PGUSER": unquote(parts.username or ""),
        "PGPASSWORD": unquote(parts.password or ""),
        "PGDATABASE": parts.path.lstrip("/"),
        "PGREQUIREAUTH": "scram-sha-256",
    }
    done = subprocess.run(
        [programs.program(name), "--no-password", *arguments],
        env=told,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode != 0:
        reason = " / ".join(done.stderr.strip().splitlines()[:3])
        raise Refusal(
            because=f"{name} failed: {reason}", way_out="Nothing was kept of it; try again when the cause is gone.", code=f"{name}_failed"
        )
