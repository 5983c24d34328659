"""`winddown serve`: one door, one database, and the processes of the house behind them."""

from __future__ import annotations

import fcntl
import os
import signal
import socket
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from winddown.config import postgres
from winddown.config.cluster.account import refuse_root
from winddown.config.environment import Environment
from winddown.config.journal import Journal
from winddown.config.supervisor import Program, Supervisor
from winddown.domain.refusals import Missing, NotAllowed, Refusal

PROCESS, WEB = "winddown.config.process", "winddown.config.web_worker"


def own_programs(environment: Environment, door: socket.socket) -> tuple[Program, ...]:
    """Web, watch, listener and rounds, in the order of their start; they stop in the opposite one."""
    python = sys.executable
    web = (python, "-m", WEB, str(door.fileno()))
    workers = (
        Program(f"web-{number}", web, "app", needed=True, descriptors=(door.fileno(),)) for number in range(1, environment.workers + 1)
    )
    watch = Program("watch", (python, "-m", PROCESS, "winddown.jobs.watch"), "device")
    listener = Program("listener", (python, "-m", PROCESS, "winddown.devices.mllp_listener"), "device")
    rounds = Program("rounds", (python, "-m", PROCESS, "winddown.jobs.rounds"), "app")
    return (*workers, watch, listener, rounds)


def serve(environment: Environment, *, more: Sequence[Program] = (), on_ready: Callable[[str], None] = lambda address: None) -> int:
    """Run the service until it is told to stop.

    more       programs beside our own, such as emulated monitors
    on_ready   called once with the web address when every web process answers
    returns    0 after a clean stop, 1 when the service gave up, as it does on a record that is not up to date
    refuses    root in production, a data folder without a record, a second service on one, a port that is taken
    """
    journal = Journal(sys.stdout)
    refuse_root(environment.data, production=environment.production)
    if postgres.status(environment).state == "absent":
        raise Missing(because=f"There is no record in {environment.data}.", way_out="`winddown init` makes one.", code="no_record")
    with _one_service(environment.data), _door(environment) as door, _sigterm_unwinds():
        _refuse_a_taken_port("WINDDOWN_MLLP_PORT", environment.mllp_host, environment.mllp_port)
        cluster = None if environment.external else postgres.ensure_running(environment, journal.own)
        try:
            house = Supervisor(environment, cluster, (*own_programs(environment, door), *more), journal)
            return house.run(lambda: on_ready(_address(environment, door)))
        finally:
            if cluster is not None:
                postgres.stop(environment, journal.own)


@contextmanager
def _sigterm_unwinds() -> Iterator[None]:
    """Until the supervisor takes the signals over, SIGTERM leaves by the ordinary way out, so that what was started is stopped."""

    def leave(number: int, frame: object) -> None:
        raise SystemExit(128 + number)

    before = signal.signal(signal.SIGTERM, leave)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


@contextmanager
def _one_service(data: Path) -> Iterator[None]:
    data.mkdir(mode=0o700, parents=True, exist_ok=True)
    with open(data / "serve.lock", "a") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as why:
            raise NotAllowed(
                because=f"Winddown already serves the data folder {data}.",
                way_out="Stop the other one first, or choose another folder with WINDDOWN_DATA.",
                code="already_serving",
                where="WINDDOWN_DATA",
            ) from why
        yield


@contextmanager
def _door(environment: Environment) -> Iterator[socket.socket]:
    """The listening web socket, opened once and shared by all workers."""
    family = socket.AF_INET6 if ":" in environment.host else socket.AF_INET
    with socket.socket(family) as door:
        door.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            door.bind((environment.host, environment.port))
        except OSError as why:
            raise _taken("WINDDOWN_PORT", environment.host, environment.port, why) from why
        door.listen(2048)
        yield door


def _refuse_a_taken_port(variable: str, host: str, port: int) -> None:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as why:
            raise _taken(variable, host, port, why) from why


def _taken(variable: str, host: str, port: int, why: OSError) -> Refusal:
    return Refusal(
        because=f"{host} port {port} cannot be opened ({os.strerror(why.errno or 0).lower()}).",
        way_out=f"Stop the program that uses it, or choose another with {variable}.",
        code="port_taken",
        where=variable,
    )


def _address(environment: Environment, door: socket.socket) -> str:
    host, port = door.getsockname()[:2]
    return f"{'https' if environment.tls_cert else 'http'}://{f'[{host}]' if ':' in host else host}:{port}"
