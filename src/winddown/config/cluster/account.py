"""Who the server runs as. PostgreSQL refuses root, and so does Winddown in production; a demo or a test run by root steps down here.

Nothing is installed and no user is added. The server's own folder is given to an unprivileged account; where a folder above it is
closed to that account (a home of mode 0700), the account alone is let pass through it, without being able to list it.
"""

from __future__ import annotations

import os
import pwd
import struct
import subprocess
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from winddown.config.cluster import programs
from winddown.domain.refusals import NotAllowed

Say = Callable[[str], None]

ACCOUNTS = ("winddown", "postgres", "nobody")
_ACL = "system.posix_acl_access"
_EVERYBODY = 0xFFFFFFFF


@dataclass(frozen=True)
class Account:
    """The system user of the server. `uid` None means: the same as ours, which is the ordinary case."""

    name: str = ""
    uid: int | None = None
    gid: int | None = None

    @property
    def popen(self) -> dict[str, Any]:
        """What subprocess needs to start a program as this account."""
        if self.uid is None:
            return {}
        return {"user": self.uid, "group": self.gid, "extra_groups": []}

    def own(self, path: Path) -> None:
        if self.uid is not None and self.gid is not None:
            os.chown(path, self.uid, self.gid)


def choose(data: Path, *, production: bool) -> Account:
    """Ourselves; or, for root in a demo or a test, the owner of the data folder, else the first of ACCOUNTS that this machine has.

    refuses NotAllowed for root in production, and for a data folder that belongs to somebody else
    """
    owner = data.stat().st_uid
    if os.geteuid() != 0:
        if owner != os.geteuid():
            raise NotAllowed(
                because=f"The data folder {data} belongs to the user {_name(owner)}, and this program runs as {_name(os.geteuid())}.",
                way_out="Start it as that user, or choose another folder with WINDDOWN_DATA.",
                code="data_folder_of_another_user",
                where="WINDDOWN_DATA",
            )
        return Account()
    refuse_root(data, production=production)
    return _account(owner) if owner != 0 and _name(owner) else _first_known()


def refuse_root(data: Path, *, production: bool) -> None:
    if production and os.geteuid() == 0:
        raise NotAllowed(
            because="Winddown does not run as root in production.",
            way_out=f"Make an ordinary user (`useradd --system --create-home winddown`), give it the record "
            f"(`chown -R winddown {data}`) and start as that user.",
            code="root_in_production",
        )


def _name(uid: int) -> str:
    try:
        return pwd.getpwuid(uid).pw_name
    except KeyError:
        return ""


def _account(uid: int) -> Account:
    entry = pwd.getpwuid(uid)
    return Account(entry.pw_name, entry.pw_uid, entry.pw_gid)


def _first_known() -> Account:
    names = {entry.pw_name: entry.pw_uid for entry in pwd.getpwall()}
    for name in ACCOUNTS:
        if name in names:
            return _account(names[name])
    raise NotAllowed(
        because=f"PostgreSQL does not run as root, and this machine has none of the users {', '.join(ACCOUNTS)}.",
        way_out="Start Winddown as an ordinary user.",
        code="no_account_for_postgres",
    )


def open_the_way(account: Account, folder: Path, say: Say) -> None:
    """See to it that the account can pass through `folder` and reach the programs. Does nothing when the server runs as ourselves."""
    if account.uid is None:
        return
    for target in (folder, programs.home() / "bin"):
        closed = [] if _can_enter(account, target) else [*reversed(target.parents), target]
        for ancestor in closed:
            if not _can_enter(account, ancestor):
                _let_pass(account, ancestor, say)
    if _run(account, [programs.program("postgres"), "--version"], Path("/")) != 0:
        _make_readable(programs.home())


def _can_enter(account: Account, folder: Path) -> bool:
    return _run(account, ["/bin/sh", "-c", 'cd "$1"', "sh", str(folder)], Path("/")) == 0


def _run(account: Account, command: list[str], where: Path) -> int:
    try:
        return subprocess.run(command, cwd=where, capture_output=True, check=False, **account.popen).returncode
    except PermissionError:
        return 126


def _let_pass(account: Account, folder: Path, say: Say) -> None:
    """Grant `x` on one folder: to the account alone where the file system keeps access lists, else to others; never `r`."""
    try:
        os.setxattr(folder, _ACL, _access_list(folder.stat().st_mode, account), os.XATTR_CREATE)
        whom = f"the user {account.name} alone"
    except (OSError, AttributeError):
        folder.chmod(folder.stat().st_mode | 0o001)
        whom = "other users"
    say(f"PostgreSQL runs as {account.name}: {whom} may now pass through {folder}, without listing it.")


def _access_list(mode: int, account: Account) -> bytes:
    """A POSIX access list in the kernel's own form, equal to `mode` but for one added user who may pass."""
    user, group, other = mode >> 6 & 7, mode >> 3 & 7, mode & 7
    rows = ((0x01, user, _EVERYBODY), (0x02, 1, account.uid), (0x04, group, _EVERYBODY), (0x10, group | 1, _EVERYBODY))
    return struct.pack("<I", 2) + b"".join(struct.pack("<HHI", *row) for row in (*rows, (0x20, other, _EVERYBODY)))


def _make_readable(folder: Path) -> None:
    """Programs unpacked under a strict umask: software, not record, so everybody may read it."""
    for path in (folder, *folder.rglob("*")):
        mode = path.stat().st_mode
        path.chmod(mode | 0o044 | (0o011 if mode & 0o100 else 0))
