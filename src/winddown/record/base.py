"""What every table of the record shares: its practice, and whether a row may ever change."""

from __future__ import annotations

import uuid
from typing import Any, ClassVar

from django.db import models

from winddown.record.scope import ScopeCrossed, current_practice_id


class ScopedManager(models.Manager[Any]):
    """Fails closed: building a query outside a practice raises ScopeMissing."""

    def get_queryset(self) -> models.QuerySet[Any]:
        return super().get_queryset().filter(practice_id=current_practice_id())


class RowIsWrittenOnce(TypeError):
    """An append-only row was asked to change or vanish. Write a new row that supersedes it."""


class Scoped(models.Model):
    """A row that belongs to one practice and is written once.

    Append-only is the rule. A table that keeps a projection, or a span that ends, names the fields that may change in `changes`,
    and the application role holds UPDATE on those columns and no others (record/protection.py). `device_role_may` is what the role of
    the device listener and the watch may do: nothing, unless a model says so.
    """

    changes: ClassVar[tuple[str, ...]] = ()
    device_role_may: ClassVar[str] = ""

    practice = models.ForeignKey("record.Practice", on_delete=models.PROTECT, related_name="+")

    objects = ScopedManager()

    class Meta:
        abstract = True
        base_manager_name = "objects"

    def save(self, *args: Any, **kwargs: Any) -> None:
        here = current_practice_id()
        if self.practice_id is None:
            self.practice_id = here
        if self.practice_id != here:
            raise ScopeCrossed(f"{type(self).__name__} of practice {self.practice_id} cannot be written from practice {here}.")
        if not self._state.adding:
            fields = set(kwargs.get("update_fields") or ())
            if not fields or not fields <= set(self.changes):
                raise RowIsWrittenOnce(
                    f"{type(self).__name__} rows are written once; only {self.changes or 'nothing'} may change, by `update_fields`."
                )
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        raise RowIsWrittenOnce(f"{type(self).__name__} rows are never deleted.")


class Referenced(Scoped):
    """A row that people and other systems name by an opaque reference."""

    ref = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)

    class Meta(Scoped.Meta):
        abstract = True
