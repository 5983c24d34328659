"""Keeping processes alive: each with the least it needs, restarted when it dies, stopped in order.

No thread anywhere: one loop waits for the children's words, for signals and for the next thing due. That keeps the moment between
fork and exec simple enough to ask the kernel to end a child with its supervisor, so that `kill -9` leaves no orphan but PostgreSQL,
which the next start adopts.
"""

from __future__ import annotations

import os
import selectors
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import IO

from winddown.config import postgres
from winddown.config.environment import Environment
from winddown.config.house import url_for
from winddown.config.journal import Journal
from winddown.config.process import REFUSED

GRACE_S = 10.0
FIRST_PAUSE_S, LONGEST_PAUSE_S, LIVED_WELL_S = 0.5, 30.0, 60.0
LOOK_AT_DATABASE_EVERY_S = 1.0
TRIES_BEFORE_FIRST_READY = 3
LONGEST_LINE = 65_536
READY = "ready"

_PASSED_ON = ("PATH", "HOME", "LANG", "LANGUAGE", "TZ", "TMPDIR", "VIRTUAL_ENV", "LD_LIBRARY_PATH", "SSL_CERT_FILE", "SSL_CERT_DIR")
_PASSED_ON_FAMILIES = ("LC_", "PYTHON", "NUMBA_", "OMP_", "OPENBLAS_", "WINDDOWN_")
# A page multiplies many tiny matrices: a second thread of the library spins beside the first and takes the core of another request.
_ONE_THREAD = {"OPENBLAS_NUM_THREADS": "1"}


@dataclass(frozen=True)
class Program:
    """A process to keep alive.

    role          whose database address it gets, as WINDDOWN_ROLE_DATABASE_URL; None for none at all
    needed        the service gives up when it refuses, or dies again and again, before it was ready for the first time
    descriptors   open files it inherits
    afterwards    started only once the service answers, so that it does not slow its start
    """

    name: str
    command: tuple[str, ...]
    role: postgres.Role | None = None
    needed: bool = False
    descriptors: tuple[int, ...] = ()
    afterwards: bool = False


@dataclass
class Child:
    """A program with its present process and its history. `due` is when to start it next."""

    program: Program
    process: subprocess.Popen[bytes] | None = None
    started: float = 0.0
    due: float = 0.0
    pause_s: float = FIRST_PAUSE_S
    deaths: int = 0
    ready: bool = False
    unfinished: bytes = b""


def child_environment(program: Program, environ: Mapping[str, str], url: str | None) -> dict[str, str]:
    """What one process is told: the ordinary variables, the settings, and no database address but its own."""
    told = _ONE_THREAD | {name: value for name, value in environ.items() if name in _PASSED_ON or name.startswith(_PASSED_ON_FAMILIES)}
    told = {name: value for name, value in told.items() if not name.endswith("DATABASE_URL")}
    if url is not None:
        told["WINDDOWN_ROLE_DATABASE_URL"] = url
    return told | {"DJANGO_SETTINGS_MODULE": "winddown.config.settings", "PYTHONUNBUFFERED": "1"}


@dataclass
class Supervisor:
    """Keeps programs alive in the order given, and ends them in the opposite order."""

    environment: Environment
    cluster: postgres.Cluster | None
    programs: Sequence[Program]
    journal: Journal
    grace_s: float = GRACE_S
    children: list[Child] = field(init=False)

    def __post_init__(self) -> None:
        self.children = [Child(program) for program in self.programs]
        self._ears = selectors.DefaultSelector()
        self._told_to_stop = 0
        self._said_ready = False
        self._look_at_database = time.monotonic() + LOOK_AT_DATABASE_EVERY_S

    def run(self, on_ready: Callable[[], None] = lambda: None) -> int:
        """Until SIGTERM or SIGINT: 0. When a needed program never became ready: 1."""
        gave_up = False
        with self._listening_to_signals():
            try:
                while not self._told_to_stop and not gave_up:
                    self._start_what_is_due()
                    self._listen(self._pause())
                    gave_up = self._bury_the_dead()
                    self._look_after_database()
                    if not self._said_ready and self._all_needed_are_ready():
                        self._said_ready = True
                        on_ready()
            finally:
                self._stop_all()
        return int(gave_up)

    @contextmanager
    def _listening_to_signals(self) -> Iterator[None]:
        """A signal writes one byte to a pipe that the loop reads; the old handlers return afterwards."""
        hear, speak = os.pipe()
        for end in (hear, speak):
            os.set_blocking(end, False)
        self._ears.register(hear, selectors.EVENT_READ, None)
        signals = (signal.SIGTERM, signal.SIGINT, signal.SIGCHLD)
        before = {number: signal.signal(number, self._on_signal) for number in signals}
        wakeup = signal.set_wakeup_fd(speak, warn_on_full_buffer=False)
        try:
            yield
        finally:
            signal.set_wakeup_fd(wakeup)
            for number, handler in before.items():
                signal.signal(number, handler)
            self._ears.close()
            os.close(hear)
            os.close(speak)

    def _on_signal(self, number: int, frame: object) -> None:
        if number != signal.SIGCHLD:
            self._told_to_stop += 1

    def _start_what_is_due(self) -> None:
        now = time.monotonic()
        for child in self._awaited():
            if child.due <= now:
                self._start(child)

    def _awaited(self) -> list[Child]:
        """Those that have no process and may have one now."""
        return [child for child in self.children if child.process is None and (self._said_ready or not child.program.afterwards)]

    def _start(self, child: Child) -> None:
        program = child.program
        url = url_for(program.role, self.environment, self.cluster) if program.role else None
        child.process = subprocess.Popen(
            program.command,
            env=child_environment(program, os.environ, url),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            pass_fds=program.descriptors,
            start_new_session=True,
            preexec_fn=die_with_parent(),
        )
        child.started, child.ready, child.unfinished = time.monotonic(), False, b""
        assert child.process.stdout is not None
        os.set_blocking(child.process.stdout.fileno(), False)
        self._ears.register(child.process.stdout, selectors.EVENT_READ, child)
        self.journal.own(f"{program.name} started as process {child.process.pid}")

    def _pause(self) -> float:
        now = time.monotonic()
        dues = [child.due - now for child in self._awaited()]
        return max(0.0, min([*dues, self._look_at_database - now]))

    def _listen(self, pause_s: float) -> None:
        for key, _ in self._ears.select(pause_s):
            if isinstance(key.data, Child):
                self._hear(key.data)
            else:
                os.read(key.fd, 4096)

    def _hear(self, child: Child) -> bool:
        """Pass on whole lines, keep a begun one; the single word `ready` is for us. False when there was nothing to hear."""
        if child.process is None or child.process.stdout is None or child.process.stdout.closed:
            return False
        try:
            heard = os.read(child.process.stdout.fileno(), LONGEST_LINE)
        except BlockingIOError:
            return False
        if not heard:
            self._stop_listening(child.process.stdout)
            return False
        *lines, child.unfinished = (child.unfinished + heard).split(b"\n")
        if len(child.unfinished) > LONGEST_LINE:
            lines, child.unfinished = [*lines, child.unfinished], b""
        for line in (raw.decode(errors="replace") for raw in lines):
            if line == READY:
                child.ready = True
            else:
                self.journal.of(child.program.name, line)
        return True

    def _stop_listening(self, stream: IO[bytes]) -> None:
        self._ears.unregister(stream)
        stream.close()

    def _bury_the_dead(self) -> bool:
        """Plan the return of each child that died. True when that is hopeless: a needed one refuses or keeps dying before it was ready."""
        hopeless = False
        for child in self.children:
            if child.process is None or child.process.poll() is None:
                continue
            now = time.monotonic()
            code = self._let_go(child)
            if now - child.started > LIVED_WELL_S:
                child.pause_s, child.deaths = FIRST_PAUSE_S, 0
            child.deaths += 1
            child.due = now + child.pause_s
            vital = child.program.needed and not self._said_ready
            lost = vital and (code == REFUSED or child.deaths >= TRIES_BEFORE_FIRST_READY)
            then = "without it there is no service" if lost else f"it starts again in {child.pause_s:g} s"
            self.journal.own(f"{child.program.name} ended with {_ending(code)}; {then}", warning=True)
            child.pause_s = min(child.pause_s * 2, LONGEST_PAUSE_S)
            hopeless |= lost
        return hopeless

    def _let_go(self, child: Child) -> int:
        """Take the last words of a dead child and forget its process."""
        process = child.process
        assert process is not None and process.stdout is not None
        while self._hear(child):
            pass
        if not process.stdout.closed:
            self._stop_listening(process.stdout)
        if child.unfinished:
            self.journal.of(child.program.name, child.unfinished.decode(errors="replace"))
        child.process, child.ready = None, False
        return process.wait()

    def _all_needed_are_ready(self) -> bool:
        return all(child.ready for child in self.children if child.program.needed)

    def _look_after_database(self) -> None:
        """The embedded server is not our child for long: an adopted one has no parent. So look, and raise it when it is gone."""
        now = time.monotonic()
        if now < self._look_at_database:
            return
        self._look_at_database = now + LOOK_AT_DATABASE_EVERY_S
        if self.cluster is None:
            return
        if postgres.status(self.environment).state != "stopped":
            return
        self.journal.own("PostgreSQL is gone; it starts again", warning=True)
        before, self.cluster = self.cluster.port, postgres.ensure_running(self.environment, self.journal.own)
        if self.cluster.port != before:
            for child in self.children:
                if child.process is not None and child.program.role is not None:
                    child.process.terminate()

    def _stop_all(self) -> None:
        self.journal.own("stopping")
        for child in reversed(self.children):
            if child.process is not None:
                self._stop(child, child.process)
        self.journal.own("stopped")

    def _stop(self, child: Child, process: subprocess.Popen[bytes]) -> None:
        """Ask with SIGTERM, wait `grace_s`, then kill. A second signal to us ends all waiting."""
        process.terminate()
        until = time.monotonic() + self.grace_s
        while process.poll() is None and time.monotonic() < until and self._told_to_stop < 2:
            self._listen(max(0.0, until - time.monotonic()))
        if process.poll() is None:
            self.journal.own(f"{child.program.name} does not stop; it is killed", warning=True)
            process.kill()
        process.wait()
        self._let_go(child)


def _ending(code: int) -> str:
    return signal.Signals(-code).name if code < 0 else f"exit status {code}"


def die_with_parent() -> Callable[[], None] | None:
    """What a child does between fork and exec on Linux: ask the kernel to kill it when its supervisor ends, however that ends."""
    if not sys.platform.startswith("linux"):
        return None
    import ctypes  # slow import

    prctl = ctypes.CDLL(None, use_errno=True).prctl
    pr_set_pdeathsig, parent = 1, os.getpid()

    def ask() -> None:
        prctl(pr_set_pdeathsig, signal.SIGKILL)
        if os.getppid() != parent:
            os._exit(1)

    return ask
