"""`winddown verify` as a process, on a record that is whole and on one that somebody has tampered with."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from tests.whole import clinic
from winddown.config import postgres
from winddown.config.environment import read

CLEAN = {name: value for name, value in os.environ.items() if not name.startswith("WINDDOWN_")}
ONE_MESSAGE = """
import os, sys
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo
from tests.whole import clinic
from winddown.config.house import open_as
from winddown.domain.wire.hl7v2.write import Envelope, Sign, vital_signs
environment = clinic.settle(Path(sys.argv[1]))
with open_as("device", environment):
    from winddown.services.intake import Arrival, Intake
    now = datetime.now(tz=UTC)
    raw = vital_signs(Envelope("WD-LOAD-0001", now, "only-one"), [Sign("spo2", 97.0, now), Sign("heart_rate", 71.0, now)])
    intake = Intake(clinic.known(environment.data).practice, ZoneInfo("America/New_York"))
    for _ in range(2):
        assert b"MSA|AA" in intake.take([Arrival(raw, "127.0.0.1", now)], now=now)[0]
"""


def verify(data: Path, *words: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "winddown.commands.main", "verify", *words]
    told = CLEAN | {"WINDDOWN_ENVIRONMENT": "test", "WINDDOWN_DATA": str(data)}
    return subprocess.run(command, env=told, capture_output=True, text=True, check=False)


@pytest.fixture(scope="module")
def cluster(tmp_path_factory) -> Iterator[postgres.Cluster]:
    """A record with one running infusion and one message that was sent twice. Its server runs, as it does under a service."""
    data = tmp_path_factory.mktemp("record") / "data"
    clinic.copied(data, chairs=1)
    environment = read({"WINDDOWN_ENVIRONMENT": "test", "WINDDOWN_DATA": str(data)})
    cluster = postgres.ensure_running(environment)
    subprocess.run([sys.executable, "-c", ONE_MESSAGE, str(data)], env=CLEAN, check=True)
    yield cluster
    postgres.stop(environment)


def broken_in(done: subprocess.CompletedProcess[str]) -> dict[str, list[str]]:
    return {each["check"]: each["broken"] for each in json.loads(done.stdout)["checks"] if each["broken"]}


def test_a_record_that_is_whole_exits_with_0_and_one_that_was_tampered_with_names_each_break(cluster):
    data = cluster.folder.parent
    whole = verify(data)
    assert whole.returncode == 0, whole.stdout
    assert "BROKEN" not in whole.stdout
    assert "holds   ledger chains          1 line" in whole.stdout
    assert "2 messages, 7 readings" in whole.stdout

    with psycopg.connect(cluster.url("superuser"), autocommit=True) as link:
        link.execute("update record_ledgerentry set mg = mg - 10")
        link.execute("delete from record_announcement where number between 3 and 4")
        link.execute("delete from record_reading where kind = 'spo2' and message_id is not null")
        link.execute("update record_session set status = 'recovering'")
        link.execute("alter table record_patient no force row level security")
        link.execute("grant delete on record_auditentry to winddown_app")
        link.execute("grant update (raw) on record_devicemessage to winddown_device")
    tampered = verify(data, "--json")
    assert tampered.returncode == 1
    assert json.loads(tampered.stdout)["whole"] is False
    broken = broken_in(tampered)
    session = clinic.known(data).session_of["WD-LOAD-0001"]
    assert broken.pop("acknowledged messages")[0].startswith("message 2: spo2 97 of WD-LOAD-0001 at ")
    assert broken == {
        "walls": ["record_patient: the wall between practices is open (row security True, forced False, 1 policies)"],
        "append-only": ["winddown_app may delete from record_auditentry", "winddown_device may change record_devicemessage.raw"],
        "ledger chains": ["Place 1, line 1: its content was changed after it was written"],
        "news without a gap": ["numbers 3 to 4 are missing"],
        "sessions": [f"session {session}: its story says running, its row recovering"],
    }

    only = verify(data, "--ledger")
    assert only.returncode == 1
    assert [line.split("  ")[0].strip() for line in only.stdout.splitlines()] == ["BROKEN", "", "holds", "holds", "holds"]
    assert "Place 1, line 1: its content was changed after it was written" in only.stdout


def test_a_folder_without_a_record_is_refused(tmp_path):
    done = verify(tmp_path / "none")
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == f"Refused: There is no record in {tmp_path / 'none'}.\n`winddown init` makes one.\n"
