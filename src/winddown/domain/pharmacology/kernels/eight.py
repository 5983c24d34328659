"""Eight numbers side by side: a vector that kernels load, multiply, add and store by name.

A loop over two rows is made into vectors by the compiler only behind a check that the rows do not overlap, and with a remainder after it;
where a row has 16 or 64 numbers that costs as much as the arithmetic. Eight numbers that are loaded before anything is stored need no
check, and a sum of products stays in the machine until it is whole. Machines with shorter vectors take two or four of their own.

Each of the eight has its own operations in the order written; products are never contracted, so the bits are those of a plain loop.
"""

# The arguments are arrays whose types the compiler finds; hints would only be read by people, and the shapes are in the words.
# mypy: disable-error-code="no-untyped-def, call-arg, no-untyped-call"
from __future__ import annotations

import operator

from llvmlite import ir
from numba import types
from numba.core.datamodel import models
from numba.core.errors import TypingError
from numba.extending import intrinsic, lower_builtin, register_model, type_callable

EIGHT = 8
ABREAST = 4 * EIGHT  # lanes that a sum of products is made for at once: one need not wait for the other


class Eight(types.Type):
    """The type of eight float64 side by side."""

    def __init__(self) -> None:
        super().__init__(name="Eight")


EIGHT_TYPE = Eight()


@register_model(Eight)
class _EightModel(models.PrimitiveModel):
    def __init__(self, manager, kind):
        super().__init__(manager, kind, ir.VectorType(ir.DoubleType(), EIGHT))


def _neighbors(kind):
    """Whether an argument is a row whose numbers stand side by side. Refused while compiling: in a column others would be read."""
    if not (isinstance(kind, types.Array) and kind.ndim == 1 and kind.layout == "C"):
        raise TypingError(f"Eight neighbors are asked of {kind}, which is no row of neighbors.")
    return kind


def _pointer(context, builder, kind, array, place):
    """Where eight neighbors of a row begin, and whether they are single floats there."""
    single = kind.dtype == types.float32
    within = ir.VectorType(ir.FloatType() if single else ir.DoubleType(), EIGHT)
    first = builder.gep(context.make_array(kind)(context, builder, array).data, [place])
    return builder.bitcast(first, within.as_pointer()), within, single


@intrinsic
def eight(_typing, _row, _place):
    """Eight neighbors of a row, from a place on. Nobody asks whether the row goes on so far."""

    def code(context, builder, signature, given):
        pointer, _, single = _pointer(context, builder, signature.args[0], given[0], given[1])
        found = builder.load(pointer, align=4 if single else 8)
        return builder.fpext(found, ir.VectorType(ir.DoubleType(), EIGHT)) if single else found

    return EIGHT_TYPE(_neighbors(_row), types.intp), code


@intrinsic
def put(_typing, _row, _place, _numbers):
    """Eight neighbors of a row, from a place on, are these now. Nobody asks whether the row goes on so far."""

    def code(context, builder, signature, given):
        pointer, within, single = _pointer(context, builder, signature.args[0], given[0], given[1])
        builder.store(builder.fptrunc(given[2], within) if single else given[2], pointer, align=4 if single else 8)
        return context.get_dummy_value()

    return types.void(_neighbors(_row), types.intp, EIGHT_TYPE), code


@intrinsic
def same(_typing, _number):
    """One number eight times."""

    def code(_context, builder, _signature, given):
        none = ir.Constant(ir.VectorType(ir.DoubleType(), EIGHT), ir.Undefined)
        zeros = ir.Constant(ir.VectorType(ir.IntType(32), EIGHT), None)
        return builder.shuffle_vector(builder.insert_element(none, given[0], ir.Constant(ir.IntType(32), 0)), none, zeros)

    return EIGHT_TYPE(types.float64), code


def _of_two(_context):
    def typed(one, other):
        return EIGHT_TYPE if isinstance(one, Eight) and isinstance(other, Eight) else None

    return typed


type_callable(operator.add)(_of_two)
type_callable(operator.mul)(_of_two)


@lower_builtin(operator.add, Eight, Eight)
def _added(_context, builder, _signature, given):
    return builder.fadd(*given)


@lower_builtin(operator.mul, Eight, Eight)
def _multiplied(_context, builder, _signature, given):
    return builder.fmul(*given)
