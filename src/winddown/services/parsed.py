"""What was read from a row that can never change, kept in this process so that it is read once. Nothing here is the truth: the row is."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from threading import Lock
from typing import Generic, TypeVar
from uuid import UUID

from winddown.record.base import Referenced

R = TypeVar("R", bound=Referenced)
T = TypeVar("T")


class Parsed(Generic[R, T]):
    """The value that `read` makes of a row, by the row's `ref`; the `size` last used are kept."""

    def __init__(self, read: Callable[[R], T], *, size: int = 256) -> None:
        self._read, self._size = read, size
        self._known: OrderedDict[UUID, T] = OrderedDict()
        self._lock = Lock()

    def __call__(self, row: R) -> T:
        with self._lock:
            if row.ref in self._known:
                self._known.move_to_end(row.ref)
                return self._known[row.ref]
        value = self._read(row)
        with self._lock:
            self._known[row.ref] = value
            while len(self._known) > self._size:
                self._known.popitem(last=False)
        return value
