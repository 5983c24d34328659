"""`winddown predict`: what a dose does in a patient, by a published model, with its band and its limits.

Answers in half a second from a cold start: only the closed form in numpy is loaded, and rich only for the table.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path
from string import ascii_letters
from typing import TYPE_CHECKING, Any, NoReturn

from winddown.domain.refusals import Missing, Refusal

if TYPE_CHECKING:
    from rich.table import Table

    from winddown.commands.predict_options import Asked
    from winddown.domain.pharmacology.band import Forecast, Line
    from winddown.domain.pharmacology.model import Form, Patient
    from winddown.domain.pharmacology.regimen import Schedule

    Own = tuple[dict[str, Line], dict[str, Any], list[str]]  # this patient's lines, what taught them, and that in words


def app(args: Sequence[str] | None = None, prog_name: str = "winddown predict") -> None:
    """Answer one command line. Leaves with 1 and the reason when it refuses, with 2 on wrong usage."""
    from winddown.commands.predict_options import asked  # slow import

    question = asked(sys.argv[1:] if args is None else args, prog_name)
    try:
        (_predict if question.target is None else _target)(question)
    except Refusal as why:
        _refuse(why, as_json=question.as_json)


def _predict(asked: Asked) -> None:
    from winddown.domain.pharmacology import models  # slow import
    from winddown.domain.pharmacology.band import forecast  # slow import

    patient = _patient(asked)
    schedule = _schedule(patient, asked.form, asked.dose, asked.over, asked.steps)
    predicted = forecast(patient, schedule, _times(asked.at), models.get(asked.model), n=asked.patients, seed=asked.seed, site=asked.site)
    if asked.effects:
        predicted = _with_every_effect(predicted, patient, schedule, asked.patients, asked.seed)
    own = _own(asked.individual, asked.model, patient, schedule, predicted) if asked.individual is not None else None
    if asked.plot is not None:
        _draw(asked.plot, predicted, own, schedule)
    _tell(asked, predicted, schedule, own)


def _tell(asked: Asked, predicted: Forecast, schedule: Schedule, own: Own | None) -> None:
    if asked.as_json:
        from winddown.domain.pharmacology.provenance import origins  # slow import

        lines = (*predicted.analytes, *(["effect_site"] if predicted.effect_site else []), *predicted.effects)
        made = {"made_by": {name: each.as_data() for name, each in origins(predicted.model_id, lines).items()}}
        told = {"individual": own[1] | {"lines": {key: line.as_data() for key, line in own[0].items()}}} if own else {}
        sys.stdout.write(json.dumps(predicted.as_data() | made | told, allow_nan=False) + "\n")
    elif asked.as_csv:
        from winddown.commands import predicted as more  # slow import

        sys.stdout.write(more.as_csv(predicted, own[0] if own else None))
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


def _own(file: Path, model: str, patient: Patient, schedule: Schedule, predicted: Forecast) -> Own:
    """This patient's own lines at the times asked for, what taught them, and that in words."""
    from winddown.commands import predicted as more  # slow import
    from winddown.commands.observed import seen_in  # slow import
    from winddown.domain.pharmacology import models  # slow import
    from winddown.domain.pharmacology.individual import personal  # slow import

    chosen = models.get(model)
    posterior = seen_in(file).learned(chosen, patient, schedule)
    analytes = tuple(name for name in predicted.analytes if name in chosen.card.ratings)
    lines = personal(posterior, schedule, predicted.times_min, analytes=analytes).lines
    return dict(lines), posterior.as_data(), more.learned_words(posterior)


def _draw(file: Path, predicted: Forecast, own: Own | None, schedule: Schedule) -> None:
    from winddown.commands import predicted as more  # slow import

    title = f"{predicted.model_name}: {schedule.total_mg:.4g} mg {schedule.form} over {schedule.end_min:g} min"
    try:
        file.write_text(more.picture(predicted, own[0] if own else None, title), encoding="utf-8")
    except OSError as why:
        raise Missing(
            because=f"{file} cannot be written: {why.strerror}.", way_out="Give another place.", code="plot_not_written", where="plot"
        ) from why


def _target(asked: Asked) -> None:
    """The plan that holds a level. A dose beside it only says what an earlier one taught."""
    from winddown.commands import predicted as more  # slow import
    from winddown.commands.observed import seen_in  # slow import
    from winddown.domain.pharmacology import models  # slow import
    from winddown.domain.pharmacology.individual import Seen  # slow import
    from winddown.domain.pharmacology.target import hold  # slow import

    patient = _patient(asked)
    schedule = _schedule(patient, asked.form, asked.dose, asked.over, asked.steps)
    seen = seen_in(asked.individual) if asked.individual is not None else Seen()
    posterior = seen.learned(models.get(asked.model), patient, schedule)
    bounds = more.bounds_of(asked.cap, asked.pump_step, asked.at_most, asked.weight_kg)
    plan = hold(posterior, asked.form, more.goal_of(str(asked.target)), bounds)
    if asked.as_json:
        sys.stdout.write(json.dumps(plan.as_data(), allow_nan=False) + "\n")
    else:
        sys.stdout.write("\n".join(more.plan_words(plan)) + "\n")
    if not plan.found:
        raise SystemExit(1)


def _patient(asked: Asked) -> Patient:
    from winddown.domain.pharmacology.model import Patient  # slow import
    from winddown.domain.pharmacology.validity import adults_only  # slow import

    patient = Patient(asked.weight_kg, asked.age, asked.sex)
    adults_only(patient)
    return patient


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
    raise SystemExit(1)


def _show(predicted: Forecast, schedule: Schedule, own: Own | None = None) -> None:
    from rich.console import Console  # slow import

    from winddown.domain.pharmacology.provenance import guess_words  # slow import

    console = Console()
    console.print(
        f"[bold]{predicted.model_name}[/bold] ({predicted.model_id}), {predicted.site} blood. "
        f"{schedule.total_mg:.4g} mg {schedule.form} over {schedule.end_min:g} min."
    )
    console.print(_table("Level, ng/mL", predicted.times_min.tolist(), predicted.analytes.items(), "{:.1f}"))
    if predicted.effects:
        console.print(_table("Effect", predicted.times_min.tolist(), predicted.effects.items(), "{:.2f}"))
    if not predicted.valid:
        console.print(f"[bold]Outside the model's range from minute {predicted.valid_until_min:.1f}.[/bold]")
    if own is not None:
        console.print(_table("This patient", predicted.times_min.tolist(), own[0].items(), "{:.2f}"))
    guesses = guess_words(predicted.model_id, (*predicted.analytes, *predicted.effects))
    for words in (*(own[2] if own else ()), *predicted.warnings, *filter(None, [guesses]), predicted.as_data()["coverage"]):
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
    app()


if __name__ == "__main__":
    main()
