"""Three roles and one database. Web, listener and watch hold roles that own nothing and may not step over row-level security."""

from __future__ import annotations

from typing import Any

import psycopg
from psycopg import sql

DATABASE = "winddown"
OWNER, APP, DEVICE = "winddown_owner", "winddown_app", "winddown_device"
ROLES = (OWNER, APP, DEVICE)
EXTENSIONS = ("btree_gist",)

_SETTLED = "Winddown: roles, walls and extensions are in place (1)"
_PLAIN = sql.SQL("nosuperuser nobypassrls nocreatedb nocreaterole noreplication noinherit login")
_GROUPS = """select g.rolname from pg_auth_members m join pg_roles g on g.oid = m.roleid join pg_roles r on r.oid = m.member
             where r.rolname = %s"""


def settle(superuser_url: str, passwords: dict[str, str], database: str = DATABASE) -> None:
    """Bring roles and database to what they must be. Safe to repeat; one query when nothing is missing."""
    with psycopg.connect(superuser_url, autocommit=True) as connection:
        if _is_settled(connection, database):
            return
        for role in ROLES:
            _role(connection, role, passwords[role])
        _close_to_public(connection, "postgres", "template1")
        make_database(connection, database)
    add_extensions(superuser_url, database)
    with psycopg.connect(superuser_url, autocommit=True) as connection:
        connection.execute(sql.SQL("comment on database {} is {}").format(sql.Identifier(database), sql.Literal(_SETTLED)))


def _is_settled(connection: psycopg.Connection[Any], database: str) -> bool:
    row = connection.execute(
        """select (select shobj_description(oid, 'pg_database') from pg_database where datname = %s) = %s
              and 3 = (select count(*) from pg_roles where rolname = any(%s) and rolcanlogin
                       and not (rolsuper or rolbypassrls or rolcreatedb or rolcreaterole or rolreplication))
              and not exists (select from pg_auth_members m join pg_roles r on r.oid = m.member where r.rolname = any(%s))""",
        [database, _SETTLED, list(ROLES), list(ROLES)],
    ).fetchone()
    return bool(row and row[0])


def _role(connection: psycopg.Connection[Any], role: str, password: str) -> None:
    """Make or straighten one role. The server is sent a verifier, so that no password can reach its log."""
    name = sql.Identifier(role)
    if connection.execute("select from pg_roles where rolname = %s", [role]).fetchone() is None:
        connection.execute(sql.SQL("create role {}").format(name))
    verifier = connection.pgconn.encrypt_password(password.encode(), role.encode(), b"scram-sha-256").decode()
    connection.execute(sql.SQL("alter role {} with {} password {}").format(name, _PLAIN, sql.Literal(verifier)))
    for (group,) in connection.execute(_GROUPS, [role]).fetchall():
        connection.execute(sql.SQL("revoke {} from {}").format(sql.Identifier(group), name))


def _close_to_public(connection: psycopg.Connection[Any], *databases: str) -> None:
    for database in databases:
        connection.execute(sql.SQL("revoke all on database {} from public").format(sql.Identifier(database)))


def make_database(connection: psycopg.Connection[Any], database: str, template: str = "template0") -> None:
    """A database that the owner role owns and that only our three roles may enter. Kept as it is when it exists."""
    name = sql.Identifier(database)
    if connection.execute("select from pg_database where datname = %s", [database]).fetchone() is None:
        connection.execute(sql.SQL("create database {} owner {} template {}").format(name, sql.Identifier(OWNER), sql.Identifier(template)))
    _close_to_public(connection, database)
    connection.execute(sql.SQL("grant connect on database {} to {}").format(name, sql.SQL(", ").join(map(sql.Identifier, ROLES))))


def add_extensions(superuser_url: str, database: str) -> None:
    """Extensions of one database, and a schema in which only the owner may create."""
    with psycopg.connect(superuser_url, dbname=database, autocommit=True) as connection:
        connection.execute("revoke all on schema public from public")
        connection.execute(sql.SQL("grant usage on schema public to {}").format(sql.SQL(", ").join(map(sql.Identifier, ROLES))))
        for extension in EXTENSIONS:
            connection.execute(sql.SQL("create extension if not exists {}").format(sql.Identifier(extension)))
