"""`winddown serve`: run the service until it is told to stop."""

from __future__ import annotations

import os
import sys

import typer

from winddown.config.environment import read
from winddown.config.serve import serve

app = typer.Typer(add_completion=False)


@app.command()
def run() -> None:
    """Run the service: web pages, device listener, watch and, unless WINDDOWN_DATABASE_URL is set, PostgreSQL.

    Stops cleanly on Ctrl-C or SIGTERM. Every setting is an environment variable; docs/runbooks/postgres.md and tls.md name them.
    """
    raise typer.Exit(serve(read(os.environ), on_ready=lambda address: _tell(address)))


def _tell(address: str) -> None:
    sys.stderr.write(f"Winddown answers at {address}\n")
