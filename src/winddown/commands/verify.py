"""`winddown verify`: is the record whole? Ledger chains, the walls between practices, the news without a gap, what was acknowledged."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Annotated

import typer

from winddown.commands.terminal import say_to_person
from winddown.config import postgres
from winddown.config.environment import read
from winddown.config.house import open_as
from winddown.domain.refusals import Missing

if TYPE_CHECKING:
    from winddown.commands.checks import Check

app = typer.Typer(add_completion=False)

BROKEN = 1
NAMED = 10


@app.command()
def run(
    ledger: Annotated[bool, typer.Option("--ledger", help="Only the ledger: its chains, its vials, its doses, its balances.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print the result as JSON.")] = False,
) -> None:
    """Check the record and name what is broken. Changes nothing; the service may go on running.

    Exits 0 when everything holds and 1 when something is broken. It reads everything: give it time on a large record.
    """
    environment = read(os.environ)
    if postgres.status(environment).state == "absent":
        raise Missing(because=f"There is no record in {environment.data}.", way_out="`winddown init` makes one.", code="no_record")
    with open_as("app", environment, say_to_person):
        from winddown.commands import checks  # slow import

        found = checks.ledger_only() if ledger else checks.everything()
        counts = {} if ledger else checks.counts()
    broken = [each for each in found if each.broken]
    if as_json:
        told = [{"check": each.name, "looked_at": each.looked_at, "broken": list(each.broken)} for each in found]
        sys.stdout.write(json.dumps({"whole": not broken, "checks": told, "counts": counts}, ensure_ascii=False) + "\n")
    else:
        _print(found, counts)
    raise typer.Exit(BROKEN if broken else 0)


def _print(found: Sequence[Check], counts: Mapping[str, int]) -> None:
    width = max(len(each.name) for each in found)
    for each in found:
        sys.stdout.write(f"{'BROKEN' if each.broken else 'holds ':<6}  {each.name:<{width}}  {each.looked_at}\n")
        sys.stdout.writelines(f"        {sentence}\n" for sentence in each.broken[:NAMED])
        if len(each.broken) > NAMED:
            sys.stdout.write(f"        and {len(each.broken) - NAMED} more; --json names them all\n")
    if counts:
        sys.stdout.write("rows    " + ", ".join(f"{count} {name}" for name, count in counts.items()) + "\n")
