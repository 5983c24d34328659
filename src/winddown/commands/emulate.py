"""`winddown emulate`: becomes the process of an emulated device. The devices are a floor of their own, so nothing of theirs is imported."""

from __future__ import annotations

import os
import sys

import typer

EMULATORS = "winddown.devices.emulators"

app = typer.Typer(add_completion=False)


@app.command(
    context_settings={"ignore_unknown_options": True, "allow_extra_args": True, "help_option_names": []},
    help="Emulated monitors, pumps, recordings, the phantom bed, and a fleet for load; see --help of each.",
)
def emulate(context: typer.Context) -> None:
    """Hand the words over unchanged. On success this does not return: the emulator takes the place of this process."""
    os.execv(sys.executable, [sys.executable, "-m", EMULATORS, *context.args])
