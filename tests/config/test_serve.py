"""What `winddown serve` refuses before it starts anything."""

from __future__ import annotations

import fcntl
import os
import signal
import socket
import subprocess
import sys
import urllib.error
import urllib.request
from pathlib import Path

import pytest

from winddown.config import postgres
from winddown.config.environment import Environment, read
from winddown.config.serve import serve
from winddown.domain.refusals import Refusal


def environment_in(folder: Path, **more: str) -> Environment:
    return read({"WINDDOWN_DATA": str(folder), "WINDDOWN_ENVIRONMENT": "test", "WINDDOWN_PORT": "0", "WINDDOWN_MLLP_PORT": "0", **more})


@pytest.fixture
def folder(tmp_path) -> Path:
    """A data folder that looks made; no test here gets as far as opening it."""
    (tmp_path / "data" / "postgres").mkdir(parents=True)
    return tmp_path / "data"


def refusal(environment: Environment) -> Refusal:
    with pytest.raises(Refusal) as caught:
        serve(environment)
    return caught.value


def test_a_folder_without_a_record_is_refused_and_stays_empty(tmp_path):
    stopped = refusal(environment_in(tmp_path / "data"))
    assert stopped.code == "no_record"
    assert "winddown init" in stopped.way_out
    assert not (tmp_path / "data").exists()


def test_a_second_service_on_one_data_folder_is_refused(folder):
    with open(folder / "serve.lock", "a") as first:
        fcntl.flock(first, fcntl.LOCK_EX)
        assert refusal(environment_in(folder)).code == "already_serving"


@pytest.mark.parametrize("variable", ["WINDDOWN_PORT", "WINDDOWN_MLLP_PORT"])
def test_a_port_that_another_program_holds_is_named_before_anything_starts(folder, variable):
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        stopped = refusal(environment_in(folder, **{variable: str(other.getsockname()[1])}))
    assert (stopped.code, stopped.where) == ("port_taken", variable)
    assert variable in stopped.way_out


@pytest.mark.proof
def test_a_made_record_is_served_survives_kill_9_of_the_web_and_stops_with_its_database(tmp_path):
    secret = tmp_path / "data" / "keys" / "secret"
    postgres.write_private(secret, "0123456789abcdef" * 4)
    told = {**os.environ, "WINDDOWN_DATA": str(tmp_path / "data"), "WINDDOWN_ENVIRONMENT": "test", "WINDDOWN_WORKERS": "1"}
    told |= {"WINDDOWN_PORT": "0", "WINDDOWN_MLLP_PORT": "0", "PYTHONUNBUFFERED": "1"}
    told.pop("WINDDOWN_ROLE_DATABASE_URL", None)
    postgres.ensure_running(environment_in(tmp_path / "data"))
    winddown = [sys.executable, "-m", "winddown.commands.main"]
    subprocess.run([*winddown, "migrate"], env=told, check=True, capture_output=True)
    with subprocess.Popen([*winddown, "serve"], env=told, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True) as service:
        try:
            said = iter(service.stdout.readline, "")
            started = next(line for line in said if "web-1 started as process" in line)
            address = next(line for line in said if "answers at" in line).split()[-1]
            assert answers(address)
            os.kill(int(started.rsplit(" ", 1)[1].strip('"}\n')), signal.SIGKILL)
            next(line for line in said if "web-1 started as process" in line)
            assert answers(address), "the door stays open while its worker returns: the request waits"
            service.send_signal(signal.SIGTERM)
            assert '"stopped"' in [*said][-1]
            assert service.wait() == 0
        finally:
            service.kill()
    assert postgres.status(environment_in(tmp_path / "data")).state == "stopped"


def answers(address: str) -> bool:
    try:
        with urllib.request.urlopen(address + "/healthz", timeout=30) as answer:
            return answer.status == 200
    except urllib.error.HTTPError as error:
        return error.code in (404, 503)
