"""The wall between practices. Every query runs inside one practice; outside, it raises.

Two walls stand behind each other: the manager filters by the current practice and raises `ScopeMissing` when there is none, and
row-level security in PostgreSQL shows no row when `winddown.practice` is not set for the transaction.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from django.db import connection, transaction

SETTING = "winddown.practice"

_current: ContextVar[int | None] = ContextVar("winddown_practice", default=None)
_leaving: ContextVar[list[Callable[[], None]] | None] = ContextVar("winddown_leaving", default=None)


class ScopeMissing(RuntimeError):
    """A query or a write outside any practice. Wrap the work in `with at_practice(practice_id):`."""


class ScopeCrossed(RuntimeError):
    """An attempt to enter or write into another practice from inside one."""


def current_practice_id() -> int:
    """The practice of this scope. Raises ScopeMissing outside one."""
    practice_id = _current.get()
    if practice_id is None:
        raise ScopeMissing("No practice is set: wrap this work in `with at_practice(practice_id):`.")
    return practice_id


@contextmanager
def at_practice(practice_id: int) -> Iterator[None]:
    """One transaction inside one practice. Re-entering the same practice joins the transaction; another practice raises ScopeCrossed."""
    held = _current.get()
    if held == practice_id and connection.in_atomic_block:
        yield
        return
    if held is not None and held != practice_id:
        raise ScopeCrossed(f"Already inside practice {held}; refusing to enter {practice_id}.")
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("select set_config(%s, %s, true)", [SETTING, str(practice_id)])
        token, last = _current.set(practice_id), _leaving.set([])
        try:
            yield
            for step in _leaving.get() or ():
                step()
        finally:
            _leaving.reset(last)
            _current.reset(token)


@contextmanager
def snapshot_of(practice_id: int) -> Iterator[None]:
    """One transaction that sees the practice as it stood at one moment, however long it reads, and can write nothing.

    refuses  ScopeCrossed inside another scope or transaction: the moment would already have begun
    """
    if connection.in_atomic_block or _current.get() is not None:
        raise ScopeCrossed("A snapshot begins a transaction of its own; leave the practice first.")
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("set transaction isolation level repeatable read, read only")
        with at_practice(practice_id):
            yield


def before_leaving(step: Callable[[], None]) -> bool:
    """Run `step` as the last thing inside this scope's transaction, once however often it is asked for. Not run after a failure.

    returns  True when this scope had not been asked for it before
    """
    steps = _leaving.get()
    if steps is None:
        raise ScopeMissing("No practice is set: nothing to leave.")
    if step in steps:
        return False
    steps.append(step)
    return True
