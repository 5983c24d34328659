"""How a function of this folder becomes machine code."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any, TypeVar, cast

import numba
from numba.core.caching import InTreeCacheLocator, UserProvidedCacheLocator, UserWideCacheLocator

Function = TypeVar("Function", bound=Callable[..., Any])
HERE = Path(__file__).parent


@cache
def sources(folder: Path = HERE) -> str:
    """A digest of every file that goes into the machine code: this folder, and the constants that it takes from `compartments.py`."""
    files = [*sorted(folder.glob("*.py")), folder.parent / "compartments.py"]
    return hashlib.sha256(b"".join(file.name.encode() + b"\0" + file.read_bytes() + b"\0" for file in files)).hexdigest()


class _OfTheFolder:
    """What is kept is fresh as long as no file of the folder has changed: a compiled function may call one of another file."""

    def get_source_stamp(self) -> str:
        return sources()


class WhereAsked(_OfTheFolder, UserProvidedCacheLocator):
    """In the folder that NUMBA_CACHE_DIR names."""


class Beside(_OfTheFolder, InTreeCacheLocator):
    """Beside the file, where that can be written."""


class AtHome(_OfTheFolder, UserWideCacheLocator):
    """In the user's folder of caches."""


LOCATORS = ",".join(f"{__name__}.{kind.__name__}" for kind in (WhereAsked, Beside, AtHome))


def compiled(function: Function) -> Function:
    """Machine code, kept on disk between processes where a folder for it can be written, made anew when any file of this folder changes.

    A division by zero gives infinity, as in numpy.
    """
    return _compiled(function)


def within(function: Function) -> Function:
    """The same for a function that is handed all its memory and makes no array: nobody counts who holds what while it runs.

    Counting waits for every store under way, and a loop over short rows would count as often as it computes.
    """
    return _compiled(function, _nrt=False)


def _compiled(function: Function, **more: Any) -> Function:
    settings: Any = numba.config
    asked: dict[str, Any] = {"nogil": True, "error_model": "numpy", **more}
    before, settings.CACHE_LOCATOR_CLASSES = settings.CACHE_LOCATOR_CLASSES, LOCATORS
    try:
        made = numba.njit(cache=True, **asked)(function)
    except RuntimeError:
        made = numba.njit(**asked)(function)
    finally:
        settings.CACHE_LOCATOR_CLASSES = before
    return cast("Function", made)


def inlined(function: Function) -> Function:
    """A short function that is written into each place where it is called: for loops so short that a call would cost as much."""
    return cast("Function", numba.njit(nogil=True, inline="always", error_model="numpy")(function))
