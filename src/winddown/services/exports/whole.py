"""Every table of the record as it is, but what opens a door; with a dictionary that says what each column means."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.fields.ranges import RangeField
from django.db import models

from winddown.record.base import Scoped
from winddown.record.protection import scoped_models

if TYPE_CHECKING:
    import pyarrow as pa

BATCH = 5_000
DOORS = frozenset({"LetterSent.code", "Staff.pin_hash", "Staff.pin_failures", "Staff.pin_blocked_until"})
DOOR_TABLES = frozenset({"OwnDoor", "OwnPasskey", "OwnSession", "OwnTry"})
DOOR_WORDS = ("pin", "secret", "token", "password", "credential_id")
IDENTIFIES = ("family_name", "given_name", "birth_date", "email", "phone", "address", "record_number", "name")
Row = tuple[Any, ...]


def tables() -> list[type[Scoped]]:
    """Every table that an export holds, by name."""
    return sorted((each for each in scoped_models() if each.__name__ not in DOOR_TABLES), key=lambda each: each.__name__)


def columns(model: type[Scoped]) -> list[models.Field[Any, Any]]:
    """Every column but those that open a door."""
    return [field for field in model._meta.concrete_fields if f"{model.__name__}.{field.name}" not in DOORS]


def is_suspect(model: type[Scoped], field: models.Field[Any, Any]) -> bool:
    """Whether a column's name speaks of a secret: a test holds that none of these is written by forgetting."""
    return any(word in field.name.split("_") or word == field.name for word in DOOR_WORDS)


def schema(model: type[Scoped]) -> pa.Schema:
    """One or, for a span of time, two arrow fields for each column."""
    import pyarrow as pa  # slow import

    return pa.schema([pa.field(name, kind) for field in columns(model) for name, kind in _fields(field)])


def _fields(field: models.Field[Any, Any]) -> list[tuple[str, Any]]:
    import pyarrow as pa  # slow import

    at = pa.timestamp("us", tz="UTC")
    if isinstance(field, RangeField):
        return [(f"{field.column}_from", at), (f"{field.column}_until", at)]
    if isinstance(field, models.DecimalField):
        return [(str(field.column), pa.decimal128(field.max_digits or 38, field.decimal_places or 0))]
    kinds: tuple[tuple[type[models.Field[Any, Any]], Any], ...] = (
        (models.ForeignKey, pa.int64()),
        (models.BooleanField, pa.bool_()),
        (models.IntegerField, pa.int64()),
        (models.FloatField, pa.float64()),
        (models.DateTimeField, at),
        (models.DateField, pa.date32()),
        (models.BinaryField, pa.binary()),
    )
    return [(str(field.column), next((arrow for kind, arrow in kinds if isinstance(field, kind)), pa.string()))]


def batches(model: type[Scoped]) -> Iterator[list[Row]]:
    """All rows of this practice, in the order of their keys."""
    fields = columns(model)
    batch: list[Row] = []
    for row in model.objects.order_by("pk").values_list(*(field.attname for field in fields)).iterator(chunk_size=BATCH):
        batch.append(tuple(value for field, told in zip(fields, row, strict=True) for value in _values(field, told)))
        if len(batch) == BATCH:
            yield batch
            batch = []
    yield batch


PLAIN = (models.BooleanField, models.IntegerField, models.FloatField, models.DecimalField, models.DateField, models.ForeignKey)


def _values(field: models.Field[Any, Any], told: Any) -> tuple[Any, ...]:
    """A value as arrow takes it: JSON and lists as text, whatever they hold."""
    if isinstance(field, RangeField):
        return (told.lower, told.upper) if told is not None else (None, None)
    if told is None or isinstance(field, PLAIN):
        return (told,)
    if isinstance(field, models.BinaryField):
        return (bytes(told),)
    if isinstance(field, (models.JSONField, ArrayField)):
        return (json.dumps(told, ensure_ascii=False, sort_keys=True, default=str),)
    return (str(told),)


def dictionary() -> list[tuple[str, str, str, str, str, str, str]]:
    """table, column, type, required, refers to, identifies a person, meaning: one line for each column that is written."""
    found = []
    for model in tables():
        meaning = " ".join((model.__doc__ or "").split("\n\n")[0].split())
        found.append((model.__name__, "", "table", "", "", "", meaning))
        for field in columns(model):
            target = field.related_model.__name__ if isinstance(field.related_model, type) else ""
            names = "yes" if field.name in IDENTIFIES else "maybe, in words" if _is_words(field) else ""
            for name, kind in _fields(field):
                found.append((model.__name__, name, str(kind), "" if field.null else "yes", target, names, str(field.help_text)))
    return found


def _is_words(field: models.Field[Any, Any]) -> bool:
    return isinstance(field, (models.CharField, models.TextField, models.JSONField)) and not field.choices
