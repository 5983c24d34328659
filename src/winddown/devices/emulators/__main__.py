"""`python -m winddown.devices.emulators`."""

from winddown.devices.emulators.app import app

app(prog_name="winddown emulate")
