"""A process of the service that is not the web: `python -m winddown.config.process winddown.jobs.watch`.

Connects Django as the role it was given, then runs the module's `main()`. A refusal ends it with its sentence and REFUSED.
"""

from __future__ import annotations

import importlib
import os
import sys
from collections.abc import Callable

from winddown.domain.refusals import NotAllowed, Refusal

REFUSED = 78  # sysexits.h, EX_CONFIG: starting it again changes nothing until somebody acts


def main(module: str) -> int:
    def run() -> int:
        return int(importlib.import_module(module).main() or 0)

    return guarded(run)


def guarded(deed: Callable[[], int]) -> int:
    """Set Django up and do the deed; turn a refusal into words for the log and an exit status."""
    try:
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "winddown.config.settings")
        import django  # slow import

        django.setup()
        return deed()
    except Refusal as refusal:
        sys.stderr.write(f"Refused: {refusal}\n")
        return REFUSED


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
