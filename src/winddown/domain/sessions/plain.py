"""Frozen dataclasses to plain JSON data and back. Unknown keys are refused, missing ones too: a protocol is never half understood."""

from __future__ import annotations

import types
from collections.abc import Mapping
from dataclasses import MISSING, fields, is_dataclass
from functools import cache
from typing import Any, Literal, TypeVar, Union, get_args, get_origin, get_type_hints

from winddown.domain.figures import Figure
from winddown.domain.refusals import Missing, OutOfRange, UnknownWord

T = TypeVar("T")


def read(shape: type[T], data: Mapping[str, Any], *, where: str = "") -> T:
    """Build `shape` from plain data.

    refuses  UnknownWord for a key or word we do not know, Missing for a key without a default, OutOfRange for a wrong sort of value
    """
    made: T = _value(shape, data, where or shape.__name__)
    return made


def write(value: Any) -> Any:
    """Plain data: dicts, lists, numbers and words. None and absent are the same, so None is left out."""
    if isinstance(value, Figure):
        return value.as_data()
    if is_dataclass(value) and not isinstance(value, type):
        pairs = ((each.name, getattr(value, each.name)) for each in fields(value))
        return {name: write(item) for name, item in pairs if item is not None}
    if isinstance(value, Mapping):
        return {key: write(item) for key, item in value.items()}
    return [write(item) for item in value] if isinstance(value, tuple | list) else value


def _value(shape: Any, data: Any, where: str) -> Any:
    origin, arguments = get_origin(shape), get_args(shape)
    if origin in (Union, types.UnionType):
        return None if data is None else _value(next(each for each in arguments if each is not type(None)), data, where)
    if origin is Literal:
        return data if data in arguments else _unknown(where, data, arguments)
    if origin is tuple:
        return tuple(_value(arguments[0], each, f"{where}[{place}]") for place, each in enumerate(_sort(data, list | tuple, where)))
    if origin is not None and issubclass(origin, Mapping):
        return {key: _value(arguments[1], each, f"{where}.{key}") for key, each in _sort(data, Mapping, where).items()}
    if shape is Figure:
        return _figure(_sort(data, Mapping, where), where)
    if is_dataclass(shape):
        return _record(shape, _sort(data, Mapping, where), where)
    if shape is Any:
        return data
    return _sort(data, (int, float) if shape is float else shape, where)


def _record(shape: Any, data: Mapping[str, Any], where: str) -> Any:
    hints = _hints(shape)
    for key in data:
        if key not in hints:
            _unknown(f"key in {where}", key, hints)
    for each in fields(shape):
        if each.name not in data and each.default is MISSING and each.default_factory is MISSING:
            raise Missing(
                f"{where} has no {each.name!r}.", way_out="Complete the protocol and save it as a new version.", code="missing_key"
            )
    return shape(**{key: _value(hints[key], item, f"{where}.{key}") for key, item in data.items()})


def _figure(data: Mapping[str, Any], where: str) -> Figure:
    if set(data) != {"value", "unit", "source", "status"}:
        raise Missing(
            f"{where} is a clinical number and needs value, unit, source and status, got {sorted(data)}.", code="figure_incomplete"
        )
    return Figure.from_data(dict(data))


def _sort(data: Any, sort: Any, where: str) -> Any:
    if isinstance(data, sort) and not (isinstance(data, bool) and sort is not bool):
        return data
    raise OutOfRange(f"{where} is {data!r}, which is not what belongs there.", way_out="See the protocol format.", code="wrong_sort")


def _unknown(what: str, value: object, known: Any) -> Any:
    raise UnknownWord(what, value, known)


@cache
def _hints(shape: type) -> dict[str, Any]:
    return get_type_hints(shape)
