"""`winddown demo`: a fictional practice with emulated monitors and pumps, ready in a browser."""

from __future__ import annotations

import os
import sys
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Annotated

import typer

from winddown.commands.fiction import cast
from winddown.commands.terminal import say_to_person
from winddown.config.environment import Environment, read
from winddown.config.founding import found
from winddown.config.house import open_as
from winddown.config.serve import PROCESS, serve
from winddown.config.supervisor import Program

app = typer.Typer(add_completion=False)

HANDS = Program("hands", (sys.executable, "-m", PROCESS, "winddown.devices.emulators.hands"), "device", afterwards=True)
MONITORED = ("running", "held", "recovering", "checked_in", "ready", "stopped")


@app.command()
def run(
    stage_only: Annotated[bool, typer.Option("--stage-only", help="Put the cast on stage and stop; do not serve.")] = False,
) -> None:
    """A fictional practice: two locations, eight chairs, three infusions under way, emulated devices on the real wire.

    Everything is invented; nothing here is for the care of anybody.
    """
    environment = replace(read({"WINDDOWN_ENVIRONMENT": "demo"} | dict(os.environ)), environment="demo", mllp_practice=cast.PRACTICE)
    os.environ["WINDDOWN_ENVIRONMENT"] = "demo"
    found(environment, slug=cast.PRACTICE, name=cast.PRACTICE_NAME, say=say_to_person)
    programs, own_path = _stage(environment)
    if not stage_only:
        raise typer.Exit(serve(environment, more=programs, on_ready=partial(_welcome, own_path=own_path)))


def _stage(environment: Environment) -> tuple[list[Program], str]:
    """Put the cast on stage as the application role; the emulated devices to run beside the service, and a patient's one-time link."""
    folder = environment.data / "demo"
    with open_as("app", environment, say_to_person):
        from winddown.commands.fiction import own, stage  # slow import
        from winddown.record.models import Practice  # slow import
        from winddown.record.scope import at_practice  # slow import
        from winddown.services import clock  # slow import

        practice = Practice.objects.get(slug=cast.PRACTICE)
        on_stage = stage.load(practice, folder, now=clock.now(), say=say_to_person)
        with at_practice(practice.pk):
            own_path = own.entry_path(now=clock.now())
        emulators = [_device("phantom", "WINDDOWN_PHANTOM", environment, every_s=20), HANDS]
        for each in (one for one in on_stage if one.session.status in MONITORED):
            emulators.append(_device("monitor", each.monitor, environment, program=each.program, seed=each.seed))
            if each.session.status in ("running", "checked_in"):
                emulators.append(_device("pump", each.pump, environment, program=each.program))
    return emulators, own_path


def _device(kind: str, key: str, environment: Environment, *, program: Path | None = None, seed: int = 0, every_s: int = 0) -> Program:
    words = [sys.executable, "-m", "winddown.devices.emulators", kind, "--device", key, "--port", str(environment.mllp_port)]
    words += ["--program", str(program)] if program else []
    words += ["--seed", str(seed), "--calm", "--no-capnography"] if seed else []
    words += ["--every-s", str(every_s)] if every_s else []
    return Program(key.lower(), tuple(words), afterwards=True)


def _welcome(address: str, *, own_path: str = "") -> None:
    people = [person for person in cast.STAFF if person.shown]
    width = max(len(person.email) for person in people)
    lines = ["", f"Winddown is at {address}   (fictional practice; not for the care of anybody)", ""]
    lines += [f"  {person.email:<{width}}  {', '.join(person.roles).replace('_', ' ')}" for person in people]
    lines += ["", f"  a patient's own pages, once: {address}{own_path}"] if own_path else []
    lines += ["", f"  password for all: {cast.PASSWORD}      PIN for two-person acts: {cast.PIN}", "  Ctrl-C stops everything.", ""]
    sys.stdout.write("\n".join(lines) + "\n")
    sys.stdout.flush()
