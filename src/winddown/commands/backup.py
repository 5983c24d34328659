"""`winddown backup FILE`: the whole record in one file, without its keys."""

from __future__ import annotations

import json
import os
import sys
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from winddown.commands.terminal import say_to_person
from winddown.config.backup import backup
from winddown.config.environment import read

app = typer.Typer(add_completion=False)


@app.command()
def run(
    file: Annotated[
        Path, typer.Argument(help="The file to write; it must not exist. A note of the same name with .json is put beside it.")
    ],
    as_json: Annotated[bool, typer.Option("--json", help="Print the result as JSON.")] = False,
) -> None:
    """Write a backup of the record. The service may go on running.

    The file holds the record of every practice, readable by whoever has it: keep it where patient data may be kept.
    The keys are not in it: copy the key file to another place, once (docs/runbooks/keys.md).
    """
    environment = read(os.environ)
    note = backup(environment, file.absolute(), at=datetime.now(UTC), say=say_to_person)
    if as_json:
        sys.stdout.write(json.dumps({"file": str(file), **asdict(note)}) + "\n")
        return
    sys.stdout.write(f"{file}: {note.tables} tables, {note.size_bytes} bytes, SHA-256 {note.sha256}\n")
    sys.stdout.write(f"The key is not in it. Keep a copy of {environment.secret_file} in another place.\n")
