"""How a function of this folder becomes machine code."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar, cast

import numba

Function = TypeVar("Function", bound=Callable[..., Any])


def compiled(function: Function) -> Function:
    """Machine code, kept on disk between processes where a folder for it can be written.

    A division by zero gives infinity, as in numpy. What is kept is made anew when the function's own file changes, not when another does:
    so no compiled function calls one of another file.
    """
    try:
        made = numba.njit(nogil=True, cache=True, error_model="numpy")(function)
    except RuntimeError:
        made = numba.njit(nogil=True, error_model="numpy")(function)
    return cast("Function", made)


def inlined(function: Function) -> Function:
    """A short function that is written into each place where it is called: for loops so short that a call would cost as much."""
    return cast("Function", numba.njit(nogil=True, inline="always", error_model="numpy")(function))
