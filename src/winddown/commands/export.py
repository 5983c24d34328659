"""`winddown export`: everything a practice holds as one file in open formats, any day, by the practice itself."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from winddown.commands.terminal import say_to_person
from winddown.config import postgres
from winddown.config.environment import read
from winddown.config.house import open_as
from winddown.domain.refusals import Missing, Refusal, UnknownWord

if TYPE_CHECKING:
    from collections.abc import Callable

    from winddown.services.exports import Step

app = typer.Typer(add_completion=False)


@app.command()
def run(
    out: Annotated[Path, typer.Option("--out", help="The file to write; it must not be there yet.")] = Path("winddown-export.zip"),
    form: Annotated[str, typer.Option("--form", help="full, or researchers: new numbers, moved dates, no free text.")] = "full",
    practice: Annotated[str, typer.Option("--practice", help="The practice's short name; needed where there are several.")] = "",
    as_json: Annotated[bool, typer.Option("--json", help="Print what is in the file as JSON.")] = False,
) -> None:
    """Write every table as Parquet and CSV with a dictionary, and OMOP CDM 5.4 tables, checked. The service may go on running."""
    environment = read(os.environ)
    if out.exists():
        raise Refusal(because=f"{out} is there already.", way_out="Name another file with --out.", code="file_there")
    if postgres.status(environment).state == "absent":
        raise Missing(because=f"There is no record in {environment.data}.", way_out="`winddown init` makes one.", code="no_record")
    with open_as("app", environment, say_to_person):
        from winddown.record.scope import at_practice  # slow import
        from winddown.services import audit, clock, exports  # slow import

        here = _practice(practice)
        with _bar() as say:
            told = exports.export(here, out.resolve(), form=form, now=clock.now(), say=say)
        with at_practice(here.pk):
            audit.note("export made", by=None, now=clock.now(), subject=form, words="at the command line")
    _print(out, told, as_json)


def _practice(slug: str) -> Any:
    from winddown.record.models import Practice  # slow import

    found = {row.slug: row for row in Practice.objects.order_by("slug")}
    if slug not in found and (slug or len(found) != 1):
        raise UnknownWord("practice", slug or "(none named)", found)
    return found[slug] if slug else next(iter(found.values()))


def _print(out: Path, told: dict[str, Any], as_json: bool) -> None:
    rows, key = sum(told["rows"].values()), out.with_suffix(".key.csv")
    if as_json:
        sys.stdout.write(
            json.dumps({"file": str(out), "bytes": out.stat().st_size, "key": str(key) if key.exists() else None, **told}) + "\n"
        )
        return
    sys.stdout.write(f"{out}: {len(told['rows'])} tables, {rows} rows, {out.stat().st_size / 1e6:.1f} MB\n")
    if key.exists():
        sys.stdout.write(f"{key}: whose numbers they are. It stays with the practice; never give it away with the file.\n")


@contextmanager
def _bar() -> Iterator[Callable[[Step], None]]:
    """A bar on a terminal, and nothing elsewhere."""
    from rich.console import Console  # slow import
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn  # slow import

    columns = (TextColumn("{task.description:<32}"), BarColumn(), MofNCompleteColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("export")
        yield lambda step: bar.update(task, total=step.of, completed=step.done, description=step.doing)
