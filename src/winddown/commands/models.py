"""`winddown models`: the drug models and effects by name, who they were built on, how far off they are, and which figures are guesses."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from rich.console import Console

app = typer.Typer(add_completion=False)


@app.command()
def models(
    name: Annotated[str | None, typer.Argument(metavar="[ID]", help="One model or effect, with equations and every figure.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print it as JSON.")] = False,
) -> None:
    """List the published drug models and effects, or show one. Exits 1 for a name that is not known, with the known ones."""
    from winddown.domain.pharmacology import library  # slow import

    told = library.everything() if name is None else library.one(name)
    if as_json:
        sys.stdout.write(json.dumps(told, ensure_ascii=False, allow_nan=False) + "\n")
        return
    from rich.console import Console  # slow import

    console = Console(soft_wrap=True)
    if name is None:
        _list(console, told)
    else:
        _show(console, told)


def _list(console: Console, told: dict[str, Any]) -> None:
    for heading, key in (("For adult infusions", "models"), ("Effects", "effects")):
        console.print(f"\n[bold]{heading}[/bold]")
        for each in told[key]:
            count = len(each["guesses"])
            guesses = f"; {count} of its figures {'is a guess' if count == 1 else 'are guesses'}" if count else ""
            console.print(f"  [bold]{each['id']}[/bold]  {each['name']}", highlight=False)
            console.print(f"    {each['population']}. {each['founded']}{guesses}.", highlight=False)
            if each.get("error"):
                console.print(f"    Off by: {each['error']}.", highlight=False)
    console.print("\n[bold]Known and refused for adult infusions[/bold]")
    for each in told["refused"]:
        console.print(f"  [bold]{each['id']}[/bold]  {each['because']}", highlight=False)
    console.print("\n`winddown models ID` shows one: equations, figures with their sources, and what was measured.", highlight=False)


def _show(console: Console, told: dict[str, Any]) -> None:
    console.print(f"[bold]{told['name']}[/bold] ({told['id']})", highlight=False)
    if told.get("refused_because"):
        console.print(f"[bold]Refused for adult infusions:[/bold] this model {told['refused_because']}.", highlight=False)
    for label, words in told["facts"]:
        console.print(f"  {label}: {words}", highlight=False)
    for words in told.get("against", ()):
        console.print(f"  Against it: {words}", highlight=False)
    if told.get("equations"):
        console.print("\n[bold]Equations[/bold], an adult of 70 kg, mg and minutes")
        for line in told["equations"]:
            console.print(f"  {line}", highlight=False)
    console.print("\n[bold]Figures[/bold]")
    for each in told["figures"]:
        mark = "  [bold]GUESS[/bold]" if each["guess"] else ""
        note = f" ({each['note']})" if each["note"] else ""
        console.print(
            f"  {each['symbol']} = {each['value']:g} {each['unit']}{mark}  {each['level']}, {each['source']}{note}", highlight=False
        )
    _measured(console, told)


def _measured(console: Console, told: dict[str, Any]) -> None:
    if not told["measured"]:
        return
    console.print("\n[bold]Beside what was measured[/bold]")
    for each in told["measured"]:
        console.print(f"  {each['study']}, {each['what']}: {each['words']}", highlight=False)


def main() -> None:
    app(prog_name="winddown models")


if __name__ == "__main__":
    main()
