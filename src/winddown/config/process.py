"""A process of the service that is not the web: `python -m winddown.config.process winddown.jobs.watch`.

Connects Django as the role it was given, then runs the module's `main()`. A refusal ends it with its sentence and REFUSED.
"""

from __future__ import annotations

import importlib
import os
import sys
from collections.abc import Callable
from typing import Any, Protocol

from winddown.domain.refusals import NotAllowed, Refusal

REFUSED = 78  # sysexits.h, EX_CONFIG: starting it again changes nothing until somebody acts

OLDEST_SERVER = 15


def main(module: str) -> int:
    def run() -> int:
        return int(importlib.import_module(module).main() or 0)

    return guarded(run)


def guarded(deed: Callable[[], int]) -> int:
    """Set Django up, look whom it connects as, and do the deed; turn a refusal into words for the log and an exit status."""
    try:
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "winddown.config.settings")
        import django  # slow import

        django.setup()
        from django.db import connection  # slow import

        with connection.cursor() as cursor:
            refuse_an_unfit_database(cursor)
        return deed()
    except Refusal as refusal:
        sys.stderr.write(f"Refused: {refusal}\n")
        return REFUSED


class Cursor(Protocol):
    def execute(self, query: Any, /) -> Any: ...
    def fetchone(self) -> Any: ...


def refuse_an_unfit_database(cursor: Cursor) -> None:
    """The server must be 15 or newer, and a role that serves must be held by the walls: no superuser, no BYPASSRLS, no owner."""
    cursor.execute(
        """select current_setting('server_version_num')::int / 10000, rolname,
                  rolsuper or rolbypassrls or pg_has_role(rolname, datdba, 'member')
           from pg_roles, pg_database where rolname = current_user and datname = current_database()"""
    )
    version, role, powerful = cursor.fetchone()
    if version < OLDEST_SERVER:
        raise NotAllowed(
            because=f"The database server is PostgreSQL {version}; {OLDEST_SERVER} is the oldest that will do.",
            way_out="Upgrade the server, or leave WINDDOWN_DATABASE_URL unset to use the embedded one.",
            code="postgres_too_old",
        )
    if powerful:
        raise NotAllowed(
            because=f"The service would connect as {role}, whom row-level security does not hold.",
            way_out="Let WINDDOWN_DATABASE_URL name the role winddown_app, made as docs/runbooks/postgres-of-your-own.md says.",
            code="role_too_powerful",
            where="WINDDOWN_DATABASE_URL",
        )


def refuse_an_old_record() -> None:
    """Every migration of this version must have been made."""
    from django.db import connection  # slow import
    from django.db.migrations.executor import MigrationExecutor  # slow import

    executor = MigrationExecutor(connection)
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        raise NotAllowed(
            because="The record is not made yet, or not up to date with this version of the program.",
            way_out="A new record: `winddown init`. After an upgrade: `winddown migrate`.",
            code="record_not_up_to_date",
        )


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
