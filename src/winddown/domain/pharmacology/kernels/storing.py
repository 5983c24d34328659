"""What is said to the machine itself: vectors as wide as it has, and writing past the caches for results larger than they are.

An ordinary store reads the line of memory that it changes and later writes it back; `store` writes whole lines and reads none, which takes
a third of the time where the result does not fit the caches anyway. What is written is the same to the last bit.
"""

# The arguments are arrays whose types the compiler finds; hints would only be read by people, and the shapes are in the words.
# mypy: disable-error-code="no-untyped-def, call-arg"
from __future__ import annotations

import numpy as np
from llvmlite import ir
from numba import types
from numba.core import cgutils
from numba.extending import intrinsic

from winddown.domain.pharmacology.kernels.compiler import inlined

LINE_BYTES = 64  # what memory is read and written by; a part of a line goes the ordinary way
FAR_BYTES = 32 << 20  # a result from this size on is written past the caches: no core has so much to itself


@intrinsic
def _store_line(_typing, _from_address, _to_address):
    """One line of memory copied, to an address that is a multiple of LINE_BYTES."""

    def code(context, builder, _signature, addresses):
        line = ir.VectorType(ir.IntType(64), LINE_BYTES // 8)
        source, target = (builder.inttoptr(address, line.as_pointer()) for address in addresses)
        stored = builder.store(builder.load(source, align=1), target, align=LINE_BYTES)
        stored.set_metadata("nontemporal", builder.module.add_metadata([ir.Constant(ir.IntType(32), 1)]))
        return context.get_dummy_value()

    return types.void(types.uintp, types.uintp), code


@intrinsic
def _store_bytes(_typing, _from_address, _to_address, _many):
    """Some bytes copied the ordinary way."""

    def code(context, builder, _signature, given):
        kind = ir.IntType(8).as_pointer()
        source, target = (builder.inttoptr(address, kind) for address in given[:2])
        cgutils.raw_memcpy(builder, target, source, given[2], 1)
        return context.get_dummy_value()

    return types.void(types.uintp, types.uintp, types.uintp), code


@intrinsic
def _wait(_typing):
    def code(context, builder, _signature, _none):
        builder.fence("seq_cst")
        return context.get_dummy_value()

    return types.void(), code


@inlined
def store(source, target, done, ready, last):
    """Bytes copied from one row's address to another's, past the caches: whole lines from `done` as far as `ready`.

    returns  from where the next call goes on. Less than a line is copied at the beginning, and at the end when `ready` is the `last`.
    """
    if done == 0:
        ahead = -np.int64(target) % LINE_BYTES
        if ready > ahead:
            _store_bytes(np.uintp(source), np.uintp(target), np.uintp(ahead))
            done = ahead
    while done + LINE_BYTES <= ready and (done or target % LINE_BYTES == 0):
        _store_line(np.uintp(source + done), np.uintp(target + done))
        done += LINE_BYTES
    if ready == last:
        _store_bytes(np.uintp(source + done), np.uintp(target + done), np.uintp(ready - done))
    return done


@inlined
def settled():
    """Whoever reads after this finds everything that was stored before it."""
    _wait()


@intrinsic
def _widen(_typing):
    """The compiler takes half of what there is, for machines that grow slow with the whole. A copy of the function would lose this."""

    def code(context, builder, _signature, _none):
        for word in ('"prefer-vector-width"="512"', "noinline"):
            set.add(builder.function.attributes, word)
        return context.get_dummy_value()

    return types.void(), code


@inlined
def wide():
    """Vectors as long as the machine has them, in the function in which this stands."""
    _widen()
