"""`winddown migrate`: the one command after an upgrade."""

from __future__ import annotations

import json
import os
import sys
from typing import Annotated

import typer

from winddown.commands.terminal import say_to_person
from winddown.config import postgres
from winddown.config.environment import read
from winddown.config.house import open_as
from winddown.domain.refusals import Missing

app = typer.Typer(add_completion=False)


@app.command()
def run(as_json: Annotated[bool, typer.Option("--json", help="Print the result as JSON.")] = False) -> None:
    """Bring the record up to this version of the program, as the owner of its tables. Does nothing when it already is.

    Make a backup first, and stop the service: docs/runbooks/backup-restore.md.
    """
    environment = read(os.environ)
    if postgres.status(environment).state == "absent":
        raise Missing(because=f"There is no record in {environment.data}.", way_out="`winddown init` makes one.", code="no_record")
    with open_as("owner", environment, say_to_person):
        made = _migrate()
        held, in_the_way = _hold_chairs()
    if as_json:
        sys.stdout.write(json.dumps({"migrations": made, "chairs_held": held, "chairs_in_the_way": in_the_way}) + "\n")
        return
    sys.stdout.writelines(f"{name}\n" for name in made)
    sys.stdout.write(f"{len(made)} migrations made.\n" if made else "The record is up to date.\n")
    if held:
        sys.stdout.write(f"{held} planned visits now hold their chair in the calendar.\n")
    sys.stdout.writelines(f"Another visit stands in the chair of session {ref}: move one of the two.\n" for ref in in_the_way)


def _migrate() -> list[str]:
    """Make what is missing and give its names. Also repairs walls and grants, which follow the models."""
    from django.core.management import call_command  # slow import
    from django.db import connection  # slow import
    from django.db.migrations.executor import MigrationExecutor  # slow import

    executor = MigrationExecutor(connection)
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    call_command("migrate", interactive=False, verbosity=0)
    return [f"{migration.app_label}.{migration.name}" for migration, _ in plan]


def _hold_chairs() -> tuple[int, list[str]]:
    """Visits that an older program planned hold their chair from now on; the references of those whose chair another visit has."""
    from winddown.record.models import Practice  # slow import
    from winddown.record.scope import at_practice  # slow import
    from winddown.services import booked_chairs, clock  # slow import

    held, in_the_way = 0, list[str]()
    for practice in Practice.objects.order_by("pk"):
        with at_practice(practice.pk):
            mended = booked_chairs.mend(now=clock.now())
        held, in_the_way = held + mended.held, [*in_the_way, *mended.in_the_way]
    return held, in_the_way
