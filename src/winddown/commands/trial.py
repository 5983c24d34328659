"""`winddown trial`: a trial in the computer, from a file of what is asked to one page of what came of it."""

from __future__ import annotations

import json
import resource
import signal
import sys
import tomllib
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from threading import Timer
from time import perf_counter
from typing import TYPE_CHECKING, Annotated, Any

import typer

from winddown.commands.terminal import say_to_person
from winddown.domain.refusals import Missing, Refusal

if TYPE_CHECKING:
    from winddown.domain.trials.definition import Trial
    from winddown.domain.trials.run import Part

WORTH_SAYING = 20_000  # from so many patients a rate says something
SILENT_S = 6.0  # longer than a task takes on a machine at rest
STILL = "At work on the first patients. The first time on a machine the arithmetic is compiled, which takes about half a minute."

app = typer.Typer(add_completion=False, no_args_is_help=True)


@app.command()
def trial(
    file: Annotated[Path, typer.Argument(help="The trial, in TOML: population, arms, outcomes. See docs/trials.md.")],
    out: Annotated[
        Path | None, typer.Option("--out", help="Folder for patients, summary and report; beside the file when not given.")
    ] = None,
    patients: Annotated[int | None, typer.Option("--patients", help="Instead of the number in the file; up to 10,000,000.")] = None,
    workers: Annotated[int | None, typer.Option("--workers", min=1, help="Processes of this machine; all cores when not given.")] = None,
    cluster: Annotated[str | None, typer.Option("--cluster", help="Address of a running dask.distributed scheduler.")] = None,
    rows: Annotated[bool, typer.Option("--rows/--no-rows", help="Whether to keep every patient, in Parquet.")] = True,
    replace: Annotated[bool, typer.Option("--replace", help="Put the results in the place of older ones.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print the summary as JSON.")] = False,
) -> None:
    """Run a trial over a simulated population; results do not depend on how many work on it. Exits 1 with the reason when it refuses."""
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        asked = read(file, patients)
        begun = perf_counter()
        folder = out or file.with_name(f"{file.stem}-results")
        told = carry_out(asked, folder, workers=workers, cluster=cluster, rows=rows, replace=replace)
    except Refusal as why:
        sys.stderr.write(f"{why}\n")
        if as_json:
            sys.stdout.write(json.dumps({"refused": {"code": why.code, "because": why.because, "way_out": why.way_out}}) + "\n")
        raise typer.Exit(1) from None
    except KeyboardInterrupt:
        say_to_person("Stopped. Nothing was written.")
        raise typer.Exit(130) from None
    if as_json:
        sys.stdout.write(json.dumps(told, ensure_ascii=False, allow_nan=False) + "\n")
    else:
        _show(told, folder)
        say_to_person(took_words(perf_counter() - begun, asked.patients, peak_mb()))


def took_words(seconds: float, patients: int, peak: float) -> str:
    """How long it took, what a million would take, and the most memory that one process held."""
    million = seconds / patients * 1_000_000
    per_million = f"; {_clock(million)} for each million" if patients >= WORTH_SAYING else ""
    return f"{patients:,} patients in {_clock(seconds)}{per_million}; at most {peak:,.0f} MB in one process."


def _clock(seconds: float) -> str:
    return f"{seconds:.0f} s" if seconds < 120 else f"{seconds / 60:.1f} min"


def peak_mb() -> float:
    """Of this process and of those it started and has waited for."""
    who = (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    per_mb = 1024.0 if sys.platform != "darwin" else 1024.0 * 1024.0
    return max(resource.getrusage(each).ru_maxrss for each in who) / per_mb


def read(file: Path, patients: int | None) -> Trial:
    """The trial in a file. refuses  Missing for no such file; Refusal with the line for what is no TOML; what the definition refuses"""
    from winddown.domain.trials import definition  # slow import

    try:
        data = tomllib.loads(file.read_text(encoding="utf-8-sig"))
    except OSError as why:
        raise Missing(because=f"{file} cannot be read: {why.strerror}.", way_out="Give the path of a trial file.", code="file") from why
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as why:
        raise Refusal(because=f"{file} is not TOML: {why}.", way_out="See docs/trials.md.", code="not_toml", where="file") from why
    asked = definition.trial(data)
    return asked if patients is None else asked.sized(patients)


def carry_out(asked: Trial, folder: Path, *, workers: int | None, cluster: str | None, rows: bool, replace: bool) -> Mapping[str, Any]:
    """Run it and write the folder; the summary is returned. Whatever breaks off leaves no file."""
    from winddown.commands import trial_files, trial_work  # slow import
    from winddown.domain.trials.run import about, chunks, summary  # slow import

    with trial_files.unfinished(folder, replace=replace) as made:
        whole: Part | None = None
        with (
            trial_files.Rows(made / trial_files.ROWS, about(asked)) as kept,
            _progress(asked.patients, len(chunks(asked))) as advance,
            _patience() as begun,
        ):
            for part in trial_work.parts(asked, with_rows=rows, workers=workers or trial_work.all_cores(), cluster=cluster):
                begun()
                kept.add(part)
                whole = part if whole is None else whole.plus(part)
                advance(part.patients)
        if whole is None:
            raise Missing(because="The trial has no patients.", code="no_patients", where="patients")
        told = summary(asked, whole)
        trial_files.write_summary(made / trial_files.SUMMARY, told)
        trial_files.write_report(made / trial_files.REPORT, told)
    return told


@contextmanager
def _patience() -> Iterator[Callable[[], None]]:
    """A word when nothing has come back for some seconds; yields what to call when something has."""
    waited = Timer(SILENT_S, say_to_person, [STILL])
    waited.daemon = True
    waited.start()
    try:
        yield waited.cancel
    finally:
        waited.cancel()


@contextmanager
def _progress(patients: int, tasks: int) -> Iterator[Any]:
    """A bar on a terminal, and nothing in a file or a pipe."""
    if tasks == 1 or not sys.stderr.isatty():
        yield lambda _: None
        return
    from rich.console import Console  # slow import
    from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn  # slow import

    counted = TextColumn("{task.completed:,.0f} of {task.total:,.0f}")
    columns = (TextColumn("Patients"), BarColumn(), counted, TimeElapsedColumn(), TextColumn("left"), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True)) as bar:
        task = bar.add_task("patients", total=patients)
        yield lambda some: bar.advance(task, some)


def _show(told: Mapping[str, Any], folder: Path) -> None:
    from rich.console import Console  # slow import
    from rich.table import Table  # slow import

    console = Console()
    table = Table(title=f"{told['title']}: {told['patients']:,} simulated patients, {told['model']}", title_justify="left")
    table.add_column("median (5 to 95%)")
    for arm in told["arms"]:
        table.add_column(arm["name"], justify="right")
    for outcome in told["outcomes"]:
        cells = [_cell(arm["outcomes"][outcome["name"]]) for arm in told["arms"]]
        table.add_row(f"{outcome['name'].replace('_', ' ')}\n[dim]{outcome['unit']}, {outcome['rating']}[/dim]", *cells)
    console.print(table)
    for words in (*told["warnings"], told["words"]):
        console.print(f"  - {words}", highlight=False)
    console.print(f"Written to {folder}: report.html, summary.json, and the patients when kept.", highlight=False)


def _cell(figures: Mapping[str, Any]) -> str:
    if "share" in figures:
        return "-" if figures["share"] is None else f"{100 * figures['share']:.1f}%"
    if figures["median"] is None:
        return "nobody"
    without = f"\n{figures['without']:,.0f} still above" if figures["without"] else ""
    return f"{figures['median']:.3g}\n({figures['p05']:.3g} to {figures['p95']:.3g}){without}"
