"""The server process: made, found, started, adopted and stopped by us, with no time limit on an honest crash recovery."""

from __future__ import annotations

import os
import secrets
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

import psutil

from winddown.config.cluster import programs
from winddown.config.cluster.account import Account, Say
from winddown.domain.refusals import NotAllowed, Refusal

SUPERUSER = "winddown_superuser"
HOST = "127.0.0.1"

HBA = """# Written by Winddown at every start. Nobody is trusted: every connection proves a password.
local all all reject
host all all 127.0.0.1/32 scram-sha-256
host all all all reject
"""

SETTINGS = """# Written by Winddown at every start. Settings of your own belong into local.conf beside this file.
listen_addresses = '127.0.0.1'
port = {port}
unix_socket_directories = ''
max_connections = 100
password_encryption = 'scram-sha-256'
fsync = on
synchronous_commit = on
full_page_writes = on
timezone = 'UTC'
datestyle = 'iso, ymd'
default_text_search_config = 'pg_catalog.simple'
jit = off
logging_collector = on
log_directory = 'log'
log_filename = 'postgresql-%a.log'
log_rotation_age = '1d'
log_truncate_on_rotation = on
log_timezone = 'UTC'
# A log names things, never people. The text of an error can quote a row, so errors go to the program that caused them and not in here.
log_min_messages = log
log_min_error_statement = panic
log_parameter_max_length_on_error = 0
log_error_verbosity = terse
include_if_exists = 'local.conf'
"""

_POLL_S = 0.02
_SAY_EVERY_S = 5.0
_TRIES = 10
_children: dict[int, subprocess.Popen[bytes]] = {}


@dataclass(frozen=True)
class Postmaster:
    """What postmaster.pid says of the server in a folder. `state` is starting, ready or stopping."""

    pid: int
    port: int
    state: str


def make(folder: Path, account: Account, superuser_password: str) -> None:
    """A new cluster, whole or not at all: made beside its place and moved in when finished."""
    part = folder.with_name(folder.name + ".part")
    shutil.rmtree(part, ignore_errors=True)
    part.mkdir(mode=0o700)
    account.own(part)
    with tempfile.NamedTemporaryFile("w", dir=folder.parent, prefix="postgres.", suffix=".part") as password:
        password.write(superuser_password + "\n")
        password.flush()
        account.own(Path(password.name))
        _initialise(part, account, password.name)
    part.rename(folder)


def _initialise(part: Path, account: Account, password_file: str) -> None:
    locale = ["--encoding=UTF8", "--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
    access = [f"--username={SUPERUSER}", f"--pwfile={password_file}", "--auth=scram-sha-256"]
    command = [programs.program("initdb"), f"--pgdata={part}", *locale, *access]
    done = subprocess.run(command, cwd=part, env=_environment(), capture_output=True, text=True, check=False, **account.popen)
    if done.returncode != 0:
        raise Refusal(
            because=f"PostgreSQL could not make its folder {part}: {done.stderr.strip().splitlines()[-1:] or 'no reason given'}",
            way_out="Check free space and permissions of the data folder.",
            code="postgres_not_made",
        )


def _environment() -> dict[str, str]:
    return {"PATH": os.defpath, "LC_ALL": "C"}


def find(folder: Path) -> Postmaster | None:
    """The live server of this folder, or None. A stale file, a recycled process id and a zombie all count as none."""
    lines = _pid_file(folder)
    if len(lines) < 4 or not _serves(int(lines[0]), folder):
        return None
    return Postmaster(pid=int(lines[0]), port=int(lines[3]), state=lines[7].strip() if len(lines) > 7 else "starting")


def _pid_file(folder: Path) -> list[str]:
    try:
        return (folder / "postmaster.pid").read_text().splitlines()
    except FileNotFoundError:
        return []


def _serves(pid: int, folder: Path) -> bool:
    if pid in _children:
        _children[pid].poll()
    try:
        process = psutil.Process(pid)
        return process.name().startswith("postgres") and process.status() != psutil.STATUS_ZOMBIE and Path(process.cwd()).samefile(folder)
    except (psutil.Error, OSError):
        return False


def start(folder: Path, account: Account, say: Say) -> Postmaster:
    """Start the server of a folder and wait until it answers, however long its recovery takes.

    refuses when the server ends before it is ready, with the last lines it wrote
    """
    _refuse_another_version(folder)
    for _ in range(_TRIES):
        port = _port(folder)
        _configure(folder, account, port)
        child = _launch(folder, account)
        try:
            found = _wait_until_ready(folder, child, say)
        except BaseException:
            child.send_signal(signal.SIGINT)
            raise
        if found is not None:
            return found
        if not _worth_another_try(folder, port, say):
            break
    raise Refusal(
        because="PostgreSQL ended before it was ready: " + " / ".join(_last_words(folder)),
        way_out=f"Its log is in {folder / 'log'}; docs/runbooks/postgres.md says what to look for.",
        code="postgres_did_not_start",
    )


def _refuse_another_version(folder: Path) -> None:
    version = (folder / "PG_VERSION").read_text().strip()
    if version != programs.MAJOR:
        raise NotAllowed(
            because=f"The record in {folder} was written by PostgreSQL {version}; this program brings {programs.MAJOR}.",
            way_out="Back up with the old program and restore with this one: docs/runbooks/backup-restore.md.",
            code="postgres_of_another_version",
        )


def _port(folder: Path) -> int:
    """The port of last time if it is still free, else any free one."""
    kept = folder / "port"
    last = int(kept.read_text()) if kept.exists() else 0
    return last if last and _is_free(last) else _any_free_port()


def _is_free(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError:
            return False
    return True


def _any_free_port() -> int:
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return int(probe.getsockname()[1])


def _configure(folder: Path, account: Account, port: int) -> None:
    texts = {"pg_hba.conf": HBA, "postgresql.conf": SETTINGS.format(port=port), "port": str(port)}
    for name, text in texts.items():
        part = folder / f"{name}.{secrets.token_hex(4)}.part"
        part.touch(mode=0o600)
        part.write_text(text)
        account.own(part)
        part.replace(folder / name)


def _launch(folder: Path, account: Account) -> subprocess.Popen[bytes]:
    """A session of its own, so that Ctrl-C at our terminal or our death does not cut a commit short."""
    environment = _environment()
    lines = _pid_file(folder)
    if lines and psutil.pid_exists(int(lines[0])):
        # The number in the stale file belongs to some other program now. This name tells PostgreSQL not to take that one for a
        # rival; it still checks the shared memory that the file names, so a real survivor keeps us out.
        environment["PG_GRANDPARENT_PID"] = lines[0]
    words = folder / "start.log"
    words.unlink(missing_ok=True)
    with open(words, "wb") as log:
        account.own(words)
        child = subprocess.Popen(
            [programs.program("postgres"), "-D", str(folder)],
            cwd=folder,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,
            **account.popen,
        )
    _children[child.pid] = child
    return child


def _wait_until_ready(folder: Path, child: subprocess.Popen[bytes], say: Say) -> Postmaster | None:
    """The ready server; None when the child ended instead."""
    patience = Patience(say, "PostgreSQL is still starting (replaying its log after an unclean stop can take minutes)")
    while child.poll() is None:
        found = find(folder)
        if found is not None and found.pid == child.pid and found.state == "ready":
            return found
        patience.wait()
    return None


def _worth_another_try(folder: Path, port: int, say: Say) -> bool:
    """True when another program took the port in between, or when a killed server left processes that we could end."""
    if "is still in use" not in " ".join(_last_words(folder)):
        return not _is_free(port)
    survivors = [process for process in psutil.process_iter() if _serves(process.pid, folder)]
    say(f"PostgreSQL was killed and left {len(survivors)} processes behind; they are ended now, and its log repairs the files.")
    for process in survivors:
        process.kill()
    psutil.wait_procs(survivors, timeout=5)
    return True


def _last_words(folder: Path) -> list[str]:
    logs = sorted((folder / "log").glob("*.log"), key=lambda path: path.stat().st_mtime)
    lines = [line for path in (folder / "start.log", *logs[-1:]) for line in path.read_text(errors="replace").splitlines()]
    return [line for line in lines if "FATAL" in line or "PANIC" in line][-2:] or lines[-2:]


def adopt(folder: Path, say: Say) -> Postmaster | None:
    """The live server of this folder once it is ready; None when there is none or it has ended meanwhile."""
    patience = Patience(say, "PostgreSQL is still starting or stopping")
    while (found := find(folder)) is not None:
        if found.state == "ready":
            return found
        patience.wait()
    return None


def stop(folder: Path, say: Say, patience_s: float = 60.0) -> bool:
    """Stop the server of a folder: politely, and after `patience_s` at once (its log then repairs the files at the next start).

    returns  whether there was one
    """
    found = find(folder)
    if found is None:
        return False
    for sign in (signal.SIGINT, signal.SIGQUIT):
        os.kill(found.pid, sign)
        until = time.monotonic() + patience_s
        patience = Patience(say, "PostgreSQL is still stopping")
        while time.monotonic() < until:
            if not _serves(found.pid, folder):
                _children.pop(found.pid, None)
                return True
            patience.wait()
    raise Refusal(
        because=f"PostgreSQL (process {found.pid}) does not stop.", way_out=f"Look at {folder / 'log'}.", code="postgres_does_not_stop"
    )


class Patience:
    """Short pauses, and a sentence every few seconds so that a long wait is never a silent one."""

    def __init__(self, say: Say, sentence: str) -> None:
        self._say, self._sentence = say, sentence
        self._since = self._said = time.monotonic()

    def wait(self) -> None:
        time.sleep(_POLL_S)
        now = time.monotonic()
        if now - self._said >= _SAY_EVERY_S:
            self._said = now
            self._say(f"{self._sentence}: {now - self._since:.0f} s so far.")
