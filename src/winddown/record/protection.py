"""What PostgreSQL itself enforces, derived from the models after every migration so that a new table cannot be forgotten.

For each scoped table: row-level security by practice (forced, so that even the owner is held), composite foreign keys
(practice, id) so that a row cannot point across the wall, and the least grants: SELECT and INSERT, UPDATE only on the columns a
model names in `changes`, never DELETE or TRUNCATE. Runs as the owner; the application roles can neither run nor undo it.
"""

from __future__ import annotations

from typing import Any

from django.apps import apps
from django.db import connections, models
from django.db.backends.utils import CursorWrapper

from winddown.record.base import Scoped
from winddown.record.scope import SETTING

APPLICATION_ROLE = "winddown_app"
DEVICE_ROLE = "winddown_device"
CHANNEL = "winddown_announcement"

UNSCOPED_GRANTS: dict[str, str] = {
    "record_practice": "select",
    "record_account": "select, insert, update",
    "django_session": "select, insert, update, delete",
    "winddown_cache": "select, insert, update, delete",
    "account_emailaddress": "select, insert, update, delete",
    "account_emailconfirmation": "select, insert, update, delete",
    "mfa_authenticator": "select, insert, update, delete",
    "record_owndoor": "select, insert",
    "record_owntry": "select, insert, delete",
}
DEVICE_UNSCOPED_GRANTS: dict[str, str] = {"record_practice": "select", "django_migrations": "select"}


def after_migrate(using: str = "default", **kwargs: Any) -> None:
    """The post_migrate hook. Does nothing unless connected as the owner of the tables."""
    connection = connections[using]
    if connection.vendor != "postgresql":
        return
    with connection.cursor() as cursor:
        cursor.execute("select pg_get_userbyid(relowner) = current_user from pg_class where oid = to_regclass('record_practice')")
        owned = cursor.fetchone()
        if owned and owned[0]:
            protect(cursor)


def scoped_models() -> list[type[Scoped]]:
    return [model for model in apps.get_app_config("record").get_models() if issubclass(model, Scoped)]


def protect(cursor: CursorWrapper) -> None:
    """Bring policies, composite keys, grants and the announcement trigger in line with the models. Safe to repeat."""
    cursor.execute("revoke all on all tables in schema public from public, winddown_app, winddown_device")
    cursor.execute("grant usage on schema public to winddown_app, winddown_device")
    cursor.execute("grant usage, select on all sequences in schema public to winddown_app, winddown_device")
    for model in scoped_models():
        _wall(cursor, model)
        _grant(cursor, model)
    for model in scoped_models():
        _composite_keys(cursor, model)
    existing = set(_tables(cursor))
    for role, grants in ((APPLICATION_ROLE, UNSCOPED_GRANTS), (DEVICE_ROLE, DEVICE_UNSCOPED_GRANTS)):
        for table, privileges in grants.items():
            if table in existing:
                cursor.execute(f"grant {privileges} on {table} to {role}")
    cursor.execute("grant select on django_migrations to winddown_app, winddown_device")
    _announce_trigger(cursor)


def _tables(cursor: CursorWrapper) -> list[str]:
    cursor.execute("select tablename from pg_tables where schemaname = 'public'")
    return [row[0] for row in cursor.fetchall()]


def _wall(cursor: CursorWrapper, model: type[Scoped]) -> None:
    table = model._meta.db_table
    cursor.execute(f"alter table {table} enable row level security")
    cursor.execute(f"alter table {table} force row level security")
    cursor.execute(f"drop policy if exists inside_practice on {table}")
    inside = f"practice_id = nullif(current_setting('{SETTING}', true), '')::bigint"
    cursor.execute(f"create policy inside_practice on {table} using ({inside}) with check ({inside})")


def _grant(cursor: CursorWrapper, model: type[Scoped]) -> None:
    table = model._meta.db_table
    cursor.execute(f"grant select, insert on {table} to {APPLICATION_ROLE}")
    if model.changes:
        columns = ", ".join(field.column for field in model._meta.concrete_fields if field.name in model.changes and field.column)
        cursor.execute(f"grant update ({columns}) on {table} to {APPLICATION_ROLE}")
    if model.device_role_may:
        cursor.execute(f"grant {model.device_role_may} on {table} to {DEVICE_ROLE}")


def _composite_keys(cursor: CursorWrapper, model: type[Scoped]) -> None:
    """(practice_id, id) is unique; every reference to another scoped row carries the practice with it."""
    table = model._meta.db_table
    _constraint(cursor, table, f"{table}_in_practice", "unique (practice_id, id)")
    for field in model._meta.concrete_fields:
        target = field.related_model
        if isinstance(field, models.ForeignKey) and isinstance(target, type) and issubclass(target, Scoped):
            definition = f"foreign key (practice_id, {field.column}) references {target._meta.db_table} (practice_id, id)"
            _constraint(cursor, target._meta.db_table, f"{target._meta.db_table}_in_practice", "unique (practice_id, id)")
            _constraint(cursor, table, f"{table}_{field.column}_same_practice"[:63], definition)


def _constraint(cursor: CursorWrapper, table: str, name: str, definition: str) -> None:
    cursor.execute("select 1 from pg_constraint where conname = %s and conrelid = to_regclass(%s)", [name, table])
    if cursor.fetchone() is None:
        cursor.execute(f'alter table {table} add constraint "{name}" {definition}')


def _announce_trigger(cursor: CursorWrapper) -> None:
    """A committed announcement wakes the readers. The wake-up carries no data but the practice and the number."""
    cursor.execute(
        f"""create or replace function winddown_wake() returns trigger language plpgsql as $$
        begin perform pg_notify('{CHANNEL}', new.practice_id || ':' || new.number); return null; end $$"""
    )
    cursor.execute("drop trigger if exists wake on record_announcement")
    cursor.execute("create trigger wake after insert on record_announcement for each row execute function winddown_wake()")
