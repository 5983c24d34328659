"""The command line from outside: what it prints and how it exits."""

from __future__ import annotations

import importlib.util
import json
import os
import subprocess
import sys

import pytest

from winddown.commands.main import COMMANDS

CLEAN = {name: value for name, value in os.environ.items() if not name.startswith("WINDDOWN_")}


def winddown(*words: str, **settings: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "winddown.commands.main", *words]
    return subprocess.run(command, env=CLEAN | {"WINDDOWN_ENVIRONMENT": "test"} | settings, capture_output=True, text=True, check=False)


def test_help_lists_each_command_that_is_there_and_none_that_is_not():
    done = winddown("--help")
    listed = [line.split()[0] for line in done.stdout.splitlines() if line.startswith("  ")]
    assert done.returncode == 0
    assert listed == [name for name in COMMANDS if importlib.util.find_spec(f"winddown.commands.{name}")]


def test_help_opens_no_room():
    code = (
        "import sys; from winddown.commands.main import main; main(['--help']); print([m for m in sys.modules if m in "
        "('typer', 'django', 'numpy', 'psycopg', 'rich')], file=sys.stderr)"
    )
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stderr.strip() == "[]"


@pytest.mark.parametrize("name", [name for name in COMMANDS if importlib.util.find_spec(f"winddown.commands.{name}")])
def test_every_command_has_help_and_needs_no_record_for_it(tmp_path, name):
    done = winddown(name, "--help", WINDDOWN_DATA=str(tmp_path / "none"))
    assert done.returncode == 0
    assert f"winddown {name}" in done.stdout
    assert not (tmp_path / "none").exists()


def test_an_unknown_command_exits_with_2_and_names_the_nearest():
    done = winddown("bakup")
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == "winddown: there is no command 'bakup'. Did you mean backup?\n"


def test_a_usage_error_exits_with_2():
    assert winddown("backup").returncode == 2
    assert winddown("backup", "a", "--nonsense").returncode == 2


def test_a_refusal_exits_with_1_and_says_why_and_what_to_do(tmp_path):
    done = winddown("migrate", WINDDOWN_DATA=str(tmp_path / "none"))
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == f"Refused: There is no record in {tmp_path / 'none'}.\n`winddown init` makes one.\n"


def test_a_refusal_is_json_when_json_was_asked_for(tmp_path):
    done = winddown("restore", str(tmp_path / "nothing"), "--json", WINDDOWN_DATA=str(tmp_path / "none"))
    assert done.returncode == 1
    assert json.loads(done.stdout) == {
        "refused": f"There is no file {tmp_path / 'nothing'}.",
        "way_out": "Give the path of a backup.",
        "code": "backup_missing",
        "where": "",
    }


def test_a_wrong_setting_is_a_refusal_like_any_other():
    done = winddown("serve", WINDDOWN_PROT="8000")
    assert done.returncode == 1
    assert done.stderr.startswith("Refused: Unknown setting 'WINDDOWN_PROT'.\nDid you mean WINDDOWN_PORT?")
