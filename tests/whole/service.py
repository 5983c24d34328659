"""`winddown serve` as a process on a data folder, with its journal, its parts by name, and a way to kill them."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from pathlib import Path

import psutil
import psycopg

from winddown.config import postgres
from winddown.config.environment import Environment, read

ROOT = Path(__file__).resolve().parent.parent.parent
STARTS_WITHIN_S = 120


class Service:
    """Starts on entering, ends on leaving. Its ports stay the same when it is started again."""

    def __init__(self, data: Path, **settings: str) -> None:
        self.data = data
        self.port, self.mllp_port = free_port(), free_port()
        self.settings = {
            "WINDDOWN_ENVIRONMENT": "test", "WINDDOWN_DATA": str(data), "WINDDOWN_PORT": str(self.port),
            "WINDDOWN_MLLP_PORT": str(self.mllp_port), **settings,
        }  # fmt: skip
        self.said: list[str] = []
        self._heard = threading.Condition()

    @property
    def environment(self) -> Environment:
        return read(self.settings)

    def __enter__(self) -> Service:
        self.start()
        return self

    def __exit__(self, *why: object) -> None:
        self.process.send_signal(signal.SIGTERM)
        try:
            self.process.wait(60)
        finally:
            self.process.kill()
            postgres.stop(self.environment)

    def start(self) -> None:
        """Start, also again after everything was killed, and wait until pages and listener answer."""
        told = {name: value for name, value in os.environ.items() if not name.startswith("WINDDOWN_")} | self.settings
        command = [sys.executable, "-m", "winddown.commands.main", "serve"]
        self.said = []
        self.process = subprocess.Popen(
            command, env=told | {"PYTHONUNBUFFERED": "1"}, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, cwd=ROOT
        )
        threading.Thread(target=self._read, args=(self.process,), daemon=True).start()
        self.wait_for("answers at")
        _until_open(self.mllp_port)

    def kill_all(self) -> None:
        """kill -9 of the supervisor, which takes the web, the watch and the listener with it; PostgreSQL stays and is adopted."""
        parts = [psutil.Process(pid) for pid in self.parts().values() if psutil.pid_exists(pid)]
        self.process.kill()
        self.process.wait()
        psutil.wait_procs(parts, timeout=10)

    def _read(self, process: subprocess.Popen[str]) -> None:
        assert process.stdout is not None
        said = self.said
        for line in process.stdout:
            with self._heard:
                said.append(line)
                self._heard.notify_all()
        with self._heard:
            self._heard.notify_all()

    def wait_for(self, words: str, *, times: int = 1, within_s: float = STARTS_WITHIN_S) -> None:
        """Until the journal has said these words so many times."""

        def enough() -> bool:
            return sum(words in line for line in self.said) >= times or self.process.poll() is not None

        with self._heard:
            in_time = self._heard.wait_for(enough, within_s)
        if not in_time or sum(words in line for line in self.said) < times:
            raise AssertionError(f"The service did not say {words!r}:\n" + "".join(self.said[-40:]))

    def parts(self) -> dict[str, int]:
        """The process id of each part, as last started."""
        found = {"supervisor": self.process.pid}
        for line in self.said:
            if " started as process " in line:
                event = json.loads(line)["event"]
                found[event.split(" started")[0]] = int(event.rsplit(" ", 1)[1])
        return found

    def kill(self, *names: str) -> None:
        """kill -9, at once. The supervisor starts them again by itself."""
        for name in names:
            os.kill(self.parts()[name], signal.SIGKILL)

    def kill_database(self) -> None:
        """kill -9 of the postmaster; its children end by themselves, mid-sentence."""
        pid = postgres.status(self.environment).pid
        assert pid is not None
        os.kill(pid, signal.SIGKILL)
        psutil.wait_procs([psutil.Process(pid)] if psutil.pid_exists(pid) else [], timeout=10)

    def warnings(self) -> list[str]:
        return [line.strip() for line in self.said if any(word in line for word in ("WARNING", "ERROR", "Traceback", '"warning"'))]

    def record(self, practice: int) -> psycopg.Connection:
        """A link as the application role, inside the practice's wall."""
        link = psycopg.connect(postgres.ensure_running(self.environment).app_url, autocommit=True)
        link.execute("select set_config('winddown.practice', %s, false)", [str(practice)])
        return link


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _until_open(port: int) -> None:
    until = time.monotonic() + STARTS_WITHIN_S
    while time.monotonic() < until:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)
    raise AssertionError(f"Nothing listens on port {port}.")
