"""`winddown trial` as a process: what it writes, that workers change no byte, and that a broken run leaves nothing."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from winddown.commands.trial import STILL

EXAMPLE = Path(__file__).resolve().parent.parent.parent / "docs" / "trials" / "slow-or-fast.toml"
CLEAN = {name: value for name, value in os.environ.items() if not name.startswith("WINDDOWN_")}
COMMAND = [sys.executable, "-m", "winddown.commands.main", "trial"]


def trial(*words: object) -> subprocess.CompletedProcess[str]:
    return subprocess.run([*COMMAND, *map(str, words)], env=CLEAN, capture_output=True, text=True, check=False)


def files(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in sorted(folder.iterdir())}


@pytest.mark.proof
def test_one_worker_two_and_a_cluster_of_two_write_the_same_bytes(tmp_path):
    """21,000 patients are two tasks; the files are compared byte by byte."""
    from distributed import LocalCluster

    done = [trial(EXAMPLE, "--patients", 21_000, "--out", tmp_path / str(workers), "--workers", workers) for workers in (1, 2)]
    with LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address=None, host="127.0.0.1") as cluster:
        done.append(trial(EXAMPLE, "--patients", 21_000, "--out", tmp_path / "cluster", "--cluster", cluster.scheduler_address))
    assert [run.returncode for run in done] == [0, 0, 0], [run.stderr for run in done]
    one, two, far = (files(tmp_path / name) for name in ("1", "2", "cluster"))
    assert list(one) == ["patients.parquet", "report.html", "summary.json"]
    assert one == two == far


def test_the_parquet_file_has_a_row_for_each_patient_and_arm(tmp_path):
    done = trial(EXAMPLE, "--patients", 300, "--out", tmp_path / "out", "--json")
    table = pq.read_table(tmp_path / "out" / "patients.parquet").to_pydict()
    told = json.loads(done.stdout)
    assert len(table["patient"]) == 600 and set(table["arm"]) == {arm["name"] for arm in told["arms"]}
    assert told == json.loads((tmp_path / "out" / "summary.json").read_text())
    schema = pq.read_schema(tmp_path / "out" / "patients.parquet")
    rise = {key.decode(): value.decode() for key, value in schema.field("peak_systolic_rise").metadata.items()}
    assert (rise["unit"], rise["rating"], rise["made_by"]) == ("mm[Hg]", "exploratory", "pd_bp_default behind pk_rs_default")
    assert "between_patients_cv" in rise["guesses"].split() and b"no patient was treated" in schema.metadata[b"words"]
    assert "guesses" in " ".join(told["warnings"]) and told["made_by"]["systolic_rise"]["guesses"] == rise["guesses"].split()
    first = sorted(table["peak_ketamine"][:300])
    assert abs(first[149] / told["arms"][0]["outcomes"]["peak_ketamine"]["median"] - 1) < 0.02


def test_a_folder_that_cannot_be_written_is_refused_and_a_byte_order_mark_is_not(tmp_path):
    """One call, no trial is run: the folder is tried first."""
    marked = tmp_path / "marked.toml"
    marked.write_bytes(b"\xef\xbb\xbf" + EXAMPLE.read_bytes())
    done = trial(marked, "--patients", 50, "--out", "/proc/winddown/out")
    assert done.returncode == 1 and done.stderr.startswith("/proc/winddown/out cannot be written: ")


def test_the_report_is_one_page_that_promises_nothing(tmp_path):
    trial(EXAMPLE, "--patients", 300, "--no-rows", "--out", tmp_path / "out")
    page = (tmp_path / "out" / "report.html").read_text()
    assert not (tmp_path / "out" / "patients.parquet").exists()
    assert "no patient was treated" in page and "exploratory" in page and page.count("<svg") == 1 and "<script" not in page


@pytest.mark.proof
def test_results_are_replaced_only_when_asked(tmp_path):
    words = (EXAMPLE, "--patients", 50, "--no-rows", "--out", tmp_path / "out")
    assert trial(*words).returncode == 0
    again = trial(*words)
    assert again.returncode == 1 and "is already there. Give another --out, or --replace" in again.stderr
    assert trial(*words, "--replace").returncode == 0


@pytest.mark.proof
@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM])
def test_an_interrupted_trial_leaves_nothing(tmp_path, how):
    run = subprocess.Popen(
        [*COMMAND, str(EXAMPLE), "--patients", "5000000", "--out", str(tmp_path / "out"), "--workers", "2"],
        env=CLEAN, stderr=subprocess.PIPE, text=True, start_new_session=True,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),  # a shell's background job ignores it, and so would a child
    )  # fmt: skip
    while not any(path.name.startswith(".out-") and any(path.iterdir()) for path in tmp_path.iterdir()):
        assert run.poll() is None
    run.send_signal(how)
    _, said = run.communicate(timeout=60)
    assert run.returncode == 130 and said.removeprefix(f"{STILL}\n") == "Stopped. Nothing was written.\n"
    assert list(tmp_path.iterdir()) == []


def test_what_cannot_be_read_or_meant_is_refused_with_the_way_out(tmp_path):
    none = trial(tmp_path / "none.toml", "--json")
    assert none.returncode == 1 and json.loads(none.stdout)["refused"]["code"] == "file"
    broken = tmp_path / "broken.toml"
    broken.write_text("patients = = 3\n")
    assert "is not TOML" in trial(broken).stderr


@pytest.mark.proof
def test_a_cluster_that_does_not_answer_is_named_and_nothing_is_written(tmp_path):
    unreached = trial(EXAMPLE, "--patients", 50, "--cluster", "tcp://127.0.0.1:1", "--out", tmp_path / "out")
    assert unreached.returncode == 1 and "No cluster answers at tcp://127.0.0.1:1" in unreached.stderr
    assert not (tmp_path / "out").exists()
