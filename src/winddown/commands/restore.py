"""`winddown restore FILE`: a backup into a new data folder."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from typing import Annotated

import typer

from winddown.commands.terminal import say_to_person
from winddown.config.backup import restore
from winddown.config.environment import read

app = typer.Typer(add_completion=False)


@app.command()
def run(
    file: Annotated[Path, typer.Argument(help="The backup; its note (.json) is looked for beside it.")],
    without_key: Annotated[
        bool, typer.Option(help="Go on although the key of this backup is lost: what it encrypted stays closed.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print the result as JSON.")] = False,
) -> None:
    """Restore a backup into the folder that WINDDOWN_DATA names. It must not hold a record yet."""
    environment = read(os.environ)
    tables = restore(environment, file.absolute(), without_key=without_key, say=say_to_person)
    if as_json:
        sys.stdout.write(json.dumps({"data": str(environment.data), "tables": tables}) + "\n")
        return
    sys.stdout.write(f"{environment.data}: {tables} tables restored. Next: `winddown migrate`, then `winddown serve`.\n")
