"""What may be asked of `winddown predict`, read with the standard library: the other commands' reader takes a third of a second to load."""

from __future__ import annotations

import argparse
import re
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

if TYPE_CHECKING:
    from winddown.domain.pharmacology.model import Form, Sex, Site

MOST_PATIENTS = 20_000
BELOW_ZERO = re.compile(r"-[0-9.]")
ABOUT = "Predict plasma levels and effects of an intravenous ketamine schedule. Exits 1 with the reason when it refuses, 2 on wrong usage."
EXAMPLE = """example:
  winddown predict --weight-kg 70 --dose 0.5mg/kg --over 40min --at 10,20,40,60min
  winddown predict --weight-kg 70 --target 150ng/mL:40min --cap 63mg/h"""


@dataclass(frozen=True)
class Asked:
    """One question, as it was typed; units and doses are still text."""

    weight_kg: float
    at: str
    dose: str | None
    over: str | None
    steps: str | None
    form: Form
    model: str
    site: Site | None
    age: float | None
    sex: Sex | None
    patients: int
    seed: int
    as_json: bool
    as_csv: bool
    plot: Path | None
    effects: bool
    individual: Path | None
    target: str | None
    cap: str
    pump_step: str
    at_most: str | None


def asked(words: Sequence[str], program: str) -> Asked:
    """The question in these words. Leaves with 2 and the reason when they do not make one."""
    reader = _reader(program)
    if not words:
        reader.print_help(sys.stderr)
        raise SystemExit(2)
    found = Asked(**vars(reader.parse_args(list(_joined(words)))))
    wrong = _wrong(found)
    if wrong:
        refused_usage(wrong, program)
    return found


def refused_usage(why: str, program: str) -> NoReturn:
    sys.stderr.write(f"{program}: {why}\nSee {program} --help.\n")
    raise SystemExit(2)


def _wrong(asked: Asked) -> str:
    """What the options do not say together; empty when nothing."""
    if asked.target is not None:
        beside = asked.dose or asked.over or asked.steps
        return "--target asks for the rate: give no dose beside it, or the one of --individual." if beside and not asked.individual else ""
    if (asked.dose is None) != (asked.over is None):
        return "--dose and --over go together."
    if asked.dose is None and asked.steps is None:
        return "Give --dose with --over, or --steps."
    if not asked.at:
        return "Give --at: when to predict."
    if asked.as_json and asked.as_csv:
        return "--json or --csv, not both."
    return "--plot writes SVG: give a name that ends in .svg." if asked.plot is not None and asked.plot.suffix != ".svg" else ""


def _joined(words: Sequence[str]) -> Iterator[str]:
    """A value below zero stays the value of its option, so that it is refused by its number and not as an option that nobody knows."""
    held = ""
    for word in words:
        if held and BELOW_ZERO.match(word):
            yield f"{held}={word}"
            held = ""
            continue
        if held:
            yield held
        held = word if word.startswith("--") and "=" not in word else ""
        if not held:
            yield word
    if held:
        yield held


def _whole(low: int, high: int | None = None) -> Callable[[str], int]:
    limits = f"a whole number of at least {low}" if high is None else f"a whole number from {low} to {high:,}"

    def read(text: str) -> int:
        if not text.lstrip("-").isdecimal() or int(text) < low or (high is not None and int(text) > high):
            raise argparse.ArgumentTypeError(f"{text!r} is not {limits}")
        return int(text)

    return read


def _number(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} is not a number; write it without a unit") from None


class _Reader(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        refused_usage(message, self.prog)


def _reader(program: str) -> argparse.ArgumentParser:
    usage = f"{program} --weight-kg KG (--dose DOSE --over TIME | --steps STEPS) --at TIMES [options]"
    reader = _Reader(
        prog=program,
        usage=usage,
        description=ABOUT,
        epilog=EXAMPLE,
        allow_abbrev=False,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    _who(reader.add_argument_group("the patient"))
    _what(reader.add_argument_group("the infusion"))
    _which(reader.add_argument_group("the prediction"))
    _how(reader.add_argument_group("the answer"))
    _held(reader.add_argument_group("a level to hold"))
    return reader


def _who(group: argparse._ArgumentGroup) -> None:
    group.add_argument("--weight-kg", type=_number, required=True, metavar="KG", help="today's weight in kilograms")
    group.add_argument("--age", type=_number, metavar="YEARS", help="age in years")
    group.add_argument("--sex", choices=("female", "male"), help="sex, where a model uses it")
    group.add_argument("--individual", type=Path, metavar="FILE", help="what was seen in this patient (JSON or CSV): learn from it")


def _what(group: argparse._ArgumentGroup) -> None:
    group.add_argument("--dose", metavar="DOSE", help='"0.5mg/kg", "35mg"; needs --over')
    group.add_argument("--over", metavar="TIME", help='how long the dose takes: "40min", "4h"')
    group.add_argument(
        "--steps", metavar="STEPS", help='rates one after the other, after the dose if there is one: "0.14mg/kg/h:60min,..."'
    )
    group.add_argument("--form", choices=("racemic", "esketamine"), default="racemic", help="what is in the bag (racemic)")


def _which(group: argparse._ArgumentGroup) -> None:
    group.add_argument("--at", default="", metavar="TIMES", help='when to predict, from the first drop: "10,20,40,60min"')
    group.add_argument("--model", default="pk_rs_default", metavar="ID", help="a published model; `winddown models` lists them")
    group.add_argument("--site", choices=("arterial", "venous"), help="venous is for comparison with venous samples only")
    group.add_argument("--effects", action="store_true", help="every effect that the model may drive, not only the first two")
    group.add_argument("--patients", type=_whole(1, MOST_PATIENTS), default=200, metavar="N", help="virtual patients behind the band (200)")
    group.add_argument("--seed", type=_whole(0), default=1, metavar="N", help="the same seed gives the same numbers (1)")


def _how(group: argparse._ArgumentGroup) -> None:
    group.add_argument("--json", dest="as_json", action="store_true", help="print the prediction as JSON")
    group.add_argument("--csv", dest="as_csv", action="store_true", help="print one row for each line and time")
    group.add_argument("--plot", type=Path, metavar="FILE.svg", help="write a picture of every line with its band")


def _held(group: argparse._ArgumentGroup) -> None:
    group.add_argument("--target", metavar="LEVEL:TIME", help='which rate would hold this level? "150ng/mL:40min"')
    group.add_argument("--cap", default="1mg/kg/h", metavar="RATE", help="the highest rate (1mg/kg/h)")
    group.add_argument("--pump-step", default="0.1mg/h", metavar="RATE", help="the smallest step of the rate (0.1mg/h)")
    group.add_argument("--at-most", metavar="DOSE", help='the most drug, "50mg"')
