"""The emulators' own command line; `winddown emulate` hands over to it, so that an emulated device is a process of its own."""

from __future__ import annotations

import asyncio
import contextlib
import json
import signal
from collections.abc import Callable, Coroutine
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Annotated, Any, TypeVar

import typer

from winddown.devices.emulators import fleet as fleets
from winddown.devices.emulators import pump as pumps
from winddown.devices.emulators import recording as recordings
from winddown.devices.emulators.disturbances import CALM
from winddown.devices.emulators.monitor import Identity, Monitor, Phantom, watch
from winddown.devices.emulators.outbox import Link, Outbox
from winddown.devices.emulators.patient import EmulatedPatient
from winddown.devices.emulators.program import Program, ProgramFile
from winddown.domain.refusals import Refusal

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    help="Emulated devices that talk HL7 over MLLP to the listener, as a monitor or a pump does. They never listen and command nothing.",
)

Host = Annotated[str, typer.Option(help="Where the listener is.")]
Port = Annotated[int, typer.Option(min=1, max=65535, help="The listener's port.")]
Device = Annotated[str, typer.Option(help="Equipment id, as the practice knows the device.")]
Seed = Annotated[int, typer.Option(help="Another number is another person.")]
For = Annotated[float | None, typer.Option("--for-s", min=0.1, help="Stop after this many seconds; without it, run until ended.")]
Processing = Annotated[str, typer.Option(help="HL7 processing id: P as in use, D or T for training; those are marked as demonstrations.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print what became of the messages as JSON at the end.")]
ProgramPath = Annotated[Path | None, typer.Option("--program", help="Pump program (JSON); read again whenever it changes.")]
PatientId = Annotated[str, typer.Option(help="Patient identifier to send.")]
Bed = Annotated[str, typer.Option(help="Bed to send: point of care^room^bed.")]
DRAIN_S = 5.0
Made = TypeVar("Made")


def now() -> datetime:
    """The wall clock of the emulated devices."""
    return datetime.now(UTC)


@app.command()
def monitor(
    host: Host = "127.0.0.1",
    port: Port = 2575,
    device: Device = "WD-MON-0001",
    seed: Seed = 1,
    program: ProgramPath = None,
    every_s: Annotated[float, typer.Option(min=0.01, help="Seconds between messages.")] = 1.0,
    cuff_every_min: Annotated[float, typer.Option(min=0.05, help="Minutes between cuff readings.")] = 5.0,
    calm: Annotated[bool, typer.Option("--calm", help="No probe-off, quiet line or wild value.")] = False,
    capnography: Annotated[bool, typer.Option(help="Whether it measures carbon dioxide.")] = True,
    patient_id: PatientId = "",
    bed: Bed = "",
    processing_id: Processing = "P",
    for_s: For = None,
    as_json: AsJson = False,
) -> None:
    """A bedside monitor on an emulated patient, who reacts to the pump program."""
    file = _program_file(program)
    person = EmulatedPatient(file.program if file else Program(weight_kg=Decimal(75)), seed=seed)
    screen = Monitor(person, seed=seed, cuff_every=timedelta(minutes=cuff_every_min), rates=CALM if calm else None, capnography=capnography)
    identity = Identity(device, patient_id or person.program.patient_id, bed or person.program.bed, processing_id)

    def follow() -> None:
        if file and file.refreshed():
            person.follow(file.program)

    _serve(
        lambda outbox: watch(screen, identity, outbox, now=now, every=timedelta(seconds=every_s), until=_until(for_s), before_each=follow),
        Link(host, port),
        as_json=as_json,
    )


@app.command()
def pump(
    program: Annotated[Path, typer.Option("--program", help="Pump program (JSON); read again whenever it changes.")],
    host: Host = "127.0.0.1",
    port: Port = 2575,
    device: Device = "WD-PUMP-0001",
    status_every_s: Annotated[float, typer.Option(min=0.1, help="Seconds between status messages.")] = 60.0,
    patient_id: PatientId = "",
    bed: Bed = "",
    processing_id: Processing = "P",
    for_s: For = None,
    as_json: AsJson = False,
) -> None:
    """An infusion pump that runs the program file and reports every change."""
    file = _required(program)
    device_pump = pumps.Pump(file.program, status_every=timedelta(seconds=status_every_s))
    identity = Identity(device, patient_id or file.program.patient_id, bed or file.program.bed, processing_id)

    def follow() -> None:
        if file.refreshed():
            device_pump.program = file.program

    _serve(
        lambda outbox: pumps.run(device_pump, identity, outbox, now=now, until=_until(for_s), before_each=follow),
        Link(host, port),
        as_json=as_json,
    )


@app.command()
def recording(
    name: Annotated[str, typer.Option(help="A packaged recording, or a path to a CSV of the same form.")] = "mimic3wfdb_s25047",
    host: Host = "127.0.0.1",
    port: Port = 2575,
    device: Device = "WD-REC-0001",
    speed: Annotated[float, typer.Option(min=0.01, help="How many times faster than recorded; 60 is one row a second.")] = 1.0,
    again: Annotated[bool, typer.Option("--again", help="Begin again at the end.")] = False,
    processing_id: Processing = "P",
    for_s: For = None,
    as_json: AsJson = False,
) -> None:
    """A recorded bed played back, with its artefacts and its zeros for what was not connected."""
    source = _or_exit(lambda: recordings.Recording(name, again=again))
    every = timedelta(minutes=1) / speed
    rows = None if again else len(_or_exit(lambda: recordings.rows(name))) * every.total_seconds()
    length = min((span for span in (for_s, rows) if span is not None), default=None)
    identity = Identity(device, processing_id=processing_id)
    _serve(
        lambda outbox: watch(source, identity, outbox, now=now, every=every, until=_until(length)),
        Link(host, port),
        as_json=as_json,
    )


@app.command()
def phantom(
    host: Host = "127.0.0.1",
    port: Port = 2575,
    device: Device = "WINDDOWN_PHANTOM",
    every_s: Annotated[float, typer.Option(min=0.1, help="Seconds between readings.")] = 60.0,
    processing_id: Processing = "P",
    for_s: For = None,
    as_json: AsJson = False,
) -> None:
    """The phantom bed: one reading a minute, whose arrival proves that the whole road is open."""
    identity, every = Identity(device, processing_id=processing_id), timedelta(seconds=every_s)
    _serve(
        lambda outbox: watch(Phantom(), identity, outbox, now=now, every=every, until=_until(for_s)),
        Link(host, port),
        as_json=as_json,
        keep=5,
    )


@app.command()
def fleet(
    devices: Annotated[int, typer.Option(min=1, max=5000, help="How many monitors.")] = 20,
    rate: Annotated[float, typer.Option(min=0.01, max=100, help="Messages a second from each.")] = 1.0,
    for_s: Annotated[float, typer.Option(min=0.1, help="How long.")] = 60.0,
    prefix: Annotated[str, typer.Option(help="Devices are named PREFIX-0001 and so on.")] = "WD-LOAD",
    host: Host = "127.0.0.1",
    port: Port = 2575,
    seed: Seed = 1,
) -> None:
    """Many monitors at once, to measure the listener. Prints counts and latencies as JSON; exit 1 when not all were acknowledged."""
    load = fleets.Load(devices=devices, per_s=rate, duration_s=for_s, prefix=prefix, seed=seed)
    result = asyncio.run(fleets.run(Link(host, port), load, now=now))
    typer.echo(json.dumps(result, indent=1))
    raise typer.Exit(0 if result["acknowledged"] == result["queued"] else 1)


def _serve(talk: Callable[[Outbox], Coroutine[Any, Any, None]], link: Link, *, as_json: bool, keep: int = 3600) -> None:
    """Run one device until it has said everything, or until the process is asked to end; then let the last answers come."""
    outbox = asyncio.run(_device(talk, link, keep))
    if as_json:
        typer.echo(json.dumps({**outbox.tally.as_data(), "trouble": outbox.trouble}))


async def _device(talk: Callable[[Outbox], Coroutine[Any, Any, None]], link: Link, keep: int) -> Outbox:
    outbox = Outbox(link, now=now, limit=keep)
    courier, talking = asyncio.create_task(outbox.run()), asyncio.create_task(talk(outbox))
    for ending in (signal.SIGTERM, signal.SIGINT):
        with contextlib.suppress(NotImplementedError):
            asyncio.get_running_loop().add_signal_handler(ending, talking.cancel)
    with contextlib.suppress(asyncio.CancelledError):
        await talking
    await outbox.drain(DRAIN_S)
    courier.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await courier
    return outbox


def _until(for_s: float | None) -> datetime | None:
    return None if for_s is None else now() + timedelta(seconds=for_s)


def _program_file(path: Path | None) -> ProgramFile | None:
    return None if path is None else _required(path)


def _required(path: Path) -> ProgramFile:
    return _or_exit(lambda: ProgramFile(path))


def _or_exit(make: Callable[[], Made]) -> Made:
    try:
        return make()
    except Refusal as why:
        typer.echo(str(why), err=True)
        raise typer.Exit(1) from why
