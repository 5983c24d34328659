"""Real processes under a real supervisor that runs in a process of its own and is told things by signals, as on a server."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import textwrap
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psutil
import pytest

from winddown.config import postgres
from winddown.config.cluster import server
from winddown.config.environment import read
from winddown.config.supervisor import Program, child_environment

PATIENCE_S = 90.0
STEADY = "import signal; print('ready', flush=True); signal.pause()"
STUBBORN = "import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('ready', flush=True)\nwhile True: signal.pause()"
MORTAL = "print('I was here'); raise SystemExit(3)"
TELLS = "import json, os; print(json.dumps({'event': 'told', 'environ': dict(os.environ)}), flush=True); import signal; signal.pause()"

RUN = """
import sys
from pathlib import Path
from winddown.config import postgres
from winddown.config.environment import read
from winddown.config.journal import Journal
from winddown.config.supervisor import Program, Supervisor
environment = read({settings!r})
cluster = postgres.ensure_running(environment) if {with_database!r} else None
programs = [
    Program(name, (sys.executable, "-c", code), role, needed, (), after) for name, code, role, needed, after in {programs!r}
]
journal = Journal(sys.stdout)
raise SystemExit(Supervisor(environment, cluster, programs, journal, grace_s={grace_s!r}).run(lambda: journal.own("all ready")))
"""


class House:
    """A supervisor under test, and its journal so far."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self.process = process
        self.lines: list[dict[str, Any]] = []

    def until(self, words: str, process: str = "serve") -> dict[str, Any]:
        """The next line of `process` in the journal that holds `words`."""
        for raw in self.process.stdout:
            self.lines.append(json.loads(raw))
            if self.lines[-1]["process"] == process and words in str(self.lines[-1]["event"]):
                return self.lines[-1]
        raise AssertionError(f"{words!r} was never said: {self.lines}")

    def told(self, process: str) -> dict[str, Any]:
        """What a process of the kind TELLS said, whoever spoke first."""
        heard = (line for line in self.lines if line["process"] == process and line["event"] == "told")
        return next(heard, None) or self.until("told", process)

    def pid_of(self, name: str) -> int:
        said = [line["event"] for line in self.lines if str(line["event"]).startswith(f"{name} started as process ")]
        return int(said[-1].rsplit(" ", 1)[1])

    def stop(self) -> int:
        self.process.send_signal(signal.SIGTERM)
        self.rest()
        return self.process.wait()

    def rest(self) -> list[str]:
        self.lines += [json.loads(raw) for raw in self.process.stdout]
        return [line["event"] for line in self.lines]


@contextmanager
def house(tmp_path: Path, programs: list[tuple[str, str, str | None, bool]], *, with_database: bool = False, grace_s: float = 10.0):
    settings = {"WINDDOWN_DATA": str(tmp_path / "data"), "WINDDOWN_ENVIRONMENT": "test", "WINDDOWN_DATABASE_URL": EXTERNAL}
    if with_database:
        del settings["WINDDOWN_DATABASE_URL"]
    told = [program if len(program) == 5 else (*program, False) for program in programs]
    code = textwrap.dedent(RUN).format(settings=settings, programs=told, with_database=with_database, grace_s=grace_s)
    process = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True, env={**os.environ, **SECRETS})
    limit = threading.Timer(PATIENCE_S, process.kill)
    limit.start()
    try:
        yield House(process)
    finally:
        limit.cancel()
        process.kill()
        process.wait()
        process.stdout.close()


EXTERNAL = "postgresql://winddown_app:app-secret@db.example/winddown"
SECRETS = {
    "WINDDOWN_OWNER_DATABASE_URL": "postgresql://winddown_owner:owner-secret@db.example/winddown",
    "AWS_SECRET_ACCESS_KEY": "other-secret",
}


def gone(pid: int) -> bool:
    try:
        return psutil.Process(pid).wait(timeout=5) is None
    except psutil.NoSuchProcess:
        return True
    except psutil.TimeoutExpired:
        return False


def test_processes_start_in_order_stop_in_the_opposite_one_and_the_service_ends_with_0(tmp_path):
    last_words = "import signal, sys; signal.signal(signal.SIGTERM, lambda *_: (print('leaving', flush=True), sys.exit(0))); "
    last_words += "print('ready', flush=True); signal.pause()"
    with house(tmp_path, [("web", last_words, None, True), ("watch", last_words, None, True), ("listener", last_words, None, True)]) as h:
        h.until("all ready")
        assert h.stop() == 0
    assert [line["event"].split(" ")[0] for line in h.lines if " started as " in line["event"]] == ["web", "watch", "listener"]
    assert [line["process"] for line in h.lines if line["event"] == "leaving"] == ["listener", "watch", "web"]


def test_what_comes_afterwards_starts_only_once_the_service_answers(tmp_path):
    with house(tmp_path, [("emulator", STEADY, None, False, True), ("web", STEADY, None, True)]) as h:
        h.until("emulator started as process")
        h.stop()
    said = [line["event"].split(" started")[0] for line in h.lines if " started as " in line["event"] or line["event"] == "all ready"]
    assert said == ["web", "all ready", "emulator"]


def test_a_process_that_dies_returns_after_longer_and_longer_pauses_and_its_words_are_kept(tmp_path):
    with house(tmp_path, [("web", STEADY, None, True), ("listener", MORTAL, None, False)]) as h:
        h.until("it starts again in 0.5 s")
        h.until("listener ended with exit status 3; it starts again in 1 s")
        assert h.stop() == 0
    assert [line["event"] for line in h.lines if line["process"] == "listener"] == ["I was here", "I was here"]


def test_a_killed_process_returns_while_the_others_stay(tmp_path):
    with house(tmp_path, [("web-1", STEADY, None, True), ("web-2", STEADY, None, True)]) as h:
        h.until("all ready")
        survivor = h.pid_of("web-2")
        os.kill(h.pid_of("web-1"), signal.SIGKILL)
        h.until("web-1 ended with SIGKILL")
        h.until("web-1 started")
        assert h.pid_of("web-2") == survivor
        assert psutil.pid_exists(survivor)
        assert h.stop() == 0


@pytest.mark.parametrize(("code", "deaths"), [("raise SystemExit(1)", 3), ("raise SystemExit(78)", 1)])
def test_a_service_that_cannot_have_its_web_gives_up_with_1_and_a_refusal_at_once(tmp_path, code, deaths):
    with house(tmp_path, [("watch", STEADY, None, False), ("web", code, None, True)]) as h:
        events = h.rest()
        assert h.process.wait() == 1
    assert len([event for event in events if event.startswith("web ended")]) == deaths
    assert events[-1] == "stopped"
    assert gone(h.pid_of("watch"))


def test_a_process_that_ignores_the_request_to_stop_is_killed_after_the_grace(tmp_path):
    with house(tmp_path, [("web", STUBBORN, None, True)], grace_s=0.2) as h:
        h.until("all ready")
        assert h.stop() == 0
    assert "web does not stop; it is killed" in [line["event"] for line in h.lines]
    assert gone(h.pid_of("web"))


def test_a_service_with_nothing_to_do_uses_no_processor_also_without_a_database_of_its_own(tmp_path):
    with house(tmp_path, [("web", STEADY, None, True)]) as h:
        h.until("all ready")
        before = psutil.Process(h.process.pid).cpu_times()
        with pytest.raises(subprocess.TimeoutExpired):
            h.process.wait(timeout=3)
        after = psutil.Process(h.process.pid).cpu_times()
        assert after.user + after.system - before.user - before.system < 0.5


def test_a_second_signal_ends_all_waiting(tmp_path):
    with house(tmp_path, [("web", STUBBORN, None, True), ("watch", STUBBORN, None, True)], grace_s=600.0) as h:
        h.until("all ready")
        h.process.send_signal(signal.SIGINT)
        h.until("stopping")
        h.process.send_signal(signal.SIGINT)
        h.rest()
        assert h.process.wait() == 0


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="only Linux ends a child with its parent")
def test_kill_9_of_the_supervisor_leaves_no_orphan(tmp_path):
    with house(tmp_path, [("web", STUBBORN, None, True), ("listener", STEADY, None, True)]) as h:
        h.until("all ready")
        h.process.kill()
        h.process.wait()
        assert gone(h.pid_of("web"))
        assert gone(h.pid_of("listener"))


def test_no_process_is_told_another_roles_address_or_a_secret_that_is_not_its_own(tmp_path):
    with house(tmp_path, [("web", TELLS, "app", False), ("emulator", TELLS, None, False)]) as h:
        told = [h.told("web")["environ"], h.told("emulator")["environ"]]
        assert h.stop() == 0
    assert told[0]["WINDDOWN_ROLE_DATABASE_URL"] == EXTERNAL
    assert "WINDDOWN_ROLE_DATABASE_URL" not in told[1]
    for environ in told:
        assert "owner-secret" not in str(environ)
        assert "other-secret" not in str(environ)
        assert environ["PATH"] == os.environ["PATH"]


def test_settings_reach_the_children_but_database_addresses_do_not():
    environ = {"WINDDOWN_PORT": "8001", "WINDDOWN_DATABASE_URL": EXTERNAL, "HOME": "/home/ward", "LC_ALL": "C.UTF-8", "PGPASSWORD": "x"}
    told = child_environment(Program("web", ("true",), "app"), environ, "postgresql://own")
    assert {name: told.get(name) for name in environ} == {
        "WINDDOWN_PORT": "8001",
        "WINDDOWN_DATABASE_URL": None,
        "HOME": "/home/ward",
        "LC_ALL": "C.UTF-8",
        "PGPASSWORD": None,
    }
    assert told["WINDDOWN_ROLE_DATABASE_URL"] == "postgresql://own"


def test_arithmetic_of_a_page_takes_one_thread_unless_the_operator_says_otherwise():
    program = Program("web", ("true",), "app")
    assert child_environment(program, {}, None)["OPENBLAS_NUM_THREADS"] == "1"
    assert child_environment(program, {"OPENBLAS_NUM_THREADS": "2"}, None)["OPENBLAS_NUM_THREADS"] == "2"


@pytest.fixture
def embedded(tmp_path) -> Iterator[Any]:
    environment = read({"WINDDOWN_DATA": str(tmp_path / "data"), "WINDDOWN_ENVIRONMENT": "test"})
    yield environment
    postgres.stop(environment)


def test_a_killed_database_is_raised_again_under_the_running_service(tmp_path, embedded):
    with house(tmp_path, [("web", STEADY, None, True)], with_database=True) as h:
        h.until("all ready")
        folder = embedded.data / "postgres"
        before = server.find(folder)
        os.kill(before.pid, signal.SIGKILL)
        h.until("PostgreSQL is gone; it starts again")
        while (after := server.find(folder)) is None or after.state != "ready":
            assert h.process.poll() is None
        assert after.pid != before.pid
        assert after.port == before.port
        assert h.stop() == 0
