"""Backup and restore of the embedded record. The keys stay out of the backup on purpose: whoever finds the file lacks them.

A backup is two files: the dump, and a note beside it (`.json`) that says when, how long, its SHA-256, and which key belongs to it.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import os
import shutil
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path

from winddown.config import postgres
from winddown.config.cluster import dump, roles
from winddown.config.cluster.account import Say
from winddown.config.environment import Environment
from winddown.domain.refusals import Missing, NotAllowed


@dataclass(frozen=True)
class Note:
    """What is known of a backup without opening it. `key` is a fingerprint of the key file, never the key."""

    made_at: str
    size_bytes: int
    sha256: str
    tables: int
    key: str | None


def note_path(path: Path) -> Path:
    return path.with_name(path.name + ".json")


def backup(environment: Environment, path: Path, *, at: datetime, say: Say = postgres.silent) -> Note:
    """Write `path` and its note. The service may run meanwhile: the dump sees one moment. Refuses to overwrite a file."""
    if path.exists() or note_path(path).exists():
        raise NotAllowed(
            because=f"{path} exists already.", way_out="A backup is never overwritten: choose another name.", code="backup_exists"
        )
    if not path.parent.is_dir():
        raise Missing(because=f"The folder {path.parent} is not there.", way_out="Make it first.", code="backup_folder_missing")
    if postgres.status(environment).state == "absent":
        raise Missing(because=f"There is no record in {environment.data}.", way_out="Choose it with WINDDOWN_DATA.", code="no_record")
    part = path.with_name(path.name + ".part")
    try:
        with postgres.running(environment, say) as cluster:
            url = cluster.url("superuser", roles.DATABASE)
            dump.dump(url, part)
            tables = dump.count_tables(url)
        size, sha256 = part.stat().st_size, _sha256(part)
        note = Note(at.isoformat(timespec="seconds"), size, sha256, tables, fingerprint(environment.secret_file))
        postgres.write_private(note_path(path), json.dumps(asdict(note), indent=1) + "\n")
        part.rename(path)
    finally:
        part.unlink(missing_ok=True)
    return note


def restore(environment: Environment, path: Path, *, without_key: bool = False, say: Say = postgres.silent) -> int:
    """Restore a backup into a data folder that holds no record yet. Returns the number of tables; leaves no half of a record.

    refuses  a folder with a record, a damaged file, a key that is missing or is not the one of this backup
    """
    if postgres.status(environment).state != "absent":
        raise NotAllowed(
            because=f"{environment.data} already holds a record, or the record is on a server of your own.",
            way_out="Restore into a new folder: set WINDDOWN_DATA to one that does not exist yet.",
            code="record_in_the_way",
            where="WINDDOWN_DATA",
        )
    if not path.is_file():
        raise Missing(because=f"There is no file {path}.", way_out="Give the path of a backup.", code="backup_missing")
    note = _read_note(path, say)
    if note is not None:
        _check_whole(path, note)
        if not without_key:
            _check_key(environment.secret_file, note)
    try:
        with postgres.running(environment, say) as cluster:
            url = cluster.url("superuser", roles.DATABASE)
            dump.load(url, path)
            return dump.count_tables(url)
    except BaseException:
        shutil.rmtree(postgres.cluster_folder(environment), ignore_errors=True)
        raise


def fingerprint(secret_file: Path) -> str | None:
    """A name for a key that tells nothing about it; None when there is no key file."""
    if not secret_file.is_file():
        return None
    return hmac.new(secret_file.read_bytes().strip(), b"winddown key fingerprint", hashlib.sha256).hexdigest()[:16]


def _sha256(path: Path) -> str:
    with open(path, "rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _read_note(path: Path, say: Say) -> Note | None:
    if not note_path(path).is_file():
        say(f"{note_path(path).name} is not beside the backup: neither the file nor the key can be checked.")
        return None
    return Note(**json.loads(note_path(path).read_text()))


def _check_whole(path: Path, note: Note) -> None:
    if os.path.getsize(path) != note.size_bytes or _sha256(path) != note.sha256:
        raise NotAllowed(
            because=f"{path} is not the file its note describes ({note.size_bytes} bytes, SHA-256 {note.sha256[:12]}...).",
            way_out="It was damaged or changed: take another copy.",
            code="backup_damaged",
        )


def _check_key(secret_file: Path, note: Note) -> None:
    present = fingerprint(secret_file)
    if note.key is None or present == note.key:
        return
    because = f"The key file {secret_file} is not there." if present is None else f"The key in {secret_file} belongs to another record."
    raise Missing(
        because=because,
        way_out="Bring the key of this record first (docs/runbooks/keys.md). If it is lost for good, --without-key restores everything "
        "but what was encrypted with it.",
        code="key_of_the_backup_missing",
        where="WINDDOWN_SECRET_FILE",
    )
