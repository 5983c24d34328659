"""`winddown predict`: what a dose does in a patient, by a published model, with its band and its limits.

Answers in under a second from a cold start: only the closed form in numpy is loaded, and rich only for the table.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Sequence
from enum import StrEnum
from pathlib import Path
from string import ascii_letters
from typing import TYPE_CHECKING, Annotated, Any, NoReturn

import typer

from winddown.domain.refusals import Missing, Refusal

if TYPE_CHECKING:
    from rich.table import Table

    from winddown.domain.pharmacology.band import Forecast, Line
    from winddown.domain.pharmacology.model import Form, Patient, Site
    from winddown.domain.pharmacology.regimen import Schedule

app = typer.Typer(add_completion=False, no_args_is_help=True)


class FormChoice(StrEnum):
    racemic = "racemic"
    esketamine = "esketamine"


class SiteChoice(StrEnum):
    arterial = "arterial"
    venous = "venous"


class SexChoice(StrEnum):
    female = "female"
    male = "male"


@app.command()
def predict(
    weight_kg: Annotated[float, typer.Option("--weight-kg", help="Today's weight in kilograms.")],
    at: Annotated[str, typer.Option("--at", help='When to predict, from the first drop: "10,20,40,60min".')] = "",
    dose: Annotated[str | None, typer.Option("--dose", help='A dose: "0.5mg/kg", "35mg". Needs --over.')] = None,
    over: Annotated[str | None, typer.Option("--over", help='How long the dose takes: "40min", "4h".')] = None,
    steps: Annotated[
        str | None, typer.Option("--steps", help='Rates one after the other, after the dose if there is one: "0.14mg/kg/h:60min,...".')
    ] = None,
    form: Annotated[FormChoice, typer.Option("--form", help="What is in the bag.")] = FormChoice.racemic,
    model: Annotated[str, typer.Option("--model", help="A published model by its id.")] = "pk_rs_default",
    site: Annotated[SiteChoice | None, typer.Option("--site", help="Venous is for comparison with venous samples only.")] = None,
    age: Annotated[float | None, typer.Option("--age", help="Age in years.")] = None,
    sex: Annotated[SexChoice | None, typer.Option("--sex", help="Sex, where a model uses it.")] = None,
    patients: Annotated[int, typer.Option("--patients", min=1, max=20_000, help="Virtual patients behind the band.")] = 200,
    seed: Annotated[int, typer.Option("--seed", min=0, help="The same seed gives the same numbers.")] = 1,
    as_json: Annotated[bool, typer.Option("--json", help="Print the prediction as JSON.")] = False,
    as_csv: Annotated[bool, typer.Option("--csv", help="Print one row for each line and time.")] = False,
    plot: Annotated[Path | None, typer.Option("--plot", help="Write a picture of every line with its band: FILE.svg.")] = None,
    effects: Annotated[bool, typer.Option("--effects", help="Every effect that the model may drive, not only the first two.")] = False,
    individual: Annotated[Path | None, typer.Option("--individual", help="What was seen in this patient (JSON): learn from it.")] = None,
    target: Annotated[str | None, typer.Option("--target", help='Which rate would hold this level? "150ng/mL:40min".')] = None,
    cap: Annotated[str, typer.Option("--cap", help="With --target: the highest rate.")] = "1mg/kg/h",
    pump_step: Annotated[str, typer.Option("--pump-step", help="With --target: the smallest step of the rate.")] = "0.1mg/h",
    at_most: Annotated[str | None, typer.Option("--at-most", help='With --target: the most drug, "50mg".')] = None,
) -> None:
    """Predict plasma levels and effects of an intravenous ketamine schedule. Exits 1 with the reason when it refuses, 2 on wrong usage."""
    if target is not None:
        _target(weight_kg, age, sex, form, model, individual, (target, cap, pump_step, at_most), as_json=as_json, given=(dose, over, steps))
        return
    if (dose is None) != (over is None):
        raise typer.BadParameter("--dose and --over go together.")
    if dose is None and steps is None:
        raise typer.BadParameter("Give --dose with --over, or --steps.")
    if not at:
        raise typer.BadParameter("Give --at: when to predict.")
    if as_json and as_csv:
        raise typer.BadParameter("--json or --csv, not both.")
    if plot is not None and plot.suffix != ".svg":
        raise typer.BadParameter("--plot writes SVG: give a name that ends in .svg.")
    try:
        from winddown.domain.pharmacology import models  # slow import
        from winddown.domain.pharmacology.band import forecast  # slow import
        from winddown.domain.pharmacology.model import Patient  # slow import

        patient = Patient(weight_kg, age, sex.value if sex else None)
        schedule = _schedule(patient, form.value, dose, over, steps)
        place: Site | None = site.value if site else None
        predicted = forecast(patient, schedule, _times(at), models.get(model), n=patients, seed=seed, site=place)
        if effects:
            predicted = _with_every_effect(predicted, patient, schedule, patients, seed)
        own = _own(individual, model, patient, schedule, predicted) if individual is not None else None
        if plot is not None:
            _draw(plot, predicted, own, schedule)
    except Refusal as why:
        _refuse(why, as_json=as_json)
    if as_json:
        told = {"individual": own[1] | {"lines": {key: line.as_data() for key, line in own[0].items()}}} if own else {}
        sys.stdout.write(json.dumps(predicted.as_data() | told, allow_nan=False) + "\n")
    elif as_csv:
        from winddown.commands import predicted as more  # slow import

        sys.stdout.write(more.as_csv(predicted.times_min.tolist(), more.lines_of(predicted, own[0] if own else None)))
    else:
        _show(predicted, schedule, own)


def _with_every_effect(predicted: Forecast, patient: Patient, schedule: Schedule, n: int, seed: int) -> Forecast:
    """The same prediction with every effect, and among its warnings why an effect is not drawn."""
    from dataclasses import replace  # slow import

    from winddown.domain.pharmacology import models  # slow import
    from winddown.domain.pharmacology.effects.foretold import foretell  # slow import

    found = foretell(models.get(predicted.model_id), patient, schedule, predicted.times_min, n=n, seed=seed)
    words = dict.fromkeys((*predicted.warnings, *found.not_drawn.values(), *found.notes))
    return replace(predicted, effects={**predicted.effects, **found.lines}, warnings=tuple(words))


def _own(
    file: Path, model: str, patient: Patient, schedule: Schedule, predicted: Forecast
) -> tuple[dict[str, Line], dict[str, Any], list[str]]:
    """This patient's own lines at the times asked for, what taught them, and that in words."""
    from winddown.commands import predicted as more  # slow import
    from winddown.domain.pharmacology import models  # slow import
    from winddown.domain.pharmacology.individual import personal  # slow import

    chosen = models.get(model)
    posterior = more.seen_in(file).learned(chosen, patient, schedule)
    analytes = tuple(name for name in predicted.analytes if name in chosen.card.ratings)
    lines = personal(posterior, schedule, predicted.times_min, analytes=analytes).lines
    return dict(lines), posterior.as_data(), more.learned_words(posterior)


def _draw(file: Path, predicted: Forecast, own: tuple[dict[str, Line], dict[str, Any], list[str]] | None, schedule: Schedule) -> None:
    from winddown.commands import predicted as more  # slow import

    title = f"{predicted.model_name}: {schedule.total_mg:.4g} mg {schedule.form} over {schedule.end_min:g} min"
    try:
        file.write_text(more.picture(predicted, own[0] if own else None, title), encoding="utf-8")
    except OSError as why:
        raise Missing(
            because=f"{file} cannot be written: {why.strerror}.", way_out="Give another place.", code="plot_not_written", where="plot"
        ) from why


def _target(
    weight_kg: float,
    age: float | None,
    sex: SexChoice | None,
    form: FormChoice,
    model: str,
    individual: Path | None,
    asked: tuple[str, str, str, str | None],
    *,
    as_json: bool,
    given: tuple[str | None, ...],
) -> None:
    """The plan that holds a level. A dose beside it is a contradiction, except to say what an earlier one taught."""
    from winddown.commands import predicted as more  # slow import

    target, cap, pump_step, at_most = asked
    if individual is None and any(given):
        raise typer.BadParameter("--target asks for the rate: give no dose beside it, or the one of --individual.")
    try:
        from winddown.domain.pharmacology import models  # slow import
        from winddown.domain.pharmacology.individual import Seen  # slow import
        from winddown.domain.pharmacology.model import Patient  # slow import
        from winddown.domain.pharmacology.target import hold  # slow import

        patient = Patient(weight_kg, age, sex.value if sex else None)
        schedule = _schedule(patient, form.value, *given)
        seen = more.seen_in(individual) if individual is not None else Seen()
        posterior = seen.learned(models.get(model), patient, schedule)
        plan = hold(posterior, form.value, more.goal_of(target), more.bounds_of(cap, pump_step, at_most, weight_kg))
    except Refusal as why:
        _refuse(why, as_json=as_json)
    if as_json:
        sys.stdout.write(json.dumps(plan.as_data(), allow_nan=False) + "\n")
    else:
        sys.stdout.write("\n".join(more.plan_words(plan)) + "\n")
    if not plan.found:
        raise typer.Exit(1)


def _schedule(patient: Patient, form: Form, dose: str | None, over: str | None, steps: str | None) -> Schedule:
    from winddown.domain.pharmacology import regimen  # slow import

    schedule = regimen.Schedule(form)
    if dose is not None and over is not None:
        schedule = regimen.dose_over(form, dose, over, weight_kg=patient.weight_kg)
    if steps is not None:
        schedule = schedule.superposed(regimen.steps(form, steps, weight_kg=patient.weight_kg, start_min=schedule.end_min).segments)
    return schedule


def _times(text: str) -> list[float]:
    """ "10,20,40,60min" in minutes; a time without a unit has the unit of the next one that names it.

    refuses  Missing when the last time has no unit; UnknownWord for an unknown one; Refusal for what is not a number
    """
    from winddown.domain.quantities import parse_minutes  # slow import

    minutes: list[float] = []
    unit = ""
    for part in reversed([part.strip() for part in text.split(",")]):
        number = part.rstrip(f"{ascii_letters} ")
        unit = part[len(number) :].strip() or unit
        if not unit:
            raise Missing(because=f"The time {part!r} has no unit.", way_out="Write 10,20,40min.", code="time_without_unit", where="at")
        minutes.append(float(parse_minutes(f"{number}{unit}", where="at")))
    return minutes[::-1]


def _refuse(why: Refusal, *, as_json: bool) -> NoReturn:
    sys.stderr.write(f"{why}\n")
    if as_json:
        sys.stdout.write(json.dumps({"refused": {"code": why.code, "because": why.because, "way_out": why.way_out}}) + "\n")
    raise typer.Exit(1)


def _show(predicted: Forecast, schedule: Schedule, own: tuple[dict[str, Line], dict[str, Any], list[str]] | None = None) -> None:
    from rich.console import Console  # slow import

    console = Console()
    console.print(
        f"[bold]{predicted.model_name}[/bold] ({predicted.model_id}), {predicted.site} blood. "
        f"{schedule.total_mg:.4g} mg {schedule.form} over {schedule.end_min:g} min."
    )
    console.print(_table("Level, ng/mL", predicted.times_min.tolist(), predicted.analytes.items(), "{:.1f}"))
    if predicted.effects:
        console.print(_table("Effect", predicted.times_min.tolist(), predicted.effects.items(), "{:.2f}"))
    if not predicted.valid:
        console.print(f"[bold]Outside the model's range from minute {predicted.valid_until_min:g}.[/bold]")
    if own is not None:
        console.print(_table("This patient", predicted.times_min.tolist(), own[0].items(), "{:.2f}"))
    for words in (*(own[2] if own else ()), *predicted.warnings, predicted.as_data()["coverage"]):
        console.print(f"  - {words}", highlight=False)


def _table(title: str, times: Sequence[float], lines: Iterable[tuple[str, Line]], style: str) -> Table:
    """Rows are lines, columns are minutes: median, and the 5 to 95% band under it."""
    from rich.table import Table  # slow import

    table = Table(title=f"{title}: median (5 to 95%)", title_justify="left")
    table.add_column("")
    for minute in times:
        table.add_column(f"{minute:g} min", justify="right")
    for name, line in lines:
        band = line.band
        cells = [
            f"{style.format(middle)}\n({style.format(low)}-{style.format(high)})" if middle == middle else "unknown"
            for low, middle, high in zip(band.p05.tolist(), band.p50.tolist(), band.p95.tolist(), strict=True)
        ]
        table.add_row(f"{name.replace('_', '-')}\n[dim]{line.rating}[/dim]", *cells)
    return table


def main() -> None:
    app(prog_name="winddown predict")


if __name__ == "__main__":
    main()
